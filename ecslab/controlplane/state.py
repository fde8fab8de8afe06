"""The state: a value of persistent maps, and the indexes derived from it.

Everything in `State` but `index` follows from the facts; `index` follows from the rest of the
state. `index.check` recomputes it from scratch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from immutables import Map

from ecslab.controlplane.alarms import Alarms
from ecslab.controlplane.crew import Crews
from ecslab.controlplane.load import Load
from ecslab.model.capacity_provider import CapacityProvider
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.service import Revision, Rollout, Service
from ecslab.model.task import Task
from ecslab.model.task_definition import Tag, TaskDefinition


@dataclass(frozen=True)
class Definition:
    """A registered revision of a task definition."""

    arn: str
    family: str
    revision: int
    value: TaskDefinition
    document: Mapping[str, Any]
    """Its wire form with the defaults ECS fills in; to be read, not changed."""
    registered_at: float
    registered_by: str
    status: str = "ACTIVE"
    deregistered_at: float | None = None
    delete_requested_at: float | None = None


class Token(NamedTuple):
    """A client token that was used: with what, and what came of it."""

    at: float
    fingerprint: str
    task_arns: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]


class Tally(NamedTuple):
    """How many tasks of a cluster run or are on their way up."""

    running: int = 0
    pending: int = 0


class Roster:
    """The instances of a cluster that are not INACTIVE, in the order they joined.

    A new one is made whenever an instance joins, leaves or changes its attributes, so that what is
    worked out from the instances' attributes can be kept with it.
    """

    __slots__ = ("arns", "by_field")

    def __init__(self, arns: tuple[str, ...] = ()) -> None:
        self.arns = arns
        self.by_field: dict[str, dict[str, tuple[str, ...]]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Roster) and self.arns == other.arns

    def __hash__(self) -> int:
        return hash(self.arns)


class Queue(NamedTuple):
    """First in, first out: what is forgotten after a while, oldest first."""

    items: Map[int, tuple[float, str]] = Map()
    head: int = 0
    tail: int = 0

    def push(self, at: float, key: str) -> Queue:
        """With one item more."""
        return Queue(self.items.set(self.tail, (at, key)), self.head, self.tail + 1)

    def pop(self) -> Queue:
        """Without its oldest item."""
        return Queue(self.items.delete(self.head), self.head + 1, self.tail)

    @property
    def oldest(self) -> tuple[float, str] | None:
        """Since when it waits, and what it is."""
        return self.items.get(self.head)


@dataclass(frozen=True)
class Index:
    """What can be worked out from the rest of the state, kept for speed."""

    loads: Map[str, Load] = field(default_factory=Map)
    """Instance ARN → what is left of it."""
    rosters: Map[str, Roster] = field(default_factory=Map)
    """Cluster ARN → its instances."""
    tallies: Map[str, Tally] = field(default_factory=Map)
    members: Map[str, Map[str, bool]] = field(default_factory=Map)
    """Cluster ARN → its tasks, stopped ones too."""
    zones: Map[tuple[str, str], Map[str, int]] = field(default_factory=Map)
    """(cluster ARN, task group) → availability zone → live tasks on instances."""
    uses: Map[str, int] = field(default_factory=Map)
    """Task definition ARN → live tasks of it."""
    by_ec2: Map[str, str] = field(default_factory=Map)
    """EC2 instance id → ARN of its container instance, the latest one."""
    addresses: Map[str, str] = field(default_factory=Map)
    """Address → the task whose network interface has it, private or on this machine."""
    named: Map[str, int] = field(default_factory=Map)
    """Task definition ARN → tasks that are described and deployments that name it."""
    services: Map[str, Map[str, bool]] = field(default_factory=Map)
    """Cluster ARN → its services, those that are INACTIVE too."""
    crews: Map[str, Crews] = field(default_factory=Map)
    """Service ARN → its tasks that did not stop yet."""
    attention: Map[str, bool] = field(default_factory=Map)
    """Services that have something to do now."""
    errands: Map[str, bool] = field(default_factory=Map)
    """Tasks whose load balancers have to be told something."""
    homeless: Map[str, Map[str, bool]] = field(default_factory=Map)
    """Cluster ARN → services that wait for room."""
    alarms: Alarms = field(default_factory=Alarms)
    """Tasks and services, and when time alone gives them something to do."""


@dataclass(frozen=True)
class History:
    """What is remembered of a service: its deployments and revisions, oldest first."""

    rollouts: tuple[Rollout, ...] = ()
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True)
class State:
    """Everything the control plane knows. Compare, keep, share: it never changes."""

    clusters: Map[str, Cluster] = field(default_factory=Map)
    definitions: Map[str, Definition] = field(default_factory=Map)
    families: Map[str, int] = field(default_factory=Map)
    """ARN of a family (without a revision) → its highest revision ever."""
    deleting: Map[str, bool] = field(default_factory=Map)
    """Revisions that go once no task uses them."""
    instances: Map[str, ContainerInstance] = field(default_factory=Map)
    tasks: Map[str, Task] = field(default_factory=Map)
    services: Map[str, Service] = field(default_factory=Map)
    histories: Map[str, History] = field(default_factory=Map)
    """Service ARN → what is remembered of it."""
    tags: Map[str, tuple[Tag, ...]] = field(default_factory=Map)
    providers: Map[str, CapacityProvider] = field(default_factory=Map)
    settings: Map[tuple[str, str], str] = field(default_factory=Map)
    """(name, principal or "") → value."""
    tokens: Map[tuple[str, str], Token] = field(default_factory=Map)
    """(cluster ARN, client token) → its use."""
    stopped: Queue = field(default_factory=Queue)
    """Stopped tasks, oldest first."""
    used_tokens: Queue = field(default_factory=Queue)
    left: Queue = field(default_factory=Queue)
    """Terminated instances, oldest first."""
    index: Index = field(default_factory=Index)

    @staticmethod
    def empty() -> State:
        """A state in which nothing has happened."""
        return State()
