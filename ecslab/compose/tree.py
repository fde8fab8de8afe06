"""Mappings and sequences that remember where in a source text their parts stand.

They are dicts and lists in all else, so whoever only wants the values needs to know nothing of
this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecslab.model.diagnostics import Mark

Path = tuple["str | int", ...]


class Map(dict[str, Any]):
    """A mapping with the place of each key, and the `!reset`/`!override` tags of values."""

    __slots__ = ("mark", "marks", "tags")

    def __init__(self, mark: Mark | None = None) -> None:
        super().__init__()
        self.mark = mark
        self.marks: dict[str, Mark | None] = {}
        self.tags: dict[str, str] | None = None

    def put(self, key: str, value: Any, mark: Mark | None) -> None:
        """Set a key together with its place."""
        self[key] = value
        self.marks[key] = mark

    def tag(self, key: str, tag: str) -> None:
        """Remember that the value of `key` carries `tag` ("reset" or "override")."""
        if self.tags is None:
            self.tags = {}
        self.tags[key] = tag


class Implied(Map):
    """A dependency nobody wrote: links and such imply it."""

    __slots__ = ()


class Seq(list[Any]):
    """A sequence with the place of each item, and the names of items that `!reset` removes."""

    __slots__ = ("mark", "marks", "removed")

    def __init__(self, mark: Mark | None = None) -> None:
        super().__init__()
        self.mark = mark
        self.marks: list[Mark | None] = []
        self.removed: tuple[str, ...] = ()

    def add(self, value: Any, mark: Mark | None) -> None:
        """Append an item together with its place."""
        self.append(value)
        self.marks.append(mark)


def marked(value: Any, mark: Mark | None) -> Any:
    """A plain document as a tree whose every node stands at `mark`."""
    if isinstance(value, dict):
        made = Map(mark)
        for key, item in value.items():
            made.put(key, marked(item, mark), mark)
        return made
    if isinstance(value, (list, tuple)):
        items = Seq(mark)
        for item in value:
            items.add(marked(item, mark), mark)
        return items
    return value


def key_marks(value: Any) -> dict[str, Mark | None]:
    """The places of a mapping's keys, empty where nobody knows them."""
    return value.marks if isinstance(value, Map) else {}


def item_marks(value: Any, mark: Mark | None) -> Sequence[Mark | None]:
    """The places of a sequence's items, `mark` for each where nobody knows them."""
    if isinstance(value, Seq) and len(value.marks) == len(value):
        return value.marks
    return [mark] * len(value)


def copied(value: Any) -> Any:
    """A tree that shares no container with `value`."""
    if isinstance(value, Map):
        made = type(value)(value.mark)
        for key, item in value.items():
            made[key] = copied(item) if isinstance(item, (dict, list)) else item
        made.marks = dict(value.marks)
        made.tags = dict(value.tags) if value.tags else None
        return made
    if isinstance(value, Seq):
        items = Seq(value.mark)
        items.extend(copied(item) if isinstance(item, (dict, list)) else item for item in value)
        items.marks = list(value.marks)
        return items
    return value


def plain(value: Any) -> Any:
    """The values alone, in ordinary dicts and lists."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def find(root: Any, path: Path) -> Mark | None:
    """The place of the node at `path`, else of its nearest parent that has one."""
    node, found = root, getattr(root, "mark", None)
    for part in path:
        mark, node = _step(node, part)
        found = mark or getattr(node, "mark", None) or found
        if node is None:
            break
    return found


def _step(node: Any, part: str | int) -> tuple[Mark | None, Any]:
    """The place and the value of one part; a name in a list means the pair of that name."""
    if isinstance(node, Map):
        return node.marks.get(str(part)), node.get(str(part))
    if isinstance(node, Seq):
        if isinstance(part, str):
            named = (i for i, item in enumerate(node) if isinstance(item, list) and item[0] == part)
            part = next(named, -1)
        if 0 <= part < len(node):
            return item_marks(node, None)[part], node[part]
    return None, None
