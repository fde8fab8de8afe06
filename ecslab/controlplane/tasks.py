"""StopTask, DescribeTasks and ListTasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import TaskStopRequested
from ecslab.controlplane.paging import page
from ecslab.controlplane.state import State
from ecslab.model import arn as arns
from ecslab.model.cluster import Cluster
from ecslab.model.errors import AwsError
from ecslab.model.task import Task

Params = dict[str, Any]


def stop(state: State, params: Params, context: Context) -> Outcome:
    """StopTask: answers before the containers end; stopping twice changes nothing."""
    cluster = find.cluster(state, params, context)
    task = find.task(state, cluster, params["task"], context)
    if task is None:
        raise find.invalid("The referenced task was not found.")
    tags = answers.tags_of(state, task.arn)
    if task.desired == "STOPPED":
        return Outcome({"task": answers.task(state, task, tags)})
    reason = params.get("reason") or "Task stopped by user"
    if len(reason) > 1024:
        raise find.invalid(f"reason can have at most 1024 characters, not {len(reason)}.")
    cause = "StopTask was called."
    fact = TaskStopRequested(context.now, cause, task.arn, "UserInitiated", reason)
    after = replace(
        task,
        desired="STOPPED",
        stopping_at=context.now,
        stop_code=fact.stop_code,
        stopped_reason=reason,
        version=task.version + 1,
    )
    return Outcome({"task": answers.task(state, after, tags)}, (fact,))


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeTasks: up to 100 ids or ARNs; what is not there is a failure MISSING."""
    cluster = find.cluster(state, params, context)
    names = params["tasks"]
    if not names:
        raise find.invalid("Tasks cannot be empty.")
    if len(names) > 100:
        raise find.invalid("taskIds can have at most 100 items.")
    with_tags = "TAGS" in answers.include_of(params)
    found, failures = [], []
    for name in names:
        task = find.task(state, cluster, name, context)
        if task is None:
            arn = name
            if not arns.is_arn(name):
                arn = context.place.arn("task", cluster.name, name)
            failures.append(answers.failure(arn, "MISSING"))
        else:
            tags = answers.tags_of(state, task.arn) if with_tags else None
            found.append(answers.task(state, task, tags))
    return Outcome({"tasks": found, "failures": failures})


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListTasks: tasks whose desired status is RUNNING, unless another is asked for."""
    cluster = find.cluster(state, params, context)
    name = params.get("serviceName")
    service = find.service(state, cluster, name, context) if name else None
    if name and service is None:
        raise AwsError("ServiceNotFoundException", "Service not found.")
    wanted = params.get("desiredStatus") or "RUNNING"
    kept = (task for task in _tasks(state, cluster, params, context) if task.desired == wanted)
    if service is not None:
        kept = (task for task in kept if task.service_arn == service.arn)
    chosen = [task.arn for task in _matching(kept, params)]
    return Outcome(page(chosen, params, "taskArns"))


def _tasks(state: State, cluster: Cluster, params: Params, context: Context) -> Iterator[Task]:
    members = state.index.members.get(cluster.arn) or ()
    every = (state.tasks[arn] for arn in members)
    name = params.get("containerInstance")
    if name is None:
        return every
    instance = find.instance(state, cluster, name, context)
    if instance is None:
        raise find.invalid("The specified container instance was not found.")
    return (task for task in every if task.instance_arn == instance.arn)


def _matching(tasks: Iterable[Task], params: Params) -> Iterator[Task]:
    family = params.get("family")
    started_by = params.get("startedBy")
    launch_type = params.get("launchType")
    for task in tasks:
        if family and arns.last(task.definition_arn).rpartition(":")[0] != family:
            continue
        if started_by and task.started_by != started_by:
            continue
        if launch_type and task.launch_type != launch_type:
            continue
        yield task
