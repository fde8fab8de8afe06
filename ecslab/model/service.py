"""A service: so many tasks of a revision, kept up, replaced and rolled out.

Sources: ECS API (Service, Deployment, ServiceDeployment, ServiceRevision, DeploymentConfiguration,
DeploymentCircuitBreaker); AWS developer guide, "How the Amazon ECS deployment circuit breaker
detects failures" and "Amazon ECS service throttle logic". Times are seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ecslab.model.capacity_provider import FARGATE_PROVIDERS

Scheduling = Literal["REPLICA", "DAEMON"]
ServiceStatus = Literal["ACTIVE", "DRAINING", "INACTIVE"]
RolloutState = Literal["IN_PROGRESS", "COMPLETED", "FAILED"]
ThresholdKind = Literal["BOUNDED_PERCENT", "UNBOUNDED_PERCENT", "COUNT"]
RolloutStatus = Literal[
    "PENDING",
    "IN_PROGRESS",
    "SUCCESSFUL",
    "STOPPED",
    "STOP_REQUESTED",
    "ROLLBACK_REQUESTED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_SUCCESSFUL",
    "ROLLBACK_FAILED",
]

_DISCOVERY = "Cloud Map is not in the sandbox."
_LATTICE = "VPC Lattice is not in the sandbox."
_VOLUMES = "EBS volumes that are configured at launch are not in the sandbox."
_SHIFTS = "Deployments here replace tasks; traffic is not shifted between revisions."
_ECS_MANAGED = "Resources that ECS makes for one by itself are not in the sandbox."
NOT_MODELLED = {
    "Service.taskSets": "Task sets are for other deployment controllers than ECS.",
    "Service.resourceManagementType": _ECS_MANAGED,
    "Deployment.fargateEphemeralStorage": "It tells of the key that encrypts the storage.",
    "Deployment.serviceConnectConfiguration": "Service Connect is not in the sandbox.",
    "Deployment.serviceConnectResources": "Service Connect is not in the sandbox.",
    "Deployment.volumeConfigurations": _VOLUMES,
    "Deployment.vpcLatticeConfigurations": _LATTICE,
    "DeploymentConfiguration.alarms": "CloudWatch alarms do not watch deployments here.",
    "DeploymentConfiguration.lifecycleHooks": _SHIFTS,
    "DeploymentConfiguration.linearConfiguration": _SHIFTS,
    "DeploymentConfiguration.canaryConfiguration": _SHIFTS,
    "DeploymentConfiguration.earlySuccessCriteria": "A deployment is done when all tasks count.",
    "ServiceDeployment.lifecycleStage": _SHIFTS,
    "ServiceDeployment.lifecycleHookDetails": _SHIFTS,
    "ServiceDeployment.alarms": "CloudWatch alarms do not watch deployments here.",
    "ServiceRevisionSummary.requestedTestTrafficWeight": _SHIFTS,
    "ServiceRevisionSummary.requestedProductionTrafficWeight": _SHIFTS,
    "ServiceRevision.serviceConnectConfiguration": "Service Connect is not in the sandbox.",
    "ServiceRevision.volumeConfigurations": _VOLUMES,
    "ServiceRevision.fargateEphemeralStorage": "It tells of the key that encrypts the storage.",
    "ServiceRevision.vpcLatticeConfigurations": _LATTICE,
    "ServiceRevision.resolvedConfiguration": _SHIFTS,
    "ServiceRevision.ecsManagedResources": _ECS_MANAGED,
    "ServiceRevision.overrides": _ECS_MANAGED,
    "ServiceRevision.gatewayConnectors": _ECS_MANAGED,
    "ServiceRevision.monitoring": "Monitoring of services is not in the sandbox.",
    "ContainerImage.imageDigest": "Digests are told of containers, which were really pulled.",
    "LoadBalancer.loadBalancerName": "Classic Load Balancers are not in the sandbox.",
    "LoadBalancer.advancedConfiguration": _SHIFTS,
}
"""Members of the API's shapes that no answer has, each with the reason."""

MOST_EVENTS = 100
"""Events of a service that are kept."""
MOST_REMEMBERED = 100
"""Service deployments, and revisions, that are remembered of one service."""
LONGEST_WAIT = 27 * 60.0
"""Seconds the throttle waits at most between two rounds of starts."""
PROVEN_AFTER = 40.0
"""Seconds after RUNNING until a task counts that nobody checks (no health check, no target)."""


def throttle(failed_starts: int) -> float:
    """Seconds to wait after so many rounds of failed starts; AWS names only the longest wait."""
    return min(LONGEST_WAIT, 5.0 * 2.0 ** min(failed_starts - 1, 10))


@dataclass(frozen=True)
class Breaker:
    """When a deployment is given up (DeploymentCircuitBreaker)."""

    enable: bool = False
    rollback: bool = False
    reset_on_healthy_task: bool = True
    kind: ThresholdKind = "BOUNDED_PERCENT"
    value: int = 50

    def threshold(self, desired: int) -> int:
        """How many failed tasks are too many; a bounded percentage is held within 3 and 200."""
        if self.kind == "COUNT":
            return self.value
        share = -(-desired * self.value // 100)
        return max(1, share) if self.kind == "UNBOUNDED_PERCENT" else min(200, max(3, share))


@dataclass(frozen=True)
class Limits:
    """How many tasks there may be while tasks are replaced (DeploymentConfiguration)."""

    minimum_percent: int = 100
    maximum_percent: int = 200
    breaker: Breaker = Breaker()

    def floor(self, desired: int) -> int:
        """Tasks that must stay healthy: the minimum percentage, rounded up."""
        return -(-desired * self.minimum_percent // 100)

    def ceiling(self, desired: int) -> int:
        """Tasks that may be there: the maximum percentage, rounded down."""
        return desired * self.maximum_percent // 100


@dataclass(frozen=True)
class Share:
    """One capacity provider of a strategy: `base` tasks first, then by `weight`."""

    provider: str
    weight: int = 0
    base: int = 0


@dataclass(frozen=True)
class Door:
    """A container port that a target group sends requests to (LoadBalancer)."""

    group_arn: str
    container: str
    port: int


@dataclass(frozen=True)
class Revision:
    """What the tasks of a deployment are made of (ServiceRevision)."""

    arn: str
    service_arn: str
    definition_arn: str
    created_at: float
    launch_type: str = "EC2"
    """"" where a capacity provider strategy decides."""
    strategy: tuple[Share, ...] = ()
    platform_version: str = ""
    network: Mapping[str, Any] | None = None
    """networkConfiguration as it was given."""
    doors: tuple[Door, ...] = ()

    @property
    def on_fargate(self) -> bool:
        """Whether its tasks need no instance."""
        if self.strategy:
            return self.strategy[0].provider in FARGATE_PROVIDERS
        return self.launch_type == "FARGATE"

    @property
    def number(self) -> str:
        """The digits that its deployment has too."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def deployment_id(self) -> str:
        """The id of the deployment that brings it out."""
        return f"ecs-svc/{self.number}"


@dataclass(frozen=True)
class Deployment:
    """A revision on its way in or out. PRIMARY is the newest; ACTIVE are those it replaces."""

    revision: Revision
    rollout_arn: str
    """The service deployment that brought it."""
    created_at: float
    updated_at: float
    status: Literal["PRIMARY", "ACTIVE"] = "PRIMARY"
    rollout: RolloutState = "IN_PROGRESS"
    rollout_reason: str = ""
    failed: int = 0
    """Consecutive tasks that failed, as the circuit breaker counts them."""
    failed_starts: int = 0
    """Consecutive rounds in which no task came to run, as the throttle counts them."""
    retry_at: float | None = None
    """Until when no task is started, since starts failed."""
    homeless: bool = False
    """No instance had room: it tries again at once when there may be."""

    @property
    def id(self) -> str:
        """``ecs-svc/…``, which its tasks name as who started them."""
        return self.revision.deployment_id


@dataclass(frozen=True)
class Rollout:
    """A service deployment, as it is remembered (ServiceDeployment)."""

    arn: str
    service_arn: str
    cluster_arn: str
    target: str
    """ARN of the revision it brings out."""
    created_at: float
    updated_at: float
    sources: tuple[str, ...] = ()
    """ARNs of the revisions it replaces."""
    status: RolloutStatus = "IN_PROGRESS"
    status_reason: str = ""
    finished_at: float | None = None
    stopped_at: float | None = None
    limits: Limits = Limits()
    failed: int = 0
    threshold: int = 0
    tripped: bool = False
    rollback_reason: str = ""
    rollback_at: float | None = None
    rollback_to: str = ""
    """ARN of the revision it goes back to."""

    @property
    def open(self) -> bool:
        """Whether it is still under way."""
        return self.finished_at is None and self.stopped_at is None


@dataclass(frozen=True)
class Event:
    """A line of what a service has to say."""

    id: str
    at: float
    message: str


@dataclass(frozen=True)
class Settings:
    """What UpdateService changes without a new deployment."""

    desired: int = 0
    """Tasks to be kept; of a DAEMON, the instances it is to run on."""
    limits: Limits = Limits()
    constraints: tuple[Mapping[str, Any], ...] = ()
    strategies: tuple[Mapping[str, Any], ...] | None = None
    """None: the default, spread over zones."""
    grace: float = 0.0
    """Seconds after its start in which a task is not judged by its health."""
    execute_command: bool = False
    managed_tags: bool = False
    propagate_tags: str = "NONE"


@dataclass(frozen=True)
class Service:
    """One service."""

    arn: str
    name: str
    cluster_arn: str
    created_at: float
    settings: Settings
    created_by: str = ""
    status: ServiceStatus = "ACTIVE"
    scheduling: Scheduling = "REPLICA"
    deployments: tuple[Deployment, ...] = ()
    """The PRIMARY one first."""
    fallback: Deployment | None = None
    """The last deployment that was completed."""
    role_arn: str = ""
    events: tuple[Event, ...] = ()
    """Newest first."""
    told: tuple[tuple[str, float], ...] = ()
    """What was said of its condition, and when: not repeated while the condition lasts."""
    reviewed: bool = False
    """DAEMON: whether its instances were looked at since something changed."""

    @property
    def primary(self) -> Deployment:
        """The newest deployment."""
        return self.deployments[0]

    def deployment(self, id_: str) -> Deployment | None:
        """One of its deployments by id."""
        return next((one for one in self.deployments if one.id == id_), None)

    def said_at(self, condition: str) -> float | None:
        """When it was told that this condition holds; None if it was not, or no longer does."""
        return dict(self.told).get(condition)
