"""Task definition operations."""

from __future__ import annotations

import json
from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.defaults import described
from ecslab.controlplane.definition_rules import check
from ecslab.controlplane.facts import (
    DefinitionDeleteRequested,
    DefinitionDeregistered,
    DefinitionRegistered,
    Fact,
    TagsSet,
)
from ecslab.controlplane.labels import checked_tags
from ecslab.controlplane.paging import cut, page
from ecslab.controlplane.state import Definition, State
from ecslab.model.arn import is_arn
from ecslab.model.task_definition import NOT_MODELLED, TaskDefinition
from ecslab.model.task_size import cpu_units, memory_mib
from ecslab.model.wire import UnknownMemberError, from_wire

Params = dict[str, Any]


def register(state: State, params: Params, context: Context) -> Outcome:
    """RegisterTaskDefinition. Raises ClientException for a definition ECS refuses."""
    wanted = {name: value for name, value in params.items() if name != "tags"}
    definition = _read(wanted)
    check(definition)
    _check_length(wanted)
    wanted |= _plain_sizes(definition)
    tags = checked_tags(params.get("tags") or ())
    revision = find.newest(state, definition.family, context) + 1
    arn = context.place.task_definition(definition.family, revision)
    document = described(definition, wanted, revision)
    cause = "RegisterTaskDefinition was called."
    fact = DefinitionRegistered(
        context.now, cause, arn, definition.family, revision, document, context.principal
    )
    made = Definition(
        arn, definition.family, revision, definition, document, context.now, context.principal
    )
    answer: dict[str, Any] = {"taskDefinition": answers.definition(made)}
    facts: tuple[Fact, ...] = (fact,)
    if tags:
        facts = (fact, TagsSet(context.now, cause, arn, tags))
        answer["tags"] = params["tags"]
    return Outcome(answer, facts)


MOST_BYTES = 65536
"""What a task definition may weigh (ECS quotas: 64 KB)."""


def _check_length(wanted: Params) -> None:
    length = len(
        json.dumps(wanted, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
    )
    if length > MOST_BYTES:
        raise find.client_error(
            f"A task definition can have at most {MOST_BYTES} bytes as JSON, not {length}."
        )


def _plain_sizes(definition: TaskDefinition) -> Params:
    """``1 vCPU`` and ``0.5 GB`` as the numbers a task definition is described with."""
    sizes = {
        "cpu": definition.cpu and cpu_units(definition.cpu),
        "memory": definition.memory and memory_mib(definition.memory),
    }
    return {name: str(size) for name, size in sizes.items() if size}


def _read(wanted: Params) -> TaskDefinition:
    try:
        return from_wire(TaskDefinition, wanted)
    except UnknownMemberError as error:
        why = next((v for k, v in NOT_MODELLED.items() if k.endswith(error.member)), "")
        raise find.client_error(
            f"This sandbox does not know {error.member!r} in a task definition. {why}".rstrip()
        ) from error


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeTaskDefinition; a family alone means its latest ACTIVE revision."""
    found = find.definition(state, params["taskDefinition"], context)
    if found is None:
        raise find.client_error("Unable to describe task definition.")
    answer: dict[str, Any] = {"taskDefinition": answers.definition(found)}
    if "TAGS" in answers.include_of(params):
        answer["tags"] = answers.tags_of(state, found.arn)
    return Outcome(answer)


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListTaskDefinitions: of one family (an exact name) or all, by family and revision."""
    status = params.get("status") or "ACTIVE"
    family = params.get("familyPrefix")
    found = {
        _sort_key(one): one.arn
        for one in state.definitions.values()
        if one.status == status and family in (None, one.family) and find.here(one.arn, context)
    }
    descending = params.get("sort") == "DESC"
    keys, following = cut(sorted(found, reverse=descending), params, descending=descending)
    return Outcome({"taskDefinitionArns": [found[key] for key in keys], **following})


def _sort_key(one: Definition) -> str:
    return f"{one.family}:{one.revision:09}"


def list_families(state: State, params: Params, context: Context) -> Outcome:
    """ListTaskDefinitionFamilies by prefix. A family is ACTIVE while one revision is."""
    status = params.get("status") or "ALL"
    prefix = params.get("familyPrefix") or ""
    local = [one for one in state.definitions.values() if find.here(one.arn, context)]
    every = {one.family for one in local}
    active = {one.family for one in local if one.status == "ACTIVE"}
    chosen = {"ALL": every, "ACTIVE": active, "INACTIVE": every - active}[status]
    return Outcome(page((one for one in chosen if one.startswith(prefix)), params, "families"))


def deregister(state: State, params: Params, context: Context) -> Outcome:
    """DeregisterTaskDefinition: the revision becomes INACTIVE; running tasks go on."""
    name = params["taskDefinition"]
    _need_revision(name)
    found = find.definition(state, name, context)
    if found is None:
        raise find.client_error("The specified task definition does not exist.")
    if found.status != "ACTIVE":
        raise find.client_error(f"The specified task definition is {found.status}.")
    fact = DefinitionDeregistered(context.now, "DeregisterTaskDefinition was called.", found.arn)
    shown = {**answers.definition(found), "status": "INACTIVE", "deregisteredAt": context.now}
    return Outcome({"taskDefinition": shown}, (fact,))


def _need_revision(name: str) -> None:
    last = name.rsplit("/", 1)[-1] if is_arn(name) else name
    family, _colon, revision = last.partition(":")
    if not revision:
        raise find.invalid(f"Invalid revision number. Number: (none given for family {family!r})")
    if not find.REVISION.fullmatch(revision):
        raise find.invalid(f"Invalid revision number. Number: {revision}")


def delete(state: State, params: Params, context: Context) -> Outcome:
    """DeleteTaskDefinitions: INACTIVE revisions go once no task uses them; at most 10 a call."""
    names = params["taskDefinitions"]
    if not 1 <= len(names) <= 10:
        raise find.invalid(f"Between 1 and 10 task definitions can be deleted, not {len(names)}.")
    shown: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    facts: list[Fact] = []
    for name in dict.fromkeys(names):
        _need_revision(name)
        found = find.definition(state, name, context)
        if found is None:
            text = "The specified task definition was not found."
            failures.append(answers.failure(name, "TASK_DEFINITION_NOT_FOUND", text))
        elif found.status == "ACTIVE":
            text = "The specified task definition is still in ACTIVE status. Deregister it first."
            failures.append(answers.failure(found.arn, "TASK_DEFINITION_ACTIVE", text))
        else:
            when = found.delete_requested_at or context.now
            going = {"status": "DELETE_IN_PROGRESS", "deleteRequestedAt": when}
            shown.append({**answers.definition(found), **going})
            if found.status == "INACTIVE":
                cause = "DeleteTaskDefinitions was called."
                facts.append(DefinitionDeleteRequested(context.now, cause, found.arn))
    return Outcome({"taskDefinitions": shown, "failures": failures}, tuple(facts))
