"""The check of the indexes: everything that is kept for speed, worked out again from scratch.

For tests: it reads the whole state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from immutables import Map

from ecslab.controlplane import watch
from ecslab.controlplane.attention import needs_attention, service_moment
from ecslab.controlplane.crew import NOBODY, Crew, rank
from ecslab.controlplane.index import addresses_of, deployments_of
from ecslab.controlplane.load import Load, empty_load, weight
from ecslab.controlplane.state import State, Tally
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.task import Task


def check(state: State) -> None:
    """Recompute the indexes from scratch and compare. Raises AssertionError naming the first fault.

    For tests: it reads the whole state.
    """
    live = [task for task in state.tasks.values() if task.status != "STOPPED"]
    _expect("loads", state.index.loads, _loads(state, live))
    _expect("tallies", _nonzero(state.index.tallies), _nonzero(_tallies(live)))
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
    named = Counter(task.definition_arn for task in state.tasks.values())
    named.update(
        one.revision.definition_arn
        for service in state.services.values()
        for one in deployments_of(service)
    )
    _expect("named", dict(state.index.named), dict(named))
    _expect(
        "addresses",
        dict(state.index.addresses),
        {address: task.arn for task in live for address in addresses_of(task)},
    )
    _check_loads(state)
    _check_watch(state, live)


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


def _check_watch(state: State, live: list[Task]) -> None:
    """What needs attention, from scratch."""
    crews: dict[str, dict[tuple[str, bool], Crew]] = {}
    for task in live:
        as_ = rank(task)
        if task.service_arn and as_ is not None:
            of_service = crews.setdefault(task.service_arn, {})
            key = (task.started_by, watch.displaced(state, task))
            of_service[key] = of_service.get(key, NOBODY).enter(task, as_)
    kept = {arn: dict(one) for arn, one in state.index.crews.items() if one}
    _expect("crews", kept, crews)
    services = state.services.values()
    wanting = {one.arn for one in services if needs_attention(one, Map(crews.get(one.arn, {})))}
    _expect("attention", set(state.index.attention), wanting)
    errands = {task.arn for task in state.tasks.values() if watch.needs_errand(task)}
    _expect("errands", set(state.index.errands), errands)
    homeless = {one.arn for one in services if one.status == "ACTIVE" and one.primary.homeless}
    waiting = {arn for members in state.index.homeless.values() for arn in members}
    _expect("homeless", waiting, homeless)
    moments = {task.arn: watch.task_moment(state, task) for task in state.tasks.values()}
    moments |= {one.arn: service_moment(one, Map(crews.get(one.arn, {}))) for one in services}
    due = {key: at for key, at in moments.items() if at is not None}
    _expect("alarms", state.index.alarms.of, due)
    first = min(due.values(), default=None)
    _expect("the first alarm", state.index.alarms.next, first)


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
    return {cluster: tally for cluster, tally in counted.items() if any(tally)}


def _nonzero(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    return {cluster: tally for cluster, tally in tallies.items() if any(tally)}


def _grouped(cluster_of: dict[str, str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for arn, cluster in cluster_of.items():
        groups.setdefault(cluster, set()).add(arn)
    return groups


def _expect(name: str, kept: object, computed: object) -> None:
    same = dict(kept) == computed if isinstance(kept, Map) else kept == computed
    if not same:
        raise AssertionError(f"the index {name} says {kept}, the state says {computed}")
