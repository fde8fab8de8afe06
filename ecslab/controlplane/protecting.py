"""Task scale-in protection: tasks of a service that its scheduler is not to stop for a while."""

from __future__ import annotations

from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import Fact, TaskProtected
from ecslab.controlplane.state import State
from ecslab.model.cluster import Cluster
from ecslab.model.task import Task

Params = dict[str, Any]
MINUTES = range(1, 2880 + 1)
USUAL_MINUTES = 120
_NOT_OF_A_SERVICE = "Only a task that a service started and that is to run can be protected."


def update(state: State, params: Params, context: Context) -> Outcome:
    """UpdateTaskProtection: up to 10 tasks, for two hours unless another time is given."""
    cluster = find.cluster(state, params, context)
    names, on = params["tasks"], params["protectionEnabled"]
    if not 1 <= len(names) <= 10:
        raise find.invalid(f"Between 1 and 10 tasks can be named, not {len(names)}.")
    minutes = params.get("expiresInMinutes", USUAL_MINUTES)
    if minutes not in MINUTES:
        raise find.invalid(f"expiresInMinutes must be between 1 and 2880, not {minutes}.")
    until = context.now + minutes * 60 if on else None
    cause = "UpdateTaskProtection was called."
    facts: list[Fact] = []
    shown, failures = [], []
    for task, failure in _named(state, cluster, names, context):
        if task is None:
            failures.append(failure)
        else:
            shown.append(_wire(task, until))
            if task.protected_until != until:
                facts.append(TaskProtected(context.now, cause, task.arn, until))
    return Outcome({"protectedTasks": shown, "failures": failures}, tuple(facts))


def get(state: State, params: Params, context: Context) -> Outcome:
    """GetTaskProtection: of the tasks named, or of all tasks of services."""
    cluster = find.cluster(state, params, context)
    names = params.get("tasks")
    if names is None:
        members = state.index.members.get(cluster.arn) or ()
        names = sorted(arn for arn in members if _protectable(state.tasks[arn]))
    elif len(names) > 100:
        raise find.invalid("taskIds can have at most 100 items.")
    shown, failures = [], []
    for task, failure in _named(state, cluster, names, context):
        if task is None:
            failures.append(failure)
        else:
            shown.append(_wire(task, task.protected_until))
    return Outcome({"protectedTasks": shown, "failures": failures})


def _protectable(task: Task) -> bool:
    return bool(task.service_arn) and task.desired == "RUNNING"


def _named(
    state: State, cluster: Cluster, names: list[str], context: Context
) -> list[tuple[Task | None, dict[str, Any]]]:
    """Each task, or why it cannot be protected."""
    found: list[tuple[Task | None, dict[str, Any]]] = []
    for name in dict.fromkeys(names):
        task = find.task(state, cluster, name, context)
        if task is None:
            arn = name if ":" in name else context.place.arn("task", cluster.name, name)
            found.append((None, answers.failure(arn, "MISSING")))
        elif not _protectable(task):
            found.append((None, answers.failure(task.arn, "TASK_NOT_VALID", _NOT_OF_A_SERVICE)))
        else:
            found.append((task, {}))
    return found


def _wire(task: Task, until: float | None) -> dict[str, Any]:
    made: dict[str, Any] = {"taskArn": task.arn, "protectionEnabled": until is not None}
    return made if until is None else {**made, "expirationDate": until}
