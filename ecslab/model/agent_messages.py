"""What the control plane and the agents of its instances tell each other.

Named after the messages of the real ECS agent (its payload handler and the calls
SubmitTaskStateChange and SubmitContainerStateChange). Times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecslab.model.lifecycle import HealthStatus


@dataclass(frozen=True)
class NetworkBinding:
    """A container port and the host address it is open at."""

    bind_ip: str
    container_port: int
    host_port: int
    protocol: str = "tcp"


# -- control plane -> agent ---------------------------------------------------------------------


@dataclass(frozen=True)
class RunTask:
    """Run this task. `definition` is the RegisterTaskDefinition document after overrides.

    The agent gets the wire form (camelCase), as the real one does: its reading of a definition is
    its own, apart from the control plane's.
    """

    task_arn: str
    cluster_arn: str
    definition: dict[str, object]
    family: str
    revision: int
    container_instance_arn: str | None
    """None on Fargate."""
    host_ip: str
    """Address of the instance on this machine: host ports are opened there."""
    dynamic_ports: tuple[NetworkBinding, ...] = ()
    """Host ports chosen by the control plane for mappings that left them open."""
    environment: tuple[tuple[str, str], ...] = ()
    """What the platform itself puts into every container."""
    private_ip: str | None = None
    """Address of the task's own network interface (awsvpc)."""
    resumed: bool = False
    """True after a restart for a task that had been RUNNING: its start is no news."""


@dataclass(frozen=True)
class StopTask:
    """Stop this task: signal, wait, kill, each container by its own stop timeout."""

    task_arn: str


@dataclass(frozen=True)
class ForgetTask:
    """Nobody asks for this task any more: remove what is left of its containers."""

    task_arn: str


Order = RunTask | StopTask | ForgetTask

# -- agent -> control plane ---------------------------------------------------------------------


@dataclass(frozen=True)
class ContainerStateChange:
    """A container of a task changed."""

    task_arn: str
    container: str
    status: str
    """PENDING, CREATED, RUNNING, STOPPED."""
    at: float
    exit_code: int | None = None
    reason: str = ""
    runtime_id: str = ""
    image_digest: str = ""
    network_bindings: tuple[NetworkBinding, ...] = ()


@dataclass(frozen=True)
class ContainerHealthChange:
    """The health check of a container spoke."""

    task_arn: str
    container: str
    health: HealthStatus
    at: float


@dataclass(frozen=True)
class TaskStateChange:
    """A task as a whole changed: ACTIVATING, RUNNING, STOPPING or STOPPED."""

    task_arn: str
    status: str
    at: float
    reason: str = ""
    stop_code: str = ""


@dataclass(frozen=True)
class PullStateChange:
    """The images of a task began to be pulled, or all of them arrived."""

    task_arn: str
    finished: bool
    at: float


@dataclass(frozen=True)
class InstanceRegistered:
    """An agent came up on an EC2 instance and registers it with its cluster.

    cpu in units, memory in MiB; `ports` are the TCP ports the agent reserves for itself.
    """

    cluster: str
    ec2_instance_id: str
    at: float
    cpu: int
    memory: int
    ports: tuple[int, ...] = (22, 2375, 2376, 51678, 51679)
    ports_udp: tuple[int, ...] = ()
    attributes: tuple[tuple[str, str | None], ...] = ()
    """`ecs.availability-zone`, `ecs.instance-type`, `ecs.ami-id`, … and the capabilities."""
    public_ip: str = ""
    private_ip: str = ""
    agent_version: str = ""
    docker_version: str = ""
    max_enis: int = 2
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AgentConnected:
    """The agent of an instance is reachable, or is not."""

    ec2_instance_id: str
    connected: bool
    at: float
    why: str = ""


@dataclass(frozen=True)
class InstanceTerminated:
    """An EC2 instance is gone for good."""

    ec2_instance_id: str
    at: float


Report = (
    ContainerStateChange
    | ContainerHealthChange
    | TaskStateChange
    | PullStateChange
    | InstanceRegistered
    | AgentConnected
    | InstanceTerminated
)
