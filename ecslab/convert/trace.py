"""What became what: the parts of a source and the parts of the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ecslab.compose.problems import dotted
from ecslab.compose.tree import Path
from ecslab.model.diagnostics import Mark

Links = list[tuple[Path, Path]]


class Trace(NamedTuple):
    """A part of the source, and the parts of the result it became.

    source:  its path ("services.web.ports[0]")
    mark:    where it stands, or None where there is no text
    targets: their paths ("containerDefinitions[0].portMappings[0]")
    """

    source: str
    mark: Mark | None
    targets: tuple[str, ...]


def trace(links: Links, find: Callable[[Path], Mark | None]) -> tuple[Trace, ...]:
    """A `Trace` for each part of the source, in the source's order."""
    targets: dict[Path, dict[str, None]] = {}
    for source, target in links:
        targets.setdefault(source, {})[dotted(target)] = None
    made = [Trace(dotted(path), find(path), tuple(to)) for path, to in targets.items()]
    return tuple(sorted(made, key=lambda one: tuple(one.mark or ("",))))
