"""Simulated containers: nothing is started, but nothing impossible happens either.

The stub is a second witness beside the control plane: it keeps its own ledger of what every host
gives away and refuses what cannot be. What a container would do is told by Docker labels on it
(`BEHAVIOUR`); Docker ignores them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Protocol

from ecslab.model.agent_messages import NetworkBinding
from ecslab.runtime import port, simulated_use
from ecslab.runtime.doors import Doors, page_of
from ecslab.runtime.port import (
    Address,
    ContainerSpec,
    Emit,
    Found,
    Held,
    Instruction,
    Key,
    Line,
    Look,
    Meeting,
    Ran,
    Usage,
)
from ecslab.runtime.simulated_use import Use, number

PREFIX = "ecslab.simulate."
BEHAVIOUR = {
    "pull": "ok | not-found | denied",
    "start-seconds": "how long the start takes (default 0.7)",
    "exit-code": "the container ends by itself with this code",
    "exit-after": "… after this many seconds (default 1)",
    "health": "healthy | unhealthy: what its health check says",
    **{label.removeprefix(PREFIX): what for label, what in simulated_use.BEHAVIOUR.items()},
}
PULL_SECONDS = 0.8
CREATE_SECONDS = 0.1
START_SECONDS = 0.7
STOP_SECONDS = 0.3

Capacity = Callable[[str], tuple[int, int] | None]
"""CPU units and MiB of the host at an address; None where nobody knows."""


class Timer(Protocol):
    """Something that can be called off."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the stub waits by."""

    def call_later(self, delay: float, action: Callable[[], None]) -> Timer: ...


@dataclass
class Simulated:
    """One simulated container."""

    spec: ContainerSpec
    running: bool = False
    ended: bool = False
    """Whether what it had of its host is given back."""
    timers: list[Timer] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    use: Use | None = None
    """What it uses while it runs."""

    def say(self, text: str) -> None:
        """Write a line."""
        self.lines.append(Line(time.time_ns(), text))


class StubRuntime:
    """Containers that are only kept book of."""

    name = "stub"
    simulated = True

    def __init__(
        self,
        emit: Emit,
        clock: Clock,
        *,
        capacity: Capacity = lambda _host: None,
        doors: Doors | None = None,
    ) -> None:
        self._emit = emit
        self._clock = clock
        self._capacity = capacity
        self._doors = doors or Doors()
        self._containers: dict[Key, Simulated] = {}
        self._ports: dict[tuple[str, int, str], Key] = {}
        self._lock = threading.RLock()

    # -- Runtime -------------------------------------------------------------------------------

    def submit(self, instruction: Instruction) -> None:
        """Take an instruction; what comes of it comes later, by the clock."""
        match instruction:
            case port.Pull(key=key, image=image, labels=labels):
                self._later(PULL_SECONDS, lambda: self._pull(key, image, dict(labels)))
            case port.Create(key=key, spec=spec):
                self._later(CREATE_SECONDS, lambda: self._create(key, spec))
            case port.Start(key=key):
                self._begin(key)
            case port.Stop(key=key, timeout=timeout):
                self._later(STOP_SECONDS, lambda: self._stop(key, 143 if timeout > 0 else 137))
            case port.Release(task_arn=task_arn):
                self._release(task_arn)
            case port.Remove(task_arn=task_arn):
                self._remove(task_arn)

    def adopt(self) -> list[Found]:
        """Nothing survives: simulated containers live in this process alone."""
        return []

    def held(self) -> list[Held]:
        """The ledger: who runs, and who has which port."""
        with self._lock:
            return [
                Held(key, one.running, tuple(at for at, who in self._ports.items() if who == key))
                for key, one in self._containers.items()
            ]

    def addresses(self) -> dict[Address, Address]:
        """Ports that had to be opened elsewhere."""
        return self._doors.substitutes()

    def logs(self, key: Key, tail: int = 200) -> str:
        """What happened to the simulated container."""
        with self._lock:
            container = self._containers.get(key)
            return "\n".join(one.text for one in container.lines[-tail:]) if container else ""

    def meet(self) -> Meeting | None:
        """Nobody in here asks anything."""
        return None

    def lines(self, key: Key, after: int) -> list[Line]:
        """What the simulated container wrote after that moment."""
        with self._lock:
            container = self._containers.get(key)
            return [one for one in container.lines if one.at > after] if container else []

    def look(self, key: Key) -> Look | None:
        """What is kept book of; a simulated container has no address and no image."""
        with self._lock:
            container = self._containers.get(key)
            if container is None:
                return None
            begun = [one for one in container.lines if one.text.endswith(" started")]
            return Look(
                name=f"simulated-{key.name}",
                created_at=_moment(container.lines[0].at),
                started_at=_moment(begun[-1].at) if begun else "",
            )

    def stats(self, key: Key) -> Mapping[str, Any] | None:
        """Nothing uses anything here."""
        return None

    def usage(self, key: Key) -> Usage | None:
        """What it would have used so far; None where it does not run."""
        with self._lock:
            container = self._containers.get(key)
            if container is None or not container.running or container.use is None:
                return None
            return container.use.now()

    def execute(self, key: Key, command: Sequence[str]) -> Ran:
        """Nothing runs here that a command could run in."""
        raise LookupError(
            "Containers are simulated here: there is no process in them and no file to look at. "
            "A sandbox with Docker (--runtime docker) runs commands."
        )

    def remove_all(self) -> None:
        """Forget every container."""
        with self._lock:
            for task_arn in {key.task_arn for key in self._containers}:
                self._remove(task_arn)

    def close(self) -> None:
        """Close the doors."""
        with self._lock:
            for container in self._containers.values():
                _call_off(container)
        self._doors.close_all()

    # -- the life of a simulated container -------------------------------------------------------

    def _pull(self, key: Key, image: str, labels: dict[str, str]) -> None:
        fate = labels.get(PREFIX + "pull", "ok")
        if fate == "not-found":
            why = f"pull image manifest has been retried: {image}: not found"
            self._emit(port.PullFailed(key, why))
        elif fate == "denied":
            why = (
                f"pull access denied for {image}, repository does not exist or may require "
                "'docker login'"
            )
            self._emit(port.PullFailed(key, why))
        else:
            self._emit(port.Pulled(key))

    def _create(self, key: Key, spec: ContainerSpec) -> None:
        with self._lock:
            if key in self._containers:
                self._emit(port.CreateFailed(key, f"container {key.name} exists already"))
                return
            why = self._does_not_fit(spec)
            if why:
                self._emit(port.CreateFailed(key, why))
                return
            container = self._containers[key] = Simulated(spec)
            container.say(f"simulated: {key.name} created")
        runtime_id = f"stub-{key.task_arn.rpartition('/')[2]}-{key.name}"
        self._emit(port.Created(key, runtime_id))

    def _does_not_fit(self, spec: ContainerSpec) -> str:
        """Why the host cannot hold one more such container, "" where it can."""
        capacity = self._capacity(spec.host_ip)
        if capacity is None:
            return ""
        wanted = [spec]
        wanted += [
            c.spec
            for c in self._containers.values()
            if c.spec.host_ip == spec.host_ip and not c.ended
        ]
        if sum(int(s.definition.get("cpu") or 0) for s in wanted) > capacity[0]:
            return f"out of CPU on {spec.host_ip}: {capacity[0]} units in all"
        if sum(_memory(s.definition) for s in wanted) > capacity[1]:
            return f"out of memory on {spec.host_ip}: {capacity[1]} MiB in all"
        return ""

    def _begin(self, key: Key) -> None:
        container = self._containers.get(key)
        if container is None:
            self._emit(port.StartFailed(key, "no such container"))
            return
        seconds = number(container.spec.labels.get(PREFIX + "start-seconds"), START_SECONDS)
        self._later(seconds, lambda: self._start(key), container)

    def _start(self, key: Key) -> None:
        with self._lock:
            container = self._containers.get(key)
            if container is None or container.running:
                return
            container.use = Use(container.spec.labels)
            why = self._try_open(key, container)
            if not why:
                container.running, container.ended = True, False
                container.say(f"simulated: {key.name} started")
        if why:
            self._emit(port.StartFailed(key, why))
            return
        self._emit(port.Started(key, container.spec.bindings))
        self._act(key, container)

    def _try_open(self, key: Key, container: Simulated) -> str:
        """Open its ports; why that cannot be, "" when it is done."""
        spec = container.spec
        taken = self._taken(key, spec)
        if taken is not None:
            where = f"{taken.bind_ip}:{taken.host_port}"
            return f"driver failed programming external connectivity: {where} is allocated"
        try:
            self._open(key, container)
        except OSError as error:
            self._close(key, spec)
            return f"driver failed programming external connectivity: {error}"
        return ""

    def _taken(self, key: Key, spec: ContainerSpec) -> NetworkBinding | None:
        """The binding whose host port another container has."""
        for b in spec.bindings:
            if self._ports.get((b.bind_ip, b.host_port, b.protocol), key) != key:
                return b
        return None

    def _open(self, key: Key, container: Simulated) -> None:
        spec = container.spec
        visited = container.use.visited if container.use else None
        task = key.task_arn.rpartition("/")[2]
        image = str(spec.definition.get("image", ""))
        page = page_of(task, f"{spec.family}:{spec.revision}", key.name, image)
        for b in spec.bindings:
            self._ports[b.bind_ip, b.host_port, b.protocol] = key
            if b.protocol == "tcp":
                self._doors.open(b.bind_ip, b.host_port, lambda: page, visited)

    def _act(self, key: Key, container: Simulated) -> None:
        """What its labels say it does while it runs."""
        labels = container.spec.labels
        if PREFIX + "exit-code" in labels:
            code = int(number(labels[PREFIX + "exit-code"], 1))
            after = number(labels.get(PREFIX + "exit-after"), 1.0)
            self._later(after, lambda: self._exit(key, code), container)
        check = container.spec.definition.get("healthCheck")
        if check:
            self._check_health(key, container, dict(check))

    def _check_health(self, key: Key, container: Simulated, check: dict[str, Any]) -> None:
        interval = float(check.get("interval") or 30)
        if container.spec.labels.get(PREFIX + "health", "healthy") == "healthy":
            event, after = port.HealthChanged(key, "HEALTHY"), interval
        else:
            tries = int(check.get("retries") or 3)
            after = float(check.get("startPeriod") or 0) + interval * tries
            event = port.HealthChanged(key, "UNHEALTHY")

        def speak() -> None:
            if container.running:
                self._emit(event)

        self._later(after, speak, container)

    def _stop(self, key: Key, code: int) -> None:
        with self._lock:
            container = self._containers.get(key)
            if container is not None and not container.running:
                _call_off(container)  # a start under way is not wanted any more
        self._exit(key, code)

    def _release(self, task_arn: str) -> None:
        """The task ended: what was made but did not run takes nothing of its host."""
        with self._lock:
            for key, container in self._containers.items():
                if key.task_arn == task_arn and not container.running:
                    container.ended = True

    def _exit(self, key: Key, code: int) -> None:
        with self._lock:
            container = self._containers.get(key)
            if container is None or not container.running:
                return
            container.running, container.ended = False, True
            container.say(f"simulated: {key.name} exited with code {code}")
            _call_off(container)
            self._close(key, container.spec)
        self._emit(port.Exited(key, code))

    def _close(self, key: Key, spec: ContainerSpec) -> None:
        for b in spec.bindings:
            if self._ports.get((b.bind_ip, b.host_port, b.protocol)) == key:
                del self._ports[b.bind_ip, b.host_port, b.protocol]
                self._doors.close(b.bind_ip, b.host_port)

    def _remove(self, task_arn: str) -> None:
        with self._lock:
            for key in [key for key in self._containers if key.task_arn == task_arn]:
                container = self._containers.pop(key)
                _call_off(container)
                self._close(key, container.spec)

    def _later(
        self, seconds: float, action: Callable[[], None], container: Simulated | None = None
    ) -> None:
        timer = self._clock.call_later(seconds, action)
        if container is not None:
            container.timers.append(timer)


def _call_off(container: Simulated) -> None:
    for timer in container.timers:
        timer.cancel()
    container.timers.clear()


def _moment(nanoseconds: int) -> str:
    whole, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{datetime.fromtimestamp(whole, timezone.utc):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def _memory(definition: Any) -> int:
    """MiB a container takes for sure: its soft limit, else its hard one."""
    return int(definition.get("memoryReservation") or definition.get("memory") or 0)
