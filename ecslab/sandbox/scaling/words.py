"""What Application Auto Scaling and CloudWatch say of activities and alarms.

Sources: Application Auto Scaling user guide, "Scaling activities"; the reasons CloudWatch gives for
the state of an alarm.
"""

from __future__ import annotations

from dataclasses import replace

from ecslab.controlplane.scaling import recent
from ecslab.model.scaling import (
    HIGH_PERIODS,
    LOW_PERIODS,
    Activity,
    AlarmState,
    Series,
    Side,
    Tracking,
)


def waiting(count: int) -> str:
    """The count is set, its tasks are on their way."""
    return f"Successfully set desired count to {count}. Waiting for change to be fulfilled by ecs."


def fulfilled(count: int) -> str:
    """All tasks are there."""
    return f"Successfully set desired count to {count}. Change successfully fulfilled by ecs."


def failed(count: int, why: str) -> str:
    """The count could not be set."""
    return f"Failed to set desired count to {count}. Reason: {why}"


def ended(activity: Activity, at: float, status: str, message: str) -> Activity:
    """The activity at its end."""
    return replace(activity, ended=at, status=status, message=message)


def overridden(activity: Activity, at: float, count: int) -> Activity:
    """Another count was set before its own was reached."""
    why = f"Successfully set desired count to {activity.after}. Found it was later changed to "
    return ended(activity, at, "Overridden", f"{why}{count}.")


def reason(policy: Tracking, side: Side, series: Series, now: float, state: AlarmState) -> str:
    """Why an alarm is in its state."""
    periods = HIGH_PERIODS if side == "high" else LOW_PERIODS
    values = [value for value in recent(series, now, periods) if value is not None]
    if not values:
        return f"Insufficient Data: {periods} datapoints were unknown."
    told = ", ".join(f"{value:g}" for value in values)
    number = "1 datapoint" if len(values) == 1 else f"{len(values)} datapoints"
    verb = "was" if len(values) == 1 else "were"
    relation = f"{'' if state == 'ALARM' else 'not '}{'greater' if side == 'high' else 'less'} than"
    threshold = f"{policy.threshold(side):g}"
    return f"Threshold Crossed: {number} [{told}] {verb} {relation} the threshold ({threshold})."
