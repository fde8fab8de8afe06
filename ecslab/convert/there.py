"""Compose project → the containers, volumes and task members its own keys become.

Only the table's rules, knots and gaps act here: no ``x-ecs``, no law of ECS.
"""

from __future__ import annotations

from typing import Any

from ecslab.compose.project import Project
from ecslab.compose.tree import Path
from ecslab.convert import extension
from ecslab.convert.naming import container_names
from ecslab.convert.notes import Notes
from ecslab.convert.rule import DROP, Gap
from ecslab.convert.table import GAPS, KNOTS, ONCE, RULES
from ecslab.convert.trip import Trip
from ecslab.locale import translator

_ = translator("convert")

Tree = dict[str, Any]


def read(project: Project, notes: Notes, images: str = "") -> Trip:
    """The trip with all that the Compose keys became; what has no place is said."""
    services = project.services
    running = [name for name, service in services.items() if "provider" not in service]
    trip = Trip(project, notes, container_names(running), images or project.name)
    _gaps(project.document, _TOP, (), notes)
    for name, service in services.items():
        _gaps(service, _SERVICE, ("services", name), notes)
        if "provider" not in service:
            trip.add(name)
            _service(service, trip)
    for knot in _WHOLE:
        knot.there(services, trip)
    _once(trip)
    return trip


def _service(service: Tree, trip: Trip) -> None:
    name = trip.names[trip.service]
    if name != trip.service:
        trip.adapted(
            "service-name",
            _("ECS takes letters, digits, - and _ in names: {service} is called {name}.",
              service=trip.service, name=name),
        )  # fmt: skip
    for key, value in service.items():
        rule = _BY_KEY.get(key)
        if rule is not None:
            trip.key = key
            made = rule.there(value, trip)
            if made is not DROP:
                trip.put(rule.member, made)
    for keys, there in _EACH:
        if not keys.isdisjoint(service):
            there(service, trip)
    trip.key = ""


def _once(trip: Trip) -> None:
    """Name the lists with an item twice."""
    for service, container in trip.containers.items():
        for key, member in ONCE.items():
            made: Any = container
            for part in member.split("."):
                made = made.get(part, ()) if made else ()
            if len(made) > 1 and any(item in made[:at] for at, item in enumerate(made)):
                trip.enter(service, key)
                trip.adapted(
                    "item-twice",
                    _("{key} says an item twice, which Compose does not take; x-ecs keeps it.",
                      key=key),
                )  # fmt: skip


def _gaps(node: Tree, tree: Tree, path: Path, notes: Notes) -> None:
    """Name what is written and has no partner."""
    for key, value in node.items():
        found = tree.get(key)
        if found is None:
            if key.startswith("x-") and key != extension.KEY:
                _extension(key, (*path, key), notes)
        elif isinstance(found, Gap):
            notes.say(found.code, found.fidelity, found.why, found.hint, (*path, key))
        elif isinstance(value, dict):
            _gaps(value, found, (*path, key), notes)


def _extension(key: str, path: Path, notes: Notes) -> None:
    notes.say(
        "extension",
        "adapted",
        _("{key} is a note for other programs; a task definition has no place for it.", key=key),
        None,
        path,
    )


def _tree(prefix: str) -> Tree:
    """The Compose gaps below a pattern, as a tree of keys."""
    made: Tree = {}
    for gap in GAPS:
        for path in gap.paths if gap.side == "compose" else ():
            if not path.startswith(prefix) or (not prefix and path.startswith("services.*.")):
                continue
            node = made
            *parents, last = path.removeprefix(prefix).split(".")
            for part in parents:
                node = node.setdefault(part, {})
            node[last] = gap
    return made


_TOP = _tree("")
_SERVICE = _tree("services.*.")
_BY_KEY = {rule.key: rule for rule in RULES}
_EACH = [(frozenset(knot.keys), knot.there) for knot in KNOTS if knot.each]
_WHOLE = [knot for knot in KNOTS if not knot.each]
