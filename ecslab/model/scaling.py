"""The nouns of Service Auto Scaling: targets, target tracking policies, datapoints, activities.

Source: Application Auto Scaling user guide, "Target tracking scaling policies" and "Scaling
activities"; ECS developer guide, "Automatically scale your service".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MINUTE = 60
"""Seconds of a period: the metrics of a service have a datapoint a minute."""
HIGH_PERIODS = 3
"""Datapoints above the target, one after the other, that make a service grow."""
LOW_PERIODS = 15
"""Datapoints below the threshold, one after the other, that make it shrink."""
LOW_SHARE = 0.9
"""The lower threshold as a share of the target: between the two nothing is done."""
COOLDOWN = 300
"""Seconds, where a policy does not say."""
DIMENSION = "ecs:service:DesiredCount"

METRICS: Mapping[str, str] = {
    "ECSServiceAverageCPUUtilization": "CPUUtilization",
    "ECSServiceAverageMemoryUtilization": "MemoryUtilization",
}
"""Predefined metrics → the name CloudWatch has for them."""

AlarmState = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Side = Literal["high", "low"]
Series = Mapping[int, float]
"""Begin of a minute (seconds since the epoch) → average in that minute, in percent."""


@dataclass(frozen=True)
class Tracking:
    """A target tracking policy. Cooldowns in seconds, `value` in percent."""

    name: str
    arn: str
    metric: str
    """``CPUUtilization`` or ``MemoryUtilization``."""
    value: float
    out_cooldown: float = COOLDOWN
    in_cooldown: float = COOLDOWN
    grows_only: bool = False
    """DisableScaleIn."""
    high_alarm: str = ""
    low_alarm: str = ""
    """Names of its two alarms."""

    def threshold(self, side: Side) -> float:
        """What the alarm of that side compares with."""
        return self.value if side == "high" else self.value * LOW_SHARE

    def alarm(self, side: Side) -> str:
        """The name of that alarm."""
        return self.high_alarm if side == "high" else self.low_alarm


@dataclass(frozen=True)
class ScalableTarget:
    """A service whose desired count is scaled, within limits."""

    service_arn: str
    resource_id: str
    """``service/CLUSTER/NAME``."""
    minimum: int
    maximum: int
    in_suspended: bool = False
    out_suspended: bool = False
    policies: tuple[Tracking, ...] = ()

    def within(self, count: int) -> int:
        """The count, held within the limits."""
        return min(self.maximum, max(self.minimum, count))


@dataclass(frozen=True)
class Activity:
    """One change of a desired count (ScalingActivity). Moments in seconds since the epoch."""

    id: str
    service_arn: str
    resource_id: str
    before: int
    after: int
    cause: str
    started: float
    ended: float | None = None
    status: str = "InProgress"
    message: str = ""

    @property
    def grew(self) -> bool:
        """Whether it made the service larger."""
        return self.after > self.before
