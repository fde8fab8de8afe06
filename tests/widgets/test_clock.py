"""The cost clock counts on between two looks, looks again when something was done, and warns."""

from __future__ import annotations

import re
import time

import pytest

from ecslab.model.errors import EcslabError
from ecslab.steps.cost import Charge, Cost
from ecslab.widgets.clock import CostClock


def until(ask, seconds=10):
    end = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < end
        time.sleep(0.005)


def shown(clock):
    return float(re.search(r"([\d.]+) USD so far", clock.face.value)[1])


@pytest.fixture
def made():
    """`made(look, …)`: a clock that ticks a hundred times a second and ends with the test."""
    clocks = []

    def make(look, **settings):
        clocks.append(CostClock(look, pause=0.01, **settings))
        return clocks[-1]

    yield make
    for clock in clocks:
        clock.stop()


def dear(hours=1.0, billed=True):
    return Cost((Charge("i-1 (t2.micro)", 360_000.0, hours),), "us-east-1", billed=billed)


def test_it_counts_on_and_asks_nobody_meanwhile(made):
    looks = []
    clock = made(lambda: looks.append(1) or dear()).start()
    first = shown(clock)
    until(lambda: shown(clock) > first + 20)  # 100 USD a second
    assert looks == [1]


def test_it_looks_again_soon_after_something_was_done(made):
    found, calls = [dear()], [0]
    clock = made(lambda: found[0], stir=lambda: calls[0], soon=0.02).start()
    found[0], calls[0] = Cost((), "us-east-1"), 1
    until(lambda: "Nothing of yours costs anything now." in clock.face.value)


def test_it_looks_again_after_a_while_and_goes_on_with_what_it_knew_if_that_fails(made):
    answers = [dear()]

    def look():
        if answers:
            return answers.pop()
        raise EcslabError("no network")

    clock = made(look, every=0.02).start()
    until(lambda: "no network" in clock.message.value)
    before = shown(clock)
    until(lambda: shown(clock) > before)


def test_what_runs_longer_than_a_session_is_warned_of(made):
    clock = made(lambda: dear(hours=3.5)).start()
    assert "i-1 (t2.micro) 3.5 h. lab.cleanup() removes them." in clock.message.value
    assert made(dear).start().message.value == ""


def test_in_a_sandbox_it_would_cost(made):
    assert "this would cost" in made(lambda: dear(billed=False)).start().face.value


def test_stopped_it_stands_still(made):
    clock = made(dear).start()
    clock.stop()
    time.sleep(0.05)
    before = shown(clock)
    time.sleep(0.05)
    assert shown(clock) == before
