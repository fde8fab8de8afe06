"""All load balancers of the sandbox: one thread with a loop for the traffic, one for the news."""

from __future__ import annotations

import asyncio
import logging
import queue
import secrets
import threading
from collections.abc import Callable
from typing import Protocol

from ecslab.model.agent_messages import (
    DeregisterTarget,
    RegisterTarget,
    TargetHealthChanged,
    TargetOrder,
)
from ecslab.model.load_balancer import Target
from ecslab.model.traffic import Group, Plan
from ecslab.runtime.balancer.checking import Checks
from ecslab.runtime.balancer.exchange import Surroundings
from ecslab.runtime.balancer.listening import Listening
from ecslab.runtime.balancer.targets import Key, Known, Targets
from ecslab.runtime.balancer.waiting import Watchdog
from ecslab.runtime.port import Address

log = logging.getLogger(__name__)

END_SECONDS = 5.0
"""Real seconds the threads get to end."""


class Timer(Protocol):
    """Something that can be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the load balancers wait by."""

    def now(self) -> float: ...

    def call_later(self, delay: float, action: Callable[[], None]) -> Timer: ...


Report = Callable[[TargetHealthChanged], None]
Locate = Callable[[Target], Address | None]


class LoadBalancers:
    """The data plane.

    `report` hears what becomes of the targets of tasks, one after the other, on a thread of its
    own: traffic never waits for it. `locate` tells where on this machine a target is; None where
    nothing stands for it. Every method may be called from any thread.
    """

    def __init__(self, clock: Clock, report: Report, locate: Locate) -> None:
        self._clock = clock
        self._report = report
        self._locate_target = locate
        self._news: queue.SimpleQueue[TargetHealthChanged | None] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._closed = False
        self.plan: Plan | None = None
        """What is carried out; None until something was said."""
        self._targets = Targets(self._news.put, self._follow)
        dog = Watchdog(clock.now)
        around = Surroundings(self._targets, dog, self._locate, self._trace)
        self._listening = Listening(around)
        self._checks = Checks(around, self._after)
        self._threads = [
            threading.Thread(target=run, name=name, daemon=True)
            for name, run in (
                ("ecslab-balancers", lambda: self._run(dog)),
                ("ecslab-target-news", self._tell),
            )
        ]
        for thread in self._threads:
            thread.start()

    # -- what comes in ---------------------------------------------------------------------------

    def configure(self, plan: Plan) -> None:
        """Have these load balancers and groups; returns once their ports are open."""
        if plan == self.plan or self._closed:
            return
        self.plan = plan
        self._targets.configure(plan.groups, plan.groups_in_use, self._clock.now())
        done = asyncio.run_coroutine_threadsafe(
            self._listening.configure(plan.balancers), self._loop
        )
        done.result(END_SECONDS)
        for (ip, port), why in self._listening.failed.items():
            log.warning("a load balancer cannot listen at %s:%d: %s", ip, port, why)

    def obey(self, order: TargetOrder) -> None:
        """Do what the control plane orders; returns at once."""
        match order:
            case RegisterTarget(target_group_arn=group, target_id=name, port=port):
                self.register(Key(group, name, port), order.host, order.task_arn)
            case DeregisterTarget(target_group_arn=group, target_id=name, port=port):
                self.deregister(Key(group, name, port), order.task_arn)

    def register(self, key: Key, host: str = "", task_arn: str = "") -> None:
        """Send requests there once it is healthy. Without `host`, `locate` knows where it is."""
        self._targets.register(key, host, task_arn, self._clock.now())

    def deregister(self, key: Key, task_arn: str = "") -> None:
        """Send no new request there."""
        self._targets.deregister(key, task_arn, self._clock.now())

    def reset(self) -> None:
        """Forget every load balancer and target."""
        self.configure(Plan())
        self.plan = None
        self._targets.forget()

    def close(self) -> None:
        """Close every port and connection, end the threads."""
        if self._closed:
            return
        self._closed = True
        self._news.put(None)
        self._loop.call_soon_threadsafe(self._loop.stop)
        for thread in self._threads:
            thread.join(END_SECONDS)

    # -- what is asked ---------------------------------------------------------------------------

    def health(self, group_arn: str) -> tuple[Target, ...]:
        """The targets of a group, those being drained too, in the order they came."""
        return self._targets.health(group_arn)

    def busy(self, key: Key) -> int:
        """How many requests are on their way to a target."""
        return self._targets.busy(key)

    def addresses(self) -> dict[Address, Address]:
        """Where listeners are that could not be opened at their own address and port."""
        return self._listening.substitutes()

    # -- inside ----------------------------------------------------------------------------------

    def _locate(self, target: Target, port: int | None) -> Address | None:
        if port is not None:
            target = Target(target.group_arn, target.id, port, target.host)
        return self._locate_target(target)

    def _trace(self) -> str:
        return f"Root=1-{int(self._clock.now()):08x}-{secrets.token_hex(12)}"

    def _follow(self, known: Known, group: Group) -> None:
        if known.target.state == "draining":
            self._after(group.deregistration_delay, lambda: self._drained(known))
        else:
            self._checks.follow(known)

    def _drained(self, known: Known) -> None:
        self._targets.drained(known.key, known.number, self._clock.now())

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do it on the loop once these seconds of the sandbox's clock have passed."""

        def due() -> None:
            if not self._closed:
                self._loop.call_soon_threadsafe(action)

        self._clock.call_later(seconds, due)

    def _tell(self) -> None:
        while (change := self._news.get()) is not None:
            self._tell_one(change)

    def _tell_one(self, change: TargetHealthChanged) -> None:
        try:
            self._report(change)
        except Exception:
            log.exception("what became of a target could not be reported")

    def _run(self, dog: Watchdog) -> None:
        asyncio.set_event_loop(self._loop)
        watch = self._loop.create_task(dog.run())
        self._loop.run_forever()
        self._listening.close()
        watch.cancel()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()
