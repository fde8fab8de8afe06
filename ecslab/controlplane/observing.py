"""What agents and EC2 report, read as facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecslab.controlplane import facts as f
from ecslab.controlplane import find
from ecslab.controlplane.context import Context
from ecslab.controlplane.leaving import instance_leaves, lost
from ecslab.controlplane.state import State
from ecslab.model import agent_messages as m
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.lifecycle import check_move
from ecslab.model.resources import INSTANCE_TYPES
from ecslab.model.task import Container, Task
from ecslab.model.task_definition import Tag

ESSENTIAL_EXITED = "Essential container in task exited"
FAILED_TO_START = "Task failed to start"
AGENT = "The agent reported it."
Facts = tuple[f.Fact, ...]


def observe(state: State, report: m.Report, context: Context) -> Facts:
    """The facts of a report. What is known already, or is about nobody known, makes none.

    Raises `IllegalMoveError` for a step the task cannot take.
    """
    return _READERS[type(report)](state, report, context)


# -- tasks ----------------------------------------------------------------------------------------


def _task_changed(state: State, report: m.TaskStateChange, context: Context) -> Facts:
    task = state.tasks.get(report.task_arn)
    if task is None or report.status == task.status:
        return ()
    if task.status == "STOPPED" and report.status in ("STOPPING", "STOPPED"):
        return ()
    if task.status == "DEPROVISIONING" and report.status in ("STOPPING", "STOPPED"):
        return ()
    target = report.status
    if target == "STOPPED" and task.interface is not None:
        target = "DEPROVISIONING"
    check_move(task.status, target)  # type: ignore[arg-type]  # the check is what makes it one
    facts: list[f.Fact] = []
    cause = report.reason or AGENT
    if report.status in ("STOPPING", "STOPPED") and task.desired != "STOPPED":
        code, reason = _why_stopped(task, report)
        facts.append(f.TaskStopRequested(report.at, cause, task.arn, code, reason))
    facts.append(f.TaskMoved(report.at, cause, task.arn, target, report.reason))  # type: ignore[arg-type]  # checked above
    return tuple(facts)


def _why_stopped(task: Task, report: m.TaskStateChange) -> tuple[str, str]:
    started = task.started_at is not None
    code = report.stop_code or ("EssentialContainerExited" if started else "TaskFailedToStart")
    reason = ESSENTIAL_EXITED if code == "EssentialContainerExited" else FAILED_TO_START
    return code, report.reason or reason


def _container_changed(state: State, report: m.ContainerStateChange, context: Context) -> Facts:
    found = _container(state, report.task_arn, report.container)
    if found is None or not _news(found, report):
        return ()
    return (
        f.ContainerChanged(
            at=report.at,
            cause=report.reason or AGENT,
            task_arn=report.task_arn,
            container=report.container,
            status=report.status,  # type: ignore[arg-type]  # the agent speaks the same words
            exit_code=report.exit_code,
            reason=report.reason,
            runtime_id=report.runtime_id,
            image_digest=report.image_digest,
            bindings=() if state.tasks[report.task_arn].interface else report.network_bindings,
        ),
    )


_ORDER = {"PENDING": 0, "CREATED": 1, "RUNNING": 2, "STOPPED": 3}


def _news(known: Container, report: m.ContainerStateChange) -> bool:
    """Whether a report says more than is known. A container only goes forward, except that a
    restart policy may run it again.
    """
    if report.status not in _ORDER:
        return False
    told = (report.status, report.exit_code, report.reason, report.runtime_id)
    if told == (known.status, known.exit_code, known.reason, known.runtime_id):
        return False
    backwards = _ORDER[report.status] < _ORDER[known.status]
    return not backwards or (known.status, report.status) == ("STOPPED", "RUNNING")


def _health_changed(state: State, report: m.ContainerHealthChange, context: Context) -> Facts:
    found = _container(state, report.task_arn, report.container)
    if found is None or found.health == report.health:
        return ()
    cause = "The health check of the container gave another answer."
    return (f.HealthChanged(report.at, cause, report.task_arn, report.container, report.health),)


def _pull_changed(state: State, report: m.PullStateChange, context: Context) -> Facts:
    task = state.tasks.get(report.task_arn)
    if task is None or task.status == "STOPPED":
        return ()
    known = task.pull_stopped_at if report.finished else task.pull_started_at
    if known is not None:
        return ()
    return (f.PullChanged(report.at, AGENT, report.task_arn, report.finished),)


def _target_changed(state: State, report: m.TargetHealthChanged, context: Context) -> Facts:
    """Only what was registered is listened to; a target being drained does not become healthy."""
    task = state.tasks.get(report.task_arn)
    key = (report.target_group_arn, report.target_id, report.port)
    known = next((one for one in task.targets if one.key == key), None) if task else None
    if known is None or (known.state, known.reason) == (report.state, report.reason):
        return ()
    if known.state == "draining" and report.state != "gone":
        return ()
    cause = "Its load balancer reported it."
    said = (report.state, report.reason, report.description)
    return (f.TargetChanged(report.at, cause, report.task_arn, known, *said),)


def _spot_interrupted(state: State, report: m.SpotInterrupted, context: Context) -> Facts:
    task = state.tasks.get(report.task_arn)
    if task is None or task.desired == "STOPPED" or task.capacity_provider != "FARGATE_SPOT":
        return ()
    reason = "Your Spot Task was interrupted."
    return (f.TaskStopRequested(report.at, reason, task.arn, "SpotInterruption", reason),)


def _container(state: State, task_arn: str, name: str) -> Container | None:
    task = state.tasks.get(task_arn)
    if task is None or task.status == "STOPPED":
        return None
    return next((one for one in task.containers if one.name == name), None)


# -- instances ------------------------------------------------------------------------------------


def _instance_registered(state: State, report: m.InstanceRegistered, context: Context) -> Facts:
    """An instance joins its cluster once; without an ACTIVE cluster it does not."""
    known = _known(state, report.ec2_instance_id)
    cluster = state.clusters.get(find.cluster_arn(report.cluster, context))
    if cluster is None or cluster.status != "ACTIVE":
        return ()
    if known is not None and known.status != "INACTIVE":
        return ()
    instance_type = dict(report.attributes).get("ecs.instance-type") or ""
    known_type = INSTANCE_TYPES.get(instance_type)
    instance = ContainerInstance(
        arn=context.place.arn("container-instance", cluster.name, context.ids.hex32()),
        cluster_arn=cluster.arn,
        ec2_instance_id=report.ec2_instance_id,
        cpu=report.cpu,
        memory=report.memory,
        ports=report.ports,
        ports_udp=report.ports_udp,
        registered_at=report.at,
        attributes=report.attributes,
        public_ip=report.public_ip,
        private_ip=report.private_ip,
        agent_version=report.agent_version,
        docker_version=report.docker_version,
        max_enis=report.max_enis,
        gpus=known_type.gpus if known_type else 0,
        auto_scaling_group=report.auto_scaling_group,
    )
    facts: list[f.Fact] = [f.InstanceJoined(report.at, "Its agent registered it.", instance)]
    if report.tags:
        tags = tuple(Tag(key, value) for key, value in report.tags)
        facts.append(f.TagsSet(report.at, "The agent registered it with them.", instance.arn, tags))
    return tuple(facts)


def _connection_changed(state: State, report: m.AgentConnected, context: Context) -> Facts:
    """What ran on an instance that was stopped did not survive; its agent says so when it is back.
    What waited, waits on.
    """
    known = _known(state, report.ec2_instance_id)
    if known is None or known.status == "INACTIVE" or known.connected == report.connected:
        return ()
    word = "reachable again" if report.connected else "no longer reachable"
    cause = report.why or f"The agent is {word}."
    facts: list[f.Fact] = []
    if report.connected:
        for arn in sorted(state.index.loads[known.arn].tasks):
            facts += _after_absence(state.tasks[arn], report.at, cause)
    facts.append(f.InstanceConnectionChanged(report.at, cause, known.arn, report.connected))
    return tuple(facts)


def _after_absence(task: Task, at: float, cause: str) -> list[f.Fact]:
    if task.status == "PROVISIONING" or task.status == "DEPROVISIONING":
        return []
    if task.status == "PENDING" and task.desired == "RUNNING":
        return []
    return lost(task, at, cause, "EssentialContainerExited", ESSENTIAL_EXITED)


def _instance_terminated(state: State, report: m.InstanceTerminated, context: Context) -> Facts:
    known = _known(state, report.ec2_instance_id)
    if known is None or known.terminated:
        return ()
    return instance_leaves(state, known, report.at, terminated=True)


def _known(state: State, ec2_instance_id: str) -> ContainerInstance | None:
    arn = state.index.by_ec2.get(ec2_instance_id)
    return state.instances.get(arn) if arn else None


_READERS: dict[type, Callable[[State, Any, Context], Facts]] = {
    m.TaskStateChange: _task_changed,
    m.ContainerStateChange: _container_changed,
    m.ContainerHealthChange: _health_changed,
    m.PullStateChange: _pull_changed,
    m.InstanceRegistered: _instance_registered,
    m.AgentConnected: _connection_changed,
    m.InstanceTerminated: _instance_terminated,
    m.SpotInterrupted: _spot_interrupted,
    m.TargetHealthChanged: _target_changed,
}
