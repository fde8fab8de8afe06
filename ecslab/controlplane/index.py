"""Keeping the indexes of the state: what `evolve` does to them, and the check that it was right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from immutables import Map

from ecslab.controlplane.load import Load, empty_load, weight
from ecslab.controlplane.state import Index, Roster, State, Tally
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.task import Task

_PASSING = ("PROVISIONING", "DEPROVISIONING")
_NO_ZONES: Map[str, int] = Map()
_NO_MEMBERS: Map[str, bool] = Map()


# -- instances ------------------------------------------------------------------------------------


def instance_joined(index: Index, instance: ContainerInstance) -> Index:
    """With one instance more."""
    cluster = instance.cluster_arn
    roster = index.rosters.get(cluster, Roster())
    return replace(
        index,
        loads=index.loads.set(instance.arn, empty_load(instance)),
        rosters=index.rosters.set(cluster, Roster((*roster.arns, instance.arn))),
        by_ec2=index.by_ec2.set(instance.ec2_instance_id, instance.arn),
    )


def instance_left(index: Index, instance: ContainerInstance) -> Index:
    """Without an instance among those of its cluster; its load stays until it is forgotten."""
    roster = index.rosters[instance.cluster_arn]
    rest = tuple(arn for arn in roster.arns if arn != instance.arn)
    return replace(index, rosters=index.rosters.set(instance.cluster_arn, Roster(rest)))


def instance_changed(index: Index, instance: ContainerInstance) -> Index:
    """With what was worked out from attributes forgotten."""
    roster = index.rosters.get(instance.cluster_arn, Roster())
    return replace(index, rosters=index.rosters.set(instance.cluster_arn, Roster(roster.arns)))


def instance_forgotten(index: Index, instance: ContainerInstance) -> Index:
    """Without anything of an instance."""
    by_ec2 = index.by_ec2
    if by_ec2.get(instance.ec2_instance_id) == instance.arn:
        by_ec2 = by_ec2.delete(instance.ec2_instance_id)
    return replace(index, loads=index.loads.delete(instance.arn), by_ec2=by_ec2)


# -- tasks ----------------------------------------------------------------------------------------


def task_entered(index: Index, task: Task) -> Index:
    """With one task more."""
    cluster = task.cluster_arn
    members = index.members.get(cluster, _NO_MEMBERS)
    return replace(
        index,
        loads=_load(index, task, entering=True),
        tallies=_tallied(index, cluster, *weight(task)),
        members=index.members.set(cluster, members.set(task.arn, True)),
        zones=_zoned(index, task, 1),
        uses=_used(index.uses, task.definition_arn, 1),
        addresses=_addressed(index, task),
        passing=_passing(index, task),
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
    return replace(index, tallies=tallies, loads=loads, passing=_passing(index, after))


def _task_stopped(index: Index, before: Task) -> Index:
    running, pending = weight(before)
    addresses = index.addresses
    if before.interface is not None:
        addresses = addresses.delete(before.interface.private_ip)
    return replace(
        index,
        loads=_load(index, before, entering=False),
        tallies=_tallied(index, before.cluster_arn, -running, -pending),
        zones=_zoned(index, before, -1),
        uses=_used(index.uses, before.definition_arn, -1),
        addresses=addresses,
        passing=index.passing.delete(before.arn) if before.arn in index.passing else index.passing,
    )


def task_forgotten(index: Index, task: Task) -> Index:
    """Without a stopped task."""
    rest = index.members[task.cluster_arn].delete(task.arn)
    return replace(index, members=index.members.set(task.cluster_arn, rest))


def _load(index: Index, task: Task, entering: bool) -> Map[str, Load]:
    if task.instance_arn is None:
        return index.loads
    load = index.loads[task.instance_arn]
    changed = load.enter(task) if entering else load.leave(task)
    return index.loads.set(task.instance_arn, changed)


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
    if task.interface is None:
        return index.addresses
    return index.addresses.set(task.interface.private_ip, task.arn)


def _passing(index: Index, task: Task) -> Map[str, bool]:
    if task.status in _PASSING:
        return index.passing.set(task.arn, True)
    return index.passing.delete(task.arn) if task.arn in index.passing else index.passing


# -- the check ------------------------------------------------------------------------------------


def check(state: State) -> None:
    """Recompute the indexes from scratch and compare. Raises AssertionError naming the first fault.

    For tests: it reads the whole state.
    """
    live = [task for task in state.tasks.values() if task.status != "STOPPED"]
    _expect("loads", state.index.loads, _loads(state, live))
    _expect("tallies", {k: v for k, v in state.index.tallies.items() if any(v)}, _tallies(live))
    _expect(
        "members",
        {k: set(v) for k, v in state.index.members.items() if v},
        _grouped({task.arn: task.cluster_arn for task in state.tasks.values()}),
    )
    zones: Counter[tuple[str, str, str]] = Counter(
        (task.cluster_arn, task.group, task.availability_zone) for task in live
    )
    kept = {(*k, zone): n for k, v in state.index.zones.items() for zone, n in v.items()}
    _expect("zones", kept, dict(zones))
    _expect("uses", dict(state.index.uses), dict(Counter(task.definition_arn for task in live)))
    _expect(
        "rosters",
        {k: set(v.arns) for k, v in state.index.rosters.items() if v.arns},
        _grouped({one.arn: one.cluster_arn for one in _registered(state)}),
    )
    _expect(
        "passing",
        set(state.index.passing),
        {task.arn for task in live if task.status in _PASSING},
    )
    _expect(
        "addresses",
        dict(state.index.addresses),
        {task.interface.private_ip: task.arn for task in live if task.interface},
    )
    _check_loads(state)


def _check_loads(state: State) -> None:
    """No instance is overfull, no port is held twice."""
    for arn, load in state.index.loads.items():
        if min(load.cpu, load.memory, load.enis, load.gpus) < 0:
            raise AssertionError(f"{arn} is overfull: {load}")
        held: list[tuple[str, int]] = []
        for task_arn in load.tasks:
            claim = state.tasks[task_arn].claim
            held += [("tcp", port) for port in (*claim.tcp, *claim.dynamic)]
            held += [("udp", port) for port in (*claim.udp, *claim.dynamic)]
        instance = state.instances[arn]
        held += [("tcp", port) for port in instance.ports]
        held += [("udp", port) for port in instance.ports_udp]
        twice = [port for port, count in Counter(held).items() if count > 1]
        if twice:
            raise AssertionError(f"{arn} gave {twice} away twice")


def _registered(state: State) -> list[ContainerInstance]:
    return [one for one in state.instances.values() if one.status != "INACTIVE"]


def _loads(state: State, live: list[Task]) -> dict[str, Load]:
    loads = {arn: empty_load(one) for arn, one in state.instances.items()}
    for task in live:
        if task.instance_arn is not None:
            loads[task.instance_arn] = loads[task.instance_arn].enter(task)
    return loads


def _tallies(live: list[Task]) -> dict[str, Tally]:
    counted: dict[str, Tally] = {}
    for task in live:
        old, (running, pending) = counted.get(task.cluster_arn, Tally()), weight(task)
        counted[task.cluster_arn] = Tally(old.running + running, old.pending + pending)
    return counted


def _grouped(cluster_of: dict[str, str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for arn, cluster in cluster_of.items():
        groups.setdefault(cluster, set()).add(arn)
    return groups


def _expect(name: str, kept: object, computed: object) -> None:
    same = dict(kept) == computed if isinstance(kept, Map) else kept == computed
    if not same:
        raise AssertionError(f"the index {name} says {kept}, the state says {computed}")
