"""RunTask and StartTask: from a call to tasks with homes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.capacity import find_homes
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.creating import Birth, create
from ecslab.controlplane.facts import Fact, TaskCreated, TokenUsed
from ecslab.controlplane.labels import checked_tags
from ecslab.controlplane.launching import launch, zones
from ecslab.controlplane.need import Need, need_of
from ecslab.controlplane.placement import Home, Refusal, place_on
from ecslab.controlplane.roles import not_for_tasks
from ecslab.controlplane.state import Definition, State
from ecslab.model.cluster import Cluster
from ecslab.model.errors import AwsError
from ecslab.model.task import Task
from ecslab.model.task_definition import Tag
from ecslab.model.task_size import cpu_units, memory_mib

Params = dict[str, Any]
_CONTAINER_CHANGES = ("cpu", "memory", "memoryReservation")


def run(state: State, params: Params, context: Context) -> Outcome:
    """RunTask: up to 10 tasks where there is room, and the reasons where there is not."""
    cluster = find.cluster(state, params, context)
    count = _count(params)
    again = _repeated(state, cluster, params)
    if again is not None:
        return again
    birth, need = _prepare(state, cluster, params, context)
    where = birth.launch
    if not where.shares and not where.on_fargate and not _has_active(state, cluster):
        raise find.invalid("No Container Instances were found in your cluster.")
    placement = find_homes(state, cluster.arn, need, where, count, context)
    cause = "RunTask was called; placement chose this instance."
    if where.on_fargate:
        cause = "RunTask was called."
    tasks = _create(state, birth, placement.homes, context)
    return _outcome(state, cluster, params, context, tasks, placement.refusals, cause)


def start(state: State, params: Params, context: Context) -> Outcome:
    """StartTask: one task on each of the instances named (up to 10), if they have room."""
    cluster = find.cluster(state, params, context)
    names = params["containerInstances"]
    if not names:
        raise find.invalid("Container instances cannot be empty.")
    if len(names) > 10:
        raise find.invalid(f"At most 10 container instances can be given, not {len(names)}.")
    birth, need = _prepare(state, cluster, {**params, "launchType": "EC2"}, context)
    homes, refusals = [], []
    for name in dict.fromkeys(names):
        found = _on(state, cluster, name, need, context)
        if isinstance(found, Home):
            homes.append(found)
        else:
            refusals.append(found)
    tasks = _create(state, birth, homes, context)
    cause = "StartTask named this instance."
    return _outcome(state, cluster, params, context, tasks, refusals, cause)


def _on(state: State, cluster: Cluster, name: str, need: Need, context: Context) -> Home | Refusal:
    instance = find.instance(state, cluster, name, context)
    if instance is None:
        arn = name if ":" in name else find.instance_arn(cluster, name, context)
        return Refusal(arn, "MISSING")
    if instance.status != "ACTIVE":
        return Refusal(instance.arn, "INACTIVE")
    return place_on(state, need, instance)


def _count(params: Params) -> int:
    count: int = params.get("count", 1)
    if not 1 <= count <= 10:
        raise find.invalid(f"count must be between 1 and 10, not {count}.")
    return count


def _has_active(state: State, cluster: Cluster) -> bool:
    roster = state.index.rosters.get(cluster.arn)
    return roster is not None and any(
        state.instances[arn].status == "ACTIVE" for arn in roster.arns
    )


# -- client tokens --------------------------------------------------------------------------------


def _fingerprint(params: Params) -> str:
    return json.dumps(params, sort_keys=True, default=str)


def _repeated(state: State, cluster: Cluster, params: Params) -> Outcome | None:
    """The answer of the call this one repeats (same client token)."""
    token = params.get("clientToken")
    if not token:
        return None
    if len(token) > 64:
        raise find.invalid(f"clientToken can have at most 64 characters, not {len(token)}.")
    used = state.tokens.get((cluster.arn, token))
    if used is None:
        return None
    tasks = [state.tasks[arn] for arn in used.task_arns if arn in state.tasks]
    if used.fingerprint != _fingerprint(params):
        raise AwsError(
            "ConflictException",
            "The client token was used with other parameters. Use another token, or the same "
            "parameters.",
            resourceIds=list(used.task_arns),
        )
    shown = [answers.task(state, one, answers.tags_of(state, one.arn)) for one in tasks]
    failures = [answers.failure(arn, reason) for arn, reason in used.failures]
    return Outcome({"tasks": shown, "failures": failures})


# -- what both have in common ---------------------------------------------------------------------


def _prepare(
    state: State, cluster: Cluster, params: Params, context: Context
) -> tuple[Birth, Need]:
    definition = find.runnable(state, params["taskDefinition"], context)
    overrides = params.get("overrides") or {}
    _check_overrides(definition, overrides)
    _check_roles(definition, overrides, context)
    launched = launch(state, cluster, definition, params, context)
    group = params.get("group") or f"family:{definition.family}"
    if len(params.get("startedBy") or "") > 128:
        raise find.invalid("startedBy can have at most 128 characters.")
    there = zones(state, cluster.arn, launched.subnets)
    need = need_of(definition.value, group, overrides, params, there)
    birth = Birth(
        cluster=cluster,
        definition=definition,
        overrides=overrides,
        started_by=params.get("startedBy") or "",
        reference_id=params.get("referenceId") or "",
        execute_command=params.get("enableExecuteCommand", False),
        launch=launched,
        tags=_tags(state, cluster, definition, params),
    )
    return birth, need


def _check_overrides(definition: Definition, overrides: dict[str, Any]) -> None:
    names = {one.name for one in definition.value.container_definitions}
    for one in overrides.get("containerOverrides") or ():
        if one.get("name") not in names:
            raise find.invalid(
                f"Override for container named {one.get('name')} is not a container in the "
                "TaskDefinition."
            )
        for member in _CONTAINER_CHANGES:
            if one.get(member, 0) < 0:
                raise find.invalid(
                    f"The override of {member} for container {one['name']} is {one[member]}: "
                    "it cannot be negative."
                )
    for member, read in (("cpu", cpu_units), ("memory", memory_mib)):
        size = overrides.get(member)
        if size and not read(size):
            raise find.invalid(f"Invalid '{member}' setting for task.")


def _check_roles(definition: Definition, overrides: dict[str, Any], context: Context) -> None:
    why = not_for_tasks(definition.value, overrides, context)
    if why:
        raise AwsError("ClientException", why)


def _tags(
    state: State, cluster: Cluster, definition: Definition, params: Params
) -> tuple[Tag, ...]:
    given = checked_tags(params.get("tags") or ())
    inherited: dict[str | None, str | None] = {}
    if params.get("enableECSManagedTags"):
        inherited["aws:ecs:clusterName"] = cluster.name
    propagate = params.get("propagateTags")
    if propagate == "SERVICE":
        raise find.invalid("propagateTags SERVICE is only for tasks that a service starts.")
    if propagate == "TASK_DEFINITION":
        inherited |= {tag.key: tag.value for tag in state.tags.get(definition.arn, ())}
    if not inherited:
        return given
    inherited |= {tag.key: tag.value for tag in given}
    return tuple(Tag(key, value) for key, value in inherited.items())


def _create(state: State, birth: Birth, homes: Iterable[Home], context: Context) -> list[Task]:
    used: set[str] = set()
    return [create(state, birth, home, context, used) for home in homes]


def _outcome(
    state: State,
    cluster: Cluster,
    params: Params,
    context: Context,
    tasks: list[Task],
    refusals: Iterable[Refusal],
    cause: str,
) -> Outcome:
    facts: list[Fact] = [TaskCreated(context.now, cause, task) for task in tasks]
    pairs = tuple((one.instance_arn, one.reason) for one in refusals)
    token = params.get("clientToken")
    if token:
        arns = tuple(task.arn for task in tasks)
        print_ = _fingerprint(params)
        facts.append(
            TokenUsed(context.now, "RunTask was called.", cluster.arn, token, print_, arns, pairs)
        )
    shown = [
        answers.task(state, one, [{"key": t.key, "value": t.value} for t in one.tags])
        for one in tasks
    ]
    failures = [answers.failure(arn, reason) for arn, reason in pairs]
    return Outcome({"tasks": shown, "failures": failures}, tuple(facts))
