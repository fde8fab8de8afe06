"""Tasks with a network interface of their own (awsvpc): where they are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.steps.bench import Clients

Wire = Mapping[str, Any]


def interface_of(task: Wire) -> str:
    """The id of a task's network interface, "" if it has none."""
    for attachment in task.get("attachments", []):
        for detail in attachment.get("details", []):
            if detail.get("name") == "networkInterfaceId":
                return str(detail.get("value", ""))
    return ""


def public_addresses(ec2: Any, tasks: Iterable[Wire]) -> dict[str, str]:
    """Interface id → its public address, of those that have one."""
    wanted = sorted({interface_of(task) for task in tasks} - {""})
    if not wanted:
        return {}
    # By filter, not by id: an id that is gone would be an error.
    pages = ec2.get_paginator("describe_network_interfaces").paginate(
        Filters=[{"Name": "network-interface-id", "Values": wanted}]
    )
    found = (one for page in pages for one in page["NetworkInterfaces"])
    return {
        one["NetworkInterfaceId"]: one["Association"]["PublicIp"]
        for one in found
        if one.get("Association", {}).get("PublicIp")
    }


def container_ports(ecs: Any, definition: str) -> list[int]:
    """The TCP ports the containers of a task definition open, in their order."""
    answer = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    return [
        int(mapping["containerPort"])
        for container in answer["containerDefinitions"]
        for mapping in container.get("portMappings", [])
        if mapping.get("protocol", "tcp") == "tcp" and "containerPort" in mapping
    ]


def open_doors(session: Clients, tasks: Iterable[Wire]) -> dict[str, tuple[str, int]]:
    """Task ARN → the public address and first port of tasks that run with an interface."""
    running = [task for task in tasks if task["lastStatus"] == "RUNNING" and interface_of(task)]
    addresses = public_addresses(session.client("ec2"), running) if running else {}
    ports: dict[str, list[int]] = {}
    found: dict[str, tuple[str, int]] = {}
    for task in running:
        address, definition = addresses.get(interface_of(task)), task["taskDefinitionArn"]
        if address and definition not in ports:
            ports[definition] = container_ports(session.client("ecs"), definition)
        if address and ports[definition]:
            found[task["taskArn"]] = address, ports[definition][0]
    return found
