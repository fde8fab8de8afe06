"""The agents of all instances together: who is told what, and who is woken when."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

from ecslab.model.agent_messages import AgentOrder, ForgetTask, Report, RunTask, StopTask
from ecslab.runtime import port
from ecslab.runtime.agent import Prepare, TaskAgent
from ecslab.runtime.port import Event, Found, Instruction


class Agents:
    """The agents of all instances: what the sandbox drives."""

    def __init__(
        self,
        submit: Callable[[Instruction], None],
        *,
        forgets: bool,
        take_up: float = 0.0,
        prepare: Prepare | None = None,
        patience: float = 1.0,
    ) -> None:
        """Serve a runtime.

        `forgets`: it loses its containers when the sandbox ends (the stub does). `take_up`: seconds
        until an agent turns to a task it is given. `prepare` gets what containers need from
        elsewhere; with nobody to do that, they need nothing. `patience` multiplies the waits for
        the runtime's own work, which a fast clock does not make faster.
        """
        self._submit = submit
        self._prepare = prepare
        self._patience = patience
        self._take_up = take_up
        self._forgets = forgets
        self._tasks: dict[str, TaskAgent] = {}
        self._found: dict[str, list[Found]] = {}
        # Which task waits until when; moments in the heap that are not its task's own are stale.
        self._waits: dict[str, float] = {}
        self._moments: list[tuple[float, str]] = []

    def remember(self, found: Iterable[Found]) -> None:
        """Containers of an earlier run, to be taken over when their tasks are ordered again."""
        for container in found:
            self._found.setdefault(container.key.task_arn, []).append(container)

    def unclaimed(self) -> list[str]:
        """Tasks of which containers were found that nobody ordered again."""
        return list(self._found)

    def obey(self, order: AgentOrder, now: float) -> list[Report]:
        """Do what the control plane orders; an order repeated changes nothing."""
        task = self._tasks.get(order.task_arn)
        match order:
            case RunTask():
                return [] if task else self._run(order, now)
            case StopTask():
                return self._settle(task, task.stop(now)) if task else []
            case ForgetTask():
                self._tasks.pop(order.task_arn, None)
                self._waits.pop(order.task_arn, None)
                self._found.pop(order.task_arn, None)
                self._submit(port.Remove(order.task_arn))
        return []

    def hear(self, event: Event, now: float) -> list[Report]:
        """Something happened in the runtime."""
        if isinstance(event, port.RuntimeLost):
            lost: list[Report] = []
            for running in list(self._tasks.values()):
                lost += self._settle(running, running.lose(event.reason, now))
            return lost
        if isinstance(event, port.RuntimeBack):
            return []
        task = self._tasks.get(event.key.task_arn)
        return self._settle(task, task.hear(event, now)) if task else []

    def wake(self, now: float) -> list[Report]:
        """A moment that was waited for has come."""
        reports: list[Report] = []
        due: list[str] = []
        while (at := self.next_wakeup()) is not None and at <= now:
            due.append(heapq.heappop(self._moments)[1])
            del self._waits[due[-1]]
        for arn in due:
            task = self._tasks[arn]
            reports += self._settle(task, task.wake(now))
        return reports

    def next_wakeup(self) -> float | None:
        """When to be woken next (seconds since the epoch)."""
        while self._moments and self._waits.get(self._moments[0][1]) != self._moments[0][0]:
            heapq.heappop(self._moments)
        return self._moments[0][0] if self._moments else None

    def _run(self, order: RunTask, now: float) -> list[Report]:
        task = TaskAgent(order, self._submit, self._prepare, self._patience)
        self._tasks[order.task_arn] = task
        found = self._found.pop(order.task_arn, [])
        if found or (order.resumed and not self._forgets):
            return self._settle(task, task.resume(found, now))
        if self._take_up and not order.resumed:
            task.takes_up_at = now + self._take_up
            return self._settle(task, [])
        return self._settle(task, task.begin(now))

    def _settle(self, task: TaskAgent, reports: list[Report]) -> list[Report]:
        arn, at = task.order.task_arn, task.next_wakeup()
        if task.ended:
            self._tasks.pop(arn, None)
        if at is None:
            self._waits.pop(arn, None)
        elif self._waits.get(arn) != at:
            self._waits[arn] = at
            heapq.heappush(self._moments, (at, arn))
        return reports
