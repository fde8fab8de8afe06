"""Task definitions as people have them: out of AWS's answer, read from text, put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecslab.convert.naming import is_ecs_name
from ecslab.convert.notes import Notes
from ecslab.convert.rule import DROP
from ecslab.convert.shape import TASK, ordered
from ecslab.convert.values import Values
from ecslab.locale import translator

_ = translator("convert")

WRAPPER = "taskDefinition"
ADDED = (
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deleteRequestedAt",
)
"""What DescribeTaskDefinition says of a registered revision (ECS API, TaskDefinition)."""


def unwrapped(document: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """The definition alone: without AWS's wrapper and what tells of a registered revision."""
    inner = document
    tags = None
    if isinstance(document, dict) and isinstance(document.get(WRAPPER), dict):
        inner, tags = document[WRAPPER], document.get("tags")
    if not isinstance(inner, dict):
        notes.wrong(
            "not-a-definition",
            _("This is no task definition: a mapping with containerDefinitions is expected."),
        )
        notes.stop()
    path = (WRAPPER,) if inner is not document else ()
    for member in ADDED:
        if inner.get(member) is not None:
            notes.say(
                "revision",
                "adapted",
                _("{member} tells of a registered revision; the definition goes without it.",
                  member=member),
                None,
                (*path, member),
            )  # fmt: skip
    made = {key: value for key, value in inner.items() if key not in ADDED}
    return {**made, "tags": tags} if tags else made


def legal(document: dict[str, Any], notes: Notes) -> dict[str, Any]:
    """The definition in its own order, each value of its type. Problems are remembered."""
    task = Values(notes, loose=False, nulls=False).read(document, TASK, ())
    if task is DROP:
        return {}
    containers = task.get("containerDefinitions")
    if not containers:
        notes.wrong(
            "no-containers",
            _("The task definition has no containerDefinitions."),
            _("Write at least one container."),
        )
        return {}
    seen: set[str] = set()
    for index, container in enumerate(containers):
        name = container.get("name", "")
        if not is_ecs_name(name) or name in seen:
            notes.wrong(
                "container-name",
                _("Each container needs a name of its own, of letters, digits, - and _: {name}.",
                  name=repr(name)),
                None,
                ("containerDefinitions", index, "name"),
            )  # fmt: skip
        seen.add(name)
    made: dict[str, Any] = ordered(task, TASK)
    return made
