"""A clock that is off: a sentence, and a command that mends it."""

from __future__ import annotations

import re

import pytest

from tests.steps.preflight.aws import (
    Aws,
    Refused,
)
from tests.steps.preflight.looking import found, states, text


@pytest.mark.parametrize(
    ("ahead", "state", "said"),
    [
        (20.0, "ready", "within a minute"),
        (120.0, "warning", "120 s ahead"),
        (-120.0, "warning", "120 s behind"),
        (900.0, "missing", "refuses"),
    ],
)
def test_a_clock_that_is_off_is_told(aws: Aws, ahead: float, state: str, said: str) -> None:
    """By the date of the answer: botocore hides it until AWS refuses."""
    aws.ahead = ahead
    clock = found(aws)["clock"]
    assert clock.state == state
    assert said in re.sub(r"1(19|20|21) s", "120 s", text(clock))


def test_a_signature_refused_for_the_clock_tells_of_the_clock_alone(aws: Aws) -> None:
    """The refusal carries AWS's date."""
    aws.ahead = -1200.0
    aws.says["sts.GetCallerIdentity"] = Refused(
        "SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1", 403
    )
    seen = found(aws)
    assert states(seen) == {"clock": "missing"}
    assert "timedatectl" in text(seen["clock"])
