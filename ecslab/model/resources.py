"""What an EC2 instance type brings to a cluster, and what a task takes from it.

Sources: EC2's instance type pages (vCPU, memory, network interfaces); the memory a t2.micro
registers is the one seen in recorded DescribeContainerInstances answers. CPU in units (1024 = one
vCPU), memory in MiB.
"""

from __future__ import annotations

from dataclasses import dataclass

AGENT_PORTS = (22, 2375, 2376, 51678, 51679)
"""TCP ports the ECS agent keeps for itself: SSH, Docker's, and its own two."""
DYNAMIC_PORTS = range(49153, 65535 + 1)
"""Where host ports come from that a port mapping leaves open (ECS API, PortMapping.hostPort)."""
MOST_RESERVED_PORTS = 100
"""Host ports that can be taken on one instance; dynamic ones do not count (ECS API)."""


@dataclass(frozen=True)
class InstanceType:
    """One EC2 instance type. `memory` is what AWS sells, MiB."""

    vcpus: int
    memory: int
    max_enis: int
    gpus: int = 0
    architecture: str = "x86_64"

    @property
    def cpu(self) -> int:
        """Units of CPU an agent registers."""
        return self.vcpus * 1024

    @property
    def registered_memory(self) -> int:
        """MiB an agent registers: what the kernel reports, about 3 % less than is sold."""
        return int(self.memory * 0.97)


INSTANCE_TYPES: dict[str, InstanceType] = {
    "t2.nano": InstanceType(1, 512, 2),
    "t2.micro": InstanceType(1, 1024, 2),
    "t2.small": InstanceType(1, 2048, 3),
    "t2.medium": InstanceType(2, 4096, 3),
    "t2.large": InstanceType(2, 8192, 3),
    "t3.nano": InstanceType(2, 512, 2),
    "t3.micro": InstanceType(2, 1024, 2),
    "t3.small": InstanceType(2, 2048, 3),
    "t3.medium": InstanceType(2, 4096, 3),
    "t3.large": InstanceType(2, 8192, 3),
    "t3.xlarge": InstanceType(4, 16384, 4),
    "t3.2xlarge": InstanceType(8, 32768, 4),
    "t4g.micro": InstanceType(2, 1024, 2, architecture="arm64"),
    "t4g.small": InstanceType(2, 2048, 3, architecture="arm64"),
    "t4g.medium": InstanceType(2, 4096, 3, architecture="arm64"),
    "m5.large": InstanceType(2, 8192, 3),
    "m5.xlarge": InstanceType(4, 16384, 4),
    "m5.2xlarge": InstanceType(8, 32768, 4),
    "c5.large": InstanceType(2, 4096, 3),
    "c5.xlarge": InstanceType(4, 8192, 4),
    "r5.large": InstanceType(2, 16384, 3),
    "p3.2xlarge": InstanceType(8, 62464, 4, gpus=1),
    "g4dn.xlarge": InstanceType(4, 16384, 3, gpus=1),
}
