"""``depends_on`` ⇄ dependsOn, ``links`` and ``volumes_from``: what a container has of others."""

from __future__ import annotations

from typing import Any

from ecslab.compose.tree import Implied
from ecslab.convert.codecs import rest_of
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

CONDITIONS = {
    "service_started": "START",
    "service_healthy": "HEALTHY",
    "service_completed_successfully": "SUCCESS",
}
_WORDS = {**{ecs: compose for compose, ecs in CONDITIONS.items()},
          "COMPLETE": "service_completed_successfully"}  # fmt: skip


def there(service: dict[str, Any], trip: Trip) -> None:
    """What is written; what links and such imply, ECS sees for itself."""
    trip.key = "depends_on"
    made: list[dict[str, str]] = []
    for name, how in service["depends_on"].items():
        if isinstance(how, Implied):
            continue
        if name not in trip.names:
            _elsewhere(name, trip, name)
            continue
        trip.link(trip.path(name), "containerDefinitions", trip.index, "dependsOn", len(made))
        made.append({"containerName": trip.names[name], "condition": CONDITIONS[how["condition"]]})
        for key, usual in (("required", True), ("restart", False)):
            if how.get(key, usual) != usual:
                _lost(name, key, how[key], trip)
    if made or not service["depends_on"]:
        trip.put("dependsOn", made)


def _elsewhere(name: str, trip: Trip, *below: str | int) -> None:
    trip.dropped(
        "other-task",
        _("{name} is in another task definition.", name=name),
        _("Let a service, a load balancer or Service Connect bring the two together."),
        *below,
    )


def _lost(name: str, key: str, value: bool, trip: Trip) -> None:
    message = (
        _("ECS always waits: {name} is not optional.", name=name)
        if key == "required"
        else _("ECS does not restart a container because {name} was.", name=name)
    )
    trip.dropped(f"depends-on-{key}", message, None, name, key)


def back(container: dict[str, Any], service: dict[str, Any], back: Return) -> None:
    """The long form. COMPLETE has no word: ``x-ecs`` says it."""
    waits = container.get("dependsOn")
    if waits is None:
        return
    made = {
        wait["containerName"]: {"condition": _WORDS[wait["condition"]]}
        for wait in waits
        if wait.get("containerName") in back.services and wait.get("condition") in _WORDS
    }
    if made or not waits:
        service["depends_on"] = made


def links_there(value: Any, trip: Trip) -> Any:
    """``SERVICE[:ALIAS]``; the service by the name its container has."""
    made = []
    for index, link in enumerate(value):
        name, colon, alias = link.partition(":")
        if name not in trip.names:
            _elsewhere(name, trip, index)
        elif name == trip.names[name]:
            made.append(link)
        else:
            made.append(f"{trip.names[name]}:{alias if colon else name}")
    return rest_of(value, made)


def links_back(value: Any, back: Return) -> Any:
    """Those that lead to a container of the task."""
    return [link for link in value if link.partition(":")[0] in back.services]


def sources_there(value: Any, trip: Trip) -> Any:
    """``SERVICE[:ro|:rw]``."""
    made = []
    for index, source in enumerate(value):
        name, _colon, mode = source.partition(":")
        if name == "container":
            trip.dropped(
                "volumes-from-container",
                _("ECS knows the containers of the task, and no others: not {source}.",
                  source=source),
                None,
                index,
            )  # fmt: skip
            continue
        if name not in trip.names:
            _elsewhere(name, trip, index)
            continue
        one: dict[str, Any] = {"sourceContainer": trip.names[name]}
        if mode in ("ro", "rw"):
            one["readOnly"] = mode == "ro"
        made.append(one)
    return rest_of(value, made)


def sources_back(value: Any, back: Return) -> Any:
    """See `sources_there`."""
    return [
        one["sourceContainer"] + {True: ":ro", False: ":rw"}.get(one.get("readOnly"), "")
        for one in value
        if one.get("sourceContainer") in back.services
    ]
