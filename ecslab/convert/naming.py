"""Names: ECS takes letters, digits, hyphens and underscores, 255 at most."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

LONGEST = 255


def is_ecs_name(name: str) -> bool:
    """Whether a family, container or volume can be called so (ECS API)."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name) is not None


def ecs_name(name: str, taken: Container[str]) -> str:
    """`name` with a hyphen for each character ECS does not take, and a number if it is taken."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:LONGEST]
    made, number = plain, 2
    while made in taken:
        ending = f"-{number}"
        made, number = plain[: LONGEST - len(ending)] + ending, number + 1
    return made


def container_names(services: Iterable[str]) -> dict[str, str]:
    """The name of each service's container; a name that is fine is nobody else's."""
    every = list(services)
    fine = {name for name in every if is_ecs_name(name)}
    made: dict[str, str] = {}
    for name in every:
        made[name] = name if name in fine else ecs_name(name, fine | set(made.values()))
    return made
