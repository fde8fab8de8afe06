"""A fault at every call of the flow in turn: it goes on, or ends in a sentence and loses nothing.

By default some calls are broken, chosen by a seed; ``HYPOTHESIS_PROFILE=nightly`` breaks all.
"""

from __future__ import annotations

import os
import random

import pytest

import ecslab
from tests.aws.account import inventory
from tests.aws.front import SECRET, TOKEN, Front
from tests.aws.race import FINAL, PASSING, Race, told_plainly
from tests.sandbox.serving import Served

WHOLE = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SOME = 60
"""Calls apart at most that are broken by default."""


def race(front: Front, kinds: tuple[str, ...]) -> Race:
    """The flow, broken again and again."""
    lab = ecslab.connect("aws", consent=True, lang="en")
    return Race(front, lab, kinds, random.Random("race"), 1 if WHOLE else SOME).run()


@pytest.mark.parametrize(
    "kinds", [(one,) for one in (*PASSING, *FINAL)] if WHOLE else [PASSING + FINAL], ids="-".join
)
def test_each_fault_is_got_over_or_a_sentence_after_which_the_step_goes_on(
    kinds: tuple[str, ...], front: Front, account: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    before = inventory(account)
    raced = race(front, kinds)
    shown = capsys.readouterr().out
    print(f"{len(raced.outcomes)} faults", *raced.outcomes, sep="\n")
    assert raced.outcomes
    for one in raced.outcomes:
        assert not (one.said and one.kind in PASSING), one
        assert all(map(told_plainly, one.said)), one
    assert inventory(account) == before
    assert SECRET not in shown
    assert TOKEN not in shown
