"""Task definition → Compose document, with ``x-ecs`` for what Compose cannot say.

The native keys are written first; then they are read as anybody would read them, and what is not
as it was stands in ``x-ecs``. So the way there and back changes nothing.
"""

from __future__ import annotations

from typing import Any

from ecslab.compose import canonical
from ecslab.compose.tree import Path
from ecslab.convert import extension, there
from ecslab.convert.notes import Notes
from ecslab.convert.rule import DROP
from ecslab.convert.shape import CONTAINER, TASK
from ecslab.convert.table import KNOTS, ONCE, ORDER, RULES
from ecslab.convert.trip import Link, Return
from ecslab.locale import translator

_ = translator("convert")


def write(task: dict[str, Any]) -> tuple[dict[str, Any], list[Link]]:
    """The document, and what of it became what of the definition. `task` is legal."""
    document = native(task)
    trip = there.read(canonical(document), Notes(lambda _path: None))
    _explain(document, task, {**trip.task, "containerDefinitions": [*trip.containers.values()]})
    return document, [*trip.links, *_kept_links(document)]


def native(task: dict[str, Any]) -> dict[str, Any]:
    """What Compose's own keys say of a task definition."""
    back = Return()
    containers = task["containerDefinitions"]
    for container in containers:
        back.services[container["name"]] = {}
    for container in containers:
        _service(container, back.services[container["name"]], back)
    for knot in KNOTS:
        if not knot.each:
            knot.back(task, back)
    document: dict[str, Any] = {"name": back.name}
    document["services"] = {
        name: {key: _taken(key, service[key]) for key in ORDER if key in service}
        for name, service in back.services.items()
    }
    if back.volumes or task.get("volumes") == []:
        document["volumes"] = back.volumes
    return document


_NAMED = {"labels", "sysctls"}


def _taken(key: str, value: Any) -> Any:
    """What Compose's schema takes of a value: no item twice, no name that is empty."""
    if key in ONCE:
        return [item for index, item in enumerate(value) if item not in value[:index]]
    return {name: item for name, item in value.items() if name} if key in _NAMED else value


def _service(container: dict[str, Any], service: dict[str, Any], back: Return) -> None:
    for rule in RULES:
        value: Any = container
        for part in rule.member.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            made = rule.back(value, back)
            if made is not DROP:
                service[rule.key] = made
    for knot in KNOTS:
        if knot.each:
            knot.back(container, service, back)


def _explain(document: dict[str, Any], task: dict[str, Any], found: dict[str, Any]) -> None:
    """Add the ``x-ecs`` that makes `found` what `task` is."""
    pairs = zip(task["containerDefinitions"], found["containerDefinitions"], strict=True)
    for container, read in pairs:
        over = extension.difference(container, read, CONTAINER)
        if over:
            document["services"][container["name"]][extension.KEY] = over
    over = extension.difference(
        {**task, "containerDefinitions": None}, {**found, "containerDefinitions": None}, TASK
    )
    if over:
        document[extension.KEY] = over


def _kept_links(document: dict[str, Any]) -> list[Link]:
    """What stands in ``x-ecs`` came from the member of the same name."""
    made: list[Link] = [
        ((extension.KEY, member), (member,)) for member in document.get(extension.KEY) or ()
    ]
    for index, (name, service) in enumerate(document["services"].items()):
        for member in service.get(extension.KEY) or ():
            path = ("services", name, extension.KEY, member)
            made.append((path, ("containerDefinitions", index, member)))
    return made


def say_kept(document: dict[str, Any], task: dict[str, Any], notes: Notes) -> None:
    """Name what stands in ``x-ecs``."""
    for member in document.get(extension.KEY) or ():
        _kept(member, (member,), notes)
    for index, container in enumerate(task["containerDefinitions"]):
        service = document["services"][container["name"]]
        for member in service.get(extension.KEY) or ():
            _kept(member, ("containerDefinitions", index, member), notes)
    places = {volume.get("name"): index for index, volume in enumerate(task.get("volumes") or ())}
    for name, volume in (document.get("volumes") or {}).items():
        for member in volume.get(extension.KEY) or ():
            _kept(member, ("volumes", places[name], member), notes)


def _kept(member: str, path: Path, notes: Notes) -> None:
    notes.say(
        "x-ecs",
        "exact",
        _("{member} stands in x-ecs, in ECS's own words.", member=member),
        None,
        path,
    )
