"""Botocore's shapes as a judge of what the control plane answers.

Its own reading of the model: the code's border guard (`ecslab.api.validate`) judges requests, this
one answers. Nothing here knows what an answer means.
"""

from __future__ import annotations

import functools
from typing import Any

import botocore.session

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "double": (int, float),
    "float": (int, float),
    "timestamp": (int, float),
}


@functools.cache
def model() -> Any:
    """Botocore's ECS."""
    return botocore.session.get_session().get_service_model("ecs")


def faults(shape: Any, value: Any, path: str, seen: set[tuple[str, str]]) -> list[str]:
    """What of a value is not as its shape has it; `seen` gathers (shape, member) on the way."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{path} is no structure: {value!r}"]
        found = [f"{path}.{name} is unknown" for name in value.keys() - shape.members.keys()]
        for name, member in shape.members.items():
            if name in value:
                seen.add((shape.name, name))
                found += faults(member, value[name], f"{path}.{name}", seen)
        return found
    if kind == "list":
        if not isinstance(value, list):
            return [f"{path} is no list: {value!r}"]
        return [f for one in value for f in faults(shape.member, one, f"{path}[]", seen)]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{path} is no map: {value!r}"]
        return [f for one in value.values() for f in faults(shape.value, one, f"{path}{{}}", seen)]
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{path} is no {kind}: {value!r}"]
    if kind == "string" and shape.enum and value not in shape.enum:
        return [f"{path} is none of {shape.enum}: {value!r}"]
    return []


def answer_faults(
    operation: str, answer: dict[str, Any], seen: set[tuple[str, str]] | None = None
) -> list[str]:
    """What of an answer the API does not have."""
    shape = model().operation_model(operation).output_shape
    return faults(shape, answer, operation, set() if seen is None else seen)


class Watching:
    """Put before a world: remembers every (shape, member) its answers had, and judges them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str]] = set()

    def call(self, operation: str, **params: Any) -> Any:
        answer = super().call(operation, **params)  # type: ignore[misc]  # the world it is put before has it
        assert answer_faults(operation, answer, self.seen) == []
        return answer


def untold(
    shape: str, seen: set[tuple[str, str]], gaps: dict[str, str]
) -> tuple[set[str], set[str]]:
    """(members of a shape neither told nor a gap, or unknown; members told that are a gap)."""
    told = {member for owner, member in seen if owner == shape}
    missing = {gap.partition(".")[2] for gap in gaps if gap.partition(".")[0] == shape}
    return (told | missing) ^ model().shape_for(shape).members.keys(), told & missing
