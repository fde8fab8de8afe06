"""Whether a service has something to do, and when it will: judged from its crews. Pure."""

from __future__ import annotations

from dataclasses import replace

from ecslab.controlplane.crew import Crews, gone, kept, moving
from ecslab.controlplane.plan import Circumstances, Plan, plan
from ecslab.model.service import Service

REPEATED_AFTER = 6 * 3600.0
"""Seconds until a condition that lasts is told again (developer guide, service event messages)."""
IMPAIRED_FROM = 3
"""Rounds of failed starts from which on a service says that it cannot start tasks."""


def circumstances(service: Service) -> Circumstances:
    """What the plan of a service depends on."""
    primary, settings = service.primary, service.settings
    return Circumstances(
        desired=settings.desired,
        floor=settings.limits.floor(settings.desired),
        ceiling=settings.limits.ceiling(settings.desired),
        stalled=primary.rollout == "FAILED",
        waits=primary.retry_at is not None,
        homeless=primary.homeless,
    )


def plan_of(service: Service, crews: Crews) -> Plan:
    """The plan of a service."""
    primary = service.primary.id
    return plan(kept(crews, primary), moving(crews, primary), circumstances(service))


def needs_attention(service: Service, crews: Crews) -> bool:
    """Whether there is something to do for a service that does not only wait for time."""
    if service.status == "INACTIVE":
        return False
    if service.scheduling == "DAEMON" and not service.reviewed:
        return True
    if any(gone(crews, one.id) for one in service.deployments[1:]):
        return True
    now = plan_of(service, crews)
    acts = now.acts and service.scheduling == "REPLICA"
    if service.status == "DRAINING":
        return acts or all(gone(crews, one.id) for one in service.deployments)
    return acts or tripped(service) or any(news(service, now))


def tripped(service: Service) -> bool:
    """Whether the circuit breaker gives the deployment up."""
    primary, settings = service.primary, service.settings
    breaker = settings.limits.breaker
    if not breaker.enable or primary.rollout != "IN_PROGRESS" or service.status != "ACTIVE":
        return False
    return primary.failed >= breaker.threshold(settings.desired)


def news(service: Service, now: Plan) -> tuple[str, ...]:
    """What there is to tell: conditions that hold and were not told yet, and a completion."""
    told = dict(service.told)
    lasting = (name for name in ("steady", "stuck", "impaired") if name not in told)
    found = tuple(name for name in lasting if _holds(name, service, now))
    if now.steady and service.primary.rollout == "IN_PROGRESS":
        return ("completed", *found)
    return found


def _holds(condition: str, service: Service, now: Plan) -> bool:
    match condition:
        case "steady":
            return now.steady and service.primary.rollout != "FAILED"
        case "stuck":
            return now.stuck and service.scheduling == "REPLICA"
        case "impaired":
            return service.primary.failed_starts >= IMPAIRED_FROM
    return now.lacking > 0 or now.start > 0  # no room


def resolved(service: Service, crews: Crews) -> Service:
    """The service without what it told of conditions that hold no longer."""
    if not service.told:
        return service
    now = plan_of(service, crews)
    told = tuple(one for one in service.told if _holds(one[0], service, now))
    return service if told == service.told else replace(service, told=told)


def service_moment(service: Service, crews: Crews) -> float | None:
    """When time alone gives a service something to do."""
    if service.status == "INACTIVE":
        return None
    moments = []
    retry_at = service.primary.retry_at
    if retry_at is not None and plan_of(service, crews).lacking and service.status == "ACTIVE":
        moments.append(retry_at)
    steady = service.said_at("steady")
    if steady is not None:
        moments.append(steady + REPEATED_AFTER)
    return min(moments, default=None)
