"""What a task learns about itself: the task metadata endpoint, versions 3 and 4. Pure.

Sources: developer guide, "Amazon ECS task metadata endpoint version 4" and "version 3" (paths,
members and their order). Version 3 has fewer members; what both have is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ecslab.model.agent_messages import RunTask
from ecslab.model.task import Container, Task
from ecslab.runtime.port import Key, Look

Document = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """All there is to tell of a task."""

    task: Task
    order: RunTask
    look: Callable[[Key], Look | None]
    service: str = ""
    vpc_id: str = ""
    subnet_cidr: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    instance_tags: tuple[tuple[str, str], ...] = ()


def token_of(task_arn: str, number: int) -> str:
    """The end of a container's metadata URI: its task, and which container of it."""
    return f"{task_arn.rpartition('/')[2]}-{number:010d}"


def read_token(token: str) -> tuple[str, int] | None:
    """The task id and the container's number; None where it is no such token."""
    task_id, _, number = token.rpartition("-")
    return (task_id, int(number)) if task_id and number.isdecimal() else None


def task_document(told: Told, version: int, *, tags: bool = False) -> Document:
    """The metadata of a task, its containers in them. `tags`: those of task and instance, too."""
    task, order = told.task, told.order
    made: Document = {
        "Cluster": task.cluster_arn,
        "TaskARN": task.arn,
        "Family": order.family,
        "Revision": str(order.revision),
        "DesiredStatus": task.desired,
        "KnownStatus": task.status,
    }
    limits = _task_limits(task)
    if limits:
        made["Limits"] = limits
    for name, at in (
        ("PullStartedAt", task.pull_started_at),
        ("PullStoppedAt", task.pull_stopped_at),
        ("ExecutionStoppedAt", task.execution_stopped_at),
    ):
        if at is not None:
            made[name] = _moment(at)
    made["AvailabilityZone"] = task.availability_zone
    if version >= 4:
        made |= _of_version_4(told)
    made["Containers"] = [
        container_document(told, number, version) for number in range(len(task.containers))
    ]
    if tags:
        made["TaskTags"] = dict(told.tags)
        made["ContainerInstanceTags"] = dict(told.instance_tags)
    return made


def _of_version_4(told: Told) -> Document:
    made: Document = {"LaunchType": told.task.launch_type}
    if told.service:
        made["ServiceName"] = told.service
    if told.vpc_id and told.task.launch_type == "EC2":
        made["VPCID"] = told.vpc_id
    return made


def container_document(told: Told, number: int, version: int) -> Document:
    """The metadata of one container."""
    container = told.task.containers[number]
    definition = _definition(told.order, container.name)
    seen = told.look(Key(told.task.arn, container.name))
    made: Document = {
        "DockerId": container.runtime_id,
        "Name": container.name,
        "DockerName": seen.name if seen else "",
        "Image": container.image,
        "ImageID": seen.image_id if seen else "",
        "Labels": _labels(told, container, definition),
        "DesiredStatus": told.task.desired,
        "KnownStatus": container.status,
        "Limits": {"CPU": container.cpu, "Memory": container.memory or 0},
    }
    if container.exit_code is not None:
        made["ExitCode"] = container.exit_code
    if seen and seen.created_at:
        made["CreatedAt"] = seen.created_at
    if seen and seen.started_at and not seen.started_at.startswith("0001"):
        made["StartedAt"] = seen.started_at
    made["Type"] = "NORMAL"
    made |= _health(container) if container.checked else {}
    made |= _logs(told, definition) if version >= 4 else {}
    if version >= 4:
        made["ContainerARN"] = container.arn
    made["Networks"] = [_network(told, seen, version)]
    ports = [_port(one) for one in definition.get("portMappings") or ()]
    return {**made, "Ports": ports} if ports and version < 4 else made


def _labels(told: Told, container: Container, definition: Mapping[str, Any]) -> dict[str, str]:
    return {
        **(definition.get("dockerLabels") or {}),
        "com.amazonaws.ecs.cluster": told.task.cluster_arn,
        "com.amazonaws.ecs.container-name": container.name,
        "com.amazonaws.ecs.task-arn": told.task.arn,
        "com.amazonaws.ecs.task-definition-family": told.order.family,
        "com.amazonaws.ecs.task-definition-version": str(told.order.revision),
    }


def _health(container: Container) -> Document:
    return {"Health": {"status": container.health}}


def _logs(told: Told, definition: Mapping[str, Any]) -> Document:
    logs = definition.get("logConfiguration") or {}
    if not logs:
        return {}
    options = dict(logs.get("options") or {})
    prefix = options.pop("awslogs-stream-prefix", None)
    if prefix:
        task_id = told.task.arn.rpartition("/")[2]
        options["awslogs-stream"] = f"{prefix}/{definition['name']}/{task_id}"
    return {"LogDriver": logs["logDriver"], "LogOptions": options}


def _network(told: Told, seen: Look | None, version: int) -> Document:
    interface = told.task.interface
    if interface is None:
        mode = str(told.order.definition.get("networkMode") or "bridge")
        addresses = [seen.address] if seen and seen.address else []
        return {"NetworkMode": mode, "IPv4Addresses": addresses}
    made: Document = {"NetworkMode": "awsvpc", "IPv4Addresses": [interface.private_ip]}
    if version >= 4:
        made |= {"AttachmentIndex": 0, "MACAddress": interface.mac}
        if told.subnet_cidr:
            made["IPv4SubnetCIDRBlock"] = told.subnet_cidr
        name = f"ip-{interface.private_ip.replace('.', '-')}.ec2.internal"
        made["PrivateDNSName"] = name
    return made


def _port(mapping: Mapping[str, Any]) -> Document:
    made = {
        "ContainerPort": mapping.get("containerPort"),
        "Protocol": mapping.get("protocol", "tcp"),
    }
    return {**made, "HostPort": mapping["hostPort"]} if mapping.get("hostPort") else made


def _task_limits(task: Task) -> Document:
    """CPU in vCPUs, memory in MiB."""
    made: Document = {}
    if task.cpu.isdecimal():
        made["CPU"] = int(task.cpu) / 1024
    if task.memory.isdecimal():
        made["Memory"] = int(task.memory)
    return made


def _definition(order: RunTask, name: str) -> Mapping[str, Any]:
    containers: Any = order.definition.get("containerDefinitions") or ()
    found: Iterator[Mapping[str, Any]] = (one for one in containers if one["name"] == name)
    return next(found, {"name": name})


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H:%M:%S.%f}Z"
