"""The tasks of a service, counted by what they are for it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from immutables import Map

from ecslab.model.task import Task

Rank = Literal["starting", "fresh", "unproven", "ready", "ill", "lingering", "ending"]
"""What a task is for its service:

starting    it does not run yet
fresh       it runs, nobody checks it, and it has not run long enough to count
unproven    it runs, and its health check or load balancer has not found it healthy
ready       it counts
ill         a check failed: it is to be replaced
lingering   it is to stop and has not begun to (its load balancer targets are drained)
ending      its containers are being stopped
"""
ALIVE: tuple[Rank, ...] = ("starting", "fresh", "unproven", "ready", "ill")
SHIELDED: tuple[Rank, ...] = ("starting", "fresh", "unproven", "ready")
"""What protection is for: scaling in and deployments leave such tasks alone (developer guide, task
scale-in protection). A task whose check failed is replaced all the same."""


def rank(task: Task) -> Rank | None:
    """What a task of a service is for it; None once it stopped."""
    if task.status == "STOPPED":
        return None
    if task.status in ("STOPPING", "DEPROVISIONING"):
        return "ending"
    if task.desired == "STOPPED":
        return "lingering"
    if task.ill:
        return "ill"
    if task.status != "RUNNING":
        return "starting"
    if task.fit:
        return "ready"
    return "unproven" if task.checked or task.doors else "fresh"


def is_shielded(task: Task, rank: Rank) -> bool:
    """Whether a task of this rank is left alone when others are stopped."""
    return rank in SHIELDED and task.protected_until is not None


class Crew(NamedTuple):
    """Tasks of one deployment, and how many of them have each rank."""

    starting: int = 0
    fresh: int = 0
    unproven: int = 0
    ready: int = 0
    ill: int = 0
    lingering: int = 0
    ending: int = 0
    shielded_starting: int = 0
    shielded_fresh: int = 0
    shielded_unproven: int = 0
    shielded_ready: int = 0
    """How many of each are protected: from scaling in and deployments, not from failed checks."""
    tasks: Map[str, Rank] = Map()

    def enter(self, task: Task, as_: Rank) -> Crew:
        """With one task more."""
        changed = self._counted(as_, 1, task)
        return changed._replace(tasks=self.tasks.set(task.arn, as_))

    def leave(self, task: Task) -> Crew:
        """Without a task, which is as it was when it entered."""
        as_ = self.tasks[task.arn]
        return self._counted(as_, -1, task)._replace(tasks=self.tasks.delete(task.arn))

    def _counted(self, as_: Rank, step: int, task: Task) -> Crew:
        changed = self._replace(**{as_: getattr(self, as_) + step})
        if is_shielded(task, as_):
            held = f"shielded_{as_}"
            changed = changed._replace(**{held: getattr(self, held) + step})
        return changed

    def held(self, *ranks: Rank) -> int:
        """How many of these ranks are protected."""
        counts: list[int] = [getattr(self, f"shielded_{one}") for one in ranks if one in SHIELDED]
        return sum(counts)

    def free(self, *ranks: Rank) -> int:
        """How many of these ranks are not."""
        counts: list[int] = [getattr(self, one) for one in ranks]
        return sum(counts) - self.held(*ranks)

    @property
    def alive(self) -> int:
        """Tasks that are not to stop."""
        return self.starting + self.fresh + self.unproven + self.ready + self.ill

    @property
    def staying(self) -> int:
        """Tasks that are not to stop and are well as far as is known."""
        return self.alive - self.ill


NOBODY = Crew()
Crews = Map[tuple[str, bool], Crew]
"""(deployment id, whether its instance is being drained) → its tasks."""


def kept(crews: Crews, primary: str) -> Crew:
    """The tasks of the primary deployment that may stay where they are."""
    return crews.get((primary, False), NOBODY)


def moving(crews: Crews, primary: str) -> Crew:
    """How many other tasks there are: of older deployments, or on instances being drained.

    Only the counts are filled.
    """
    others = [crew[:-1] for key, crew in crews.items() if key != (primary, False)]
    counts: list[int] = [sum(column) for column in zip(*others, strict=True)]
    return Crew(*counts) if counts else NOBODY  # type: ignore[arg-type]  # the counts, no tasks


def gone(crews: Crews, deployment_id: str) -> bool:
    """Whether no task of a deployment is there any more, apart from those that are ending."""
    return not any(
        crew.alive or crew.lingering for (id_, _), crew in crews.items() if id_ == deployment_id
    )
