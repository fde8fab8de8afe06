"""One thing to be removed: whose it is, until when it may stay, and what must be gone before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ecslab.steps import mine
from ecslab.steps.bench import EXPIRES, moment_of
from ecslab.steps.progress import Progress

ORDER = (
    "scalable-target",
    "service",
    "task",
    "load-balancer",
    "target-group",
    "stack",
    "cluster",
    "task-definition",
    "progress-record",
)
"""Kinds, in the order they are removed in."""


@dataclass(frozen=True)
class Item:
    """One thing to remove."""

    kind: str
    """One of `ORDER`."""
    name: str
    remove: Callable[[Progress], None]
    learner: str = ""
    expires: float | None = None
    """Seconds since the epoch; None where nothing says so."""
    after: frozenset[str] = frozenset()
    """What must be gone before (as `str` of it), and keeps it as long as it stays itself."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def past(self, now: float) -> bool:
        """Whether it is past its expiry."""
        return self.expires is not None and self.expires <= now


def expiry(*tags: Mapping[str, str]) -> float | None:
    """The latest expiry that any of these tags tells."""
    return latest(moment_of(one.get(EXPIRES, "")) for one in tags)


def latest(moments: Iterable[float | None]) -> float | None:
    """The latest; None where there is none."""
    return max((one for one in moments if one is not None), default=None)


def ordered(items: Iterable[Item]) -> list[Item]:
    """In the order of removal; what must wait for something expires no earlier than that."""
    found: dict[str, Item] = {}
    for item in sorted(items, key=lambda one: ORDER.index(one.kind)):
        waits = [found[name].expires for name in item.after if name in found]
        found[str(item)] = replace(item, expires=latest([item.expires, *waits]))
    return list(found.values())


def owner(tags: Mapping[str, str], *around: Mapping[str, str]) -> str:
    """Whose a thing with these tags is; without a tag of its own that of what it lives in."""
    return next((mine.owner_of(one) for one in (tags, *around) if mine.owner_of(one)), "")
