"""EC2 instances, read in process."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timezone
from functools import cache
from typing import Any

from ecslab.model.network import Subnet


@dataclass(frozen=True)
class EcsImage:
    """An ECS-optimized image, as SSM's `/aws/service/ecs/optimized-ami/…/recommended` tells it."""

    id: str
    name: str
    os: str
    agent_version: str
    docker_version: str


@dataclass(frozen=True)
class Ec2Instance:
    """An EC2 instance as it is now."""

    id: str
    state: str
    """pending, running, stopping, stopped, shutting-down or terminated."""
    region: str
    availability_zone: str
    vpc_id: str
    subnet_id: str
    private_ip: str
    public_ip: str
    """An address of its own on this machine (127.0.x.y), or empty."""
    instance_type: str
    image_id: str
    user_data: str
    """Decoded; empty if there is none."""
    instance_profile: str
    """Its ARN, or empty."""
    launch_time: float
    """Seconds since the epoch."""
    tags: tuple[tuple[str, str], ...]
    ecs_image: EcsImage | None = None
    """What is known of its image, if that is an ECS-optimized one."""
    vcpus: int = 1
    memory: int = 1024
    """MiB, as AWS sells it."""
    max_enis: int = 2
    architecture: str = "x86_64"


def read(account: str) -> tuple[Ec2Instance, ...]:
    """All instances of the account, in all regions, oldest first."""
    from moto.ec2.models import ec2_backends

    found = [
        _instance(region, instance)
        for region, backend in list(dict.items(ec2_backends[account]))
        for instance in _all(backend)
    ]
    return tuple(sorted(found, key=lambda instance: instance.launch_time))


def regions(account: str) -> int:
    """How many regions there are; one is made, with its default network, when it is asked for."""
    from moto.ec2.models import ec2_backends

    return len(ec2_backends[account])


def read_subnets(account: str) -> dict[str, Subnet]:
    """All subnets of the account by id, in all regions."""
    from moto.ec2.models import ec2_backends

    return {
        one.id: Subnet(one.id, one.availability_zone, one.cidr_block, one.vpc_id)
        for _region, backend in list(dict.items(ec2_backends[account]))
        for by_id in backend.subnets.values()
        for one in by_id.values()
    }


def _all(backend: Any) -> Iterator[Any]:
    for reservation in backend.reservations.values():
        yield from reservation.instances


def _instance(region: str, instance: Any) -> Ec2Instance:
    nic = instance.nics.get(0)
    return Ec2Instance(
        id=instance.id,
        state=instance.state,
        region=region,
        availability_zone=instance.availability_zone or "",
        vpc_id=instance.vpc_id or "",
        subnet_id=instance.subnet_id or "",
        private_ip=(nic.private_ip_address if nic else "") or "",
        public_ip=(nic.public_ip if nic else "") or "",
        instance_type=instance.instance_type or "",
        image_id=instance.image_id or "",
        user_data=decode(instance.user_data),
        instance_profile=_profile(instance),
        launch_time=instance.launch_time.replace(tzinfo=timezone.utc).timestamp(),
        tags=tuple((tag["key"], tag["value"]) for tag in instance.get_tags()),
        ecs_image=ecs_images(region).get(instance.image_id),
        **_size(instance.instance_type or ""),
    )


@cache
def _size(instance_type: str) -> dict[str, Any]:
    """What the type brings, as DescribeInstanceTypes tells it."""
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    told = INSTANCE_TYPES.get(instance_type)
    if told is None:
        return {}
    architectures = told["ProcessorInfo"]["SupportedArchitectures"]
    return {
        "vcpus": told["VCpuInfo"]["DefaultVCpus"],
        "memory": told["MemoryInfo"]["SizeInMiB"],
        "max_enis": told["NetworkInfo"]["MaximumNetworkInterfaces"],
        "architecture": "arm64" if "arm64" in architectures else "x86_64",
    }


@cache
def ecs_images(region: str) -> dict[str, EcsImage]:
    """The ECS-optimized images of a region that are recommended now, by their id."""
    from moto.ssm.models import ParameterDict

    known = ParameterDict("", region)
    known._check_loading_status("/aws/service/ecs/optimized-ami")
    told = [json.loads(v[-1].value) for k, v in known.items() if k.endswith("/recommended")]
    return {
        image["image_id"]: EcsImage(
            id=image["image_id"],
            name=image["image_name"],
            os=image.get("os", ""),
            agent_version=image.get("ecs_agent_version", ""),
            docker_version=image.get("ecs_runtime_version", "").removeprefix("Docker version "),
        )
        for image in told
        if "ecs_agent_version" in image
    }


def _profile(instance: Any) -> str:
    association = instance.ec2_backend.iam_instance_profile_associations.get(instance.id)
    return association.iam_instance_profile.arn if association else ""


def decode(user_data: Any) -> str:
    """User data as text: EC2 keeps it in base64."""
    text = str(user_data or "")
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
