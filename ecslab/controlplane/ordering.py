"""What agents must be told because of a fact."""

from __future__ import annotations

from ecslab.controlplane import facts as f
from ecslab.controlplane.creating import family_of, overridden
from ecslab.controlplane.evolve import RESPONSE_ONLY
from ecslab.controlplane.state import State
from ecslab.model.agent_messages import (
    DeregisterTarget,
    ForgetTask,
    Order,
    RegisterTarget,
    RunTask,
    StopTask,
    TargetOrder,
)
from ecslab.model.load_balancer import Target
from ecslab.model.task import Task

_WITH_AGENT = ("PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING")
"""Steps of a task in which its agent has it."""


def orders(before: State, fact: f.Fact) -> tuple[Order, ...]:
    """The orders a fact calls for, in the state in which it happens.

    An instance whose agent is not connected is told nothing; what it missed it is told when it is
    back.
    """
    match fact:
        case f.TaskCreated(task=task):
            return _run(before, task) if task.status == "PENDING" else ()
        case f.TaskMoved(task_arn=arn, status="PENDING"):
            return _run(before, before.tasks[arn])
        case f.TaskMoved(task_arn=arn, status="STOPPING"):
            task = before.tasks[arn]
            return _stop(before, task) if task.status == "DEACTIVATING" else ()
        case f.TaskStopRequested(task_arn=arn):
            task = before.tasks[arn]
            return () if _drained_first(task) else _stop(before, task)
        case f.TargetRegistered(task_arn=arn, target=target):
            return (RegisterTarget(*target.key, arn, target.host),)
        case f.TargetDeregistered(task_arn=arn, target=target):
            return (DeregisterTarget(*target.key, arn),)
        case f.TaskForgotten(task_arn=arn):
            return (ForgetTask(arn),)
        case f.InstanceLeft(instance_arn=arn):
            return _forget_all(before, arn)
        case f.InstanceConnectionChanged(instance_arn=arn, connected=False):
            return _forget_all(before, arn)
        case f.InstanceConnectionChanged(instance_arn=arn, connected=True):
            return _run_waiting(before, arn)
    return ()


def resume(state: State) -> tuple[Order, ...]:
    """After a restart: every task an agent has, which of them are to stop, and every target."""
    made: list[Order] = []
    for task in sorted(state.tasks.values(), key=lambda task: (task.created_at, task.arn)):
        if task.status in _WITH_AGENT and _reachable(state, task):
            made.append(order_to_run(state, task, resumed=task.status != "PENDING"))
            if task.desired == "STOPPED" and not _drained_first(task):
                made.append(StopTask(task.arn))
        made += [_target(task.arn, one) for one in task.targets]
    return tuple(made)


def _target(task_arn: str, target: Target) -> TargetOrder:
    if target.state == "draining":
        return DeregisterTarget(*target.key, task_arn)
    return RegisterTarget(*target.key, task_arn, target.host)


def order_to_run(state: State, task: Task, resumed: bool = False) -> RunTask:
    """The order to run a task: its definition after overrides, and where its ports open."""
    definition = state.definitions[task.definition_arn]
    wanted = {k: v for k, v in definition.document.items() if k not in RESPONSE_ONLY}
    home = state.instances.get(task.instance_arn or "")
    own_ip = task.interface.host if task.interface else ""
    family, revision = family_of(task.definition_arn)
    return RunTask(
        task_arn=task.arn,
        cluster_arn=task.cluster_arn,
        definition=overridden(wanted, task.overrides or {}),
        family=family,
        revision=revision,
        container_instance_arn=task.instance_arn,
        host_ip=home.public_ip if home else own_ip or "127.0.0.1",
        dynamic_ports=task.open_ports,
        environment=(("AWS_EXECUTION_ENV", f"AWS_ECS_{task.launch_type}"),),
        private_ip=task.interface.private_ip if task.interface else None,
        own_ip=own_ip,
        resumed=resumed,
    )


def _drained_first(task: Task) -> bool:
    """Whether its load balancers have to let go of a task before its agent may stop it."""
    return bool(task.targets) and task.status in ("RUNNING", "DEACTIVATING")


def _run(state: State, task: Task) -> tuple[Order, ...]:
    return (order_to_run(state, task),) if _reachable(state, task) else ()


def _stop(state: State, task: Task) -> tuple[Order, ...]:
    told = task.status in _WITH_AGENT and _reachable(state, task)
    return (StopTask(task.arn),) if told else ()


def _forget_all(state: State, instance_arn: str) -> tuple[Order, ...]:
    """The machine is off, or nobody's any more: nothing of its tasks runs on."""
    return tuple(ForgetTask(arn) for arn in sorted(state.index.loads[instance_arn].tasks))


def _run_waiting(state: State, instance_arn: str) -> tuple[Order, ...]:
    """Tasks that were waiting for an agent that is back."""
    tasks = [state.tasks[arn] for arn in sorted(state.index.loads[instance_arn].tasks)]
    waiting = (task for task in tasks if (task.status, task.desired) == ("PENDING", "RUNNING"))
    return tuple(order_to_run(state, task) for task in waiting)


def _reachable(state: State, task: Task) -> bool:
    """Whether there is an agent to tell; Fargate's is always there."""
    if task.instance_arn is None:
        return True
    home = state.instances.get(task.instance_arn)
    return home is not None and home.connected and home.status != "INACTIVE"
