"""What a diagram needs to know of a cluster at one moment, whoever was asked.

`steps.observe` fills it from AWS answers (the sandbox's or a real account's); `diagram` draws it.
Times are seconds since the epoch, CPU is in ECS units (1024 = one vCPU), memory in MiB.
Identifiers are short ones (the last part of an ARN), since they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ContainerView:
    """One container of a task."""

    name: str
    image: str = ""
    status: str = "PENDING"
    health: str = "UNKNOWN"
    exit_code: int | None = None
    reason: str = ""
    ports: tuple[str, ...] = ()
    """Where it can be reached, as shown: ``80→80/tcp``; host port first."""
    essential: bool = True


@dataclass(frozen=True)
class TaskView:
    """One task, wherever it runs."""

    id: str
    definition: str
    """``family:revision``."""
    status: str
    """lastStatus."""
    desired: str = "RUNNING"
    launch_type: str = "EC2"
    instance: str | None = None
    """Id of the container instance it is placed on; None on Fargate or before placement."""
    service: str | None = None
    health: str = "UNKNOWN"
    cpu: int = 0
    memory: int = 0
    containers: tuple[ContainerView, ...] = ()
    stopped_reason: str = ""
    stop_code: str = ""
    started_by: str = ""
    availability_zone: str = ""
    address: str = ""
    """Private address of its network interface, if it has one (awsvpc)."""
    url: str = ""
    """A page that can be opened, "" if none."""
    created_at: float = 0.0
    started_at: float | None = None
    stopped_at: float | None = None


@dataclass(frozen=True)
class InstanceView:
    """One container instance (an EC2 instance whose agent joined) or one that is on its way."""

    id: str
    ec2_id: str
    status: str = "ACTIVE"
    """ACTIVE, DRAINING, REGISTERING, …; "BOOTING" for an EC2 instance that has not joined yet."""
    connected: bool = True
    instance_type: str = ""
    availability_zone: str = ""
    cpu: int = 0
    memory: int = 0
    cpu_free: int = 0
    memory_free: int = 0
    ports: tuple[int, ...] = ()
    """Host ports taken by tasks (not the ones ECS reserves for itself)."""
    public_ip: str = ""


@dataclass(frozen=True)
class ServiceView:
    """One service."""

    name: str
    status: str = "ACTIVE"
    desired: int = 0
    running: int = 0
    pending: int = 0
    definition: str = ""
    deployments: tuple[DeploymentView, ...] = ()
    load_balancers: tuple[str, ...] = ()
    """Names of the load balancers in front of it."""


@dataclass(frozen=True)
class DeploymentView:
    """One deployment of a service."""

    id: str
    status: str
    """PRIMARY, ACTIVE, INACTIVE."""
    definition: str
    desired: int = 0
    running: int = 0
    pending: int = 0
    failed: int = 0
    rollout: str = ""


@dataclass(frozen=True)
class TargetView:
    """One target of a load balancer: a task behind an address."""

    task: str | None
    address: str
    state: str


@dataclass(frozen=True)
class LoadBalancerView:
    """One load balancer with the targets it knows."""

    name: str
    dns: str = ""
    url: str = ""
    targets: tuple[TargetView, ...] = ()


@dataclass(frozen=True)
class EventView:
    """One line of the log: something that happened, in the words of who says it."""

    at: float
    subject: str
    text: str


@dataclass(frozen=True)
class Snapshot:
    """A cluster at one moment."""

    cluster: str
    status: str = "ACTIVE"
    region: str = ""
    account: str = ""
    simulated: bool = False
    """True where containers are simulated: the picture says so."""
    at: float = 0.0
    instances: tuple[InstanceView, ...] = ()
    tasks: tuple[TaskView, ...] = ()
    services: tuple[ServiceView, ...] = ()
    load_balancers: tuple[LoadBalancerView, ...] = ()
    events: tuple[EventView, ...] = ()
