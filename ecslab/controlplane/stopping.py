"""Tasks of a service that are stopped by its scheduler, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable

from ecslab.controlplane import telling
from ecslab.controlplane.context import Context
from ecslab.controlplane.facts import Fact, TaskStopRequested
from ecslab.model.service import Service
from ecslab.model.task import Task

SCHEDULER = "ServiceSchedulerInitiated"


def stop(service: Service, tasks: Iterable[Task], context: Context) -> list[Fact]:
    """Stop these tasks: the reason is what ails a task, else the deployment that wants it so."""
    tasks = list(tasks)
    cause = "Its service does not want it any more."
    reason = f"Scaling activity initiated by (deployment {service.primary.id})"
    facts: list[Fact] = [
        TaskStopRequested(context.now, cause, task.arn, SCHEDULER, task.ill or reason)
        for task in tasks
    ]
    return facts + [telling.tell(service, context, text) for text in telling.stopped(tasks)]
