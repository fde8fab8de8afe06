"""One clock for all waits: virtual seconds that may run faster than the wall's.

Everything that waits in the sandbox (boot, start-up, stop timeouts, draining, throttling) asks this
clock, so that ``--speed N`` shortens all of it alike, and tests turn it by hand.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

log = logging.getLogger(__name__)


@dataclass(order=True)
class Timer:
    """One thing to be done at a moment (virtual seconds since the epoch)."""

    at: float
    number: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Do not do it; harmless when it was done already."""
        self.cancelled = True


class Clock(Protocol):
    """What tells the time and wakes."""

    @property
    def speed(self) -> float:
        """Virtual seconds in one of the machine's."""

    def now(self) -> float:
        """Virtual seconds since the epoch; never runs backwards."""

    def call_later(self, delay: float, action: Callable[[], None]) -> Timer:
        """Do `action` once `delay` virtual seconds have passed, on the clock's own thread."""

    def close(self) -> None:
        """Wake nobody any more."""


class RunningClock:
    """Virtual time that runs `speed` times as fast as the machine's.

    `not_before` (virtual seconds) is where time stood when the sandbox last wrote: a restart does
    not turn time back, even after it ran ahead with speed.
    """

    def __init__(self, speed: float = 1.0, not_before: float = 0.0) -> None:
        self.speed = speed
        self._real_start = time.monotonic()
        self._virtual_start = max(time.time(), not_before)
        self._timers: list[Timer] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._closed = False
        threading.Thread(target=self._run, name="ecslab-clock", daemon=True).start()

    def now(self) -> float:
        """Virtual seconds since the epoch."""
        return self._virtual_start + (time.monotonic() - self._real_start) * self.speed

    def call_later(self, delay: float, action: Callable[[], None]) -> Timer:
        """Do `action` once `delay` virtual seconds have passed, on the clock's own thread."""
        timer = Timer(self.now() + max(0.0, delay), next(self._numbers), action)
        with self._wake:
            heapq.heappush(self._timers, timer)
            if self._timers[0] is timer:
                self._wake.notify()
        return timer

    def close(self) -> None:
        """Wake nobody any more."""
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _run(self) -> None:
        while (timer := self._next_due()) is not None:
            if not timer.cancelled:
                _do(timer)

    def _next_due(self) -> Timer | None:
        with self._wake:
            while not self._closed:
                if not self._timers:
                    self._wake.wait()
                    continue
                wait = (self._timers[0].at - self.now()) / self.speed
                if wait <= 0:
                    return heapq.heappop(self._timers)
                self._wake.wait(wait)
        return None


class ManualClock:
    """Time that stands still until a test turns it."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self.speed = 1.0
        self._now = start
        self._timers: list[Timer] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        """Virtual seconds since the epoch."""
        return self._now

    def call_later(self, delay: float, action: Callable[[], None]) -> Timer:
        """Remember `action`; `advance` does it."""
        timer = Timer(self._now + max(0.0, delay), next(self._numbers), action)
        heapq.heappush(self._timers, timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass and do what falls due, in order, each at its own moment."""
        until = self._now + seconds
        while self._timers and self._timers[0].at <= until:
            timer = heapq.heappop(self._timers)
            self._now = max(self._now, timer.at)
            if not timer.cancelled:
                timer.action()
        self._now = until

    def close(self) -> None:
        """Wake nobody any more."""
        self._timers.clear()


def _do(timer: Timer) -> None:
    try:
        timer.action()
    except Exception:
        log.exception("something the clock woke failed")
