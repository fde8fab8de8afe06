"""An instance goes, and its tasks with it."""

from __future__ import annotations

from ecslab.controlplane.facts import Fact, InstanceLeft, TaskMoved, TaskStopRequested
from ecslab.controlplane.state import State
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.task import Task


def instance_leaves(
    state: State, instance: ContainerInstance, at: float, terminated: bool
) -> tuple[Fact, ...]:
    """The instance is deregistered, by call or because EC2 terminated it."""
    if terminated:
        reason = f"Host EC2 (instance {instance.ec2_instance_id}) terminated."
        code = "TerminationNotice"
    else:
        reason, code = "Container instance deregistration forced by user.", "UserInitiated"
    cause = reason if terminated else "DeregisterContainerInstance was called."
    facts: list[Fact] = [InstanceLeft(at, cause, instance.arn, terminated)]
    for arn in sorted(state.index.loads[instance.arn].tasks):
        facts += lost(state.tasks[arn], at, cause, code, reason)
    return tuple(facts)


def lost(task: Task, at: float, cause: str, code: str, reason: str) -> list[Fact]:
    """The task is gone without its agent having said so."""
    facts: list[Fact] = []
    if task.desired != "STOPPED":
        facts.append(TaskStopRequested(at, cause, task.arn, code, reason))
    facts.append(TaskMoved(at, cause, task.arn, "STOPPED"))
    return facts
