"""What happened: the facts whose sequence is the state. Those of services are `service_facts`.

A fact says when (`at`, seconds since the epoch), why (`cause`, a sentence) and what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.model.agent_messages import NetworkBinding
from ecslab.model.capacity_provider import CapacityProvider
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.lifecycle import ContainerStatus, HealthStatus, TaskStatus
from ecslab.model.load_balancer import Target, TargetState
from ecslab.model.task import Task
from ecslab.model.task_definition import Tag


@dataclass(frozen=True)
class Fact:
    """Something that happened."""

    at: float
    cause: str


# -- clusters, task definitions, labels and settings ----------------------------------------------


@dataclass(frozen=True)
class ClusterCreated(Fact):
    """A cluster is there."""

    cluster: Cluster


@dataclass(frozen=True)
class ClusterChanged(Fact):
    """Settings of a cluster changed; the whole new cluster."""

    cluster: Cluster


@dataclass(frozen=True)
class ClusterDeleted(Fact):
    """A cluster became INACTIVE."""

    cluster_arn: str


@dataclass(frozen=True)
class DefinitionRegistered(Fact):
    """A revision of a task definition is there; `document` as it is described, with defaults."""

    arn: str
    family: str
    revision: int
    document: Mapping[str, Any]
    registered_by: str


@dataclass(frozen=True)
class DefinitionDeregistered(Fact):
    """A revision became INACTIVE."""

    arn: str


@dataclass(frozen=True)
class DefinitionDeleteRequested(Fact):
    """A revision is to go once no task uses it."""

    arn: str


@dataclass(frozen=True)
class DefinitionDeleted(Fact):
    """A revision is gone."""

    arn: str


@dataclass(frozen=True)
class TagsSet(Fact):
    """All tags a resource has from now on."""

    resource_arn: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class AccountSettingSet(Fact):
    """An account setting; `principal` "" is the default of the account."""

    name: str
    value: str
    principal: str


@dataclass(frozen=True)
class AccountSettingDeleted(Fact):
    """A principal goes back to the account's default."""

    name: str
    principal: str


@dataclass(frozen=True)
class ProviderSet(Fact):
    """What a capacity provider is from now on."""

    provider: CapacityProvider


# -- container instances --------------------------------------------------------------------------


@dataclass(frozen=True)
class InstanceJoined(Fact):
    """An agent registered its instance."""

    instance: ContainerInstance


@dataclass(frozen=True)
class InstanceConnectionChanged(Fact):
    """The agent of an instance is reachable, or is not."""

    instance_arn: str
    connected: bool


@dataclass(frozen=True)
class InstanceStatusChanged(Fact):
    """An instance is ACTIVE or DRAINING."""

    instance_arn: str
    status: str


@dataclass(frozen=True)
class InstanceAttributesSet(Fact):
    """All attributes an instance has from now on."""

    instance_arn: str
    attributes: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class InstanceLeft(Fact):
    """An instance was deregistered; `terminated` if its EC2 instance is gone."""

    instance_arn: str
    terminated: bool


@dataclass(frozen=True)
class InstanceForgotten(Fact):
    """An instance that left is no longer described."""

    instance_arn: str


# -- tasks ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TaskFact(Fact):
    """Something that happened to one task."""

    task_arn: str


@dataclass(frozen=True)
class TaskCreated(Fact):
    """A task was given a home."""

    task: Task


@dataclass(frozen=True)
class TaskMoved(TaskFact):
    """A task took a step of its life (lastStatus)."""

    status: TaskStatus
    reason: str = ""


@dataclass(frozen=True)
class TaskStopRequested(TaskFact):
    """A task is to stop (desiredStatus)."""

    stop_code: str
    reason: str


@dataclass(frozen=True)
class ContainerChanged(TaskFact):
    """A container of a task changed."""

    container: str
    status: ContainerStatus
    exit_code: int | None = None
    reason: str = ""
    runtime_id: str = ""
    image_digest: str = ""
    bindings: tuple[NetworkBinding, ...] = ()


@dataclass(frozen=True)
class HealthChanged(TaskFact):
    """The health check of a container gave another answer."""

    container: str
    health: HealthStatus


@dataclass(frozen=True)
class PullChanged(TaskFact):
    """The images of a task began to be pulled, or all of them arrived."""

    finished: bool


@dataclass(frozen=True)
class TargetRegistered(TaskFact):
    """A load balancer is to send requests to a port of a task."""

    target: Target


@dataclass(frozen=True)
class TargetDeregistered(TaskFact):
    """A load balancer is to send no new requests to a port of a task."""

    target: Target


@dataclass(frozen=True)
class TargetChanged(TaskFact):
    """The load balancer has another opinion of a target; `gone` if it forgot it."""

    target: Target
    state: TargetState
    reason: str = ""
    description: str = ""


@dataclass(frozen=True)
class TaskForgotten(TaskFact):
    """A stopped task is no longer described."""


@dataclass(frozen=True)
class TaskSettled(TaskFact):
    """A task of a service ran for a while; where nobody checks it, it counts from now on."""


@dataclass(frozen=True)
class TaskFoundIll(TaskFact):
    """A check of a task failed: its service is to replace it."""

    reason: str


@dataclass(frozen=True)
class TaskProtected(TaskFact):
    """A task's service does not stop it before a moment; None takes the protection away."""

    until: float | None = None


@dataclass(frozen=True)
class TokenUsed(Fact):
    """A client token was used: the same call again gets the same answer."""

    cluster_arn: str
    token: str
    fingerprint: str
    task_arns: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TokenForgotten(Fact):
    """A client token is too old to be remembered."""

    cluster_arn: str
    token: str


FACTS: tuple[type[Fact], ...] = (
    ClusterCreated,
    ClusterChanged,
    ClusterDeleted,
    DefinitionRegistered,
    DefinitionDeregistered,
    DefinitionDeleteRequested,
    DefinitionDeleted,
    TagsSet,
    AccountSettingSet,
    AccountSettingDeleted,
    ProviderSet,
    InstanceJoined,
    InstanceConnectionChanged,
    InstanceStatusChanged,
    InstanceAttributesSet,
    InstanceLeft,
    InstanceForgotten,
    TaskCreated,
    TaskMoved,
    TaskStopRequested,
    ContainerChanged,
    HealthChanged,
    PullChanged,
    TargetRegistered,
    TargetDeregistered,
    TargetChanged,
    TaskForgotten,
    TaskSettled,
    TaskFoundIll,
    TaskProtected,
    TokenUsed,
    TokenForgotten,
)
