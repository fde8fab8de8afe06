"""The acting loop: each minute of the sandbox's clock it measures, looks at policies, and acts."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ecslab import controlplane as cp
from ecslab.controlplane.scaling import Move, Seen, alarm, bounded, decide
from ecslab.model.arn import parse
from ecslab.model.errors import AwsError
from ecslab.model.scaling import (
    METRICS,
    MINUTE,
    Activity,
    AlarmState,
    ScalableTarget,
    Series,
    Side,
    Tracking,
)
from ecslab.model.service import Service
from ecslab.sandbox.clock import Clock, Timer
from ecslab.sandbox.scaling import words
from ecslab.sandbox.scaling.book import KEPT, Book
from ecslab.sandbox.scaling.meter import Look, Meter, running

log = logging.getLogger(__name__)

MOST_MISSED = 15
"""Minutes a late look makes up for: what was measured is the average of all of them."""
Call = Callable[[str, dict[str, Any], str], object]
SIDES: tuple[Side, Side] = ("high", "low")


class Scaler:
    """Measures services and scales them.

    `state` gives the control plane's state, `call` makes an ECS call, `scalable` gives what is to
    be scaled. `activities`, `measured` and `alarm` answer from any thread and never wait.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        look: Look,
        state: Callable[[], cp.State],
        call: Call,
        scalable: Callable[[], Iterable[ScalableTarget]],
    ) -> None:
        self._book = Book(path)
        self._meter = Meter(look)
        self._clock, self._state, self._call, self._scalable = clock, state, call, scalable
        self._since: dict[str, tuple[AlarmState, float]] = {}
        self._read_at = 0
        self._due = threading.Event()
        self._timer: Timer | None = None
        self._closed = False

    # -- life ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Look at each whole minute from now on, on a thread of its own."""
        self._arm()
        threading.Thread(target=self._run, name="ecslab-scaler", daemon=True).start()

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._due.set()

    def reset(self) -> None:
        """Forget everything that was measured and done."""
        self._book.clear()
        self._since.clear()

    def _arm(self) -> None:
        now = self._clock.now()
        self._timer = self._clock.call_later(MINUTE - now % MINUTE, self._due.set)

    def _run(self) -> None:
        while self._due.wait():
            self._due.clear()
            if self._closed:
                return
            self._arm()
            try:
                self.look()
            except Exception:
                log.exception("services could not be measured or scaled")

    # -- each minute -----------------------------------------------------------------------------

    def look(self) -> None:
        """Measure all services, scale those that are to be."""
        now = self._clock.now()
        state = self._state()
        self._measure(state, int(now // MINUTE) * MINUTE)
        targets = tuple(self._scalable())
        changed = self._follow(state, now)
        for target in targets:
            service = state.services.get(target.service_arn)
            if service is not None and service.status == "ACTIVE":
                self._scale(target, service, now)
        self._watch(targets, now)
        if targets or changed:
            self._book.save()

    def _measure(self, state: cp.State, minute: int) -> None:
        begin = max(self._read_at, minute - MOST_MISSED * MINUTE) or minute - MINUTE
        self._read_at = minute
        for service_arn, metric, value in self._meter.read(state):
            self._book.add(service_arn, metric, value, range(begin, minute, MINUTE))
        self._book.forget_before(minute - KEPT)

    def _scale(self, target: ScalableTarget, service: Service, now: float) -> None:
        limits = (target.minimum, target.maximum)
        desired = service.settings.desired
        move = None
        if self._book.limits.get(target.service_arn) != limits:
            self._book.limits[target.service_arn] = limits
            move = bounded(target, desired)
        move = move or decide(target, self._seen(service, now))
        if move is not None:
            self._act(target, service, move, now)

    def _seen(self, service: Service, now: float) -> Seen:
        return Seen(
            now=now,
            desired=service.settings.desired,
            deploying=len(service.deployments) > 1 or service.primary.rollout == "IN_PROGRESS",
            metrics={name: self._book.series(service.arn, name) for name in METRICS.values()},
            last=self._book.last(service.arn),
        )

    def _act(self, target: ScalableTarget, service: Service, move: Move, now: float) -> None:
        activity = Activity(
            id=str(uuid.uuid4()),
            service_arn=service.arn,
            resource_id=target.resource_id,
            before=service.settings.desired,
            after=move.desired,
            cause=move.cause,
            started=now,
            message=words.waiting(move.desired),
        )
        named = {"cluster": service.cluster_arn, "service": service.arn}
        parts = parse(service.arn)
        region = parts.region if parts else ""
        try:
            self._call("UpdateService", {**named, "desiredCount": move.desired}, region)
        except (AwsError, OSError) as error:
            why = words.failed(move.desired, str(error))
            activity = words.ended(activity, now, "Failed", why)
        self._supersede(activity, now)
        self._book.note(activity)
        log.info("%s: %s (%s)", target.resource_id, activity.message, move.cause)

    def _supersede(self, activity: Activity, now: float) -> None:
        if activity.status == "Failed":
            return
        for one in self._book.activities():
            if one.service_arn == activity.service_arn and one.ended is None:
                self._book.note(words.overridden(one, now, activity.after))

    def _follow(self, state: cp.State, now: float) -> bool:
        """What became of activities that wait for their tasks; whether there was any."""
        open_ = [one for one in self._book.activities() if one.ended is None]
        for one in open_:
            service = state.services.get(one.service_arn)
            if service is None or service.status != "ACTIVE":
                why = words.failed(one.after, "The service is not active.")
                self._book.note(words.ended(one, now, "Failed", why))
            elif service.settings.desired != one.after:
                self._book.note(words.overridden(one, now, service.settings.desired))
            elif sum(task.service_arn == one.service_arn for task in running(state)) == one.after:
                why = words.fulfilled(one.after)
                self._book.note(words.ended(one, now, "Successful", why))
        return bool(open_)

    # -- what is asked ---------------------------------------------------------------------------

    def activities(self) -> tuple[Activity, ...]:
        """What was done, newest first."""
        return self._book.activities()

    def measured(self, region: str) -> list[tuple[str, str, Series]]:
        """What was measured."""
        return self._book.measured(region)

    def alarm(self, name: str) -> tuple[AlarmState, str, float] | None:
        """How an alarm of a policy is; None where there is none of that name."""
        found = next(
            (one for one in _alarms(self._scalable()) if one[2].alarm(one[1]) == name), None
        )
        if found is None:
            return None
        target, side, policy = found
        now = self._clock.now()
        series = self._book.series(target.service_arn, policy.metric)
        state = alarm(policy, side, series, now)
        known = self._since.get(name)
        since = known[1] if known and known[0] == state else now
        return state, words.reason(policy, side, series, now, state), since

    def _watch(self, targets: Iterable[ScalableTarget], now: float) -> None:
        """Since when each alarm is in its state."""
        before, self._since = self._since, {}
        for target, side, policy in _alarms(targets):
            series = self._book.series(target.service_arn, policy.metric)
            state = alarm(policy, side, series, now)
            known = before.get(policy.alarm(side))
            self._since[policy.alarm(side)] = known if known and known[0] == state else (state, now)


def _alarms(targets: Iterable[ScalableTarget]) -> Iterable[tuple[ScalableTarget, Side, Tracking]]:
    return ((one, side, policy) for one in targets for policy in one.policies for side in SIDES)
