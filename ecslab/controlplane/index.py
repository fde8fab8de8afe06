"""Keeping the indexes of the state: what `evolve` does to them. `checking` says if it was right."""

from __future__ import annotations

from immutables import Map

from ecslab.controlplane.changing import changed
from ecslab.controlplane.load import Load, empty_load, weight
from ecslab.controlplane.state import Index, Roster, Tally
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.service import Deployment, Service
from ecslab.model.task import Task

_NO_ZONES: Map[str, int] = Map()
_NO_MEMBERS: Map[str, bool] = Map()


# -- instances ------------------------------------------------------------------------------------


def instance_joined(index: Index, instance: ContainerInstance) -> Index:
    """With one instance more."""
    cluster = instance.cluster_arn
    roster = index.rosters.get(cluster, Roster())
    return changed(
        index,
        loads=index.loads.set(instance.arn, empty_load(instance)),
        rosters=index.rosters.set(cluster, Roster((*roster.arns, instance.arn))),
        by_ec2=index.by_ec2.set(instance.ec2_instance_id, instance.arn),
    )


def instance_left(index: Index, instance: ContainerInstance) -> Index:
    """Without an instance among those of its cluster; its load stays until it is forgotten."""
    roster = index.rosters[instance.cluster_arn]
    rest = tuple(arn for arn in roster.arns if arn != instance.arn)
    return changed(index, rosters=index.rosters.set(instance.cluster_arn, Roster(rest)))


def instance_changed(index: Index, instance: ContainerInstance) -> Index:
    """With what was worked out from attributes forgotten."""
    roster = index.rosters.get(instance.cluster_arn, Roster())
    return changed(index, rosters=index.rosters.set(instance.cluster_arn, Roster(roster.arns)))


def instance_forgotten(index: Index, instance: ContainerInstance) -> Index:
    """Without anything of an instance."""
    by_ec2 = index.by_ec2
    if by_ec2.get(instance.ec2_instance_id) == instance.arn:
        by_ec2 = by_ec2.delete(instance.ec2_instance_id)
    return changed(index, loads=index.loads.delete(instance.arn), by_ec2=by_ec2)


# -- tasks ----------------------------------------------------------------------------------------


def task_entered(index: Index, task: Task) -> Index:
    """With one task more."""
    cluster = task.cluster_arn
    members = index.members.get(cluster, _NO_MEMBERS)
    return changed(
        index,
        loads=_load(index, task, entering=True),
        tallies=_tallied(index, cluster, *weight(task)),
        members=index.members.set(cluster, members.set(task.arn, True)),
        zones=_zoned(index, task, 1),
        uses=_used(index.uses, task.definition_arn, 1),
        named=_used(index.named, task.definition_arn, 1),
        addresses=_addressed(index, task),
    )


def task_changed(index: Index, before: Task, after: Task) -> Index:
    """With a task that took a step."""
    if before.status == after.status:
        return index
    if after.status == "STOPPED":
        return _task_stopped(index, before)
    was, now = weight(before), weight(after)
    tallies, loads = index.tallies, index.loads
    if was != now:
        tallies = _tallied(index, after.cluster_arn, now[0] - was[0], now[1] - was[1])
        if after.instance_arn is not None:
            load = index.loads[after.instance_arn]
            loads = loads.set(after.instance_arn, load.move(after))
    return changed(index, tallies=tallies, loads=loads)


def _task_stopped(index: Index, before: Task) -> Index:
    running, pending = weight(before)
    addresses = index.addresses
    for address in addresses_of(before):
        addresses = addresses.delete(address)
    return changed(
        index,
        loads=_load(index, before, entering=False),
        tallies=_tallied(index, before.cluster_arn, -running, -pending),
        zones=_zoned(index, before, -1),
        uses=_used(index.uses, before.definition_arn, -1),
        addresses=addresses,
    )


def task_forgotten(index: Index, task: Task) -> Index:
    """Without a stopped task."""
    rest = index.members[task.cluster_arn].delete(task.arn)
    return changed(
        index,
        members=index.members.set(task.cluster_arn, rest),
        named=_used(index.named, task.definition_arn, -1),
    )


def deployments_changed(index: Index, before: Service | None, after: Service) -> Index:
    """With the task definitions the deployments of a service name."""
    named = index.named
    for one in deployments_of(after):
        named = _used(named, one.revision.definition_arn, 1)
    for one in deployments_of(before) if before else ():
        named = _used(named, one.revision.definition_arn, -1)
    return changed(index, named=named)


def deployments_of(service: Service) -> tuple[Deployment, ...]:
    """The deployments a service has, and the one it may go back to."""
    return (*service.deployments, *([service.fallback] if service.fallback else []))


def _load(index: Index, task: Task, entering: bool) -> Map[str, Load]:
    if task.instance_arn is None:
        return index.loads
    load = index.loads[task.instance_arn]
    after = load.enter(task) if entering else load.leave(task)
    return index.loads.set(task.instance_arn, after)


def _tallied(index: Index, cluster: str, running: int, pending: int) -> Map[str, Tally]:
    old = index.tallies.get(cluster, Tally())
    return index.tallies.set(cluster, Tally(old.running + running, old.pending + pending))


def _zoned(index: Index, task: Task, step: int) -> Map[tuple[str, str], Map[str, int]]:
    key = (task.cluster_arn, task.group)
    zones = _used(index.zones.get(key, _NO_ZONES), task.availability_zone, step)
    return index.zones.set(key, zones) if zones else index.zones.delete(key)


def _used(uses: Map[str, int], key: str, step: int) -> Map[str, int]:
    count = uses.get(key, 0) + step
    return uses.set(key, count) if count else uses.delete(key)


def _addressed(index: Index, task: Task) -> Map[str, str]:
    addresses = index.addresses
    for address in addresses_of(task):
        addresses = addresses.set(address, task.arn)
    return addresses


def addresses_of(task: Task) -> list[str]:
    """The addresses a task has for itself."""
    interface = task.interface
    if interface is None:
        return []
    return [one for one in (interface.private_ip, interface.host) if one]
