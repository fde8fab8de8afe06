"""What became what: the parts of a source and the parts of the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

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


def trace(
    links: Links, find: Callable[[Path], Mark | None], source: Any, result: Any
) -> tuple[Trace, ...]:
    """A `Trace` for each part of the source, in the source's order.

    Where a list became a list as long, its items became the items.
    """
    targets: dict[Path, dict[str, None]] = {}
    for start, end in links:
        targets.setdefault(start, {})[dotted(end)] = None
        before, after = at(source, start), at(result, end)
        if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for index in range(len(before)):
                targets.setdefault((*start, index), {})[dotted((*end, index))] = None
    made = [Trace(dotted(path), find(path), tuple(to)) for path, to in targets.items()]
    return tuple(sorted(made, key=lambda one: tuple(one.mark or ("",))))


def at(root: Any, path: Path) -> Any:
    """The value at a path; None where there is none."""
    for part in path:
        if isinstance(root, dict):
            root = root.get(str(part))
        elif isinstance(root, list) and isinstance(part, int) and part < len(root):
            root = root[part]
        else:
            return None
    return root
