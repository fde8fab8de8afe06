"""A fault at every call of the flow in turn: it goes on, or ends in a sentence and loses nothing.

By default some calls are broken, chosen by a seed; ``HYPOTHESIS_PROFILE=nightly`` breaks all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

import ecslab
from tests.aws import flow
from tests.aws.account import inventory
from tests.aws.front import SECRET, TOKEN, Front
from tests.aws.race import (
    FINAL,
    PASSING,
    WHOLE,
    EachOperation,
    Race,
    Turn,
    each_call_in_turn,
    every_call_once,
    told_plainly,
)
from tests.sandbox.serving import Served

# A door that stays shut for a while takes several attempts, each off botocore's allowance of them.
ONCE = tuple(one for one in PASSING if one != "refused")
QUICK = ("throttled", "503", "closed", "lost", "lost", "front")


SHORT = (flow.connected, flow.cluster, flow.definition, flow.task, flow.looks, flow.service,
         flow.cleanup)  # fmt: skip
STEPS = flow.STEPS if WHOLE else SHORT


def race(
    front: Front, kinds: tuple[str, ...], turn: Turn, steps: Sequence[flow.Step] = flow.STEPS
) -> Race:
    """The flow, broken again and again."""
    lab = ecslab.connect("aws", consent=True, lang="en")
    raced = Race(front, lab, kinds, turn).run(steps)
    print(f"{len(raced.outcomes)} faults", *raced.outcomes, sep="\n")
    assert raced.outcomes
    return raced


@pytest.fixture
def discreet(account: Served, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """What was shown has no secret; in the nightly run, all is as it was after each test."""
    before = inventory(account) if WHOLE else {}
    yield
    shown = capsys.readouterr().out
    print(shown[shown.find(" faults") - 4 :])  # pytest shows it when something is wrong
    assert SECRET not in shown
    assert TOKEN not in shown
    assert not WHOLE or inventory(account) == before


@pytest.mark.usefixtures("discreet")
@pytest.mark.parametrize("kinds", [(one,) for one in ONCE] if WHOLE else [QUICK], ids="-".join)
def test_a_flow_in_which_every_call_fails_once_goes_through(
    kinds: tuple[str, ...], front: Front
) -> None:
    raced = race(front, kinds, every_call_once, STEPS)
    assert [one for one in raced.outcomes if one.said] == []
    assert len({one.call for one in raced.outcomes}) > 30


@pytest.mark.usefixtures("discreet")
@pytest.mark.parametrize("kinds", [(one,) for one in FINAL] if WHOLE else [FINAL], ids="-".join)
def test_a_fault_that_stays_is_a_sentence_after_which_the_step_goes_on(
    kinds: tuple[str, ...], front: Front
) -> None:
    raced = race(front, kinds, EachOperation(in_each_step=WHOLE), STEPS)
    assert [one for one in raced.outcomes if not all(map(told_plainly, one.said))] == []
    assert len({one.call for one in raced.outcomes if one.said}) > 30


if WHOLE:

    @pytest.mark.usefixtures("discreet")
    def test_a_network_that_goes_away_after_a_call_was_done_loses_nothing(front: Front) -> None:
        raced = race(front, ("lost",), EachOperation(in_each_step=True, after="closed"))
        assert [one for one in raced.outcomes if not all(map(told_plainly, one.said))] == []

    @pytest.mark.usefixtures("discreet")
    @pytest.mark.parametrize("kinds", [(one,) for one in (*PASSING, *FINAL)], ids="-".join)
    def test_a_fault_at_each_call_in_turn_is_got_over_or_told(
        kinds: tuple[str, ...], front: Front
    ) -> None:
        for one in race(front, kinds, each_call_in_turn).outcomes:
            assert not (one.said and one.kind in PASSING), one
            assert all(map(told_plainly, one.said)), one
