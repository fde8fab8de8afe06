"""What a REPLICA service has to do, from counts alone. Pure, and quick enough for every fact.

Sources: ECS API, DeploymentConfiguration ("upper limit … rounded down", "lower limit … rounded
up"); UpdateContainerInstancesState for draining; developer guide, "Amazon ECS services" (an
unhealthy task is replaced first and stopped then, unless the maximum forbids it).
"""

from __future__ import annotations

from typing import NamedTuple

from ecslab.controlplane.crew import SHIELDED, Crew


class Circumstances(NamedTuple):
    """What the plan depends on besides the tasks."""

    desired: int
    floor: int
    """Tasks that must stay healthy."""
    ceiling: int
    """Tasks that may be there."""
    stalled: bool = False
    """The deployment failed: it starts nothing."""
    waits: bool = False
    """Starts failed a moment ago: nothing is started before the next try."""
    homeless: bool = False
    """It waits because no instance had room."""


class Plan(NamedTuple):
    """How many tasks to start and to stop now."""

    start: int = 0
    stop_kept_weak: int = 0
    """Too many: those that do not count yet."""
    stop_kept_ready: int = 0
    stop_starting: int = 0
    """Not needed any more before they came to run."""
    stop_weak: int = 0
    """Replaced: unhealthy ones."""
    stop_ready: int = 0
    """Replaced: healthy ones."""
    lacking: int = 0
    """Tasks that are missing and cannot be started now."""
    stuck: bool = False
    """The limits allow neither a start nor a stop."""
    steady: bool = False
    """All is as desired."""

    @property
    def acts(self) -> bool:
        """Whether there is anything to do."""
        return any(self[:6])


def plan(kept: Crew, moving: Crew, here: Circumstances) -> Plan:
    """What to do with the tasks that stay (`kept`) and those to be replaced (`moving`)."""
    replaced = moving._replace(ill=moving.ill + kept.ill)
    ready = kept.ready + moving.ready + moving.fresh
    missing = max(0, here.desired - kept.staying)
    there = kept.staying + replaced.alive - replaced.starting
    start = 0 if here.stalled or here.waits else min(missing, max(0, here.ceiling - there))
    surplus_weak, surplus_ready = _surplus(kept, ready, here)
    weak, strong = _replaced(kept, replaced, ready - surplus_ready, missing - start, here)
    made = Plan(
        start=start,
        stop_kept_weak=surplus_weak,
        stop_kept_ready=surplus_ready,
        stop_starting=replaced.free("starting"),
        stop_weak=weak,
        stop_ready=strong,
        lacking=missing - start,
    )
    leaving = kept.lingering + moving.lingering
    steady = kept.ready == kept.alive == here.desired and not moving.alive and not leaving
    return made._replace(steady=steady, stuck=_stuck(made, kept, moving, here))


def _surplus(kept: Crew, ready: int, here: Circumstances) -> tuple[int, int]:
    """How many of the tasks that may stay are too many: (not ready, ready)."""
    spare = kept.staying - max(here.desired, kept.held(*SHIELDED))
    if spare <= 0:
        return 0, 0
    weak = min(spare, kept.free("starting", "fresh", "unproven"))
    return weak, max(0, min(spare - weak, kept.free("ready"), ready - here.floor))


def _replaced(
    kept: Crew, moving: Crew, ready: int, lacking: int, here: Circumstances
) -> tuple[int, int]:
    """How many of the tasks to be replaced can go now: (unhealthy, healthy)."""
    weak_ones = moving.free("unproven", "ill")
    ready_ones = moving.free("ready", "fresh")
    if kept.ready >= here.desired:
        return weak_ones, ready_ones
    weak = moving.ill if here.stalled else 0
    strong = max(0, ready - max(here.desired, here.floor))
    if lacking and not here.stalled and (here.homeless or not here.waits):
        # There is no room for a new task: old ones make room, as far as the minimum allows.
        pressed = lacking - (moving.lingering + moving.ending if here.homeless else 0)
        weak = max(0, min(weak_ones, pressed))
        strong += max(0, min(pressed - weak, ready - strong - here.floor))
    return weak, min(strong, ready_ones)


def _stuck(made: Plan, kept: Crew, moving: Crew, here: Circumstances) -> bool:
    if not made.lacking or made.acts or here.stalled or here.waits:
        return False
    underway = kept.staying - kept.ready + kept.lingering + kept.ending
    return not (underway or moving.lingering or moving.ending)
