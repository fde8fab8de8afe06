"""The EC2 watcher: instances whose image carries the ECS agent join by themselves.

It stands for the agents' boot: it looks at EC2 and tells the control plane what an agent, or AWS,
would tell it. An instance that is stopped is no longer connected; one that is terminated leaves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from ecslab.model.agent_messages import AgentConnected, InstanceTerminated, Report
from ecslab.sandbox.clock import Clock, Timer
from ecslab.sandbox.joining import Machine, read_user_data, registration

log = logging.getLogger(__name__)

BOOT_SECONDS = 5.0
"""Virtual seconds from an instance that runs to an agent that registers; on AWS about a minute."""
LOOK_EVERY = 1.0
"""Wall seconds between two looks when nothing calls for one earlier."""


class SeenMachine(Machine, Protocol):
    """An EC2 instance as the watcher sees it."""

    @property
    def state(self) -> str:
        """pending, running, stopping, stopped, shutting-down or terminated."""

    @property
    def ecs_optimized(self) -> bool:
        """True when its image carries the ECS agent."""


class Registry(Protocol):
    """What the watcher asks the control plane."""

    def connected(self, ec2_instance_id: str) -> bool | None:
        """Whether the agent of a registered instance is connected; None if it never registered.

        A container instance that was deregistered counts as registered and connected: its agent
        does not come back by itself.
        """

    def instances(self) -> Iterable[str]:
        """The EC2 ids of all container instances that are registered now."""

    def has_cluster(self, name: str, region: str) -> bool:
        """True when there is an active cluster of this name."""

    def make_cluster(self, name: str, region: str) -> None:
        """What an agent does that was told no cluster: make the default one."""

    def report(self, *reports: Report) -> None:
        """Tell the control plane."""


class Watcher:
    """Looks at EC2 when it is poked, and from time to time."""

    def __init__(
        self, machines: Callable[[], Iterable[SeenMachine]], registry: Registry, clock: Clock
    ) -> None:
        self._machines = machines
        self._registry = registry
        self._clock = clock
        self._booting: dict[str, Timer] = {}
        self._said: set[str] = set()
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._closed = False

    def poke(self) -> None:
        """Look soon: something about EC2 may have changed."""
        self._wake.set()

    def run(self) -> None:
        """Look until `close`, on this thread."""
        while not self._closed:
            try:
                self.look()
            except Exception:
                log.exception("looking at EC2 failed")
            self._wake.wait(LOOK_EVERY)
            self._wake.clear()

    def close(self) -> None:
        """End `run` and let nothing boot any more."""
        with self._lock:
            self._closed = True
            for timer in self._booting.values():
                timer.cancel()
        self._wake.set()

    def look(self) -> None:
        """Compare EC2 with what the control plane knows, and report the differences."""
        # The first question may wait for EC2's memory to load; nobody must wait for the lock then.
        self._machines()
        with self._lock:
            seen = {machine.id: machine for machine in self._machines()}
            for machine in seen.values():
                self._compare(machine)
            for gone in [one for one in self._registry.instances() if one not in seen]:
                self._registry.report(InstanceTerminated(gone, self._clock.now()))

    def _compare(self, machine: SeenMachine) -> None:
        connected = self._registry.connected(machine.id)
        if machine.state == "running":
            if not connected and (connected is False or machine.ecs_optimized):
                self._boot(machine)
            return
        if machine.id in self._booting:
            self._booting.pop(machine.id).cancel()
        now = self._clock.now()
        if machine.state in ("shutting-down", "terminated"):
            if machine.id in self._registry.instances():
                self._registry.report(InstanceTerminated(machine.id, now))
        elif connected and machine.id in self._registry.instances():
            why = f"The EC2 instance is {machine.state}."
            self._registry.report(AgentConnected(machine.id, False, now, why))

    def _boot(self, machine: SeenMachine) -> None:
        if machine.id not in self._booting and not self._closed:
            action = lambda: self._booted(machine.id)  # noqa: E731  a timer takes no argument
            self._booting[machine.id] = self._clock.call_later(BOOT_SECONDS, action)

    def _booted(self, machine_id: str) -> None:
        """The agent is up: it registers, or comes back. It waits on if its cluster is missing."""
        with self._lock:
            self._booting.pop(machine_id, None)
            found = next((one for one in self._machines() if one.id == machine_id), None)
            if found is None or found.state != "running" or self._closed:
                return
            if self._registry.connected(machine_id) is None:
                self._join(found)
            else:
                why = "The EC2 instance was started."
                self._registry.report(AgentConnected(machine_id, True, self._clock.now(), why))

    def _join(self, machine: SeenMachine) -> None:
        settings = read_user_data(machine.user_data)
        if not self._registry.has_cluster(settings.cluster, machine.region):
            if settings.named:
                self._say_unjoined(machine.id, settings.cluster)
                return
            self._registry.make_cluster(settings.cluster, machine.region)
        self._registry.report(registration(machine, settings, self._clock.now()))
        log.info("%s joined the cluster %s", machine.id, settings.cluster)

    def _say_unjoined(self, machine_id: str, cluster: str) -> None:
        """The agent's service restarts it until the cluster is there; say it once."""
        if machine_id not in self._said:
            self._said.add(machine_id)
            log.warning(
                "%s cannot join: there is no cluster %r. Create it, and the instance joins.",
                machine_id,
                cluster,
            )
