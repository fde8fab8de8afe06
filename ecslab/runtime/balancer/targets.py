"""The targets of all target groups: which state each is in, and whose turn it is.

The states and the reasons are ELBv2's (API TargetHealth; guide, "Health checks for your target
groups"): a new target is healthy after one check that passes, and changes sides after as many
checks in a row as its group says. A target being drained gets no new request.

Known to several threads (callers of the API, the control plane, the traffic): one lock.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ecslab.model.agent_messages import TargetHealthChanged
from ecslab.model.load_balancer import Target, TargetState
from ecslab.model.traffic import Group

REGISTERING = ("Elb.RegistrationInProgress", "Target registration is in progress")
CHECKING = ("Elb.InitialHealthChecking", "Initial health checks in progress")
NOT_IN_USE = (
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
DRAINING = ("Target.DeregistrationInProgress", "Target deregistration is in progress")
WELL = ("", "")


class Key(NamedTuple):
    """What tells a target from every other: one instance may have several, by their ports."""

    group_arn: str
    id: str
    port: int


class Complaint(NamedTuple):
    """Why a health check failed: ELBv2's reason code and sentence."""

    reason: str
    description: str


@dataclass(frozen=True)
class Known:
    """A target as it is now."""

    target: Target
    number: int
    """Of its registration; a target that comes again is another one."""
    task_arn: str = ""
    """Empty for one that was registered by the API."""
    passed: int = 0
    """Checks passed in a row; `failed` likewise."""
    failed: int = 0
    followed: bool = False
    """Whether its checks, or its end, are on their way."""

    @property
    def key(self) -> Key:
        """Of its target."""
        return Key(*self.target.key)


class Lease:
    """A request that is on its way to a target."""

    def __init__(self, known: Known, end: Callable[[Known], None]) -> None:
        self.target = known.target
        self._known, self._end = known, end

    def end(self) -> None:
        """It is over."""
        self._end(self._known)


Tell = Callable[[TargetHealthChanged], None]
Follow = Callable[[Known, Group], None]


class Targets:
    """The book of targets.

    `tell` hears of changes to targets of tasks, in their order; `follow` of each target that is to
    be checked from now on, or is being drained. Both are called under the lock: they only note it.
    """

    def __init__(self, tell: Tell, follow: Follow) -> None:
        self._tell = tell
        self._follow = follow
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._turns = itertools.count(1)
        self._groups: Mapping[str, Group] | None = None
        self._in_use: Collection[str] = ()
        self._known: dict[str, dict[Key, Known]] = {}
        """By the ARN of their group, in the order they came."""
        self._served: dict[int, int] = {}
        """Registration number -> when (in turns) the target was last sent a request."""
        self._busy: dict[int, int] = {}
        """Registration number -> requests on their way."""

    # -- what comes in ---------------------------------------------------------------------------

    def configure(self, groups: Iterable[Group], in_use: Collection[str], now: float) -> None:
        """These are the groups there are, and those that get traffic."""
        with self._lock:
            self._groups = {group.arn: group for group in groups}
            self._in_use = in_use
            for known in self.all():
                self._fit(known, now)

    def register(self, key: Key, host: str, task_arn: str, now: float) -> Known:
        """Take a target in; one that is there already stays as it is, unless it is drained."""
        with self._lock:
            there = self._find(key)
            if there is not None and there.target.state != "draining":
                if task_arn in ("", there.task_arn):
                    return there
                return self._put(replace(there, task_arn=task_arn))
            if there is not None:
                self._drop(there, now)
            fresh = Target(*key, host, "initial", *REGISTERING, since=now)
            known = self._put(Known(fresh, next(self._numbers), task_arn))
            return self._fit(known, now) or known

    def deregister(self, key: Key, task_arn: str, now: float) -> Known | None:
        """Drain a target; None where there is nothing (more) to drain."""
        with self._lock:
            known = self._find(key)
            if known is None or (task_arn and known.task_arn not in ("", task_arn)):
                self._say(Target(*key), task_arn, "gone", WELL, now)
                return None
            if known.target.state == "draining":
                return None
            known = self._put(replace(known, task_arn=known.task_arn or task_arn))
            known = self._move(known, "draining", DRAINING, now)
            group = (self._groups or {}).get(key.group_arn)
            if group is None:
                self._drop(known, now)
                return None
            self._follow(known, group)
            return known

    def checking(self, key: Key, number: int) -> Group | None:
        """The group of a target that is to be checked; None where it is not (any more)."""
        with self._lock:
            known = self._current(key, number)
            if known is None or known.target.state in ("draining", "unused"):
                return None
            if (known.target.state, known.target.reason) == ("initial", REGISTERING[0]):
                reason, description = CHECKING
                target = replace(known.target, reason=reason, description=description)
                self._put(replace(known, target=target))
            return (self._groups or {}).get(key.group_arn)

    def checked(self, key: Key, number: int, complaint: Complaint | None, now: float) -> None:
        """A health check came back."""
        with self._lock:
            known, group = self._current(key, number), (self._groups or {}).get(key.group_arn)
            if known is None or group is None or known.target.state in ("draining", "unused"):
                return
            if complaint is None:
                known = self._put(replace(known, passed=known.passed + 1, failed=0))
                enough = known.target.state == "initial" or (
                    known.passed >= group.check.healthy_threshold
                )
                if enough and known.target.state != "healthy":
                    self._move(known, "healthy", WELL, now)
                return
            known = self._put(replace(known, passed=0, failed=known.failed + 1))
            unwell = known.target.state == "unhealthy"
            if unwell or known.failed >= group.check.unhealthy_threshold:
                self._move(known, "unhealthy", complaint, now)

    def drained(self, key: Key, number: int, now: float) -> None:
        """The deregistration delay is over."""
        with self._lock:
            known = self._current(key, number)
            if known is not None and known.target.state == "draining":
                self._drop(known, now)

    def forget(self) -> None:
        """Forget every target; nobody is told."""
        with self._lock:
            self._groups = None
            self._known.clear()
            self._served.clear()
            self._busy.clear()

    # -- what the traffic asks -------------------------------------------------------------------

    def lease(self, group_arn: str, tried: Collection[Key] = ()) -> Lease | None:
        """The target whose turn it is; None where no one is left that gets requests."""
        with self._lock:
            group = (self._groups or {}).get(group_arn)
            ready = [one for one in self._ready(group) if one.key not in tried] if group else []
            if group is None or not ready:
                return None
            chosen = min(ready, key=lambda one: self._rank(one, group))
            self._served[chosen.number] = next(self._turns)
            self._busy[chosen.number] = self._busy.get(chosen.number, 0) + 1
            return Lease(chosen, self._over)

    def _ready(self, group: Group) -> list[Known]:
        """The healthy ones; where those are too few, the unhealthy ones as well (ALB guide,
        "Target group health").
        """
        mine = self._known.get(group.arn, {}).values()
        healthy = [one for one in mine if one.target.state == "healthy"]
        if len(healthy) >= group.minimum_healthy:
            return healthy
        return healthy + [one for one in mine if one.target.state == "unhealthy"]

    def _rank(self, one: Known, group: Group) -> tuple[int, int, int]:
        """Who waits longest comes first: fair, whoever comes and goes."""
        fewest = group.algorithm == "least_outstanding_requests"
        busy = self._busy.get(one.number, 0) if fewest else 0
        return busy, self._served.get(one.number, 0), one.number

    def _over(self, known: Known) -> None:
        with self._lock:
            left = self._busy.get(known.number, 0) - 1
            if left > 0:
                self._busy[known.number] = left
            else:
                self._busy.pop(known.number, None)

    # -- what is asked about them ------------------------------------------------------------------

    def health(self, group_arn: str) -> tuple[Target, ...]:
        """The targets of a group in the order they were registered."""
        with self._lock:
            return tuple(one.target for one in self._known.get(group_arn, {}).values())

    def all(self) -> tuple[Known, ...]:
        """Every target there is."""
        with self._lock:
            return tuple(one for mine in self._known.values() for one in mine.values())

    def busy(self, key: Key) -> int:
        """Requests on their way to a target."""
        with self._lock:
            known = self._find(key)
            return self._busy.get(known.number, 0) if known else 0

    # -- inside ----------------------------------------------------------------------------------

    def _find(self, key: Key) -> Known | None:
        return self._known.get(key.group_arn, {}).get(key)

    def _current(self, key: Key, number: int) -> Known | None:
        known = self._find(key)
        return known if known is not None and known.number == number else None

    def _put(self, known: Known) -> Known:
        self._known.setdefault(known.key.group_arn, {})[known.key] = known
        return known

    def _fit(self, known: Known, now: float) -> Known | None:
        """What the configuration makes of a target. Before the first one, nothing is known."""
        group_arn = known.key.group_arn
        if self._groups is None or known.target.state == "draining":
            return None
        if group_arn not in self._groups and not known.task_arn:
            self._drop(known, now)  # it went with its group
            return None
        if group_arn not in self._in_use:
            return self._move(known, "unused", NOT_IN_USE, now)
        if known.target.state == "unused":
            again = replace(known, number=next(self._numbers), passed=0, failed=0, followed=False)
            known = self._move(self._put(again), "initial", REGISTERING, now)
        if not known.followed:
            known = self._put(replace(known, followed=True))
            self._follow(known, self._groups[group_arn])
        return known

    def _move(self, known: Known, state: TargetState, words: tuple[str, str], now: float) -> Known:
        reason, description = words
        before = known.target
        if (before.state, before.reason, before.description) == (state, reason, description):
            return known
        since = before.since if before.state == state else now
        target = replace(before, state=state, reason=reason, description=description, since=since)
        self._say(target, known.task_arn, state, words, now)
        return self._put(replace(known, target=target))

    def _drop(self, known: Known, now: float) -> None:
        """Forget it."""
        self._known.get(known.key.group_arn, {}).pop(known.key, None)
        self._served.pop(known.number, None)
        self._say(known.target, known.task_arn, "gone", WELL, now)

    def _say(
        self, target: Target, task_arn: str, state: TargetState, words: tuple[str, str], now: float
    ) -> None:
        if task_arn:
            self._tell(TargetHealthChanged(*target.key, task_arn, state, now, *words))
