"""A service on its way from one deployment to the next: which task is of the old, which of the new.

A deployment is the new one while ECS calls it PRIMARY. A task says in ``startedBy`` which one
started it; where it does not, its task definition tells.
"""

from __future__ import annotations

from collections.abc import Iterable

from ecslab.diagram.scene import Side, TaskBox
from ecslab.model.snapshot import DeploymentView, ServiceView, Snapshot, TaskView


def side(deployment: DeploymentView) -> Side:
    """Whether a deployment is the one that comes or one that goes."""
    return "new" if deployment.status == "PRIMARY" else "old"


def with_sides(boxes: Iterable[TaskBox], snapshot: Snapshot) -> tuple[TaskBox, ...]:
    """The tasks of services that are rolling with their side; the others as they are."""
    rolling = {one.name: one for one in snapshot.services if len(one.deployments) > 1}
    if not rolling:
        return tuple(boxes)
    return tuple(
        box._replace(side=_side_of(box.task, rolling[box.task.service]))
        if box.task.service in rolling
        else box
        for box in boxes
    )


def _side_of(task: TaskView, service: ServiceView) -> Side:
    starters = {one.id: side(one) for one in service.deployments}
    known = starters.get(task.started_by)
    if known:
        return known
    return "new" if task.definition == service.definition else "old"
