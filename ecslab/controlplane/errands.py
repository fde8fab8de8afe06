"""What load balancers have to be told of tasks, and what tasks wait to hear from them."""

from __future__ import annotations

from collections import Counter

from ecslab.controlplane import telling
from ecslab.controlplane.context import Context
from ecslab.controlplane.facts import Fact, TargetDeregistered, TargetRegistered, TaskMoved
from ecslab.controlplane.state import State
from ecslab.model.task import Task


def run_errands(state: State, context: Context) -> list[Fact]:
    """Register the targets of tasks that run, deregister those of tasks that are to stop, and let
    a task stop whose targets are gone.
    """
    tasks = [state.tasks[arn] for arn in sorted(state.index.errands)]
    facts = [fact for task in tasks for fact in _errand(task, context.now)]
    return facts + _events(state, facts, context)


def _errand(task: Task, now: float) -> list[Fact]:
    if task.desired == "RUNNING":
        there = {target.key for target in task.targets}
        cause = "It runs: its load balancers may send requests."
        missing = (door for door in task.doors if door.key not in there)
        return [TargetRegistered(now, cause, task.arn, door) for door in missing]
    if task.status == "DEACTIVATING" and not task.targets:
        cause = "Its load balancer targets are drained."
        return [TaskMoved(now, cause, task.arn, "STOPPING")]
    cause = "It is to stop: no new request is sent to it."
    facts: list[Fact] = [
        TargetDeregistered(now, cause, task.arn, target)
        for target in task.targets
        if target.state != "draining"
    ]
    if facts and task.status == "RUNNING":
        facts.append(TaskMoved(now, cause, task.arn, "DEACTIVATING"))
    return facts


def _events(state: State, facts: list[Fact], context: Context) -> list[Fact]:
    """The events that tell of it, one for each service and target group."""
    came: Counter[tuple[str, str]] = Counter()
    went: Counter[tuple[str, str]] = Counter()
    drained: Counter[str] = Counter()
    for fact in facts:
        service_arn = state.tasks[fact.task_arn].service_arn  # type: ignore[attr-defined]  # all are TaskFacts
        if isinstance(fact, TargetRegistered):
            came[service_arn, fact.target.group_arn] += 1
        elif isinstance(fact, TargetDeregistered):
            went[service_arn, fact.target.group_arn] += 1
        elif isinstance(fact, TaskMoved) and fact.status == "DEACTIVATING":
            drained[service_arn] += 1
    told = [(arn, telling.registered(count, group)) for (arn, group), count in came.items()]
    told += [(arn, telling.deregistered(count, group)) for (arn, group), count in went.items()]
    told += [(arn, telling.draining(count)) for arn, count in drained.items()]
    return [telling.tell(state.services[arn], context, text) for arn, text in told]
