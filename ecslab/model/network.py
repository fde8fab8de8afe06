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
