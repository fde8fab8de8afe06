"""What happened to services: the facts of their lives."""

from __future__ import annotations

from dataclasses import dataclass

from ecslab.controlplane.facts import Fact
from ecslab.model.service import Deployment, Event, Rollout, Service, ServiceStatus, Settings


@dataclass(frozen=True)
class ServiceFact(Fact):
    """Something that happened to one service."""

    service_arn: str


@dataclass(frozen=True)
class ServiceCreated(Fact):
    """A service is there, with its first deployment."""

    service: Service
    rollout: Rollout


@dataclass(frozen=True)
class ServiceChanged(ServiceFact):
    """The settings a service has from now on."""

    settings: Settings


@dataclass(frozen=True)
class ServiceStatusChanged(ServiceFact):
    """A service is being deleted (DRAINING), or is gone (INACTIVE)."""

    status: ServiceStatus


@dataclass(frozen=True)
class DeploymentStarted(ServiceFact):
    """A revision is to be brought out; it replaces those that are there."""

    deployment: Deployment
    rollout: Rollout


@dataclass(frozen=True)
class DeploymentCompleted(ServiceFact):
    """The newest deployment reached a steady state."""


@dataclass(frozen=True)
class DeploymentFailed(ServiceFact):
    """The newest deployment is given up."""

    reason: str


@dataclass(frozen=True)
class RollbackStarted(ServiceFact):
    """The last deployment that was completed takes the place of the newest."""

    reason: str


@dataclass(frozen=True)
class DeploymentEnded(ServiceFact):
    """An older deployment has no tasks any more."""

    deployment_id: str


@dataclass(frozen=True)
class PlacementFailed(ServiceFact):
    """No instance had room for a task of the newest deployment."""


@dataclass(frozen=True)
class LaunchFailed(ServiceFact):
    """A task of the newest deployment could not be made: not for want of room."""


@dataclass(frozen=True)
class WaitEnded(ServiceFact):
    """The wait after failed starts is over."""


@dataclass(frozen=True)
class ServiceReviewed(ServiceFact):
    """A DAEMON looked at all instances: it has a task on each it is to run on."""


@dataclass(frozen=True)
class ServiceTold(ServiceFact):
    """A service event was written. `condition` names what it tells of, if that may last."""

    event: Event
    condition: str = ""


FACTS: tuple[type[Fact], ...] = (
    ServiceCreated,
    ServiceChanged,
    ServiceStatusChanged,
    DeploymentStarted,
    DeploymentCompleted,
    DeploymentFailed,
    RollbackStarted,
    DeploymentEnded,
    PlacementFailed,
    LaunchFailed,
    WaitEnded,
    ServiceReviewed,
    ServiceTold,
)
