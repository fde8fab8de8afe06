"""What the control plane and the hands that work for it tell each other.

The hands are the agents of the instances and the load balancers. The messages of the agents are
named after those of the real ECS agent (its payload handler and the calls SubmitTaskStateChange and
SubmitContainerStateChange). Times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecslab.model.lifecycle import HealthStatus
from ecslab.model.load_balancer import TargetState


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
    own_ip: str = ""
    """The address on this machine of that interface: every container port is open there."""
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


# -- control plane -> load balancer -------------------------------------------------------------


@dataclass(frozen=True)
class RegisterTarget:
    """Send requests to this port of a task. Known already: nothing changes, except that a target
    that is being drained serves again.
    """

    target_group_arn: str
    target_id: str
    """The EC2 instance's id (target type instance) or the task's address (ip)."""
    port: int
    """The host port, or the container port at an address of its own."""
    task_arn: str
    host: str
    """The address on this machine where the port answers."""


@dataclass(frozen=True)
class DeregisterTarget:
    """Send no new request there; once the deregistration delay is over, the target is gone.

    A target that is not known is gone at once: `TargetHealthChanged` says so.
    """

    target_group_arn: str
    target_id: str
    port: int
    task_arn: str


AgentOrder = RunTask | StopTask | ForgetTask
TargetOrder = RegisterTarget | DeregisterTarget
Order = AgentOrder | TargetOrder

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
    auto_scaling_group: str = ""
    """The name of the Auto Scaling group that launched it, "" if none did."""


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


@dataclass(frozen=True)
class SpotInterrupted:
    """Fargate Spot takes the capacity of a task back: it has two minutes."""

    task_arn: str
    at: float


# -- load balancer -> control plane -------------------------------------------------------------


@dataclass(frozen=True)
class TargetHealthChanged:
    """A target that was registered for a task came into another state."""

    target_group_arn: str
    target_id: str
    port: int
    task_arn: str
    """As `RegisterTarget` or `DeregisterTarget` named it."""
    state: TargetState
    at: float
    reason: str = ""
    """ELBv2's reason code (`Target.FailedHealthChecks`, `Elb.RegistrationInProgress` …)."""
    description: str = ""
    """What the health check saw: `Health checks failed with these codes: [502]`."""


Report = (
    ContainerStateChange
    | ContainerHealthChange
    | TaskStateChange
    | PullStateChange
    | InstanceRegistered
    | AgentConnected
    | InstanceTerminated
    | SpotInterrupted
    | TargetHealthChanged
)
