"""What time brings, and what follows from what is."""

from __future__ import annotations

from ecslab.controlplane import facts as f
from ecslab.controlplane.context import Context
from ecslab.controlplane.state import Queue, State
from ecslab.model.task import Task

REMEMBERED = 3600.0
"""Seconds a stopped task, or a terminated instance, is described (ECS API: at least an hour)."""
TOKENS_REMEMBERED = 86400.0
"""Seconds a client token is remembered."""
INTERFACE_SECONDS = 2.0
"""Seconds it takes to attach or detach a network interface; on AWS some seconds more."""


def reconcile(state: State, context: Context) -> tuple[f.Fact, ...]:
    """The facts that are due now. Applied and asked again, they come to rest."""
    now = context.now
    made: list[f.Fact] = []
    for arn in state.index.passing:
        made += _step(state.tasks[arn], now)
    for arn in state.deleting:
        if arn not in state.index.uses and not _told_of(state, arn):
            made.append(f.DefinitionDeleted(now, "No task uses it any more.", arn))
    made += _forget(state, now)
    return tuple(made)


def next_wakeup(state: State) -> float | None:
    """When the next fact is due that only waits for time; None if there is none."""
    moments = [_due(state.tasks[arn]) for arn in state.index.passing]
    for queue, seconds in _queues(state):
        oldest = queue.oldest
        if oldest is not None:
            moments.append(oldest[0] + seconds)
    return min(moments, default=None)


def _queues(state: State) -> tuple[tuple[Queue, float], ...]:
    return (
        (state.stopped, REMEMBERED),
        (state.left, REMEMBERED),
        (state.used_tokens, TOKENS_REMEMBERED),
    )


def _due(task: Task) -> float:
    """When a task is through a step that only needs time."""
    if task.status == "PROVISIONING" and task.desired == "STOPPED":
        return task.changed_at
    return task.changed_at + INTERFACE_SECONDS


def _step(task: Task, now: float) -> list[f.Fact]:
    if now < _due(task):
        return []
    if task.status == "DEPROVISIONING":
        cause = "Its network interface was deleted."
        return [f.TaskMoved(now, cause, task.arn, "STOPPED")]
    if task.desired == "STOPPED":
        cause = "It was stopped before it got its network interface."
        return [f.TaskMoved(now, cause, task.arn, "DEPROVISIONING")]
    return [f.TaskMoved(now, "Its network interface is attached.", task.arn, "PENDING")]


def _told_of(state: State, definition_arn: str) -> bool:
    """Whether a task that is still described names the definition."""
    return any(task.definition_arn == definition_arn for task in state.tasks.values())


def _forget(state: State, now: float) -> list[f.Fact]:
    """The oldest of each queue that is due, one at a time: facts come in the order of the queue."""
    made: list[f.Fact] = []
    hour = "It ended an hour ago."
    stopped, left, used = (_overdue(queue, seconds, now) for queue, seconds in _queues(state))
    if stopped is not None:
        made.append(f.TaskForgotten(now, hour, stopped))
    if left is not None and not state.index.loads[left].tasks:
        made.append(f.InstanceForgotten(now, hour, left))
    if used is not None:
        cluster, token = used.split("\n", 1)
        made.append(f.TokenForgotten(now, "It was used a day ago.", cluster, token))
    return made


def _overdue(queue: Queue, seconds: float, now: float) -> str | None:
    oldest = queue.oldest
    if oldest is None or now < oldest[0] + seconds:
        return None
    return oldest[1]
