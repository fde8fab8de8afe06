"""New tasks for a service: where they go, what they are made of, what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from immutables import Map

from ecslab.controlplane import telling
from ecslab.controlplane.attention import REPEATED_AFTER
from ecslab.controlplane.capacity import Launch, find_homes
from ecslab.controlplane.context import Context
from ecslab.controlplane.creating import Birth, create
from ecslab.controlplane.crew import ALIVE, kept
from ecslab.controlplane.facts import Fact, TaskCreated
from ecslab.controlplane.launching import zones
from ecslab.controlplane.need import Need
from ecslab.controlplane.need import need_of as need_of_task
from ecslab.controlplane.placement import Home, Refusal
from ecslab.controlplane.roles import not_for_tasks
from ecslab.controlplane.service_facts import LaunchFailed, PlacementFailed
from ecslab.controlplane.state import State
from ecslab.model.arn import last, parse
from ecslab.model.service import Service
from ecslab.model.task_definition import Tag

_CHECKS = (
    "AGENT",
    "RESOURCE:CPU",
    "RESOURCE:MEMORY",
    "RESOURCE:GPU",
    "RESOURCE:ENI",
    "RESOURCE:PORTS",
    "ATTRIBUTE",
    "LOCATION",
)
"""The order in which an instance is checked: who fails late came close."""


def start(state: State, service: Service, count: int, context: Context) -> list[Fact]:
    """Up to `count` tasks of the newest deployment; what is said where there is no room."""
    here = at_home(service, context)
    failed = not_launched(state, service, here)
    if failed:
        return failed
    placement = find_homes(
        state,
        service.cluster_arn,
        need_of(state, service),
        launch_of(service),
        count,
        here,
        _by_provider(state, service),
    )
    facts = created(state, service, placement.homes, context)
    if len(placement.homes) < count:
        facts += unplaced(service, placement.refusals, context)
    return facts


def launch_of(service: Service) -> Launch:
    """Where the tasks of the newest deployment run."""
    revision = service.primary.revision
    network = (revision.network or {}).get("awsvpcConfiguration") or {}
    return Launch(
        revision.launch_type,
        revision.strategy,
        revision.platform_version,
        tuple(network.get("subnets") or ()),
        network.get("assignPublicIp") == "ENABLED",
    )


def _by_provider(state: State, service: Service) -> Counter[str]:
    """Capacity provider → tasks of the newest deployment it holds."""
    if not service.primary.revision.strategy:
        return Counter()
    crew = kept(state.index.crews.get(service.arn, Map()), service.primary.id)
    tasks = (state.tasks[arn] for arn, rank in crew.tasks.items() if rank in ALIVE)
    return Counter(task.capacity_provider for task in tasks)


def need_of(state: State, service: Service) -> Need:
    """What a task of the newest deployment needs."""
    settings = service.settings
    wanted: dict[str, object] = {"placementConstraints": settings.constraints}
    if settings.strategies is not None:
        wanted["placementStrategy"] = settings.strategies
    definition = state.definitions[service.primary.revision.definition_arn]
    there = zones(state, service.cluster_arn, launch_of(service).subnets)
    return need_of_task(definition.value, group_of(service), {}, wanted, there)


def group_of(service: Service) -> str:
    """The task group of a service."""
    return f"service:{service.name}"


def created(state: State, service: Service, homes: Iterable[Home], context: Context) -> list[Fact]:
    """Tasks in their homes, and the event that tells of them."""
    birth = _birth(state, service)
    here = at_home(service, context)
    used: set[str] = set()
    tasks = [create(state, birth, home, here, used) for home in homes]
    if not tasks:
        return []
    cause = "Its service lacked a task; placement chose this instance."
    if tasks[0].instance_arn is None:
        cause = "Its service lacked a task."
    facts: list[Fact] = [TaskCreated(context.now, cause, task) for task in tasks]
    return [*facts, telling.tell(service, context, telling.started(tasks))]


def at_home(service: Service, context: Context) -> Context:
    """The surroundings in the region of the service."""
    parts = parse(service.arn)
    return replace(context, region=parts.region) if parts else context


def _birth(state: State, service: Service) -> Birth:
    revision = service.primary.revision
    return Birth(
        cluster=state.clusters[service.cluster_arn],
        definition=state.definitions[revision.definition_arn],
        overrides={},
        started_by=service.primary.id,
        reference_id="",
        execute_command=service.settings.execute_command,
        launch=launch_of(service),
        tags=_tags(state, service),
        service_arn=service.arn,
        doors=revision.doors,
    )


def _tags(state: State, service: Service) -> tuple[Tag, ...]:
    settings = service.settings
    tags: dict[str | None, str | None] = {}
    if settings.managed_tags:
        tags["aws:ecs:clusterName"] = last(service.cluster_arn)
        tags["aws:ecs:serviceName"] = service.name
    source = {
        "SERVICE": service.arn,
        "TASK_DEFINITION": service.primary.revision.definition_arn,
    }.get(settings.propagate_tags)
    if source:
        tags |= {tag.key: tag.value for tag in state.tags.get(source, ())}
    return tuple(Tag(key, value) for key, value in tags.items())


def unplaced(service: Service, refusals: Iterable[Refusal], context: Context) -> list[Fact]:
    """There was no room: the fact, and the event unless it was told within six hours."""
    cause = "No container instance met all of its requirements."
    facts: list[Fact] = [PlacementFailed(context.now, cause, service.arn)]
    closest = max(refusals, key=_closeness, default=None)
    text = telling.unplaced(
        last(closest.instance_arn) if closest else None, closest.reason if closest else ""
    )
    return facts + _told_now_and_then(service, text, "placement", context)


def not_launched(state: State, service: Service, context: Context) -> list[Fact]:
    """Its tasks name a role ECS cannot give them: the fact, and the event as with `unplaced`."""
    definition = state.definitions[service.primary.revision.definition_arn].value
    why = not_for_tasks(definition, {}, context)
    if not why:
        return []
    failed = LaunchFailed(context.now, why, service.arn)
    return [failed, *_told_now_and_then(service, telling.not_launched(why), "launch", context)]


def _told_now_and_then(service: Service, text: str, condition: str, context: Context) -> list[Fact]:
    told = service.said_at(condition)
    if told is not None and context.now - told < REPEATED_AFTER:
        return []
    return [telling.tell(service, context, text, condition)]


def _closeness(refusal: Refusal) -> tuple[int, str]:
    known = refusal.reason in _CHECKS
    return _CHECKS.index(refusal.reason) if known else len(_CHECKS), refusal.instance_arn
