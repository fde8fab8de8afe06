"""Compose ⇄ task definition, nothing lost in silence.

``to_task_definition(project)`` and ``to_compose(task_definition)`` give a `Converted`: the value,
the diagnostics, and the trace of what became what. The law: whatever does not come back unchanged
is named by a diagnostic; a second trip changes nothing; task definition → Compose → task definition
is the identity. What Compose cannot say stands in ``x-ecs`` (see `ecslab.convert.extension`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ecslab.convert.converted import Converted
from ecslab.convert.notes import ConvertError

if TYPE_CHECKING:
    from ecslab.compose.project import Project
    from ecslab.convert.reading import EcsParams
    from ecslab.convert.trace import Trace

__all__ = [
    "ConvertError",
    "Converted",
    "Trace",
    "read_definition",
    "read_ecs_params",
    "split",
    "to_compose",
    "to_task_definition",
]


def to_task_definition(
    project: Project,
    *,
    launch_type: str | None = None,
    ecs_params: EcsParams | None = None,
    family: str | None = None,
) -> Converted:
    """The task definition (RegisterTaskDefinition input, camelCase) of a Compose project.

    launch_type: "EC2" or "FARGATE": made for it, with a diagnostic for each thing it refuses
    ecs_params:  an ecs-params.yml (`read_ecs_params`), whose values win over Compose's
    family:      its family; default: ``x-ecs.family``, else the project's name

    Raises `ConvertError` where no definition can be made that ECS would take.
    """
    from ecslab.convert import engine

    return engine.to_task_definition(
        project, launch_type=launch_type, ecs_params=ecs_params, family=family
    )


def to_compose(task_definition: Mapping[str, Any]) -> Converted:
    """The Compose document of a task definition; `Converted.text` is its file.

    `task_definition` may be what DescribeTaskDefinition answers, wrapper and all. Raises
    `ConvertError` for what is no task definition.
    """
    from ecslab.convert import engine

    return engine.to_compose(task_definition)


def __getattr__(name: str) -> Any:
    if name != "Trace":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ecslab.convert.trace import Trace

    return Trace


def split(
    project: Project, *, launch_type: str | None = None, ecs_params: EcsParams | None = None
) -> tuple[Converted, ...]:
    """A task definition for each service, called PROJECT-SERVICE; see `to_task_definition`.

    What services have of each other (depends_on, links, volumes_from) is lost, and named.
    """
    from ecslab.convert import splitting

    return splitting.split(project, launch_type=launch_type, ecs_params=ecs_params)


def read_definition(data: bytes, file: str = "task-definition.json") -> dict[str, Any]:
    """The document of a task definition's text, JSON or YAML, that remembers its places.

    Raises `ConvertError`.
    """
    from ecslab.convert import reading

    return reading.read_definition(data, file)


def read_ecs_params(
    data: bytes, file: str = "ecs-params.yml", environment: Mapping[str, str] | None = None
) -> EcsParams:
    """An ecs-params.yml, with the variables of `environment` filled in.

    Raises `ConvertError`.
    """
    from ecslab.convert import reading

    return reading.read_ecs_params(data, file, environment or {})
