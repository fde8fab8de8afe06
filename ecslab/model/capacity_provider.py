"""A capacity provider: where the tasks of a strategy find room."""

from __future__ import annotations

from dataclasses import dataclass

_SIZE = "The sandbox leaves the size of a group to its owner."
NOT_MODELLED = {
    "CapacityProvider.cluster": "Only providers of Managed Instances belong to one cluster.",
    "CapacityProvider.managedInstancesProvider": "Managed Instances are not in the sandbox.",
    "CapacityProvider.updateStatusReason": "It tells why an update failed; here none does.",
    "ManagedScaling.targetCapacity": _SIZE,
    "ManagedScaling.minimumScalingStepSize": _SIZE,
    "ManagedScaling.maximumScalingStepSize": _SIZE,
    "ManagedScaling.instanceWarmupPeriod": _SIZE,
}
"""Members of the API's shapes that no answer has, each with the reason."""

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
"""Every account has these two; they cannot be changed or deleted."""


@dataclass(frozen=True)
class CapacityProvider:
    """A capacity provider of one's own: the instances of an Auto Scaling group."""

    arn: str
    name: str
    group_arn: str
    """The Auto Scaling group's ARN, or its name as it was given."""
    status: str = "ACTIVE"
    """ACTIVE, or INACTIVE once it was deleted."""
    update_status: str = "CREATE_COMPLETE"

    @property
    def group(self) -> str:
        """The name of the Auto Scaling group."""
        return self.group_arn.rsplit("autoScalingGroupName/", 1)[-1]
