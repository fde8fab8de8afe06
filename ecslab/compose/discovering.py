"""The files docker compose finds by itself."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

from ecslab.compose.problems import ComposeError, Problem
from ecslab.locale import translator

_ = translator("compose")


def default_files(
    directory: str, environment: Mapping[str, str], loader: Any, names: Sequence[str]
) -> list[str]:
    """COMPOSE_FILE, else the default names here or in a parent. Raises `ComposeError`."""
    given = environment.get("COMPOSE_FILE")
    if given:
        separator = environment.get("COMPOSE_PATH_SEPARATOR") or ":"
        paths = [path for path in given.split(separator) if path]
        return [posixpath.normpath(posixpath.join(directory, path)) for path in paths]
    here = directory
    while True:
        found = _in(here, loader, names)
        if found:
            return found
        parent = posixpath.dirname(here)
        if parent == here:
            raise ComposeError(
                (
                    Problem(
                        "no-file",
                        _("There is no Compose file in {directory}.", directory=directory),
                        _("Name one with -f FILE, or create compose.yaml."),
                    ),
                )
            )
        here = parent


def _in(directory: str, loader: Any, names: Sequence[str]) -> list[str]:
    def there(names: Sequence[str]) -> list[str]:
        paths = (posixpath.join(directory, name) for name in names)
        first = next((path for path in paths if loader.read(path) is not None), None)
        return [] if first is None else [first]

    found = there(names)
    if not found:
        return []
    return found + there([_override(name) for name in names])


def _override(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.override{dot}{ending}"


def unreadable(path: str, error: OSError) -> ComposeError:
    """The error for a file that is there and cannot be read."""
    return ComposeError(
        (
            Problem(
                "unreadable",
                _("The file {path} cannot be read: {why}.", path=path, why=error.strerror),
                _("Check that it is a file and that you may read it."),
            ),
        )
    )
