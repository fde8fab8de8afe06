"""The two journeys: what the codecs and knots of either direction work on."""

from __future__ import annotations

from typing import Any

from ecslab.compose.project import Project
from ecslab.compose.tree import Path
from ecslab.convert.notes import Notes
from ecslab.locale import Text

Link = tuple[Path, Path]
"""A place in the Compose document and the place in the task definition it became."""


class Trip:
    """A project on its way to a task definition: what there is so far, where we are, what is said.

    `containers` has the container of each service, by the service's name; `names` the name each
    container has.
    """

    def __init__(self, project: Project, notes: Notes, names: dict[str, str], images: str) -> None:
        self.project = project
        self.notes = notes
        self.names = names
        self.images = images
        self.task: dict[str, Any] = {}
        self.containers: dict[str, dict[str, Any]] = {}
        self._indices: dict[str, int] = {}
        self.links: list[Link] = []
        self.service = ""
        self.index = 0
        self.key = ""

    @property
    def container(self) -> dict[str, Any]:
        """The container that is being made now."""
        return self.containers[self.service]

    def add(self, service: str) -> None:
        """Begin the container of a service, and look at it."""
        self._indices[service] = len(self.containers)
        self.containers[service] = {"name": self.names[service]}
        self.enter(service)
        self.link(self.path(), "containerDefinitions", self.index)

    def enter(self, service: str, key: str = "") -> None:
        """Look at a service, or a key of it, from now on."""
        self.service = service
        self.key = key
        self.index = self._indices[service]

    def path(self, *below: str | int) -> Path:
        """The place of the value that is looked at now, or of one below it."""
        here = ("services", self.service, self.key) if self.key else ("services", self.service)
        return (*here, *below)

    def adapted(
        self, code: str, message: Text, hint: Text | None = None, *below: str | int
    ) -> None:
        """Say that the value looked at now, or one below it, was changed."""
        self.notes.say(code, "adapted", message, hint, self.path(*below))

    def dropped(
        self, code: str, message: Text, hint: Text | None = None, *below: str | int
    ) -> None:
        """Say that the value looked at now, or one below it, was lost."""
        self.notes.say(code, "dropped", message, hint, self.path(*below))

    def put(self, member: str, value: Any, source: Path | None = None) -> None:
        """Set a member of the container, by its dotted path, and remember where it is from."""
        parts = member.split(".")
        node = self.container
        for part in parts[:-1]:
            node = node.setdefault(part, {})
        node[parts[-1]] = value
        self.link(source or self.path(), "containerDefinitions", self.index, *parts)

    def put_task(self, member: str, value: Any, sources: list[Path]) -> None:
        """Set a member of the task, and remember where it is from."""
        self.task[member] = value
        for source in sources:
            self.link(source, member)

    def link(self, source: Path, *target: str | int) -> None:
        """Remember that the value at `source` became the one at `target`."""
        self.links.append((source, target))


class Return:
    """A task definition on its way to a Compose document.

    `services` has the service of each container, by the container's name.
    """

    def __init__(self) -> None:
        self.name = ""
        self.services: dict[str, dict[str, Any]] = {}
        self.volumes: dict[str, dict[str, Any]] = {}
