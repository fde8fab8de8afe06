"""EC2 instances as their agents know them, from what EC2 tells."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ecslab.api.neighbours.instances import Ec2Instance

GROUP_TAG = "aws:autoscaling:groupName"
"""The tag Auto Scaling puts on what it launches."""


@dataclass(frozen=True)
class SeenInstance:
    """An EC2 instance for the watcher. Memory in MiB."""

    id: str
    state: str
    ecs_optimized: bool
    image_id: str
    user_data: str
    instance_type: str
    vcpus: int
    memory: int
    max_enis: int
    architecture: str
    region: str
    availability_zone: str
    vpc_id: str
    subnet_id: str
    public_ip: str
    private_ip: str
    auto_scaling_group: str = ""
    """The name of the group that launched it, "" if none did."""


def seen(instance: Ec2Instance) -> SeenInstance:
    """`instance` as the watcher sees it.

    One without a public address still needs a place on this machine where its ports open: a
    loopback address of its own, which nobody is told.
    """
    return SeenInstance(
        id=instance.id,
        state=instance.state,
        ecs_optimized=instance.ecs_image is not None,
        image_id=instance.image_id,
        user_data=instance.user_data,
        instance_type=instance.instance_type,
        vcpus=instance.vcpus,
        memory=instance.memory,
        max_enis=instance.max_enis,
        architecture=instance.architecture,
        region=instance.region,
        availability_zone=instance.availability_zone,
        vpc_id=instance.vpc_id,
        subnet_id=instance.subnet_id,
        public_ip=instance.public_ip or hidden_address(instance.id),
        private_ip=instance.private_ip,
        auto_scaling_group=dict(instance.tags).get(GROUP_TAG, ""),
    )


def hidden_address(instance_id: str) -> str:
    """A loopback address for an instance without a public one: 127.128.0.1 to 127.255.255.254."""
    number = int.from_bytes(hashlib.sha256(instance_id.encode()).digest()[:4], "big")
    second, third, fourth = 128 + number % 128, number // 128 % 256, number // 32768 % 254 + 1
    return f"127.{second}.{third}.{fourth}"
