"""``x-ecs``: what Compose cannot say, in ECS's own words.

It is a piece of a task definition: at the top level members of the task, on a service those of its
container, on a top-level volume those of the volume. It is laid over what the Compose keys became:
structures member by member, everything else as a whole; null takes a member away.

So what `difference` gives is exactly what brings a task definition back unchanged.
"""

from __future__ import annotations

from typing import Any

from ecslab.compose.tree import Path
from ecslab.convert.rule import DROP
from ecslab.convert.shape import Kind
from ecslab.convert.values import Values

KEY = "x-ecs"


def difference(wanted: dict[str, Any], found: dict[str, Any], kind: dict[str, Kind]) -> Any:
    """What has to be laid over `found` to make it `wanted`; empty if they are the same."""
    made: dict[str, Any] = {}
    for key, value in wanted.items():
        if key not in found:
            made[key] = value
        elif found[key] != value:
            inner = kind.get(key)
            if isinstance(inner, dict) and isinstance(found[key], dict):
                made[key] = difference(value, found[key], inner)
            else:
                made[key] = value
    made.update({key: None for key in found if key not in wanted})
    return made


def laid_over(found: dict[str, Any], over: dict[str, Any], kind: dict[str, Kind]) -> dict[str, Any]:
    """`found` with `over` laid over it; neither is changed."""
    made = dict(found)
    for key, value in over.items():
        inner = kind.get(key)
        if value is None:
            made.pop(key, None)
        elif isinstance(inner, dict) and isinstance(value, dict):
            made[key] = laid_over(made.get(key) or {}, value, inner)
        else:
            made[key] = value
    return made


def read(holder: dict[str, Any], kind: dict[str, Kind], path: Path, values: Values) -> Any:
    """The ``x-ecs`` of a mapping of the project; empty where there is none."""
    written = holder.get(KEY)
    if written is None:
        return {}
    found = values.read(written, kind, (*path, KEY))
    return {} if found is DROP else found
