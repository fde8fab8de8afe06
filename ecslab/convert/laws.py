"""The laws of ECS, applied to a task definition that Compose made, and said.

A definition that ECS takes as it is stays as it is.
"""

from __future__ import annotations

from typing import Any

from ecslab.compose.tree import Path
from ecslab.convert.knots.memory import LEAST_MEMORY, less_than_least
from ecslab.convert.notes import Notes
from ecslab.convert.trip import Link
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Fidelity

_ = translator("convert")

MEMORY = 512
"""MiB of a container nobody gives a size, as ecs-cli had it."""

Task = dict[str, Any]


class Law:
    """A definition before the laws, where its parts are from, and what is said of them.

    `sized`: the task will get a size, so a container can go without one.
    """

    def __init__(self, task: Task, links: list[Link], notes: Notes, *, sized: bool = False) -> None:
        self.task = task
        self.sized = sized
        self.notes = notes
        self._sources = {target: source for source, target in links}

    @property
    def containers(self) -> list[Task]:
        """The containers."""
        found: list[Task] = self.task["containerDefinitions"]
        return found

    def source(self, *target: str | int) -> Path:
        """Where a part of the definition is from, else its nearest parent."""
        for length in range(len(target), 0, -1):
            if target[:length] in self._sources:
                return self._sources[target[:length]]
        return ()

    def say(
        self, code: str, fidelity: Fidelity, message: Text, hint: Text | None, *target: str | int
    ) -> None:
        """Say something of the part at `target`."""
        self.notes.say(code, fidelity, message, hint, self.source(*target))

    def take(self, index: int, member: str, code: str, message: Text, hint: Text | None) -> None:
        """Take a member of a container away, by its dotted path, if it is there."""
        parts = member.split(".")
        node = self.containers[index]
        for part in parts[:-1]:
            node = node.get(part) or {}
        if parts[-1] in node:
            del node[parts[-1]]
            self.say(code, "dropped", message, hint, "containerDefinitions", index, *parts)


def apply(law: Law) -> None:
    """Every law in turn."""
    _waited_for(law)
    _unhealthy(law)
    for index, container in enumerate(law.containers):
        _memory(law, index, container)
        _network(law, index, container)


def _waited_for(law: Law) -> None:
    """Who is awaited to its end cannot be essential, for its end would be the task's."""
    by_name = {one.get("name"): one for one in law.containers}
    for index, container in enumerate(law.containers):
        for place, wait in enumerate(container.get("dependsOn") or ()):
            other = by_name.get(wait.get("containerName"))
            if wait.get("condition") not in ("SUCCESS", "COMPLETE") or other is None:
                continue
            if other.get("essential") is not False:
                other["essential"] = False
                law.say(
                    "not-essential",
                    "adapted",
                    _("{other} is awaited to its end, so it is not essential: the task goes on "
                      "without it.", other=other["name"]),
                    None,
                    "containerDefinitions", index, "dependsOn", place,
                )  # fmt: skip


def _unhealthy(law: Law) -> None:
    """Healthy is who has a health check; ECS does not see that of the image."""
    by_name = {one.get("name"): one for one in law.containers}
    for index, container in enumerate(law.containers):
        for place, wait in enumerate(container.get("dependsOn") or ()):
            other = by_name.get(wait.get("containerName"))
            if wait.get("condition") != "HEALTHY" or other is None or "healthCheck" in other:
                continue
            container["dependsOn"][place] = {**wait, "condition": "START"}
            law.say(
                "no-health-check",
                "adapted",
                _("{other} has no health check ECS knows of, so only its start is awaited.",
                  other=other["name"]),
                _("Write a healthcheck for {other}.", other=other["name"]),
                "containerDefinitions", index, "dependsOn", place,
            )  # fmt: skip


def _memory(law: Law, index: int, container: Task) -> None:
    """At least 6 MiB; where neither container nor task has a size, 512."""
    here = ("containerDefinitions", index)
    for member in ("memory", "memoryReservation"):
        given = container.get(member)
        if given is not None and given < LEAST_MEMORY:
            container[member] = LEAST_MEMORY
            law.say("memory-least", "adapted", less_than_least(given), None, *here, member)
    if law.sized or "memory" in law.task or container.keys() & {"memory", "memoryReservation"}:
        return
    container["memory"] = MEMORY
    law.say(
        "memory-default",
        "adapted",
        _("{name} has no memory limit, and ECS wants one: it gets {memory} MiB.",
          name=container["name"], memory=MEMORY),
        _("Write mem_limit, or mem_reservation."),
        *here,
    )  # fmt: skip


def _network(law: Law, index: int, container: Task) -> None:
    """What each network mode refuses."""
    mode = law.task.get("networkMode") or "bridge"
    if mode != "bridge":
        law.take(
            index, "links", "network-links",
            _("With networkMode {mode} there are no links.", mode=mode),
            _("Containers of the task reach each other at localhost."),
        )  # fmt: skip
    if mode == "awsvpc":
        for member in ("hostname", "extraHosts"):
            law.take(
                index, member, "network-names",
                _("With networkMode awsvpc ECS takes no {member}.", member=member), None,
            )  # fmt: skip
    if mode == "none":
        law.take(
            index, "portMappings", "network-ports",
            _("Without a network there are no ports to open."), None,
        )  # fmt: skip
    for place, port in enumerate(container.get("portMappings") or ()):
        _port(law, mode, port, (index, "portMappings", place))


def _port(law: Law, mode: str, port: Task, place: tuple[str | int, ...]) -> None:
    here = ("containerDefinitions", *place)
    host_port = port.get("hostPort")
    if mode in ("awsvpc", "host") and host_port not in (None, 0, port.get("containerPort")):
        del port["hostPort"]
        law.say(
            "network-host-port",
            "adapted",
            _("With networkMode {mode} the port is {port} outside too, not {published}.",
              mode=mode, port=port.get("containerPort"), published=host_port),
            None,
            *here,
        )  # fmt: skip
    if "appProtocol" in port and "name" not in port:
        del port["appProtocol"]
        law.say(
            "ports-unnamed",
            "dropped",
            _("A port with an app_protocol needs a name."),
            _("Write name: too."),
            *here,
        )
