"""Which task goes where in the picture, in an order that does not depend on its status."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from ecslab.model.snapshot import ServiceView, Snapshot, TaskView

STOPPED_FOR = 600.0
"""Seconds a stopped task stays in the picture."""


class Sorted(NamedTuple):
    """The tasks of a snapshot by place, oldest first."""

    placed: dict[str, list[TaskView]]
    """By id of the container instance."""
    fargate: list[TaskView]
    waiting: list[TaskView]
    elsewhere: list[TaskView]
    stopped: list[TaskView]
    """Newest first, and only for a while."""


def sort(snapshot: Snapshot) -> Sorted:
    """Give every task its place."""
    known = {instance.id for instance in snapshot.instances}
    found = Sorted(defaultdict(list), [], [], [], [])
    for task in sorted(snapshot.tasks, key=lambda t: (t.created_at, t.id)):
        if task.status in ("STOPPED", "DELETED"):
            if snapshot.at - (task.stopped_at or snapshot.at) <= STOPPED_FOR:
                found.stopped.append(task)
        elif task.launch_type == "FARGATE":
            found.fargate.append(task)
        elif task.instance is None:
            found.waiting.append(task)
        elif task.instance in known:
            found.placed[task.instance].append(task)
        else:
            found.elsewhere.append(task)
    found.stopped.sort(key=lambda t: (-(t.stopped_at or snapshot.at), t.id))
    return found


def missing(service: ServiceView, snapshot: Snapshot) -> int:
    """How many tasks a service wants and has not got, not even waiting ones."""
    there = sum(
        task.service == service.name and task.desired == "RUNNING" and task.status != "STOPPED"
        for task in snapshot.tasks
    )
    return max(0, service.desired - there)
