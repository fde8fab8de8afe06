"""A container instance: an EC2 instance whose agent registered it with a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

ZONE = "ecs.availability-zone"
SUBNET = "ecs.subnet-id"
NOT_MODELLED = {
    "ContainerInstance.statusReason": "It tells why a registration failed; here none does.",
    "ContainerInstance.agentUpdateStatus": "UpdateContainerAgent is not in the sandbox.",
    "ContainerInstance.gpuDevices": "GPUs are counted, not told apart.",
    "VersionInfo.agentHash": "The agent here was not built from a commit of the real one.",
    "ContainerInstanceHealthStatus.details": "The agent's connection is all that is checked.",
}
"""Members of the API's ContainerInstance that no answer has, each with the reason."""


@dataclass(frozen=True)
class ContainerInstance:
    """One container instance. CPU in units, memory in MiB, times in seconds since the epoch."""

    arn: str
    cluster_arn: str
    ec2_instance_id: str
    cpu: int
    memory: int
    ports: tuple[int, ...]
    """TCP ports the agent keeps for itself."""
    ports_udp: tuple[int, ...]
    registered_at: float
    attributes: tuple[tuple[str, str | None], ...] = ()
    status: str = "ACTIVE"
    """ACTIVE, DRAINING, or INACTIVE once it is deregistered."""
    connected: bool = True
    version: int = 1
    public_ip: str = ""
    private_ip: str = ""
    agent_version: str = ""
    docker_version: str = ""
    max_enis: int = 2
    gpus: int = 0
    auto_scaling_group: str = ""
    """The name of the Auto Scaling group that launched it, "" if none did."""
    left_at: float | None = None
    terminated: bool = False

    @cached_property
    def attribute(self) -> Mapping[str, str | None]:
        """Its attributes by name."""
        return dict(self.attributes)

    @property
    def zone(self) -> str:
        """Its availability zone, "" if the agent named none."""
        return self.attribute.get(ZONE) or ""

    @property
    def id(self) -> str:
        """The last part of its ARN."""
        return self.arn.rsplit("/", 1)[-1]
