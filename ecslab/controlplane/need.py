"""What a task needs of a home, read from its definition, its overrides and the call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.controlplane.query import Predicate, QueryError, parse
from ecslab.model.errors import AwsError
from ecslab.model.task_definition import ContainerDefinition, TaskDefinition
from ecslab.model.task_size import cpu_units, memory_mib

Strategy = tuple[str, str]
DEFAULT_STRATEGIES: tuple[Strategy, ...] = (("spread", "attribute:ecs.availability-zone"),)


@dataclass(frozen=True)
class Need:
    """What one task needs. CPU in units, memory in MiB (soft limits where there are any)."""

    group: str
    cpu: int = 0
    memory: int = 0
    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()
    dynamic: int = 0
    """How many host ports are left to the control plane."""
    enis: int = 0
    gpus: int = 0
    attributes: tuple[str, ...] = ()
    """Names of attributes an instance must have."""
    zones: frozenset[str] | None = None
    """Availability zones of the subnets the task is to be in; None where any will do."""
    auto_scaling_group: str | None = None
    """Whose instances it is to run on; None where it is any."""
    distinct: bool = False
    """Never two tasks of the group on one instance."""
    members: tuple[Predicate, ...] = ()
    """`memberOf` constraints."""
    strategies: tuple[Strategy, ...] = DEFAULT_STRATEGIES


def need_of(
    definition: TaskDefinition,
    group: str,
    overrides: Mapping[str, Any],
    params: Mapping[str, Any],
    zones: frozenset[str] | None = None,
) -> Need:
    """The need of a task. Raises as RunTask does for constraints and strategies it cannot read."""
    changed = {one.get("name"): one for one in overrides.get("containerOverrides", ())}
    sizes = [_size(one, changed.get(one.name, {})) for one in definition.container_definitions]
    tcp, udp, dynamic = host_ports(definition)
    distinct, members = _constraints(definition, params.get("placementConstraints", ()))
    return Need(
        group=group,
        cpu=cpu_units(overrides.get("cpu") or definition.cpu or "")
        or sum(cpu for cpu, _memory in sizes),
        memory=memory_mib(overrides.get("memory") or definition.memory or "")
        or sum(memory for _cpu, memory in sizes),
        tcp=tcp,
        udp=udp,
        dynamic=dynamic,
        enis=int(definition.network_mode == "awsvpc"),
        gpus=sum(_gpus(one) for one in definition.container_definitions),
        attributes=required_attributes(definition),
        zones=zones,
        distinct=distinct,
        members=members,
        strategies=_strategies(params.get("placementStrategy")),
    )


def _size(container: ContainerDefinition, changed: Mapping[str, Any]) -> tuple[int, int]:
    cpu = changed.get("cpu", container.cpu) or 0
    soft = changed.get("memoryReservation", container.memory_reservation)
    hard = changed.get("memory", container.memory)
    return cpu, soft or hard or 0


def _gpus(container: ContainerDefinition) -> int:
    wanted = [one for one in container.resource_requirements or () if one.type == "GPU"]
    return sum(int(one.value or 0) for one in wanted)


def host_ports(definition: TaskDefinition) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """(TCP ports, UDP ports, how many are left open) of the host.

    None with awsvpc or none: the task has an interface of its own, or no network.
    """
    if definition.network_mode in ("awsvpc", "none"):
        return (), (), 0
    tcp: list[int] = []
    udp: list[int] = []
    dynamic = 0
    for container in definition.container_definitions:
        for mapping in container.port_mappings or ():
            if mapping.container_port is None:
                dynamic += _range_length(mapping.container_port_range)
                continue
            port = mapping.host_port
            if definition.network_mode == "host":
                port = port or mapping.container_port
            if not port:
                dynamic += 1
            else:
                (udp if mapping.protocol == "udp" else tcp).append(port)
    return tuple(tcp), tuple(udp), dynamic


def _range_length(ports: str | None) -> int:
    if not ports:
        return 0
    first, _dash, last = ports.partition("-")
    return int(last or first) - int(first) + 1


def required_attributes(definition: TaskDefinition) -> tuple[str, ...]:
    """Names of the attributes (`requiresAttributes`) an instance must have for this definition."""
    names: set[str] = set()
    if definition.network_mode == "awsvpc":
        names.add("ecs.capability.task-eni")
    if definition.task_role_arn:
        names.add("com.amazonaws.ecs.capability.task-iam-role")
    if definition.pid_mode or definition.ipc_mode:
        names.add("ecs.capability.pid-ipc-namespace-sharing")
    for container in definition.container_definitions:
        names |= _attributes_of(container)
    for volume in definition.volumes or ():
        if volume.efs_volume_configuration:
            names.add("ecs.capability.efs")
    return tuple(sorted(names))


def _attributes_of(container: ContainerDefinition) -> set[str]:
    names: set[str] = set()
    if container.privileged:
        names.add("com.amazonaws.ecs.capability.privileged-container")
    if container.log_configuration:
        driver = container.log_configuration.log_driver
        names.add(f"com.amazonaws.ecs.capability.logging-driver.{driver}")
    if container.health_check:
        names.add("ecs.capability.container-health-check")
    if container.depends_on:
        names.add("ecs.capability.container-ordering")
    for secret in container.secrets or ():
        kind = "asm" if ":secretsmanager:" in secret.value_from else "ssm"
        names.add(f"ecs.capability.secrets.{kind}.environment-variables")
    return names


def _constraints(
    definition: TaskDefinition, asked: Iterable[Mapping[str, Any]]
) -> tuple[bool, tuple[Predicate, ...]]:
    asked = list(asked)
    if len(asked) > 10:
        raise AwsError(
            "InvalidParameterException",
            f"At most 10 placement constraints can be given, not {len(asked)}.",
        )
    expressions = [one.expression or "" for one in definition.placement_constraints or ()]
    distinct = False
    for constraint in asked:
        if constraint.get("type") == "distinctInstance":
            if constraint.get("expression"):
                raise AwsError(
                    "InvalidParameterException",
                    "distinctInstance expression should not be specified.",
                )
            distinct = True
        else:
            expressions.append(constraint.get("expression") or "")
    return distinct, tuple(_parsed(expression) for expression in expressions)


def _parsed(expression: str) -> Predicate:
    try:
        return parse(expression)
    except QueryError as error:
        raise AwsError("InvalidParameterException", f"Invalid expression: {error}") from error


def _strategies(asked: Iterable[Mapping[str, Any]] | None) -> tuple[Strategy, ...]:
    if asked is None:
        return DEFAULT_STRATEGIES
    strategies = tuple(_strategy(one.get("type", ""), one.get("field") or "") for one in asked)
    if len(strategies) > 5:
        raise AwsError(
            "InvalidParameterException",
            f"At most 5 placement strategies can be given, not {len(strategies)}.",
        )
    return strategies


def _strategy(kind: str, field: str) -> Strategy:
    if kind == "random":
        if field:
            raise _bad_field(kind, field, "takes no field")
        return kind, ""
    if kind == "binpack":
        if field.lower() not in ("cpu", "memory"):
            raise _bad_field(kind, field, "takes the field cpu or memory")
        return kind, field.lower()
    if field in ("instanceId", "host"):
        return "spread", "instanceId"
    if not field.startswith("attribute:") or field == "attribute:":
        raise _bad_field(kind, field, "takes the field instanceId, host or attribute:NAME")
    return "spread", field


def _bad_field(kind: str, field: str, rule: str) -> AwsError:
    text = f"The placement strategy {kind} {rule}, not {field!r}."
    return AwsError("InvalidParameterException", text)
