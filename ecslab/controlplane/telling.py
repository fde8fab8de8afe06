"""Service events, in the words of ECS.

Sources: AWS developer guide, "Amazon ECS service event messages" and "service unhealthy event
messages"; events seen in public issues.
"""

from __future__ import annotations

from collections.abc import Iterable

from ecslab.controlplane.context import Context
from ecslab.controlplane.service_facts import ServiceTold
from ecslab.model.load_balancer import Target
from ecslab.model.service import Event, Service
from ecslab.model.task import Task

_MORE = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
_UNPLACED = "was unable to place a task because no container instance met all of its requirements."
_CLOSEST = {
    "RESOURCE:CPU": "has insufficient CPU units available.",
    "RESOURCE:MEMORY": "has insufficient memory available.",
    "RESOURCE:PORTS": "is already using a port required by your task.",
    "RESOURCE:ENI": 'encountered error "RESOURCE:ENI".',
    "RESOURCE:GPU": 'encountered error "RESOURCE:GPU".',
    "ATTRIBUTE": "is missing an attribute required by your task.",
    "AGENT": 'encountered error "AGENT".',
}
CONDITIONS = {
    "steady": "has reached a steady state.",
    "stuck": (
        "was unable to stop or start tasks during a deployment because of the service deployment "
        "configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
    ),
    "impaired": "is unable to consistently start tasks successfully.",
}
"""What is told once of a condition while it lasts."""


def tell(service: Service, context: Context, text: str, condition: str = "") -> ServiceTold:
    """An event of a service: its name comes first."""
    event = Event(context.ids.uuid(), context.now, f"(service {service.name}) {text}")
    return ServiceTold(context.now, text, service.arn, event, condition)


def started(tasks: Iterable[Task]) -> str:
    """Tasks were started."""
    return f"has started {_listed(tasks, 'tasks')}"


def stopped(tasks: Iterable[Task]) -> list[str]:
    """Tasks are being stopped: those that ran, and those that did not yet."""
    tasks = list(tasks)
    ran = [task for task in tasks if task.started_at is not None]
    waited = [task for task in tasks if task.started_at is None]
    words = ((ran, "running tasks"), (waited, "pending tasks"))
    return [f"has stopped {_listed(some, word)}" for some, word in words if some]


def _listed(tasks: Iterable[Task], word: str) -> str:
    names = [f"(task {task.id})" for task in tasks]
    return f"{len(names)} {word}: {' '.join(names)}."


def unplaced(closest: str | None, reason: str) -> str:
    """No instance took a task; `closest` is the id of the one nearest to it."""
    if closest is None:
        return f"{_UNPLACED} Reason: No Container Instances were found in your cluster. {_MORE}"
    why = _CLOSEST.get(reason, f'encountered error "{reason}".')
    return f"{_UNPLACED} The closest matching (container-instance {closest}) {why} {_MORE}"


def not_launched(why: str) -> str:
    """A task could not be made."""
    return f"failed to launch a task with (error {why})."


def unhealthy(task: Task, target: Target | None) -> str:
    """A check of a task failed; `target` is what its load balancer found unhealthy."""
    if target is None:
        return f"(task {task.id}) failed container health checks."
    place = f"(instance {target.id}) " if target.id.startswith("i-") else ""
    why = target.description or "Health checks failed"
    return (
        f"(task {task.id}) {place}(port {target.port}) is unhealthy in "
        f"(target-group {target.group_arn}) due to (reason {why})"
    )


def registered(count: int, group_arn: str) -> str:
    """Targets were registered."""
    return f"registered {count} targets in (target-group {group_arn})"


def deregistered(count: int, group_arn: str) -> str:
    """Targets were deregistered."""
    return f"deregistered {count} targets in (target-group {group_arn})"


def draining(count: int) -> str:
    """Tasks wait for their open connections to end."""
    return f"has begun draining connections on {count} tasks."


def completed(deployment_id: str) -> str:
    """A deployment is done."""
    return f"(deployment {deployment_id}) deployment completed."


def failed(deployment_id: str) -> str:
    """A deployment was given up."""
    return f"(deployment {deployment_id}) deployment failed: tasks failed to start."


def rolling_back(deployment_id: str) -> str:
    """The service goes back to an earlier deployment."""
    return f"rolling back to deployment {deployment_id}."
