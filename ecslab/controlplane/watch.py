"""What needs the scheduler's attention: kept up to date fact by fact, so that nobody has to look.

Three indexes are kept here. `crews`: the tasks of every service by rank. `attention`: the services
that have something to do now, and `errands`: the tasks whose load balancer targets do. `alarms`:
when each task and each service has something to do if nothing happens before.
"""

from __future__ import annotations

from dataclasses import replace

from immutables import Map

from ecslab.controlplane.attention import needs_attention, resolved, service_moment
from ecslab.controlplane.changing import changed
from ecslab.controlplane.crew import NOBODY, Crew, Crews, rank
from ecslab.controlplane.state import State
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.service import PROVEN_AFTER, Service
from ecslab.model.task import Task

INTERFACE_SECONDS = 2.0
"""Seconds it takes to attach or detach a network interface; on AWS some seconds more."""
_NO_CREWS: Crews = Map()
_NOTHING: Map[str, bool] = Map()


# -- tasks ----------------------------------------------------------------------------------------


def task_entered(state: State, task: Task) -> State:
    """With a task more."""
    state = _alarm(state, task.arn, task_moment(state, task))
    return _crew_changed(state, None, task) if task.service_arn else state


def task_changed(state: State, before: Task, after: Task) -> State:
    """With a task that is another than before."""
    state = _alarm(state, after.arn, task_moment(state, after))
    state = _errand(state, after)
    if after.service_arn:
        state = _crew_changed(state, before, after)
    if after.status == "STOPPED" != before.status and after.instance_arn is not None:
        return room_made(state, after.cluster_arn)
    return state


def task_moment(state: State, task: Task) -> float | None:
    """When time alone brings a task on; None if it never does."""
    if task.status == "PROVISIONING" and task.desired == "STOPPED":
        return task.changed_at
    if task.status in ("PROVISIONING", "DEPROVISIONING"):
        return task.changed_at + INTERFACE_SECONDS
    moments = [] if task.protected_until is None else [task.protected_until]
    if task.service_arn and task.status == "RUNNING" and task.desired == "RUNNING":
        moments += _judgement(state, task)
    return min(moments, default=None)


def _judgement(state: State, task: Task) -> list[float]:
    """When a running task comes to count for its service, or is found to be ill."""
    started = task.started_at or 0.0
    if not task.checked and not task.doors:
        return [] if task.settled else [started + PROVEN_AFTER]
    if task.ill or not symptom(task):
        return []
    return [started + state.services[task.service_arn].settings.grace]


def symptom(task: Task) -> str:
    """What speaks against a task at the moment, in the words of its stoppedReason; or ""."""
    if task.checked and task.health == "UNHEALTHY":
        return "Task failed container health checks"
    for target in task.targets:
        if target.state == "unhealthy":
            return f"Task failed ELB health checks in (target-group {target.group_arn})"
    return ""


def needs_errand(task: Task) -> bool:
    """Whether its load balancers have to be told something, or told it what it waited for."""
    if task.desired == "RUNNING":
        missing = len(task.targets) < len(task.doors)
        return task.status == "RUNNING" and missing
    if task.status == "DEACTIVATING" and not task.targets:
        return True
    return any(target.state != "draining" for target in task.targets)


def _errand(state: State, task: Task) -> State:
    errands = _member(state.index.errands, task.arn, needs_errand(task))
    if errands is state.index.errands:
        return state
    return changed(state, index=changed(state.index, errands=errands))


def _alarm(state: State, key: str, at: float | None) -> State:
    alarms = state.index.alarms.set(key, at)
    if alarms is state.index.alarms:
        return state
    return changed(state, index=changed(state.index, alarms=alarms))


# -- crews ----------------------------------------------------------------------------------------


def displaced(state: State, task: Task) -> bool:
    """Whether a task is on an instance that is being drained."""
    home = state.instances.get(task.instance_arn or "")
    return home is not None and home.status == "DRAINING"


def _crew_changed(state: State, before: Task | None, after: Task) -> State:
    as_, was = rank(after), rank(before) if before else None
    shield = after.protected_until is not None
    if before and (as_, shield) == (was, before.protected_until is not None):
        return state
    crews = state.index.crews.get(after.service_arn, _NO_CREWS)
    key = (after.started_by, displaced(state, after))
    crew = crews.get(key, NOBODY)
    if before is not None and was is not None:
        crew = crew.leave(before)
    if as_ is not None:
        crew = crew.enter(after, as_)
    return _crews_set(state, after.service_arn, _with(crews, key, crew))


def _with(crews: Crews, key: tuple[str, bool], crew: Crew) -> Crews:
    if not crew.tasks:
        return crews.delete(key) if key in crews else crews
    return crews.set(key, crew)


def _crews_set(state: State, service_arn: str, crews: Crews) -> State:
    every = state.index.crews
    if crews or service_arn in every:
        every = every.set(service_arn, crews) if crews else every.delete(service_arn)
    state = changed(state, index=changed(state.index, crews=every))
    service = state.services[service_arn]
    if service.reviewed:
        service = replace(service, reviewed=False)
        state = changed(state, services=state.services.set(service_arn, service))
    return service_changed(state, service_arn)


def instance_status_changed(state: State, instance: ContainerInstance, before: str) -> State:
    """An instance is being drained, or no longer: its tasks have to move, or may stay."""
    drained, was = instance.status == "DRAINING", before == "DRAINING"
    if drained == was:
        return state
    for arn in sorted(state.index.loads[instance.arn].tasks):
        task = state.tasks[arn]
        as_ = rank(task)
        if task.service_arn and as_ is not None:
            crews = state.index.crews[task.service_arn]
            old, new = (task.started_by, was), (task.started_by, drained)
            crews = _with(crews, old, crews[old].leave(task))
            crews = _with(crews, new, crews.get(new, NOBODY).enter(task, as_))
            state = _crews_set(state, task.service_arn, crews)
    return state


# -- services -------------------------------------------------------------------------------------


def service_entered(state: State, service: Service) -> State:
    """With a service more, or one that comes again under the name of one that went."""
    index = state.index
    members = index.services.get(service.cluster_arn, _NOTHING).set(service.arn, True)
    state = changed(
        state, index=changed(index, services=index.services.set(service.cluster_arn, members))
    )
    return service_changed(state, service.arn)


def service_changed(state: State, service_arn: str) -> State:
    """With the attention and the alarm a service needs as it is now."""
    crews = state.index.crews.get(service_arn, _NO_CREWS)
    service = resolved(state.services[service_arn], crews)
    if service is not state.services[service_arn]:
        state = changed(state, services=state.services.set(service_arn, service))
    index = state.index
    attention = _member(index.attention, service_arn, needs_attention(service, crews))
    homeless = _homeless(index.homeless, service)
    alarms = index.alarms.set(service_arn, service_moment(service, crews))
    index = changed(index, attention=attention, homeless=homeless, alarms=alarms)
    return changed(state, index=index)


def grace_changed(state: State, service_arn: str) -> State:
    """With the moments of a service's tasks as its new grace period sets them."""
    for crew in state.index.crews.get(service_arn, _NO_CREWS).values():
        for arn in crew.tasks:
            state = _alarm(state, arn, task_moment(state, state.tasks[arn]))
    return state


def _member(index: Map[str, bool], key: str, belongs: bool) -> Map[str, bool]:
    there = key in index
    if belongs == there:
        return index
    return index.set(key, True) if belongs else index.delete(key)


def _homeless(index: Map[str, Map[str, bool]], service: Service) -> Map[str, Map[str, bool]]:
    waits = service.status == "ACTIVE" and service.primary.homeless
    old = index.get(service.cluster_arn, _NOTHING)
    new = _member(old, service.arn, waits)
    if new is old:
        return index
    return index.set(service.cluster_arn, new) if new else index.delete(service.cluster_arn)


# -- room -----------------------------------------------------------------------------------------


def room_made(state: State, cluster_arn: str) -> State:
    """There may be room now: who waits for it tries again."""
    for arn in sorted(state.index.homeless.get(cluster_arn, _NOTHING)):
        service = state.services[arn]
        primary = replace(service.primary, homeless=False, retry_at=None)
        service = replace(service, deployments=(primary, *service.deployments[1:]), reviewed=False)
        state = changed(state, services=state.services.set(arn, service))
        state = service_changed(state, arn)
    return state


def instances_changed(state: State, cluster_arn: str) -> State:
    """The instances of a cluster are others than before: daemons look, who waits tries again."""
    for arn in sorted(state.index.services.get(cluster_arn, _NOTHING)):
        service = state.services[arn]
        if service.scheduling == "DAEMON" and service.reviewed:
            service = replace(service, reviewed=False)
            state = changed(state, services=state.services.set(arn, service))
            state = service_changed(state, arn)
    return room_made(state, cluster_arn)
