"""A task: a task definition that was given a home, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.model.agent_messages import NetworkBinding
from ecslab.model.lifecycle import ContainerStatus, HealthStatus, TaskStatus
from ecslab.model.load_balancer import Target
from ecslab.model.task_definition import Tag

NOT_MODELLED = {
    "Task.inferenceAccelerators": "AWS takes no new customers for Elastic Inference.",
    "Task.trustedExecutionSummary": "Isolation modes need hardware the sandbox does not have.",
    "Container.managedAgents": "Docker runs ECS Exec's commands: no agent sits in containers.",
    "Container.gpuIds": "GPUs are counted, not told apart.",
    "Container.neuronDeviceIds": "No instance type here has Neuron devices.",
    "Container.gpuSharingStrategy": "GPUs are counted, not shared.",
    "NetworkBinding.containerPortRange": "A range of ports is told port by port.",
    "NetworkBinding.hostPortRange": "A range of ports is told port by port.",
    "NetworkInterface.ipv6Address": "The sandbox's networks have IPv4 addresses.",
}
"""Members of the API's Task and its parts that no answer has, each with the reason."""


@dataclass(frozen=True)
class Claim:
    """What a task takes from its instance. CPU in units, memory in MiB."""

    group: str
    cpu: int = 0
    memory: int = 0
    tcp: tuple[int, ...] = ()
    """Host ports the task definition names."""
    udp: tuple[int, ...] = ()
    dynamic: tuple[int, ...] = ()
    """Host ports chosen for mappings that left them open."""
    enis: int = 0
    gpus: int = 0


@dataclass(frozen=True)
class NetworkInterface:
    """The elastic network interface of a task in network mode awsvpc."""

    attachment_id: str
    eni_id: str
    subnet_id: str
    private_ip: str
    mac: str
    host: str = ""
    """Its address on this machine."""
    public_ip: str = ""
    """The same, if it was to have a public address."""


@dataclass(frozen=True)
class Container:
    """One container of a task."""

    name: str
    arn: str
    image: str
    essential: bool = True
    cpu: int = 0
    memory: int | None = None
    memory_reservation: int | None = None
    checked: bool = False
    """Whether its definition has a health check."""
    status: ContainerStatus = "PENDING"
    health: HealthStatus = "UNKNOWN"
    exit_code: int | None = None
    reason: str = ""
    runtime_id: str = ""
    image_digest: str = ""
    bindings: tuple[NetworkBinding, ...] = ()


@dataclass(frozen=True)
class Task:
    """One task. Times are seconds since the epoch."""

    arn: str
    cluster_arn: str
    definition_arn: str
    created_at: float
    claim: Claim
    containers: tuple[Container, ...]
    instance_arn: str | None = None
    availability_zone: str = ""
    launch_type: str = "EC2"
    capacity_provider: str = ""
    platform_version: str = ""
    """Of Fargate."""
    status: TaskStatus = "PENDING"
    """lastStatus: what the agent said last."""
    desired: str = "RUNNING"
    version: int = 1
    cpu: str = ""
    memory: str = ""
    overrides: Mapping[str, Any] | None = None
    started_by: str = ""
    reference_id: str = ""
    execute_command: bool = False
    interface: NetworkInterface | None = None
    open_ports: tuple[NetworkBinding, ...] = ()
    """Where each mapping is open that left its host port to the control plane, in order."""
    service_arn: str = ""
    """The service that keeps it; "" for a standalone task."""
    doors: tuple[Target, ...] = ()
    """Where load balancers are to reach it once it runs."""
    targets: tuple[Target, ...] = ()
    """Where load balancers reach it, while it is registered there or being drained."""
    settled: bool = False
    """It ran for a while (`service.PROVEN_AFTER`)."""
    proven: bool = False
    """It counted as healthy for its service at least once."""
    ill: str = ""
    """Why its service is to replace it: a health check failed. "" while it is well."""
    protected_until: float | None = None
    """Its service does not stop it before (task scale-in protection)."""
    tags: tuple[Tag, ...] = ()
    """The tags it was born with; later ones are the state's."""
    changed_at: float = 0.0
    """When it took its last step."""
    connected_at: float | None = None
    pull_started_at: float | None = None
    pull_stopped_at: float | None = None
    started_at: float | None = None
    stopping_at: float | None = None
    execution_stopped_at: float | None = None
    stopped_at: float | None = None
    stop_code: str = ""
    stopped_reason: str = ""

    @property
    def id(self) -> str:
        """The last part of its ARN."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def group(self) -> str:
        """The task group it belongs to: ``family:NAME``, ``service:NAME`` or one's own."""
        return self.claim.group

    @property
    def checked(self) -> bool:
        """Whether an essential container has a health check."""
        return any(one.checked and one.essential for one in self.containers)

    @property
    def fit(self) -> bool:
        """Whether it counts as healthy for its service: its own checks and its load balancers say
        so; where nobody checks, it ran for a while.
        """
        if self.status != "RUNNING" or self.desired != "RUNNING" or self.ill:
            return False
        if not self.checked and not self.doors:
            return self.settled
        healthy = {one.key for one in self.targets if one.state == "healthy"}
        return (not self.checked or self.health == "HEALTHY") and all(
            door.key in healthy for door in self.doors
        )

    @property
    def health(self) -> HealthStatus:
        """HEALTHY only if every essential container with a health check is."""
        spoken = [one.health for one in self.containers if one.checked and one.essential]
        if "UNHEALTHY" in spoken:
            return "UNHEALTHY"
        return "HEALTHY" if spoken and "UNKNOWN" not in spoken else "UNKNOWN"
