"""What the facts of services, and of their tasks, make of services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ecslab.controlplane import facts as f
from ecslab.controlplane import index as ix
from ecslab.controlplane import service_facts as s
from ecslab.controlplane import watch
from ecslab.controlplane.changing import changed
from ecslab.controlplane.state import History, State
from ecslab.model.service import (
    MOST_EVENTS,
    MOST_REMEMBERED,
    Deployment,
    Rollout,
    RolloutStatus,
    Service,
    throttle,
)
from ecslab.model.task import Task

Step = Callable[[State, Any], State]


# -- services -------------------------------------------------------------------------------------


def _created(state: State, fact: s.ServiceCreated) -> State:
    """A service that comes again under the name of one that went has its history, as on AWS."""
    state = _remembered(state, fact.service.primary, fact.rollout)
    index = ix.deployments_changed(state.index, None, fact.service)
    state = changed(state, services=state.services.set(fact.service.arn, fact.service), index=index)
    return watch.service_entered(state, fact.service)


def _set(state: State, service: Service) -> State:
    """With a service that changed."""
    before = state.services[service.arn]
    state = changed(state, services=state.services.set(service.arn, service))
    if ix.deployments_of(before) != ix.deployments_of(service):
        state = changed(state, index=ix.deployments_changed(state.index, before, service))
    return watch.service_changed(state, service.arn)


def _changed(state: State, fact: s.ServiceChanged) -> State:
    before = state.services[fact.service_arn]
    state = _set(state, replace(before, settings=fact.settings, reviewed=False))
    if before.settings.grace != fact.settings.grace:
        return watch.grace_changed(state, fact.service_arn)
    return state


def _status_changed(state: State, fact: s.ServiceStatusChanged) -> State:
    service = changed(state.services[fact.service_arn], status=fact.status, reviewed=False)
    if fact.status == "INACTIVE":
        service = replace(service, deployments=(), fallback=None, told=())
    return _set(state, service)


def _told(state: State, fact: s.ServiceTold) -> State:
    service = state.services[fact.service_arn]
    told = dict(service.told)
    if fact.condition:
        told[fact.condition] = fact.at
    events = (fact.event, *service.events[: MOST_EVENTS - 1])
    return _set(state, replace(service, events=events, told=tuple(told.items())))


def _reviewed(state: State, fact: s.ServiceReviewed) -> State:
    return _set(state, changed(state.services[fact.service_arn], reviewed=True))


# -- deployments ----------------------------------------------------------------------------------


def _deployment_started(state: State, fact: s.DeploymentStarted) -> State:
    service = state.services[fact.service_arn]
    older = tuple(replace(one, status="ACTIVE") for one in service.deployments)
    deployments = (fact.deployment, *older)
    state = _remembered(state, fact.deployment, fact.rollout)
    return _set(state, replace(service, deployments=deployments, told=(), reviewed=False))


def _remembered(state: State, deployment: Deployment, rollout: Rollout) -> State:
    """With a service deployment more in the history of its service, ahead of those under way."""
    history = state.histories.get(rollout.service_arn, History())
    over = tuple(_superseded(one, rollout.created_at) for one in history.rollouts)
    history = History(
        (*over, rollout)[-MOST_REMEMBERED:],
        (*history.revisions, deployment.revision)[-MOST_REMEMBERED:],
    )
    return changed(state, histories=state.histories.set(rollout.service_arn, history))


def _superseded(rollout: Rollout, at: float) -> Rollout:
    if not rollout.open:
        return rollout
    reason = "A newer service deployment took its place."
    return replace(rollout, status="STOPPED", status_reason=reason, stopped_at=at, updated_at=at)


def _completed(state: State, fact: s.DeploymentCompleted) -> State:
    service = state.services[fact.service_arn]
    reason = f"ECS deployment {service.primary.id} completed."
    done = replace(
        service.primary, rollout="COMPLETED", rollout_reason=reason, updated_at=fact.at, failed=0
    )
    state = _rollout(state, service, _finished, fact.at)
    return _set(state, replace(_with_primary(service, done), fallback=done))


def _finished(rollout: Rollout, at: float) -> Rollout:
    back = rollout.rollback_at is not None
    status: RolloutStatus = "ROLLBACK_SUCCESSFUL" if back else "SUCCESSFUL"
    return replace(rollout, status=status, finished_at=at, updated_at=at)


def _failed(state: State, fact: s.DeploymentFailed) -> State:
    service = state.services[fact.service_arn]
    given_up = replace(
        service.primary, rollout="FAILED", rollout_reason=fact.reason, updated_at=fact.at
    )
    count = service.primary.failed

    def stop(rollout: Rollout, at: float) -> Rollout:
        return replace(
            rollout,
            status="STOPPED",
            status_reason=fact.reason,
            stopped_at=at,
            updated_at=at,
            failed=count,
            tripped=True,
        )

    return _set(_rollout(state, service, stop, fact.at), _with_primary(service, given_up))


def _rolled_back(state: State, fact: s.RollbackStarted) -> State:
    """The deployment that was completed last is in progress again, and no longer one to go back to
    until it is completed once more.
    """
    service = state.services[fact.service_arn]
    assert service.fallback is not None
    failed = service.primary
    back = replace(
        service.fallback,
        status="PRIMARY",
        rollout="IN_PROGRESS",
        rollout_reason=fact.reason,
        updated_at=fact.at,
        failed=0,
        failed_starts=0,
        retry_at=None,
        homeless=False,
    )
    older = (one for one in service.deployments if one.id != back.id)

    def turn(rollout: Rollout, at: float) -> Rollout:
        return replace(
            rollout,
            status="ROLLBACK_IN_PROGRESS",
            stopped_at=None,
            updated_at=at,
            rollback_at=at,
            rollback_reason=fact.reason,
            rollback_to=back.revision.arn,
        )

    state = _rollout(state, service, turn, fact.at, failed.rollout_arn)
    deployments = (back, *(replace(one, status="ACTIVE") for one in older))
    return _set(
        state, replace(service, deployments=deployments, fallback=None, told=(), reviewed=False)
    )


def _ended(state: State, fact: s.DeploymentEnded) -> State:
    service = state.services[fact.service_arn]
    rest = tuple(one for one in service.deployments if one.id != fact.deployment_id)
    return _set(state, replace(service, deployments=rest))


def _with_primary(service: Service, primary: Deployment) -> Service:
    return replace(service, deployments=(primary, *service.deployments[1:]))


def _rollout(
    state: State,
    service: Service,
    change: Callable[[Rollout, float], Rollout],
    at: float,
    arn: str | None = None,
) -> State:
    """With the service deployment under way (or the one named) changed."""
    history = state.histories[service.arn]
    rollouts = tuple(
        change(one, at) if (one.open if arn is None else one.arn == arn) else one
        for one in history.rollouts
    )
    now = replace(history, rollouts=rollouts)
    return changed(state, histories=state.histories.set(service.arn, now))


# -- what tasks do to their deployment ------------------------------------------------------------


def task_started(state: State, task: Task) -> State:
    """A task was given a home: the wait before it is over."""
    return _deployment(state, task, retry_at=None, homeless=False)


def task_runs(state: State, task: Task) -> State:
    """A task came to run: starts succeed again."""
    return _deployment(state, task, failed_starts=0, retry_at=None)


def task_proven(state: State, task: Task) -> State:
    """A task counts as healthy for the first time."""
    breaker = state.services[task.service_arn].settings.limits.breaker
    return _deployment(state, task, failed=0) if breaker.reset_on_healthy_task else state


def task_ended(state: State, task: Task, at: float) -> State:
    """A task stopped, and with it maybe the patience with its deployment."""
    not_started = task.started_at is None and task.stop_code == "TaskFailedToStart"
    crashed = task.stop_code == "EssentialContainerExited" and not task.proven
    service = state.services[task.service_arn]
    deployment = service.deployment(task.started_by)
    if deployment is None or not (not_started or crashed or task.ill):
        return state
    changes: dict[str, Any] = {}
    if deployment.rollout == "IN_PROGRESS":
        changes["failed"] = deployment.failed + 1
    if not_started:
        changes |= _throttled(deployment, at)
    return _deployment(state, task, **changes)


def _throttled(deployment: Deployment, at: float) -> dict[str, Any]:
    """Failures within one wait are one round."""
    if deployment.retry_at is not None and at < deployment.retry_at:
        return {}
    rounds = deployment.failed_starts + 1
    return {"failed_starts": rounds, "retry_at": at + throttle(rounds)}


def _start_failed(state: State, fact: s.PlacementFailed | s.LaunchFailed) -> State:
    service = state.services[fact.service_arn]
    primary = service.primary
    failed = primary.failed + (primary.rollout == "IN_PROGRESS")
    homeless = isinstance(fact, s.PlacementFailed)
    failing = replace(primary, failed=failed, homeless=homeless, **_throttled(primary, fact.at))
    return _set(state, _with_primary(service, failing))


def _wait_ended(state: State, fact: s.WaitEnded) -> State:
    service = state.services[fact.service_arn]
    primary = replace(service.primary, retry_at=None)
    return _set(state, replace(_with_primary(service, primary), reviewed=False))


def _deployment(state: State, task: Task, **changes: Any) -> State:
    """With the deployment of a task changed, if it is still there."""
    service = state.services[task.service_arn]
    old = service.deployment(task.started_by)
    new = replace(old, **changes) if old else None
    if new is None or new == old:
        return state
    deployments = tuple(new if one is old else one for one in service.deployments)
    return _set(state, replace(service, deployments=deployments))


STEPS: dict[type[f.Fact], Step] = {
    s.ServiceCreated: _created,
    s.ServiceChanged: _changed,
    s.ServiceStatusChanged: _status_changed,
    s.ServiceTold: _told,
    s.ServiceReviewed: _reviewed,
    s.DeploymentStarted: _deployment_started,
    s.DeploymentCompleted: _completed,
    s.DeploymentFailed: _failed,
    s.RollbackStarted: _rolled_back,
    s.DeploymentEnded: _ended,
    s.PlacementFailed: _start_failed,
    s.LaunchFailed: _start_failed,
    s.WaitEnded: _wait_ended,
}
