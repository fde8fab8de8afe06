"""Rules about what containers have to do with each other and with the task's volumes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ecslab.controlplane.definition_rules.task import NAME
from ecslab.model.task_definition import ContainerDefinition, TaskDefinition

_VOLUME_KINDS = (
    "host",
    "docker_volume_configuration",
    "efs_volume_configuration",
    "s3files_volume_configuration",
    "fsx_windows_file_server_volume_configuration",
)


def links(definition: TaskDefinition) -> Iterator[str]:
    """Links are for the bridge, lead to other containers of the task, and not in a circle."""
    mode = definition.network_mode or "bridge"
    graph: dict[str, list[str]] = {}
    for one in definition.container_definitions:
        if one.links and mode != "bridge":
            yield f"Links are not supported when networkMode={mode}."
        graph[one.name or ""] = [link.partition(":")[0] for link in one.links or ()]
    for name, targets in graph.items():
        for target in targets:
            if target not in graph:
                yield f"Container '{name}' is linked to '{target}', which is not in the task."
    if _has_cycle(graph):
        yield "Container links should not have a cycle"


def volumes(definition: TaskDefinition) -> Iterator[str]:
    """Volumes have names of their own; what a container mounts is one of them."""
    known: set[str] = set()
    for volume in definition.volumes or ():
        name = volume.name or ""
        if not name:
            yield "Volume.name should not be null or empty."
        elif not NAME.fullmatch(name):
            yield "Volume.name contains invalid characters."
        elif name in known:
            yield "Volume names must be unique within a Task Definition."
        if sum(getattr(volume, kind) is not None for kind in _VOLUME_KINDS) > 1:
            yield f"Volume '{name}' can be of one kind only."
        known.add(name)
    for one in definition.container_definitions:
        yield from _mounts(one, known)


def _mounts(one: ContainerDefinition, known: set[str]) -> Iterator[str]:
    paths: set[str] = set()
    for mount in one.mount_points or ():
        if mount.source_volume not in known:
            yield f"Unknown volume '{mount.source_volume or 'null'}'."
        path = mount.container_path or ""
        if not path:
            yield f"A mount point of container '{one.name}' has no containerPath."
        elif path in paths:
            yield f"Container '{one.name}' mounts two volumes at '{path}'."
        paths.add(path)


def volumes_from(definition: TaskDefinition) -> Iterator[str]:
    """Volumes are taken from other containers of the task, and not in a circle."""
    graph = {
        one.name or "": [other.source_container or "" for other in one.volumes_from or ()]
        for one in definition.container_definitions
    }
    for name, sources in graph.items():
        for source in sources:
            if source not in graph:
                yield f"Container '{name}' takes volumes from '{source}', which is not in the task."
    if _has_cycle(graph):
        yield "Container volumesFrom should not have a cycle"


def dependencies(definition: TaskDefinition) -> Iterator[str]:
    """A container waits for others of the task that can come as far as it wants them to."""
    containers = {one.name or "": one for one in definition.container_definitions}
    for one in containers.values():
        for wait in one.depends_on or ():
            other = containers.get(wait.container_name)
            if other is None:
                yield (
                    f"Cannot depend on container + '{wait.container_name}' because it does not "
                    "exist"
                )
                continue
            if wait.condition in ("COMPLETE", "SUCCESS") and other.essential is not False:
                yield (
                    "A dependency container with SUCCESS or COMPLETE condition cannot be an "
                    "essential container"
                )
            if wait.condition == "HEALTHY" and other.health_check is None:
                yield (
                    f"Container '{one.name}' waits for '{other.name}' to be HEALTHY, but "
                    f"'{other.name}' has no health check."
                )
    waits = {n: [w.container_name for w in one.depends_on or ()] for n, one in containers.items()}
    if _has_cycle(waits):
        yield "Container dependencies should not have a cycle"


def modes(definition: TaskDefinition) -> Iterator[str]:
    """What a task with an interface of its own cannot have, and the log router it needs."""
    for one in definition.container_definitions:
        if definition.network_mode == "awsvpc":
            if one.hostname:
                yield "hostname is not supported on container when networkMode=awsvpc."
            if one.extra_hosts:
                yield "extraHosts is not supported on container when networkMode=awsvpc."
    proxy = definition.proxy_configuration
    names = [one.name for one in definition.container_definitions]
    if proxy is not None and proxy.container_name not in names:
        yield f"The proxy container '{proxy.container_name}' is not in the task."


def _has_cycle(graph: Mapping[str, Iterable[str]]) -> bool:
    """Whether following arrows ever comes back: what has no arrows left is taken away in turn."""
    rest = {name: {one for one in targets if one in graph} for name, targets in graph.items()}
    while rest:
        free = {name for name, targets in rest.items() if not targets}
        if not free:
            return True
        rest = {name: targets - free for name, targets in rest.items() if name not in free}
    return False
