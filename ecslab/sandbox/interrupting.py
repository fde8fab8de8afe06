"""Fargate Spot takes capacity back: here when somebody asks for it.

On AWS it comes unasked, or from the Fault Injection Service. The task is told with SIGTERM and has
its containers' stopTimeout (at most two minutes) to end. Source: developer guide, "Fargate Spot
termination notice".
"""

from __future__ import annotations

from ecslab.controlplane import State
from ecslab.locale import translator
from ecslab.model.capacity_provider import FARGATE_PROVIDERS
from ecslab.model.errors import EcslabError
from ecslab.model.task import Task

_ = translator("sandbox")

SPOT = FARGATE_PROVIDERS[1]


def to_interrupt(state: State, wanted: str) -> Task:
    """The Spot task meant by its ARN, its id or the beginning of one; "": the oldest that runs.

    Raises EcslabError where there is none, or where it is not one that Spot takes back.
    """
    found = [one for one in state.tasks.values() if _means(wanted, one)]
    alive = [one for one in found if _can_be(one)]
    if len(alive) > 1 and wanted:
        raise EcslabError(
            _("{count} tasks begin with {wanted!r}.", count=len(alive), wanted=wanted),
            _("Give more of the task's id."),
        )
    if alive:
        return min(alive, key=lambda one: (one.created_at, one.arn))
    if not wanted:
        raise EcslabError(
            _("No task runs on FARGATE_SPOT, so none can be interrupted."),
            _("Run one with the capacity provider FARGATE_SPOT."),
        )
    if not found:
        raise EcslabError(
            _("There is no task {wanted!r}.", wanted=wanted),
            _("Its ARN or its id names it: `aws ecs list-tasks --cluster NAME`."),
        )
    raise _not_that_one(found[0])


def _means(wanted: str, task: Task) -> bool:
    return task.arn == wanted or ("/" not in wanted and task.id.startswith(wanted))


def _can_be(task: Task) -> bool:
    return task.capacity_provider == SPOT and task.desired == "RUNNING"


def _not_that_one(task: Task) -> EcslabError:
    if task.capacity_provider != SPOT:
        return EcslabError(
            _(
                "The task {id} does not run on FARGATE_SPOT: nobody takes its capacity back.",
                id=task.id[:8],
            ),
            _("Run one with the capacity provider FARGATE_SPOT."),
        )
    return EcslabError(
        _("The task {id} is {status}: it ends already.", id=task.id[:8], status=task.status),
        _("Interrupt one that runs."),
    )
