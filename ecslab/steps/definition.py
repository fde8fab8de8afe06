"""Register a task definition; the same one again is the one that is there."""

from __future__ import annotations

from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps import mine
from ecslab.steps.bench import Bench
from ecslab.steps.calls import Call, planned
from ecslab.steps.progress import Progress
from ecslab.steps.things import TaskDefinition

_ = translator("steps")

# What DescribeTaskDefinition adds of its own (API_TaskDefinition).
_ADDED = (
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "tags",
)
# What is meant where nothing is said.
_MEANT: dict[str, object] = {"essential": True, "cpu": 0, "hostPort": 0, "protocol": "tcp"}


def register(bench: Bench, request: dict[str, Any], progress: Progress) -> TaskDefinition:
    """Register `request` (the input of RegisterTaskDefinition) and say what was made.

    If the newest revision of the family says the same, that one is given back.
    """
    if not request.get("family"):
        raise EcslabError(
            _("The task definition has no family."),
            _("Give it a name, for example family=lab.names.family('nginx')."),
        )
    progress.check()
    there = newest(bench, request["family"])
    if there is not None and _is_this(bench, there, request):
        progress.say(_("The task definition {definition} is there already.", definition=there))
        return there
    answer = bench.client("ecs").register_task_definition(**_tagged(bench, request))
    made = _handle(answer["taskDefinition"])
    progress.say(_("✓ Registered the task definition {definition}.", definition=made))
    return made


def _is_this(bench: Bench, there: TaskDefinition, request: dict[str, Any]) -> bool:
    """Whether it says the same, and is not somebody else's, who may remove it."""
    return _meaning(there.document) == _meaning(request) and (
        not bench.learner or mine.is_mine(bench, there.document.get("tags", []))
    )


def planned_calls(bench: Bench, request: dict[str, Any]) -> list[Call]:
    """The call that registers `request`, if no revision says the same yet."""
    return [planned("ecs", "RegisterTaskDefinition", _tagged(bench, request))]


def _tagged(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    return {**request, "tags": bench.ecs_tags(request.get("tags") or ())}


def newest(bench: Bench, family: str) -> TaskDefinition | None:
    """The newest ACTIVE revision of a family; None if there is none."""
    from botocore.exceptions import ClientError

    try:
        answer = bench.client("ecs").describe_task_definition(
            taskDefinition=family, include=["TAGS"]
        )
    except ClientError as error:
        # ECS answers ClientException "Unable to describe task definition."
        if error.response["Error"]["Code"] == "ClientException":
            return None
        raise
    return _handle({**answer["taskDefinition"], "tags": answer.get("tags", [])})


def _handle(document: dict[str, Any]) -> TaskDefinition:
    return TaskDefinition(
        document["family"], document["revision"], document["taskDefinitionArn"], document
    )


def _meaning(document: dict[str, Any]) -> object:
    """The document without what ECS adds, what says nothing and what goes without saying."""
    kept = {key: value for key, value in document.items() if key not in _ADDED}
    if kept.get("networkMode") == "bridge":
        del kept["networkMode"]
    return _plain(kept, awsvpc=kept.get("networkMode") == "awsvpc")


def _plain(value: object, *, awsvpc: bool) -> object:
    if isinstance(value, dict):
        parts = {key: _plain(part, awsvpc=awsvpc) for key, part in value.items()}
        if awsvpc and parts.get("hostPort") == parts.get("containerPort"):
            parts.pop("hostPort", None)
        return {
            key: part
            for key, part in parts.items()
            if part is not None and part != [] and part != {} and not _goes_without(key, part)
        }
    if isinstance(value, (list, tuple)):
        parts_list = [_plain(part, awsvpc=awsvpc) for part in value]
        named = all(isinstance(part, dict) and "name" in part for part in parts_list)
        return sorted(parts_list, key=lambda part: str(part["name"])) if named else parts_list  # type: ignore[index]  # named says that they are dicts
    return value


def _goes_without(key: str, part: object) -> bool:
    return key in _MEANT and part == _MEANT[key] and type(part) is type(_MEANT[key])
