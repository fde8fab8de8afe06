"""What time brings, and what follows from what is."""

from __future__ import annotations

from immutables import Map

from ecslab.controlplane import facts as f
from ecslab.controlplane import telling
from ecslab.controlplane.context import Context
from ecslab.controlplane.crew import Crews
from ecslab.controlplane.errands import run_errands
from ecslab.controlplane.schedule import act, on_time
from ecslab.controlplane.state import Queue, State
from ecslab.controlplane.watch import symptom
from ecslab.model.task import Task

REMEMBERED = 3600.0
"""Seconds a stopped task, or a terminated instance, is described (ECS API: at least an hour)."""
TOKENS_REMEMBERED = 86400.0
"""Seconds a client token is remembered."""
_NO_CREWS: Crews = Map()


def reconcile(state: State, context: Context) -> tuple[f.Fact, ...]:
    """The facts that are due now. Applied and asked again, they come to rest.

    What one service does may take the room another one wants: one of them acts at a time.
    """
    made = _due(state, context)
    for arn in state.deleting:
        if arn not in state.index.named:
            made.append(f.DefinitionDeleted(context.now, "No task uses it any more.", arn))
    made += _forget(state, context.now)
    return tuple(made or run_errands(state, context) or _serve(state, context))


def _due(state: State, context: Context) -> list[f.Fact]:
    made: list[f.Fact] = []
    for arn in state.index.alarms.due(context.now):
        task = state.tasks.get(arn)
        if task is not None:
            made += _step(state, task, context)
        else:
            made += on_time(state.services[arn], context)
    return made


def _serve(state: State, context: Context) -> list[f.Fact]:
    for arn in sorted(state.index.attention):
        crews = state.index.crews.get(arn, _NO_CREWS)
        made = act(state, state.services[arn], crews, context)
        if made:
            return made
    return []


def next_wakeup(state: State) -> float | None:
    """When the next fact is due that only waits for time; None if there is none."""
    moments = [] if state.index.alarms.next is None else [state.index.alarms.next]
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


def _step(state: State, task: Task, context: Context) -> list[f.Fact]:
    """What time brings a task, now that its moment has come."""
    now = context.now
    if task.status == "DEPROVISIONING":
        cause = "Its network interface was deleted."
        return [f.TaskMoved(now, cause, task.arn, "STOPPED")]
    if task.status == "PROVISIONING":
        if task.desired == "STOPPED":
            cause = "It was stopped before it got its network interface."
            return [f.TaskMoved(now, cause, task.arn, "DEPROVISIONING")]
        cause = "Its network interface is attached."
        return [f.TaskMoved(now, cause, task.arn, "PENDING")]
    if task.protected_until is not None and task.protected_until <= now:
        cause = "Its protection expired."
        return [f.TaskProtected(now, cause, task.arn)]
    if not task.checked and not task.doors:
        cause = "Nobody checks it, and it ran for 40 seconds."
        return [f.TaskSettled(now, cause, task.arn)]
    return _found_ill(state, task, context)


def _found_ill(state: State, task: Task, context: Context) -> list[f.Fact]:
    why = symptom(task)
    target = next((one for one in task.targets if one.state == "unhealthy"), None)
    by_itself = task.checked and task.health == "UNHEALTHY"
    service = state.services[task.service_arn]
    text = telling.unhealthy(task, None if by_itself else target)
    cause = "A health check failed after its grace period."
    return [
        f.TaskFoundIll(context.now, cause, task.arn, why),
        telling.tell(service, context, text),
    ]


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
