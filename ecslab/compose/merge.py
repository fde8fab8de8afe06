"""One canonical document over another, by compose-go's rules.

Mappings are merged by key. Lists are appended and made unique, each by what identifies its items.
Some values are replaced whole. ``!reset`` takes a value away, ``!override`` replaces it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from ecslab.compose.tree import Map, Path, Seq, item_marks, key_marks, plain


def _port(item: Any) -> Hashable:
    return (
        item.get("host_ip") or "",
        item.get("target"),
        item.get("published"),
        item.get("protocol") or "tcp",
    )


def _target(item: Any) -> Hashable:
    return str(item.get("target") or item.get("source"))


def _text(item: Any) -> Hashable:
    return item if isinstance(item, Hashable) else repr(plain(item))


_IDENTITY: dict[str, Callable[[Any], Hashable]] = {
    "ports": _port,
    "volumes": _target,
    "devices": _target,
    "secrets": _target,
    "configs": _target,
    "env_file": lambda item: item.get("path"),
    "environment": lambda item: item[0],
}
_WHOLE = ("command", "entrypoint", "ulimits")


def merge(base: Map, over: Map, path: Path = ()) -> Map:
    """`over` laid over `base`; neither is changed."""
    made = Map(base.mark or over.mark)
    made.update(base)
    made.marks = dict(key_marks(base))
    made.tags = dict(base.tags) if base.tags else None
    for key, value in over.items():
        tag = over.tags.get(key) if over.tags else None
        if tag == "reset":
            made.pop(key, None)
        elif key in made and tag is None and made[key] is not None:
            made[key] = _both(made[key], value, (*path, key))
        else:
            made[key] = value
        if key in made:
            made.marks[key] = over.marks.get(key) or made.marks.get(key)
    return made


def _both(base: Any, over: Any, path: Path) -> Any:
    if over is None:
        return base
    if _replaced(path, base, over):
        return over
    if isinstance(base, Map) and isinstance(over, Map):
        return merge(base, over, path)
    if isinstance(base, Seq) and isinstance(over, Seq):
        return _lists(base, over, path)
    return over


def _replaced(path: Path, base: Any, over: Any) -> bool:
    if path[0] != "services" or len(path) < 3:
        return False
    if len(path) == 3 and path[2] == "logging":
        drivers = base.get("driver"), over.get("driver")
        return None not in drivers and drivers[0] != drivers[1]
    return (len(path) == 3 and path[2] in _WHOLE) or path[2:] == ("healthcheck", "test")


def _lists(base: Seq, over: Seq, path: Path) -> Seq:
    """`base`, then `over`; what is the same as an item of `base` takes its place."""
    made = Seq(base.mark)
    if path[0] != "services" or any(str(part).startswith("x-") for part in path):
        _extend(made, base)
        _extend(made, over)
        return made
    identity = _IDENTITY.get(str(path[-1]), _text)
    replaced = {identity(item): index for index, item in enumerate(over)}
    used: set[Hashable] = set()
    over_marks = item_marks(over, over.mark)
    for item, mark in zip(base, item_marks(base, base.mark), strict=True):
        name = identity(item)
        if name in over.removed:
            continue
        if name not in replaced:
            made.add(item, mark)
        elif name not in used:
            used.add(name)
            made.add(over[replaced[name]], over_marks[replaced[name]])
    for item, mark in zip(over, over_marks, strict=True):
        if identity(item) not in used:
            made.add(item, mark)
    return made


def _extend(made: Seq, more: Seq) -> None:
    for item, mark in zip(more, item_marks(more, more.mark), strict=True):
        made.add(item, mark)


def settle(node: Any) -> None:
    """Take away what ``!reset`` marks, and all tags, in place."""
    if isinstance(node, Map):
        for key, tag in (node.tags or {}).items():
            if tag == "reset":
                node.pop(key, None)
        node.tags = None
    if isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            if isinstance(child, (dict, list)):
                settle(child)
