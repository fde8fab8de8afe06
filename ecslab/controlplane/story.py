"""Why a task is where it is: every transition, by fact and cause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from ecslab.controlplane import facts as f
from ecslab.locale import Text, translator
from ecslab.model.arn import last

_ = translator("controlplane")


def story(log: Iterable[f.Fact], task_arn: str) -> list[Text]:
    """One sentence for each thing that happened to the task, in order; none for an unknown task."""
    lines: list[Text] = []
    status, home = "", None
    for fact in log:
        if isinstance(fact, f.TaskCreated) and fact.task.arn == task_arn:
            status, home = fact.task.status, fact.task.instance_arn
            lines.append(_born(fact))
        elif isinstance(fact, f.TaskFact) and fact.task_arn == task_arn:
            lines.append(_line(fact, status))
            status = fact.status if isinstance(fact, f.TaskMoved) else status
        elif _concerns(fact, home) and status != "STOPPED":
            lines.append(_connection(fact))
    return lines


def _concerns(fact: f.Fact, home: str | None) -> TypeGuard[f.InstanceConnectionChanged]:
    return isinstance(fact, f.InstanceConnectionChanged) and fact.instance_arn == home


def _born(fact: f.TaskCreated) -> Text:
    task = fact.task
    return _(
        "{at}: created as {status} from {definition} on container instance {instance}. {cause}",
        at=clock_time(fact.at),
        status=task.status,
        definition=last(task.definition_arn),
        instance=last(task.instance_arn or "-"),
        cause=_(fact.cause),
    )


def _connection(fact: f.InstanceConnectionChanged) -> Text:
    when, cause = clock_time(fact.at), _(fact.cause)
    if fact.connected:
        return _("{at}: the agent of its instance is connected. {cause}", at=when, cause=cause)
    return _("{at}: the agent of its instance is not connected. {cause}", at=when, cause=cause)


def _line(fact: f.TaskFact, status: str) -> Text:
    when, cause = clock_time(fact.at), _(fact.cause)
    match fact:
        case f.TaskMoved():
            return _(
                "{at}: {before} → {after}. {cause}",
                at=when,
                before=status,
                after=fact.status,
                cause=cause,
            )
        case f.TaskStopRequested():
            return _(
                "{at}: desired status STOPPED ({code}: {reason}). {cause}",
                at=when,
                code=fact.stop_code,
                reason=fact.reason,
                cause=cause,
            )
        case f.ContainerChanged() if fact.exit_code is not None:
            return _(
                "{at}: container {container} is {status} with exit code {code}. {cause}",
                at=when,
                container=fact.container,
                status=fact.status,
                code=fact.exit_code,
                cause=cause,
            )
        case f.ContainerChanged():
            return _(
                "{at}: container {container} is {status}. {cause}",
                at=when,
                container=fact.container,
                status=fact.status,
                cause=cause,
            )
        case f.HealthChanged():
            return _(
                "{at}: container {container} is {health}. {cause}",
                at=when,
                container=fact.container,
                health=fact.health,
                cause=cause,
            )
        case f.TargetRegistered() | f.TargetDeregistered() | f.TargetChanged():
            return _target_line(fact)
        case f.PullChanged(finished=False):
            return _("{at}: its images are being pulled. {cause}", at=when, cause=cause)
        case f.PullChanged():
            return _("{at}: its images are there. {cause}", at=when, cause=cause)
        case f.TaskSettled():
            return _("{at}: it ran long enough to be relied on. {cause}", at=when, cause=cause)
        case f.TaskFoundIll():
            return _("{at}: its service is to replace it. {cause}", at=when, cause=cause)
        case f.TaskProtected(until=None):
            return _("{at}: its service may stop it again. {cause}", at=when, cause=cause)
        case f.TaskProtected(until=float(until)):
            return _(
                "{at}: its service does not stop it before {until}. {cause}",
                at=when,
                until=clock_time(until),
                cause=cause,
            )
    return _("{at}: it is no longer described. {cause}", at=when, cause=cause)


def _target_line(fact: f.TargetRegistered | f.TargetDeregistered | f.TargetChanged) -> Text:
    state = fact.state if isinstance(fact, f.TargetChanged) else "initial"
    return _(
        "{at}: {target} is {state} in the target group {group}. {cause}",
        at=clock_time(fact.at),
        target=f"{fact.target.id}:{fact.target.port}",
        state="draining" if isinstance(fact, f.TargetDeregistered) else state,
        group=fact.target.group_arn.split("/")[1],
        cause=_(fact.cause),
    )


def clock_time(at: float) -> str:
    """Seconds since the epoch as the time of day, UTC: ``12:00:03Z``."""
    seconds = int(at) % 86400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"
