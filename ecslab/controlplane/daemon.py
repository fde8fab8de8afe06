"""DAEMON services: one task on every instance that is fit for it.

Source: AWS developer guide, "Amazon ECS services" (DAEMON). While a new deployment rolls out, the
old task of an instance goes first and the new one comes after it.
"""

from __future__ import annotations

from dataclasses import replace

from ecslab.controlplane import starting
from ecslab.controlplane.context import Context
from ecslab.controlplane.crew import ALIVE, Crews, is_shielded, kept, moving
from ecslab.controlplane.facts import Fact
from ecslab.controlplane.need import Need
from ecslab.controlplane.placement import Home, Refusal, place_on, refusal
from ecslab.controlplane.service_facts import ServiceChanged, ServiceReviewed
from ecslab.controlplane.state import Roster, State
from ecslab.controlplane.stopping import stop
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.service import Service
from ecslab.model.task import Task

_ROOM = ("AGENT", "RESOURCE:")


def review(state: State, service: Service, crews: Crews, context: Context) -> list[Fact]:
    """The next thing to do for a daemon; that nothing is left to do, where nothing is."""
    need = starting.need_of(state, service)
    fit = [] if service.status != "ACTIVE" else fit_instances(state, service, need)
    homes = {one.arn for one in fit}
    if service.settings.desired != len(fit) and service.status == "ACTIVE":
        settings = replace(service.settings, desired=len(fit))
        cause = "The number of instances it is to run on changed."
        return [ServiceChanged(context.now, cause, service.arn, settings)]
    leaving = _leaving(state, service, crews, homes)
    if leaving:
        return stop(service, leaving, context)
    made = _start(state, service, crews, fit, need, context)
    return made or [ServiceReviewed(context.now, "Nothing is left to do.", service.arn)]


def fit_instances(state: State, service: Service, need: Need) -> list[ContainerInstance]:
    """The ACTIVE instances a daemon is to run on, whether or not they have room."""
    roster = state.index.rosters.get(service.cluster_arn, Roster())
    found = []
    for arn in roster.arns:
        instance = state.instances[arn]
        why = refusal(need, instance, state.index.loads[arn])
        if instance.status == "ACTIVE" and (why is None or why.startswith(_ROOM)):
            found.append(instance)
    return found


def _leaving(state: State, service: Service, crews: Crews, homes: set[str]) -> list[Task]:
    """Tasks that are to go now."""
    primary = service.primary.id
    ready = kept(crews, primary).ready
    ready += moving(crews, primary).ready + moving(crews, primary).fresh
    spare = ready - service.settings.limits.floor(service.settings.desired)
    chosen: list[Task] = []
    stalled = service.primary.rollout == "FAILED"
    for (deployment, displaced), crew in sorted(crews.items()):
        for arn, rank in sorted(crew.tasks.items()):
            task = state.tasks[arn]
            if rank not in ALIVE or is_shielded(task, rank):
                continue
            out_of_place = displaced or task.instance_arn not in homes or rank == "ill"
            old = deployment != primary and not stalled
            if old and rank in ("ready", "fresh") and not out_of_place:
                spare -= 1
                old = spare >= 0
            if out_of_place or old:
                chosen.append(task)
    return chosen


def _start(
    state: State,
    service: Service,
    crews: Crews,
    fit: list[ContainerInstance],
    need: Need,
    context: Context,
) -> list[Fact]:
    primary = service.primary
    if primary.retry_at is not None or primary.rollout == "FAILED":
        return []
    taken = {state.tasks[arn].instance_arn for crew in crews.values() for arn in crew.tasks}
    free = [one for one in fit if one.arn not in taken]
    failed = starting.not_launched(state, service, starting.at_home(service, context))
    if free and failed:
        return failed
    tried = [place_on(state, need, one) for one in free]
    facts = starting.created(
        state, service, [one for one in tried if isinstance(one, Home)], context
    )
    refused = [one for one in tried if isinstance(one, Refusal)]
    return facts + (starting.unplaced(service, refused, context) if refused else [])
