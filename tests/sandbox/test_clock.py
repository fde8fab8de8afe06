"""One clock for all waits."""

import threading
import time

import pytest

from ecslab.sandbox.clock import ManualClock, RunningClock


def test_a_manual_clock_does_what_falls_due_in_order_each_at_its_own_moment():
    clock = ManualClock(100.0)
    seen = []
    clock.call_later(3, lambda: seen.append(("late", clock.now())))
    clock.call_later(1, lambda: seen.append(("early", clock.now())))
    clock.advance(2)
    assert seen == [("early", 101.0)]
    clock.advance(2)
    assert seen == [("early", 101.0), ("late", 103.0)]
    assert clock.now() == 104.0


def test_what_an_action_asks_for_is_done_within_the_same_turn_if_it_falls_due():
    clock = ManualClock(0.0)
    seen = []
    clock.call_later(1, lambda: clock.call_later(1, lambda: seen.append(clock.now())))
    clock.advance(5)
    assert seen == [2.0]


def test_a_cancelled_timer_does_nothing():
    clock = ManualClock()
    seen = []
    clock.call_later(1, lambda: seen.append(1)).cancel()
    clock.advance(2)
    assert seen == []


def test_speed_makes_virtual_seconds_pass_faster():
    clock = RunningClock(speed=1000)
    done = threading.Event()
    before = time.monotonic()
    clock.call_later(200, done.set)
    assert done.wait(5)
    assert time.monotonic() - before < 2
    clock.close()


def test_a_restart_does_not_turn_time_back():
    ahead = time.time() + 5000
    clock = RunningClock(not_before=ahead)
    assert clock.now() >= ahead
    clock.close()


def test_an_action_that_fails_does_not_stop_the_clock():
    clock = RunningClock(speed=100)
    done = threading.Event()

    def fail() -> None:
        raise RuntimeError("expected by this test")

    clock.call_later(0, fail)
    clock.call_later(1, done.set)
    assert done.wait(5)
    clock.close()


def test_an_earlier_timer_overtakes_one_that_is_waited_for():
    clock = RunningClock()
    done = threading.Event()
    clock.call_later(3600, lambda: pytest.fail("an hour has not passed"))
    clock.call_later(0.01, done.set)
    assert done.wait(5)
    clock.close()
