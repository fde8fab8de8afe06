"""What ECS has to know of EC2's networks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subnet:
    """A subnet as it is when it is asked for."""

    id: str
    availability_zone: str = ""
    cidr: str = ""
    """Its IPv4 range: ``10.0.0.0/24``."""
    vpc_id: str = ""


@dataclass(frozen=True)
class TaskInterface:
    """The network interface of a task, as EC2 shows it while it is there."""

    id: str
    subnet_id: str
    private_ip: str
    public_ip: str
    """"" if it has none."""
    mac: str
    attachment_id: str
    description: str
