"""Which tasks of a service are stopped, where some have to be.

Source: ECS API, UpdateService: "When the service scheduler stops running tasks, it attempts to
maintain balance across the Availability Zones": first the zone with the most tasks of the service,
there the instance with the most, there the newest task.
"""

from __future__ import annotations

from collections.abc import Iterable

from ecslab.controlplane.crew import Crews, Rank, is_shielded
from ecslab.controlplane.state import State
from ecslab.model.task import Task

Ranks = tuple[Rank, ...]


def staying(state: State, crews: Crews, primary: str, ranks: Ranks, count: int) -> list[Task]:
    """Tasks of the newest deployment that are too many."""
    keys = [(primary, False)]
    return _first(state, _members(crews, keys, ranks), ranks, count)


def replaced(state: State, crews: Crews, primary: str, ranks: Ranks, count: int) -> list[Task]:
    """Tasks that others take the place of; unhealthy ones of the newest deployment are too."""
    keys = [key for key in crews if key != (primary, False)]
    found = _members(crews, keys, ranks)
    if "ill" in ranks:
        found += _members(crews, [(primary, False)], ("ill",))
    return _first(state, found, ranks, count)


def _members(
    crews: Crews, keys: Iterable[tuple[str, bool]], ranks: Ranks
) -> list[tuple[Rank, str]]:
    return [
        (rank, arn)
        for key in keys
        if key in crews
        for arn, rank in crews[key].tasks.items()
        if rank in ranks
    ]


def _first(state: State, members: list[tuple[Rank, str]], ranks: Ranks, count: int) -> list[Task]:
    """`count` of them, rank by rank in the order given, without those that protection is for."""
    chosen: list[Task] = []
    for rank in ranks:
        tasks = (state.tasks[arn] for as_, arn in members if as_ == rank)
        free = [task for task in tasks if not is_shielded(task, rank)]
        chosen += balanced(free, count - len(chosen))
    return chosen


def balanced(tasks: Iterable[Task], count: int) -> list[Task]:
    """`count` tasks whose end leaves the others spread as evenly as can be."""
    zones: dict[str, dict[str, list[Task]]] = {}
    for task in sorted(tasks, key=lambda task: (task.created_at, task.arn)):
        zone = zones.setdefault(task.availability_zone, {})
        zone.setdefault(task.instance_arn or "", []).append(task)
    sizes = {name: sum(map(len, zone.values())) for name, zone in zones.items()}
    chosen: list[Task] = []
    while len(chosen) < count and any(sizes.values()):
        name = max(sorted(sizes), key=lambda name: sizes[name])
        home = max(sorted(zones[name]), key=lambda home: len(zones[name][home]))
        chosen.append(zones[name][home].pop())
        sizes[name] -= 1
    return chosen
