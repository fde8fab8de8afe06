"""Health checks that really ask.

Source: the Application Load Balancer guide, "Health checks for your target groups": each check is
independent of the others, has a connection of its own, and the next begins one interval after it
began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache

import h11

from ecslab.model.load_balancer import Target
from ecslab.model.traffic import HealthCheck
from ecslab.runtime.balancer.exchange import Surroundings
from ecslab.runtime.balancer.targets import Complaint, Known
from ecslab.runtime.balancer.waiting import Deadline
from ecslab.runtime.balancer.wire import Wire

REGISTRATION_SECONDS = 2.0
"""Seconds from a registration to the first check; on AWS a few as well."""
LEAST_ANSWER = 1.0
"""Real seconds a target may take to answer, however fast the sandbox's clock runs."""

FAILED = Complaint("Target.FailedHealthChecks", "Health checks failed")
TIMED_OUT = Complaint("Target.Timeout", "Request timed out")

After = Callable[[float, Callable[[], None]], object]
"""Seconds of the sandbox's clock, and what is then done on the loop."""


class Checks:
    """Asks every target again and again; lives on the loop of the traffic."""

    def __init__(self, around: Surroundings, after: After) -> None:
        self._around, self._after = around, after
        self._asking: dict[int, asyncio.Task[None]] = {}

    def follow(self, known: Known) -> None:
        """Begin to ask a new target."""
        self._after(REGISTRATION_SECONDS, lambda: self._due(known))

    def _due(self, known: Known) -> None:
        group = self._around.targets.checking(known.key, known.number)
        if group is None:
            return
        self._after(group.check.interval, lambda: self._due(known))
        if known.number not in self._asking:  # the last check may still be under way
            task = asyncio.ensure_future(self._check(known, group.check))
            self._asking[known.number] = task
            task.add_done_callback(lambda _task: self._asking.pop(known.number, None))

    async def _check(self, known: Known, check: HealthCheck) -> None:
        with self._around.dog.within(check.timeout, LEAST_ANSWER) as wait:
            complaint = await self._ask(known.target, check, wait)
        now = self._around.dog.now()
        self._around.targets.checked(known.key, known.number, complaint, now)

    async def _ask(self, target: Target, check: HealthCheck, wait: Deadline) -> Complaint | None:
        asking = asyncio.ensure_future(self._probe(target, check))
        wait.give_up = asking.cancel
        try:
            return await asking
        except asyncio.CancelledError:
            asking.cancel()
            if not wait.expired:
                raise
            return TIMED_OUT
        except (OSError, h11.RemoteProtocolError):
            return FAILED

    async def _probe(self, target: Target, check: HealthCheck) -> Complaint | None:
        address = self._around.locate(target, check.port)
        if address is None:
            return FAILED
        wire = Wire(h11.CLIENT, *await asyncio.open_connection(*address))
        try:
            if check.protocol == "TCP":
                return None
            await wire.send(_request(target, check), h11.EndOfMessage())
            answer = await wire.event()
        finally:
            wire.abort()
        if not isinstance(answer, h11.Response):
            return FAILED
        if answer.status_code in codes(check.matcher):
            return None
        words = f"Health checks failed with these codes: [{answer.status_code}]"
        return Complaint("Target.ResponseCodeMismatch", words)


def _request(target: Target, check: HealthCheck) -> h11.Request:
    host = f"{target.id if '.' in target.id else target.host}:{check.port or target.port}"
    headers = [
        ("Host", host),
        ("Connection", "close"),
        ("User-Agent", "ELB-HealthChecker/2.0"),
        ("Accept-Encoding", "gzip, compressed"),
    ]
    return h11.Request(method="GET", target=check.path or "/", headers=headers)


@cache
def codes(matcher: str) -> frozenset[int]:
    """The status codes a matcher names: ``200``, ``200,202`` or ``200-299``."""
    found: set[int] = set()
    for part in matcher.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdecimal():
            found.update(range(int(first), int(last if last.isdecimal() else first) + 1))
    return frozenset(found)
