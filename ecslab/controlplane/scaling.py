"""Target tracking: what a service's desired count is to be, decided from its measurements.

Pure: moments and measurements are arguments. Source: Application Auto Scaling user guide, "How
target tracking scaling works"; ECS developer guide, "Target tracking scaling policies"; the alarms
it makes have 3 datapoints of a minute above the target, or 15 below nine tenths of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ecslab.model.scaling import (
    HIGH_PERIODS,
    LOW_PERIODS,
    MINUTE,
    Activity,
    AlarmState,
    ScalableTarget,
    Series,
    Side,
    Tracking,
)

_HAIR = 1e-9
"""What a quotient may be above a whole number for the arithmetic's sake alone."""


@dataclass(frozen=True)
class Seen:
    """What is known of a service at one moment."""

    now: float
    desired: int
    deploying: bool = False
    """Whether a deployment is under way: nothing is scaled in meanwhile."""
    metrics: Mapping[str, Series] = field(default_factory=dict)
    """Metric → its datapoints."""
    last: Activity | None = None
    """The latest scaling activity."""


@dataclass(frozen=True)
class Move:
    """Another desired count, and what led to it."""

    desired: int
    cause: str


def decide(target: ScalableTarget, seen: Seen) -> Move | None:
    """The count to go to; None where all stays.

    Any policy may make the service larger; all of them together make it smaller. The largest
    count wins.
    """
    larger = [one for policy in target.policies if (one := _out(policy, target, seen))]
    if larger:
        return max(larger, key=lambda move: move.desired)
    sinking = [policy for policy in target.policies if not policy.grows_only]
    smaller = [one for policy in sinking if (one := _in(policy, target, seen))]
    if smaller and len(smaller) == len(sinking):
        return max(smaller, key=lambda move: move.desired)
    return None


def bounded(target: ScalableTarget, desired: int) -> Move | None:
    """Where new limits leave the count no choice; None where it is within them."""
    if desired < target.minimum and not target.out_suspended:
        return Move(target.minimum, f"minimum capacity was set to {target.minimum}")
    if desired > target.maximum and not target.in_suspended:
        return Move(target.maximum, f"maximum capacity was set to {target.maximum}")
    return None


def alarm(policy: Tracking, side: Side, series: Series, now: float) -> AlarmState:
    """The state of one of a policy's two alarms."""
    values = recent(series, now, HIGH_PERIODS if side == "high" else LOW_PERIODS)
    there = [value for value in values if value is not None]
    if not there:
        return "INSUFFICIENT_DATA"
    threshold = policy.threshold(side)
    beyond = [value > threshold if side == "high" else value < threshold for value in there]
    return "ALARM" if len(there) == len(values) and all(beyond) else "OK"


def recent(series: Series, now: float, periods: int) -> list[float | None]:
    """The last whole minutes before `now`, oldest first; None where nothing was measured."""
    last = int(now // MINUTE) * MINUTE - MINUTE
    return [series.get(last - MINUTE * back) for back in reversed(range(periods))]


def _out(policy: Tracking, target: ScalableTarget, seen: Seen) -> Move | None:
    series = seen.metrics.get(policy.metric, {})
    if target.out_suspended or alarm(policy, "high", series, seen.now) != "ALARM":
        return None
    wanted = target.within(_share(_base(seen, policy), series, policy, seen.now))
    return Move(wanted, _cause(policy, "high")) if wanted > seen.desired else None


def _in(policy: Tracking, target: ScalableTarget, seen: Seen) -> Move | None:
    series = seen.metrics.get(policy.metric, {})
    if target.in_suspended or seen.deploying:
        return None
    if alarm(policy, "low", series, seen.now) != "ALARM":
        return None
    if _settling(seen, policy.in_cooldown, grew=False):
        return None
    wanted = target.within(_share(seen.desired, series, policy, seen.now))
    return Move(wanted, _cause(policy, "low")) if wanted < seen.desired else None


def _base(seen: Seen, policy: Tracking) -> int:
    """The count the load is measured against: while a growth settles, that of before it, since
    what it added is only on its way. So only a larger growth follows within the cooldown.
    """
    if seen.last is not None and _settling(seen, policy.out_cooldown, grew=True):
        return seen.last.before
    return seen.desired


def _settling(seen: Seen, cooldown: float, *, grew: bool) -> bool:
    """Whether the latest activity was of this kind and its cooldown is not over."""
    last = seen.last
    if last is None or last.grew != grew:
        return False
    return last.ended is None or seen.now < last.ended + cooldown


def _share(count: int, series: Series, policy: Tracking, now: float) -> int:
    """As many tasks as bring the metric to its target, if the load stays: rounded up."""
    latest = recent(series, now, 1)[0] or 0.0
    return math.ceil(count * latest / policy.value - _HAIR)


def _cause(policy: Tracking, side: Side) -> str:
    return f"monitor alarm {policy.alarm(side)} in state ALARM triggered policy {policy.name}"
