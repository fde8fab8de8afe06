"""What ECS has to know of Elastic Load Balancing: target groups and the targets in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TargetState = Literal["initial", "healthy", "unhealthy", "draining", "unused", "gone"]
"""ELBv2's words (API TargetHealth), and "gone" for a target that is no longer there.

`unused`: no listener forwards to its group, so nobody checks it."""


@dataclass(frozen=True)
class TargetGroup:
    """A target group as it is when it is asked for."""

    arn: str
    name: str
    target_type: str = "instance"
    """instance or ip."""
    load_balancer_arns: tuple[str, ...] = ()
    """The load balancers that forward to it; none: a service cannot use it yet."""
    deregistration_delay: float = 300.0
    """Seconds a target is drained before it is gone."""


@dataclass(frozen=True)
class Target:
    """A port of a task behind a target group."""

    group_arn: str
    id: str
    """The EC2 instance's id, or the address of the task (target type ip)."""
    port: int
    host: str = ""
    """The address on this machine where the port answers."""
    state: TargetState = "initial"
    reason: str = ""
    """Why it is in this state, in ELBv2's words (`Target.FailedHealthChecks` …)."""
    description: str = ""
    """What its health check saw (`Health checks failed with these codes: [502]`)."""
    since: float = 0.0
    """When it came into this state."""

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from every other target."""
        return self.group_arn, self.id, self.port
