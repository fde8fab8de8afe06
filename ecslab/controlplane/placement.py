"""Where a task goes: filter, then rank, each refusal with its reason. Pure.

Source: AWS developer guide, "How Amazon ECS places tasks on container instances": first CPU, GPU,
memory and ports, then constraints (binding), then strategies (best effort), then the pick. Placing
n tasks on m instances costs O((n + m) log m): leading spreads are a tree of heaps over groups of
instances, what follows is one heap per group.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from itertools import takewhile
from typing import Protocol

from ecslab.controlplane.load import Load
from ecslab.controlplane.need import Need, Strategy
from ecslab.controlplane.state import Roster, State
from ecslab.model.container_instance import ZONE, ContainerInstance
from ecslab.model.resources import MOST_RESERVED_PORTS
from ecslab.model.task import Claim


@dataclass(frozen=True)
class Home:
    """Where a task goes, and what it takes there."""

    instance: ContainerInstance | None
    """None on Fargate."""
    claim: Claim
    zone: str = ""
    subnet: str = ""
    """Where its network interface is to be; "" leaves it to the instance."""
    provider: str = ""
    """The capacity provider that gave it."""


@dataclass(frozen=True)
class Refusal:
    """Why an instance does not take the task (the reason of the API's failures)."""

    instance_arn: str
    reason: str


@dataclass(frozen=True)
class Placement:
    """The homes found, and, where they are fewer than asked for, every instance's reason."""

    homes: tuple[Home, ...]
    refusals: tuple[Refusal, ...] = ()


def place(
    state: State, cluster_arn: str, need: Need, count: int = 1, rng: random.Random | None = None
) -> Placement:
    """Homes for up to `count` tasks of one need, best first.

    `rng` breaks ties; without one ties fall as they always do.
    """
    field = _Field(state, cluster_arn, need, rng or random.Random(0))
    pile = _pile(field, need.strategies, field.roster.arns)
    homes: list[Home] = []
    while len(homes) < count:
        arn = pile.take()
        if arn is None:
            return Placement(tuple(homes), field.refusals())
        homes.append(field.settle(arn))
    return Placement(tuple(homes))


def place_on(state: State, need: Need, instance: ContainerInstance) -> Home | Refusal:
    """The home of a task on a given instance (StartTask), or the reason it has none there."""
    load = state.index.loads[instance.arn]
    reason = refusal(need, instance, load)
    if reason is not None:
        return Refusal(instance.arn, reason)
    return Home(instance, claim(need, load), instance.zone)


def refusal(need: Need, instance: ContainerInstance, load: Load) -> str | None:
    """Why the instance does not take the task; None if it does."""
    if not instance.connected:
        return "AGENT"
    if need.cpu > load.cpu:
        return "RESOURCE:CPU"
    if need.memory > load.memory:
        return "RESOURCE:MEMORY"
    if need.gpus > load.gpus:
        return "RESOURCE:GPU"
    if need.enis > load.enis:
        return "RESOURCE:ENI"
    if not _ports_free(need, load):
        return "RESOURCE:PORTS"
    if need.attributes and not all(name in instance.attribute for name in need.attributes):
        return "ATTRIBUTE"
    if need.zones is not None and instance.zone not in need.zones:
        return "LOCATION"
    if need.distinct and need.group in load.groups:
        return "DistinctInstance placement constraint unsatisfied."
    for member in need.members:
        if not member(instance, load):
            return "MemberOf placement constraint unsatisfied."
    return None


def _ports_free(need: Need, load: Load) -> bool:
    named = (*need.tcp, *need.udp)
    if named:
        if len(load.tcp) + len(load.udp) + len(named) > MOST_RESERVED_PORTS:
            return False
        if not (load.tcp.isdisjoint(need.tcp) and load.udp.isdisjoint(need.udp)):
            return False
        if not load.dynamic.isdisjoint(named):
            return False
    return not need.dynamic or load.free_ports(need.dynamic, named) is not None


def _of_group(instance: ContainerInstance, need: Need) -> bool:
    """Whether an instance is one of the capacity provider's that was asked."""
    wanted = need.auto_scaling_group
    return wanted is None or instance.auto_scaling_group == wanted


def claim(need: Need, load: Load) -> Claim:
    """What the task takes from an instance that does not refuse it."""
    ports = load.free_ports(need.dynamic, (*need.tcp, *need.udp)) or ()
    return Claim(need.group, need.cpu, need.memory, need.tcp, need.udp, ports, need.enis, need.gpus)


class _Field:
    """The instances of a cluster while tasks of one need are being placed on them."""

    def __init__(self, state: State, cluster_arn: str, need: Need, rng: random.Random) -> None:
        self.state = state
        self.cluster_arn = cluster_arn
        self.need = need
        self.rng = rng
        self.roster = state.index.rosters.get(cluster_arn, Roster())
        self._changed: dict[str, Load] = {}

    def load(self, arn: str) -> Load:
        """What is left of an instance, with what was just placed."""
        return self._changed.get(arn) or self.state.index.loads[arn]

    def fits(self, arn: str) -> bool:
        """Whether an instance takes one more. Once it does not, it never will in this call."""
        instance = self.state.instances[arn]
        if instance.status != "ACTIVE" or not _of_group(instance, self.need):
            return False
        return refusal(self.need, instance, self.load(arn)) is None

    def settle(self, arn: str) -> Home:
        """Put one task there."""
        load = self.load(arn)
        taken = claim(self.need, load)
        self._changed[arn] = load.take(taken)
        instance = self.state.instances[arn]
        return Home(instance, taken, instance.zone)

    def refusals(self) -> tuple[Refusal, ...]:
        """The reason of every ACTIVE instance."""
        reasons = []
        for arn in self.roster.arns:
            instance = self.state.instances[arn]
            if instance.status == "ACTIVE" and _of_group(instance, self.need):
                why = refusal(self.need, instance, self.load(arn))
                reasons.append(Refusal(arn, why or ""))
        return tuple(reasons)

    def same_group(self, arn: str) -> int:
        """How many tasks of the group live on an instance."""
        return self.load(arn).groups.get(self.need.group, 0)

    def value(self, arn: str, name: str) -> str:
        """The value of an attribute of an instance; "" where it has none."""
        return self.state.instances[arn].attribute.get(name) or ""

    def counts(self, name: str, arns: Iterable[str]) -> dict[str, int]:
        """How many tasks of the group live where an attribute has this value."""
        groups = self.grouped(name, arns).items()
        return {value: sum(map(self.same_group, group)) for value, group in groups}

    def grouped(self, name: str, arns: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Instances by the value of an attribute; those without it are a group of their own."""
        groups: dict[str, list[str]] = {}
        for arn in arns:
            groups.setdefault(self.value(arn, name), []).append(arn)
        return {value: tuple(members) for value, members in groups.items()}

    def all_grouped(self, name: str) -> dict[str, tuple[str, ...]]:
        """All instances of the cluster by an attribute, worked out once per roster."""
        kept = self.roster.by_field.get(name)
        if kept is None:
            kept = self.roster.by_field[name] = self.grouped(name, self.roster.arns)
        return kept


class _Pile(Protocol):
    """Instances in the order of a strategy."""

    def take(self) -> str | None:
        """The best instance that fits; a task is put there. None if none fits any more."""


class _Spread:
    """Groups of instances, the one with the fewest tasks of the group first."""

    def __init__(self, field: _Field, counted: Iterable[tuple[int, _Pile]]) -> None:
        self._heap = [(count, field.rng.random(), pile) for count, pile in counted]
        heapify(self._heap)

    def take(self) -> str | None:
        while self._heap:
            count, tie, pile = self._heap[0]
            arn = pile.take()
            if arn is not None:
                heapreplace(self._heap, (count + 1, tie, pile))
                return arn
            heappop(self._heap)
        return None


class _Random:
    """Any instance."""

    def __init__(self, field: _Field, arns: Iterable[str]) -> None:
        self._field = field
        self._arns = list(arns)

    def take(self) -> str | None:
        arns = self._arns
        while arns:
            at = int(self._field.rng.random() * len(arns))
            if self._field.fits(arns[at]):
                return arns[at]
            arns[at] = arns[-1]
            arns.pop()
        return None


class _Ranked:
    """Instances by keys that change as tasks are placed: a key is looked at again when it is first.

    Keys of spreads only grow, and the key of a binpack shrinks only for the instance just taken,
    which is first already: an old key is never too large for an instance further down.
    """

    def __init__(
        self, field: _Field, strategies: tuple[Strategy, ...], arns: tuple[str, ...]
    ) -> None:
        self._field = field
        names = [attribute_of(one) for one in strategies]
        self._counts = {name: field.counts(name, arns) for name in names if name}
        self._key = self._key_of(strategies)
        self._heap = [(self._key(arn), field.rng.random(), arn) for arn in arns]
        heapify(self._heap)

    def _key_of(self, strategies: tuple[Strategy, ...]) -> Callable[[str], object]:
        parts = [self._part(one) for one in takewhile(lambda one: one[0] != "random", strategies)]
        if len(parts) == 1:
            return parts[0]
        return lambda arn: tuple(part(arn) for part in parts)

    def _part(self, strategy: Strategy) -> Callable[[str], int]:
        field = self._field
        name = attribute_of(strategy)
        if name:
            counts = self._counts[name]
            return lambda arn: counts[field.value(arn, name)]
        if strategy == ("binpack", "cpu"):
            return lambda arn: field.load(arn).cpu
        if strategy == ("binpack", "memory"):
            return lambda arn: field.load(arn).memory
        return field.same_group

    def take(self) -> str | None:
        heap = self._heap
        while heap:
            old, tie, arn = heap[0]
            now = self._key(arn)
            if now != old:
                heapreplace(heap, (now, tie, arn))
            elif self._field.fits(arn):
                for name, counts in self._counts.items():
                    counts[self._field.value(arn, name)] += 1
                return arn
            else:
                heappop(heap)
        return None


def _pile(field: _Field, strategies: tuple[Strategy, ...], arns: tuple[str, ...]) -> _Pile:
    if not strategies or strategies[0][0] == "random":
        return _Random(field, arns)
    name = attribute_of(strategies[0])
    if name:
        return _spread(field, name, strategies[1:], arns)
    return _Ranked(field, strategies, arns)


def attribute_of(strategy: Strategy) -> str:
    """The attribute a strategy spreads over, "" if it does something else."""
    kind, what = strategy
    return what.removeprefix("attribute:") if kind == "spread" and ":" in what else ""


def _spread(field: _Field, name: str, rest: tuple[Strategy, ...], arns: tuple[str, ...]) -> _Spread:
    whole = arns is field.roster.arns
    groups = field.all_grouped(name) if whole else field.grouped(name, arns)
    if name == ZONE and whole:
        zones = field.state.index.zones.get((field.cluster_arn, field.need.group))
        counts = {value: zones.get(value, 0) if zones else 0 for value in groups}
    else:
        counts = {value: sum(map(field.same_group, group)) for value, group in groups.items()}
    return _Spread(
        field, ((counts[value], _pile(field, rest, group)) for value, group in groups.items())
    )
