"""The service scheduler: the next thing a service does, as facts. Pure."""

from __future__ import annotations

from ecslab.controlplane import starting, telling, victims
from ecslab.controlplane.attention import REPEATED_AFTER, news, plan_of, tripped
from ecslab.controlplane.context import Context
from ecslab.controlplane.crew import Crews, gone
from ecslab.controlplane.daemon import review
from ecslab.controlplane.facts import Fact
from ecslab.controlplane.plan import Plan
from ecslab.controlplane.service_facts import (
    DeploymentCompleted,
    DeploymentEnded,
    DeploymentFailed,
    RollbackStarted,
    ServiceStatusChanged,
    WaitEnded,
)
from ecslab.controlplane.state import State
from ecslab.controlplane.stopping import stop
from ecslab.model.service import Service
from ecslab.model.task import Task

BREAKER = "ECS deployment circuit breaker"


def act(state: State, service: Service, crews: Crews, context: Context) -> list[Fact]:
    """What a service does first of all it has to do; nothing if it has nothing to do."""
    now = plan_of(service, crews)
    return (
        _end_deployments(service, crews, context)
        or _give_up(service, context)
        or _replace(state, service, crews, now, context)
        or _leave(service, crews, context)
        or _tell(service, now, context)
    )


def _end_deployments(service: Service, crews: Crews, context: Context) -> list[Fact]:
    cause = "None of its tasks is left."
    return [
        DeploymentEnded(context.now, cause, service.arn, one.id)
        for one in service.deployments[1:]
        if gone(crews, one.id)
    ]


def _give_up(service: Service, context: Context) -> list[Fact]:
    """The circuit breaker: the deployment failed; the last good one comes back, if that is wanted
    and there is one.
    """
    if not tripped(service):
        return []
    reason = f"{BREAKER}: tasks failed to start."
    cause = "Too many of its tasks failed."
    facts: list[Fact] = [
        DeploymentFailed(context.now, cause, service.arn, reason),
        telling.tell(service, context, telling.failed(service.primary.id)),
    ]
    if service.settings.limits.breaker.rollback and service.fallback is not None:
        facts += roll_back(service, f"{BREAKER}: rolling back to deploymentId", context)
    return facts


def roll_back(service: Service, why: str, context: Context) -> list[Fact]:
    """Back to the last deployment that was completed."""
    assert service.fallback is not None
    back = service.fallback.id
    cause = "The newest deployment was given up."
    return [
        RollbackStarted(context.now, cause, service.arn, f"{why} {back}."),
        telling.tell(service, context, telling.rolling_back(back)),
    ]


def _replace(
    state: State, service: Service, crews: Crews, now: Plan, context: Context
) -> list[Fact]:
    if service.scheduling == "DAEMON":
        return [] if service.reviewed else review(state, service, crews, context)
    if not now.acts:
        return []
    facts = stop(service, _victims(state, service, crews, now), context)
    if now.start:
        facts += starting.start(state, service, now.start, context)
    return facts


def _victims(state: State, service: Service, crews: Crews, now: Plan) -> list[Task]:
    primary = service.primary.id
    return [
        *victims.staying(
            state, crews, primary, ("starting", "fresh", "unproven"), now.stop_kept_weak
        ),
        *victims.staying(state, crews, primary, ("ready",), now.stop_kept_ready),
        *victims.replaced(state, crews, primary, ("starting",), now.stop_starting),
        *victims.replaced(state, crews, primary, ("ill", "unproven"), now.stop_weak),
        *victims.replaced(state, crews, primary, ("fresh", "ready"), now.stop_ready),
    ]


def _leave(service: Service, crews: Crews, context: Context) -> list[Fact]:
    """A service that is being deleted is gone with its last task."""
    left = not all(gone(crews, one.id) for one in service.deployments)
    if service.status != "DRAINING" or left:
        return []
    cause = "None of its tasks is left."
    return [ServiceStatusChanged(context.now, cause, service.arn, "INACTIVE")]


def _tell(service: Service, now: Plan, context: Context) -> list[Fact]:
    if service.status != "ACTIVE":
        return []
    facts: list[Fact] = []
    for name in news(service, now):
        if name == "completed":
            cause = "It reached a steady state."
            facts.append(DeploymentCompleted(context.now, cause, service.arn))
            text = telling.completed(service.primary.id)
            facts.append(telling.tell(service, context, text))
        else:
            facts.append(telling.tell(service, context, telling.CONDITIONS[name], name))
    return facts


def on_time(service: Service, context: Context) -> list[Fact]:
    """What is due for a service because a moment has come."""
    facts: list[Fact] = []
    retry_at, steady = service.primary.retry_at, service.said_at("steady")
    if retry_at is not None and retry_at <= context.now:
        cause = "The wait after failed starts is over."
        facts.append(WaitEnded(context.now, cause, service.arn))
    if steady is not None and steady + REPEATED_AFTER <= context.now:
        facts.append(telling.tell(service, context, telling.CONDITIONS["steady"], "steady"))
    return facts
