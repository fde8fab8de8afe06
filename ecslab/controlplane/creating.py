"""From a task definition and a home to a task: names, addresses, overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.controlplane.capacity import Launch
from ecslab.controlplane.context import Context
from ecslab.controlplane.interfaces import attach
from ecslab.controlplane.placement import Home
from ecslab.controlplane.state import Definition, State
from ecslab.model import arn as arns
from ecslab.model.agent_messages import NetworkBinding
from ecslab.model.cluster import Cluster
from ecslab.model.load_balancer import Target
from ecslab.model.service import Door
from ecslab.model.task import Claim, Container, NetworkInterface, Task
from ecslab.model.task_definition import ContainerDefinition, PortMapping, Tag, TaskDefinition

ANYWHERE = "0.0.0.0"


@dataclass(frozen=True)
class Birth:
    """What all tasks of one call have in common."""

    cluster: Cluster
    definition: Definition
    overrides: Mapping[str, Any]
    started_by: str
    reference_id: str
    execute_command: bool
    launch: Launch
    tags: tuple[Tag, ...]
    service_arn: str = ""
    doors: tuple[Door, ...] = ()
    """Where target groups are to send requests."""


def create(state: State, birth: Birth, home: Home, context: Context, used: set[str]) -> Task:
    """A new task in its home; `used` holds private addresses given away in this call."""
    definition = birth.definition.value
    awsvpc = definition.network_mode == "awsvpc"
    task_id = context.ids.hex32()
    launch = birth.launch
    interface = (
        attach(state, home, launch.subnets, launch.public, context, used) if awsvpc else None
    )
    return Task(
        arn=context.place.arn("task", birth.cluster.name, task_id),
        cluster_arn=birth.cluster.arn,
        definition_arn=birth.definition.arn,
        created_at=context.now,
        claim=home.claim,
        containers=tuple(_containers(birth, task_id, context)),
        instance_arn=home.instance.arn if home.instance else None,
        availability_zone=home.zone,
        launch_type="EC2" if home.instance else "FARGATE",
        capacity_provider=home.provider,
        platform_version=launch.platform_version,
        status="PROVISIONING" if awsvpc else "PENDING",
        cpu=str(home.claim.cpu),
        memory=str(home.claim.memory),
        overrides=_shown_overrides(birth),
        started_by=birth.started_by,
        reference_id=birth.reference_id,
        execute_command=birth.execute_command,
        interface=interface,
        service_arn=birth.service_arn,
        doors=tuple(_target(birth, home, interface, door) for door in birth.doors),
        open_ports=tuple(_open_ports(definition, home.claim)),
        tags=birth.tags,
        changed_at=context.now,
    )


def _containers(birth: Birth, task_id: str, context: Context) -> Iterator[Container]:
    changed = {one.get("name"): one for one in birth.overrides.get("containerOverrides", ())}
    for one in birth.definition.value.container_definitions:
        over = changed.get(one.name, {})
        yield Container(
            name=one.name or "",
            arn=context.place.arn("container", birth.cluster.name, task_id, context.ids.uuid()),
            image=one.image or "",
            essential=one.essential is not False,
            cpu=over.get("cpu", one.cpu) or 0,
            memory=over.get("memory", one.memory),
            memory_reservation=over.get("memoryReservation", one.memory_reservation),
            checked=one.health_check is not None,
        )


def _shown_overrides(birth: Birth) -> dict[str, Any]:
    """Overrides as a task shows them: every container is named."""
    given = {one.get("name"): one for one in birth.overrides.get("containerOverrides", ())}
    names = [one.name for one in birth.definition.value.container_definitions]
    return {
        "inferenceAcceleratorOverrides": [],
        **birth.overrides,
        "containerOverrides": [given.get(name, {"name": name}) for name in names],
    }


def _open_ports(definition: TaskDefinition, claim: Claim) -> Iterator[NetworkBinding]:
    """The host ports chosen, mapping by mapping, in the order of the definition."""
    ports = iter(claim.dynamic)
    if not claim.dynamic:
        return
    for one in definition.container_definitions:
        for container_port, protocol in _left_open(one):
            port = next(ports)
            yield NetworkBinding(ANYWHERE, container_port, port, protocol)


def _left_open(container: ContainerDefinition) -> Iterator[tuple[int, str]]:
    for mapping in container.port_mappings or ():
        protocol = mapping.protocol or "tcp"
        if mapping.container_port is not None:
            if not mapping.host_port:
                yield mapping.container_port, protocol
        elif mapping.container_port_range:
            first, _dash, last = mapping.container_port_range.partition("-")
            for port in range(int(first), int(last or first) + 1):
                yield port, protocol


def _target(birth: Birth, home: Home, interface: NetworkInterface | None, door: Door) -> Target:
    """Where a target group reaches a task: at its own address, or at a port of its instance."""
    if interface is not None:
        return Target(door.group_arn, interface.private_ip, door.port, interface.host)
    port = host_port(birth.definition.value, home.claim, door.container, door.port)
    instance = home.instance
    assert instance is not None  # Fargate gives every task an interface
    return Target(door.group_arn, instance.ec2_instance_id, port, instance.public_ip)


def host_port(definition: TaskDefinition, claim: Claim, container: str, port: int) -> int:
    """The host port a container port is open at; 0 if it is at none."""
    chosen = iter(claim.dynamic)
    for one in definition.container_definitions:
        for mapping in one.port_mappings or ():
            host = mapping.host_port
            if not host and definition.network_mode == "host":
                host = mapping.container_port
            if not host:
                opened = [next(chosen, 0) for _ in range(_ports_of(mapping))]
                host = opened[0] if mapping.container_port else 0
            if (one.name, mapping.container_port) == (container, port):
                return host or 0
    return 0


def _ports_of(mapping: PortMapping) -> int:
    if mapping.container_port is not None or not mapping.container_port_range:
        return 1
    first, _dash, last = mapping.container_port_range.partition("-")
    return int(last or first) - int(first) + 1


def overridden(document: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The RegisterTaskDefinition document a task runs, with its overrides in it."""
    changed = {one.get("name"): one for one in overrides.get("containerOverrides", ())}
    whole = ("cpu", "memory", "executionRoleArn", "taskRoleArn", "ephemeralStorage")
    return {
        **document,
        **{name: overrides[name] for name in whole if overrides.get(name)},
        "containerDefinitions": [
            _with(one, changed.get(one.get("name"), {})) for one in document["containerDefinitions"]
        ],
    }


def _with(container: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    made = {**container, **over}
    if "environment" in over:
        merged = {one["name"]: one for one in container.get("environment", ())}
        merged |= {one["name"]: one for one in over["environment"]}
        made["environment"] = list(merged.values())
    return made


def family_of(arn: str) -> tuple[str, int]:
    """Family and revision of a task definition's ARN."""
    family, _colon, revision = arns.last(arn).rpartition(":")
    return family, int(revision)
