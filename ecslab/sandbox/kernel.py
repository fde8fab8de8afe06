"""The kernel: one state, one log, the agents, and one lock around them.

The control plane decides, the agents act, the log remembers; here they are bound. What a call or
a report brings about is written to the log before an agent hears of it and before anybody is
answered: a crash loses nothing that was promised.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from ecslab import controlplane as cp
from ecslab.controlplane import find
from ecslab.locale import Text
from ecslab.model.agent_messages import (
    DeregisterTarget,
    InstanceRegistered,
    Order,
    RegisterTarget,
    Report,
    TargetOrder,
)
from ecslab.model.lifecycle import IllegalMoveError
from ecslab.runtime import port
from ecslab.runtime.agent import Prepare
from ecslab.runtime.agents import Agents
from ecslab.sandbox.clock import Clock, Timer
from ecslab.sandbox.factlog import FactLog, Record

log = logging.getLogger(__name__)

Balance = Callable[[TargetOrder], None]

READS = ("Describe", "List")
"""Operations whose names begin so change nothing and need no lock: the state is a value."""


TAKE_UP = 1.5
"""Seconds until an agent turns to a task: on AWS it is told over a connection and takes its turn.

So a task is seen PENDING for a moment, as it is on AWS.
"""


SIMULATED = 8.0
"""Simulated containers are waited for at least an eighth as long as real ones: half a minute."""


def restore(facts: FactLog) -> tuple[cp.State, float]:
    """The state a log leads to, and the moment of its last fact (0 for an empty log)."""
    state, last = cp.State.empty(), 0.0
    for record in facts:
        fact = cp.fact_from_json(record)
        state, last = cp.evolve(state, fact), max(last, fact.at)
    return state, last


class Kernel:
    """Calls and reports in, facts kept, orders out.

    `state` may be read at any time without a lock. A runtime tells what happens through `emit`,
    from any thread; one thread of the kernel's own listens, so that no runtime ever waits for it.
    """

    def __init__(
        self, facts: FactLog, state: cp.State, clock: Clock, ids: cp.Ids, account: str, region: str
    ) -> None:
        self.state = state
        self.account = account
        self.region = region
        self._facts = facts
        self._clock = clock
        self._ids = ids
        self._rng = random.Random()
        self._lock = threading.RLock()
        self._durable = state
        self._unwritten: list[Record] = []
        self._orders: deque[Order] = deque()
        self._agents: Agents | None = None
        self._outside: cp.Outside | None = None
        self._forgets = False
        self._events: queue.SimpleQueue[port.Event | None] = queue.SimpleQueue()
        self._timer: Timer | None = None
        self._waits_for: float | None = None
        self._closed = False

    # -- life ------------------------------------------------------------------------------------

    def begin(
        self,
        runtime: port.Runtime,
        balance: Balance,
        prepare: Prepare,
        outside: cp.Outside,
        *,
        forgets: bool,
    ) -> None:
        """Take over what an earlier run left, and listen.

        `balance` takes the orders to load balancers, `prepare` gets containers what they need from
        elsewhere; both return at once. `outside` knows what is not ECS's own; it must not wait for
        a call to ECS. `forgets`: the containers of before are gone on purpose; their tasks are run
        anew, quietly.
        """
        self._outside = outside
        self._balance = balance
        self._prepare = prepare
        self._forgets = forgets
        self._runtime = runtime
        with self._lock:
            agents = self._agents = self._new_agents()
            agents.remember(runtime.adopt())
            self._orders.extend(cp.resume(self.state))
            self._settle()
            for task_arn in agents.unclaimed():
                runtime.submit(port.Remove(task_arn))
        threading.Thread(target=self._listen, name="ecslab-kernel", daemon=True).start()

    def close(self) -> None:
        """Hear nothing any more; what comes later is not written down."""
        with self._lock:
            self._closed = True
            self._events.put(None)

    def reset(self) -> None:
        """Forget everything that ever happened."""
        with self._lock:
            self._facts.clear()
            self.state = self._durable = cp.State.empty()
            self._orders.clear()
            self._unwritten.clear()
            self._agents = self._new_agents()
            self._arm()

    # -- what comes in ---------------------------------------------------------------------------

    def call(self, operation: str, params: dict[str, Any], region: str) -> dict[str, Any]:
        """Answer an ECS call. Raises AwsError as ECS would, OSError where the disk is full."""
        if operation.startswith(READS):
            return cp.handle(self.state, operation, params, self._context(region)).answer
        with self._lock:
            outcome = cp.handle(self.state, operation, params, self._context(region))
            self._apply(outcome.facts)
            self._settle()
        return outcome.answer

    def report(self, *reports: Report) -> None:
        """What EC2, an agent or a load balancer has to tell."""
        with self._lock:
            self._take(reports)
            self._settle()

    def emit(self, event: port.Event) -> None:
        """A runtime's event; returns at once."""
        self._events.put(event)

    def story(self, task_arn: str) -> list[Text]:
        """What happened to a task and why, from the log."""
        return cp.story((cp.fact_from_json(record) for record in self._facts), task_arn)

    def task_host(self, address: str) -> str | None:
        """The address on this machine of the task whose private address this is."""
        state = self.state
        task = state.tasks.get(state.index.addresses.get(address) or "")
        return task.interface.host if task is not None and task.interface is not None else None

    # -- what the EC2 watcher asks -----------------------------------------------------------------

    def connected(self, ec2_instance_id: str) -> bool | None:
        """Whether its agent is connected; None if it never registered."""
        arn = self.state.index.by_ec2.get(ec2_instance_id)
        known = self.state.instances.get(arn) if arn else None
        if known is None:
            return None
        return known.status == "INACTIVE" or known.connected

    def instances(self) -> Iterable[str]:
        """The EC2 ids of all container instances that are registered now."""
        state = self.state
        arns = (arn for roster in state.index.rosters.values() for arn in roster.arns)
        return {state.instances[arn].ec2_instance_id for arn in arns}

    def has_cluster(self, name: str, region: str) -> bool:
        """True when there is an active cluster of this name."""
        arn = find.cluster_arn(name, self._context(region))
        cluster = self.state.clusters.get(arn)
        return cluster is not None and cluster.status == "ACTIVE"

    def make_cluster(self, name: str, region: str) -> None:
        """What an agent does that was told no cluster: make the default one."""
        self.call("CreateCluster", {"clusterName": name}, region)

    # -- inside ----------------------------------------------------------------------------------

    def _new_agents(self) -> Agents:
        return Agents(
            self._runtime.submit,
            forgets=self._forgets,
            take_up=TAKE_UP,
            prepare=self._prepare,
            patience=self._patience(),
        )

    def _patience(self) -> float:
        """What multiplies the agents' waits for the runtime: a fast clock leaves it its time.

        A simulated one needs but little: the neighbours may have to be loaded first, for instance.
        """
        needed = self._clock.speed / (SIMULATED if self._runtime.simulated else 1.0)
        return max(1.0, needed)

    def _context(self, region: str) -> cp.Context:
        return cp.Context(
            now=self._clock.now(),
            ids=self._ids,
            rng=self._rng,
            account=self.account,
            region=region,
            principal=f"arn:aws:iam::{self.account}:root",
            outside=self._outside,
        )

    def _listen(self) -> None:
        while (event := self._events.get()) is not None:
            batch = [event]
            with self._lock:
                while not self._events.empty():
                    later = self._events.get()
                    if later is None:
                        return
                    batch.append(later)
                if self._closed:
                    return
                try:
                    self._hear(batch)
                except Exception:
                    log.exception("events of the runtime could not be taken in")

    def _hear(self, batch: list[port.Event]) -> None:
        assert self._agents is not None
        for event in batch:
            self._take(self._agents.hear(event, self._clock.now()))
        self._settle()

    def _tick(self) -> None:
        """A moment that was waited for has come."""
        with self._lock:
            self._waits_for = None
            if self._closed or self._agents is None:
                return
            self._take(self._agents.wake(self._clock.now()))
            self._settle()

    def _take(self, reports: Iterable[Report]) -> None:
        for report in reports:
            self._apply(self._believe(report))

    def _believe(self, report: Report) -> Iterable[cp.Fact]:
        """The facts of a report; none where it tells of a step that cannot be."""
        try:
            return cp.observe(self.state, report, self._context(_region(report, self.region)))
        except IllegalMoveError as error:
            log.warning("a report was not believed: %s", error)
            return ()

    def _apply(self, facts: Iterable[cp.Fact]) -> None:
        for fact in facts:
            before, self.state = self.state, cp.evolve(self.state, fact)
            self._orders.extend(cp.orders(before, fact))
            self._unwritten.append(cp.fact_to_json(fact))

    def _settle(self) -> None:
        """Reconcile, write, order; again until nothing is left to be done now."""
        while True:
            while facts := cp.reconcile(self.state, self._context(self.region)):
                self._apply(facts)
            self._write()
            if not self._orders or self._agents is None:
                break
            for _order in range(len(self._orders)):
                self._give(self._orders.popleft(), self._agents)
        self._arm()

    def _give(self, order: Order, agents: Agents) -> None:
        """To whom it is for: the load balancers, or an agent."""
        if isinstance(order, RegisterTarget | DeregisterTarget):
            self._balance(order)
        else:
            self._take(agents.obey(order, self._clock.now()))

    def _write(self) -> None:
        """Keep what happened; if that cannot be, it did not happen."""
        if not self._unwritten:
            return
        records, self._unwritten = self._unwritten, []
        try:
            self._facts.append(records)
        except OSError:
            self.state = self._durable
            self._orders.clear()
            raise
        self._durable = self.state

    def _arm(self) -> None:
        """Be woken when the next thing is due."""
        moments = [cp.next_wakeup(self.state)]
        if self._agents is not None:
            moments.append(self._agents.next_wakeup())
        at = min((moment for moment in moments if moment is not None), default=None)
        if at == self._waits_for:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._waits_for = at
        if at is not None:
            self._timer = self._clock.call_later(at - self._clock.now(), self._tick)


def _region(report: Report, otherwise: str) -> str:
    """Where an instance registers: its zone says it. All other reports name ARNs or ids."""
    if isinstance(report, InstanceRegistered):
        zone = dict(report.attributes).get("ecs.availability-zone") or ""
        return zone[:-1] or otherwise
    return otherwise
