"""Rules of port mappings, which hang together with the network mode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecslab.model.task_definition import ContainerDefinition, PortMapping, TaskDefinition

PORTS = range(1, 65535 + 1)
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
_SAME = "the host ports and container ports in port mappings must match."


def numbers(definition: TaskDefinition) -> Iterator[str]:
    """Ports are ports; a mapping names one container port or one range."""
    for container, mapping in _mappings(definition):
        said = f"setting for container '{container.name}'."
        if mapping.container_port_range is not None:
            yield from _range(mapping, said)
        elif mapping.container_port not in PORTS:
            yield f"Invalid 'containerPort' {said}"
        if mapping.host_port and mapping.host_port not in PORTS:
            yield f"Invalid 'hostPort' {said}"
        if mapping.name is not None and not _NAME.fullmatch(mapping.name):
            yield (
                f"Invalid 'name' {said} The name of a port mapping has up to 64 lowercase letters, "
                "numbers, underscores and hyphens, and does not begin with a hyphen."
            )
        elif mapping.app_protocol is not None and mapping.name is None:
            yield f"Invalid 'appProtocol' {said} The port mapping needs a name."


def _range(mapping: PortMapping, said: str) -> Iterator[str]:
    found = _RANGE.fullmatch(mapping.container_port_range or "")
    ends = (int(found[1]), int(found[2])) if found else (0, 0)
    if ends[0] not in PORTS or ends[1] not in PORTS or ends[0] >= ends[1]:
        yield f"Invalid 'containerPortRange' {said} It is written FIRST-LAST, from 1 to 65535."
    if mapping.container_port is not None or mapping.host_port is not None:
        yield (
            f"Invalid 'containerPortRange' {said} It stands in place of 'containerPort' and "
            "'hostPort'."
        )


def modes(definition: TaskDefinition) -> Iterator[str]:
    """What each network mode makes of port mappings."""
    mode = definition.network_mode or "bridge"
    for container, mapping in _mappings(definition):
        if mode == "none":
            yield "Port mappings are not supported when networkMode=none."
        if mapping.container_port_range is not None and mode == "host":
            yield (
                f"Invalid 'containerPortRange' setting for container '{container.name}'. It is not "
                "supported when networkMode=host."
            )
        if mode in ("awsvpc", "host") and mapping.host_port not in (
            None,
            0,
            mapping.container_port,
        ):
            yield f"When networkMode={mode}, {_SAME}"


def twice(definition: TaskDefinition) -> Iterator[str]:
    """A host port is given away once (amazon-ecs-agent#1220)."""
    same = definition.network_mode in ("awsvpc", "host")
    seen: set[tuple[str, int]] = set()
    for _container, mapping in _mappings(definition):
        port = mapping.host_port or (mapping.container_port if same else 0)
        if not port:
            continue
        key = ((mapping.protocol or "tcp").upper(), port)
        if key in seen:
            yield f"{key[0]} host port '{port}' is mapped multiple times in task."
        seen.add(key)


def _mappings(definition: TaskDefinition) -> Iterator[tuple[ContainerDefinition, PortMapping]]:
    for container in definition.container_definitions:
        for mapping in container.port_mappings or ():
            yield container, mapping
