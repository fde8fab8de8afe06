"""What ECS would refuse, and nobody but the writer can put right."""

from __future__ import annotations

from typing import Any

from ecslab.convert.laws import Law
from ecslab.convert.naming import LONGEST, is_ecs_name
from ecslab.locale import translator

_ = translator("convert")

MOST_CONTAINERS = 10
"""Of one task definition (ECS service quotas)."""

Task = dict[str, Any]


def check(law: Law) -> None:
    """Remember a problem for each thing that makes the definition useless."""
    _family(law)
    _limits(law)
    _essential(law)
    _circle(law)
    _number(law)


def _family(law: Law) -> None:
    family = law.task.get("family", "")
    if not is_ecs_name(family):
        law.notes.wrong(
            "family",
            _("{family} is no name for a family: ECS takes up to {longest} letters, digits, - "
              "and _.", family=family, longest=LONGEST),
            _("Give another name with -p."),
            law.source("family"),
        )  # fmt: skip


def _limits(law: Law) -> None:
    for index, container in enumerate(law.containers):
        limit, reserved = container.get("memory"), container.get("memoryReservation")
        if limit is not None and reserved is not None and limit < reserved:
            law.notes.wrong(
                "memory-below-reservation",
                _("The memory limit of {name}, {limit} MiB, is below its reservation, {reserved} "
                  "MiB.", name=container["name"], limit=limit, reserved=reserved),
                _("Raise mem_limit, or lower mem_reservation."),
                law.source("containerDefinitions", index, "memory"),
            )  # fmt: skip


def _essential(law: Law) -> None:
    if all(one.get("essential") is False for one in law.containers):
        law.notes.wrong(
            "no-essential",
            _("No container of the task is essential."),
            _("Let at least one not be awaited to its end, and not say essential: false."),
            ("services",),
        )


def _circle(law: Law) -> None:
    """Containers that wait for each other in a circle."""
    waits = {
        one["name"]: [wait.get("containerName") for wait in one.get("dependsOn") or ()]
        for one in law.containers
    }
    circle = _find_circle(waits)
    if circle:
        index = next(i for i, one in enumerate(law.containers) if one["name"] == circle[0])
        law.notes.wrong(
            "depends-on-circle",
            _("These services wait for each other: {names}.", names=" → ".join(circle)),
            _("Take one depends_on away."),
            law.source("containerDefinitions", index, "dependsOn"),
        )


def _find_circle(waits: dict[str, list[Any]]) -> list[str]:
    """The names along one circle, the first again at the end; empty if there is none."""
    done: set[str] = set()
    for start in waits:
        if start in done:
            continue
        stack, way = [(start, iter(waits[start]))], [start]
        while stack:
            following = next((name for name in stack[-1][1] if name in waits), None)
            if following is None:
                done.add(stack.pop()[0])
                way.pop()
            elif following in way:
                return [*way[way.index(following) :], following]
            elif following not in done:
                stack.append((following, iter(waits[following])))
                way.append(following)
    return []


def _number(law: Law) -> None:
    if len(law.containers) > MOST_CONTAINERS:
        law.say(
            "too-many-containers",
            "dropped",
            _("A task definition holds {most} containers; {name} is one too many of {number}.",
              most=MOST_CONTAINERS, number=len(law.containers),
              name=law.containers[MOST_CONTAINERS]["name"]),
            _("--split service makes a task definition of each service."),
            "containerDefinitions", MOST_CONTAINERS,
        )  # fmt: skip
