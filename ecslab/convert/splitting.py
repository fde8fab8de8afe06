"""One Compose project, a task definition for each service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecslab.compose.project import Project
from ecslab.compose.tree import copied
from ecslab.convert import engine, extension
from ecslab.convert.converted import Converted
from ecslab.convert.naming import LONGEST, ecs_name

if TYPE_CHECKING:
    from ecslab.convert.reading import EcsParams


def split(
    project: Project, *, launch_type: str | None, ecs_params: EcsParams | None
) -> tuple[Converted, ...]:
    """See `ecslab.convert.split`."""
    base = (project.document.get(extension.KEY) or {}).get("family", project.name)
    running = [name for name, service in project.services.items() if "provider" not in service]
    return tuple(
        engine.to_task_definition(
            _alone(project, name),
            launch_type=launch_type,
            ecs_params=_params_of(ecs_params, name),
            family=ecs_name(f"{base}-{name}", ())[:LONGEST],
            images=project.name,
        )
        for name in running
    )


def _alone(project: Project, name: str) -> Project:
    """The project of one service, with the volumes it mounts."""
    service = project.services[name]
    alone = project.only(name, service, project.name)
    used = {mount.get("source") for mount in service.get("volumes") or ()}
    volumes = project.document.get("volumes")
    if volumes is not None:
        kept = {key: volume for key, volume in volumes.items() if key in used}
        alone.document["volumes"] = kept
        if not kept:
            del alone.document["volumes"]
    return alone


def _params_of(params: EcsParams | None, name: str) -> EcsParams | None:
    """ecs-params.yml with the part of one service alone; the others are not missing."""
    whole = params.document.get("task_definition") if params is not None else None
    services = whole.get("services") if isinstance(whole, dict) else None
    if params is None or not isinstance(whole, dict) or not isinstance(services, dict):
        return params
    gone = {key for key in services if key != name}
    made = copied(params.document)
    for key in gone:
        del made["task_definition"]["services"][key]
    return params._replace(document=made)
