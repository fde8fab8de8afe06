"""The two ways: Compose project → task definition, and back.

There: what the Compose keys say (`there`), over it ``x-ecs``, over that ecs-params.yml, then the
laws of ECS, of Fargate if it is to run there, and what ECS would refuse. Back: see `back`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ecslab.compose.project import Project
from ecslab.convert import checks, extension, laws, there
from ecslab.convert.converted import COMPOSE, TASK_DEFINITION, Converted
from ecslab.convert.notes import Notes
from ecslab.convert.shape import CONTAINER, TASK, ordered
from ecslab.convert.trip import Trip
from ecslab.convert.values import Values
from ecslab.locale import translator

if TYPE_CHECKING:
    from ecslab.convert.reading import EcsParams

_ = translator("convert")

Task = dict[str, Any]
_TASK = {key: kind for key, kind in TASK.items() if key != "containerDefinitions"}


def to_task_definition(
    project: Project,
    *,
    launch_type: str | None = None,
    ecs_params: EcsParams | None = None,
    family: str | None = None,
    images: str | None = None,
) -> Converted:
    """See `ecslab.convert.to_task_definition`."""
    notes = Notes(lambda path: project.mark(*path))
    notes.diagnostics.extend(project.diagnostics)
    trip = there.read(project, notes, images or project.name)
    native = _assembled(trip)
    task = _extended(native, trip)
    if ecs_params is not None:
        from ecslab.convert import params

        notes.diagnostics.extend(ecs_params.diagnostics)
        task = params.laid_over(task, ecs_params.document, trip)
    if family is not None:
        task["family"] = family
    if launch_type is not None:
        task["requiresCompatibilities"] = [launch_type]
    law = laws.Law(task, trip.links, notes, sized=launch_type == "FARGATE")
    if launch_type == "FARGATE":
        from ecslab.convert import fargate

        fargate.apply(law)
    laws.apply(law)
    checks.check(law)
    if launch_type == "FARGATE":
        fargate.size(law)
    notes.stop()
    made = ordered(task, TASK)
    return Converted(
        made, notes.in_order(), TASK_DEFINITION, trip.links, notes.find, project.document
    )


def _assembled(trip: Trip) -> Task:
    return {**trip.task, "containerDefinitions": list(trip.containers.values())}


def _extended(native: Task, trip: Trip) -> Task:
    """The definition with every ``x-ecs`` laid over it."""
    values = Values(trip.notes, loose=True, nulls=True)
    overs = {
        name: extension.read(trip.project.services[name], CONTAINER, ("services", name), values)
        for name in trip.containers
    }
    top = extension.read(trip.project.document, _TASK, (), values)
    top.pop("containerDefinitions", None)
    task = extension.laid_over(native, top, _TASK)
    task["containerDefinitions"] = [
        extension.laid_over(container, overs[name], CONTAINER) if overs[name] else dict(container)
        for name, container in trip.containers.items()
    ]
    for index, (name, over) in enumerate(overs.items()):
        for member in over:
            trip.link(
                ("services", name, extension.KEY, member), "containerDefinitions", index, member
            )
    for member in top:
        trip.link((extension.KEY, member), member)
    if any(overs.values()) or top:
        _say_overruled(native, task, overs, top, trip)
    return task


def _say_overruled(native: Task, task: Task, overs: dict[str, Task], top: Task, trip: Trip) -> None:
    """Name the Compose keys that ``x-ecs`` overrules and that will not come back as written."""
    doubtful = [
        (name, member)
        for name, over in overs.items()
        for member in over
        if member in trip.containers[name] and _differs(trip.containers[name], over, member)
    ]
    doubtful_top = [
        member for member in top
        if member in native and member != "volumes" and _differs(native, top, member)
    ]  # fmt: skip
    if not doubtful and not doubtful_top:
        return
    from ecslab.compose import canonical
    from ecslab.convert import back

    again = there.read(canonical(back.native(task)), Notes(lambda _path: None))
    for name, member in doubtful:
        found = again.containers[_name_of(name, task, trip)]
        if found.get(member) != trip.containers[name][member]:
            _overruled(trip, member, ("services", name, extension.KEY, member))
    for member in doubtful_top:
        if again.task.get(member) != native[member]:
            _overruled(trip, member, (extension.KEY, member))


def _name_of(service: str, task: Task, trip: Trip) -> str:
    """The name the service's container has in the end."""
    index = list(trip.containers).index(service)
    name: str = task["containerDefinitions"][index]["name"]
    return name


def _differs(found: Task, over: Task, member: str) -> bool:
    return bool(found[member] != over[member])


def _overruled(trip: Trip, member: str, path: tuple[str, ...]) -> None:
    trip.notes.say(
        "x-ecs-wins",
        "adapted",
        _("x-ecs says another {member} than the Compose keys, and it counts.", member=member),
        _("Take one of the two away."),
        path,
    )


def to_compose(task_definition: Mapping[str, Any]) -> Converted:
    """See `ecslab.convert.to_compose`."""
    from ecslab.compose.tree import find
    from ecslab.convert import back
    from ecslab.convert.definition import legal, unwrapped

    notes = Notes(lambda path: find(task_definition, path))
    task = legal(unwrapped(task_definition, notes), notes)
    notes.stop()
    document, links = back.write(task)
    back.say_kept(document, task, notes)
    turned = [(target, source) for source, target in links]
    return Converted(document, notes.in_order(), COMPOSE, turned, notes.find, task)
