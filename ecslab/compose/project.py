"""The canonical project: what reading Compose files ends in."""

from __future__ import annotations

import re
from typing import Any

from ecslab.compose.tree import find
from ecslab.model.diagnostics import Diagnostic, Mark


class Project:
    """A Compose project in canonical form (see `ecslab.compose`), with the places of its parts."""

    __slots__ = ("_places", "diagnostics", "directory", "document", "files", "name")

    def __init__(
        self,
        name: str,
        document: dict[str, Any],
        *,
        directory: str = "",
        files: tuple[str, ...] = (),
        diagnostics: tuple[Diagnostic, ...] = (),
        places: Any = None,
    ) -> None:
        self.name = name
        self.document = document
        self.directory = directory
        self.files = files
        self.diagnostics = diagnostics
        self._places = document if places is None else places

    def __repr__(self) -> str:
        return f"<Project {self.name}: {', '.join(self.services) or 'no services'}>"

    @property
    def services(self) -> dict[str, Any]:
        """The services by name, in the order they are written."""
        found: dict[str, Any] = self.document.get("services") or {}
        return found

    def mark(self, *path: str | int) -> Mark | None:
        """Where the node at `path` stands, else its nearest parent that stands in a file.

        ``project.mark("services", "web", "environment", "NAME")`` finds a variable by its name.
        """
        return find(self._places, path)

    def only(self, name: str, service: dict[str, Any], project_name: str) -> Project:
        """A project of this one's top level and a single service, with the places kept."""
        document = {**self.document, "name": project_name, "services": {name: service}}
        return Project(
            project_name,
            document,
            directory=self.directory,
            files=self.files,
            diagnostics=self.diagnostics,
            places=self._places,
        )


def normal_name(text: str) -> str:
    """A directory's name as a project name: lower case, ``a-z 0-9 _ -``, a letter or digit first.

    As `docker compose` does it (compose-go, NormalizeProjectName).
    """
    return re.sub(r"[^-_a-z0-9]", "", text.lower()).lstrip("_-")


def is_name(text: str) -> bool:
    """Whether docker compose takes `text` for a project name as it is."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]*", text) is not None
