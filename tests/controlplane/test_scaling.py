"""Target tracking: when a service grows and shrinks, and that it comes to rest."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.controlplane.scaling import Move, Seen, alarm, bounded, decide
from ecslab.model.scaling import Activity, ScalableTarget, Tracking

NOW = 1_700_000_040.0
"""A whole minute."""
CPU = Tracking("cpu", "arn:p", "CPUUtilization", 50.0, high_alarm="up", low_alarm="down")
TARGET = ScalableTarget("arn:s", "service/web/web", 1, 10, policies=(CPU,))


def minutes(*values: float | None, now: float = NOW) -> dict[int, float]:
    """A series whose last value is of the minute that has just ended."""
    begins = (int(now) - 60 * back for back in range(len(values), 0, -1))
    return {at: one for at, one in zip(begins, values, strict=True) if one is not None}


def seen(*values: float | None, desired: int = 2, **more: object) -> Seen:
    base = Seen(NOW, desired, metrics={"CPUUtilization": minutes(*values)})
    return replace(base, **more)  # type: ignore[arg-type]  # fields of Seen by name


def activity(before: int, after: int, ended: float | None) -> Activity:
    return Activity("1", "arn:s", "service/web/web", before, after, "", NOW - 400, ended)


UP = "monitor alarm up in state ALARM triggered policy cpu"
DOWN = "monitor alarm down in state ALARM triggered policy cpu"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((75.0, 75.0, 75.0), Move(3, UP)),
        ((99.0, 60.0, 100.0), Move(4, UP)),
        ((900.0, 900.0, 900.0), Move(10, UP)),
        ((50.0, 75.0, 75.0), None),
        ((75.0, None, 75.0), None),
        ((75.0, 75.0), None),
        ((50.0, 50.0, 50.0), None),
    ],
)
def test_three_minutes_above_the_target_make_it_grow_in_proportion(
    values: tuple[float | None, ...], expected: Move | None
) -> None:
    """By the latest value, rounded up, and not beyond the maximum."""
    assert decide(TARGET, seen(*values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((20.0,) * 15, Move(3, DOWN)),
        ((0.0,) * 15, Move(1, DOWN)),
        ((44.9,) * 15, None),  # 6 x 44.9 / 50 is 5.4: six tasks are needed as before
        ((20.0,) * 14, None),
        ((45.0, *(20.0,) * 14), None),
        ((20.0, None, *(20.0,) * 13), None),
    ],
)
def test_fifteen_minutes_below_nine_tenths_make_it_shrink(
    values: tuple[float | None, ...], expected: Move | None
) -> None:
    """So that the target is not passed again, and not below the minimum."""
    assert decide(TARGET, seen(*values, desired=6)) == expected


def test_a_growth_that_settles_counts_as_there() -> None:
    """Within its cooldown only what is larger than it follows; after it the count is the base."""
    settling = activity(2, 4, NOW - 299)
    assert decide(TARGET, seen(*(100.0,) * 3, desired=4, last=settling)) is None
    assert decide(TARGET, seen(*(200.0,) * 3, desired=4, last=settling)) == Move(8, UP)
    assert decide(TARGET, seen(*(100.0,) * 3, desired=4, last=activity(2, 4, None))) is None
    over = activity(2, 4, NOW - 300)
    assert decide(TARGET, seen(*(100.0,) * 3, desired=4, last=over)) == Move(8, UP)


def test_shrinking_waits_for_its_cooldown_and_growing_does_not() -> None:
    """A growth ends the wait of a shrinking."""
    low, high = (10.0,) * 15, (90.0,) * 3
    for ended, expected in ((None, None), (NOW - 299, None), (NOW - 300, Move(1, DOWN))):
        assert decide(TARGET, seen(*low, desired=4, last=activity(6, 4, ended))) == expected
    assert decide(TARGET, seen(*high, desired=4, last=activity(6, 4, NOW - 1))) == Move(8, UP)
    assert decide(TARGET, seen(*low, desired=4, last=activity(3, 4, NOW - 1))) == Move(1, DOWN)


def test_what_is_forbidden_is_not_done() -> None:
    """DisableScaleIn, suspended directions, and no shrinking while a deployment is under way."""
    low, high = seen(*(10.0,) * 15, desired=4), seen(*(90.0,) * 3)
    only_up = replace(TARGET, policies=(replace(CPU, grows_only=True),))
    assert decide(only_up, low) is None
    assert decide(only_up, high) is not None
    assert decide(replace(TARGET, in_suspended=True), low) is None
    assert decide(replace(TARGET, in_suspended=True), high) is not None
    assert decide(replace(TARGET, out_suspended=True), high) is None
    assert decide(replace(TARGET, out_suspended=True), low) is not None
    assert decide(TARGET, replace(low, deploying=True)) is None
    assert decide(TARGET, replace(high, deploying=True)) is not None


def test_any_policy_makes_it_grow_and_all_together_make_it_shrink() -> None:
    """The larger count wins in both directions."""
    memory = replace(CPU, name="memory", metric="MemoryUtilization", high_alarm="m", low_alarm="n")
    both = replace(TARGET, policies=(CPU, memory))

    def looked(cpu: float, used: float, desired: int) -> Move | None:
        metrics = {"CPUUtilization": minutes(*(cpu,) * 15)}
        metrics["MemoryUtilization"] = minutes(*(used,) * 15)
        return decide(both, Seen(NOW, desired, metrics=metrics))

    assert looked(10, 90, 2) == Move(4, "monitor alarm m in state ALARM triggered policy memory")
    assert looked(75, 90, 2) == Move(4, "monitor alarm m in state ALARM triggered policy memory")
    assert looked(10, 48, 5) is None
    assert looked(10, 20, 5) == Move(2, "monitor alarm n in state ALARM triggered policy memory")


@pytest.mark.parametrize(
    ("desired", "expected"),
    [(0, Move(1, "minimum capacity was set to 1")), (1, None), (10, None),
     (12, Move(10, "maximum capacity was set to 10"))],
)  # fmt: skip
def test_new_limits_move_a_count_outside_them(desired: int, expected: Move | None) -> None:
    """To the nearer limit, unless that direction is suspended."""
    assert bounded(TARGET, desired) == expected
    assert bounded(replace(TARGET, in_suspended=True, out_suspended=True), desired) is None


def test_an_alarm_without_data_says_so() -> None:
    """With some data, but not all of it beyond the threshold, it is OK."""
    assert alarm(CPU, "high", {}, NOW) == "INSUFFICIENT_DATA"
    assert alarm(CPU, "high", minutes(90.0), NOW) == "OK"
    assert alarm(CPU, "high", minutes(*(90.0,) * 3), NOW + 59) == "ALARM"
    assert alarm(CPU, "high", minutes(*(90.0,) * 3), NOW + 600) == "INSUFFICIENT_DATA"
    assert alarm(CPU, "low", minutes(*(10.0,) * 15), NOW) == "ALARM"


percents = st.floats(0, 2000, allow_nan=False)


@given(
    limits=st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted),
    desired=st.integers(0, 30),
    values=st.lists(percents, min_size=15, max_size=15),
    target=st.floats(1, 100),
    last=st.none() | st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 900)),
)
def test_nothing_is_ever_scaled_beyond_the_limits(
    limits: list[int],
    desired: int,
    values: list[float],
    target: float,
    last: tuple[int, int, int] | None,
) -> None:
    """Whatever was measured and done before."""
    policy = replace(CPU, value=target)
    whole = ScalableTarget("arn:s", "service/web/web", *limits, policies=(policy,))
    before = activity(last[0], last[1], NOW - last[2]) if last else None
    move = decide(whole, seen(*values, desired=desired, last=before))
    assert move is None or (limits[0] <= move.desired <= limits[1] and move.desired != desired)


@given(
    load=st.floats(0, 3000, allow_nan=False),
    target=st.floats(5, 100),
    begin=st.integers(1, 12),
    slow=st.integers(0, 3),
)
def test_under_a_constant_load_it_comes_to_rest_where_the_target_holds(
    load: float, target: float, begin: int, slow: int
) -> None:
    """However long tasks take to come: it grows once, never swings, and what it ends with is
    enough, or is the maximum.
    """
    policy = replace(CPU, value=target)
    whole = ScalableTarget("arn:s", "service/web/web", 1, 12, policies=(policy,))
    desired, counts, series, last = begin, [begin], {}, None
    for minute in range(90):
        now = NOW + 60 * minute
        running = counts[max(0, len(counts) - 1 - slow)]
        series[int(now) - 60] = load / running
        move = decide(whole, Seen(now, desired, metrics={"CPUUtilization": series}, last=last))
        if move is not None:
            last = replace(activity(desired, move.desired, now + 60 * slow), started=now)
            desired = move.desired
        counts.append(desired)
    assert len(set(counts[30:])) == 1
    changes = [b - a for a, b in pairwise(counts) if a != b]
    assert all(step > 0 for step in changes) or all(step < 0 for step in changes)
    assert desired == 12 or load / desired <= target * (1 + 1e-9)
    assert desired <= max(begin, math.ceil(load / target))
