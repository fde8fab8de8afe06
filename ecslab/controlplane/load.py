"""What is taken and what is left of a container instance: derived from its tasks, never told."""

from __future__ import annotations

from typing import NamedTuple

from immutables import Map

from ecslab.model.container_instance import ContainerInstance
from ecslab.model.resources import DYNAMIC_PORTS
from ecslab.model.task import Claim, Task

_NO_GROUPS: Map[str, int] = Map()
_NO_TASKS: Map[str, tuple[int, int]] = Map()
_WEIGHTS = {"PROVISIONING": (0, 1), "PENDING": (0, 1), "ACTIVATING": (0, 1), "RUNNING": (1, 0)}
_NO_PORTS: frozenset[int] = frozenset()


class Load(NamedTuple):
    """What is left of one instance (CPU in units, memory in MiB), and who took the rest."""

    cpu: int
    memory: int
    enis: int
    gpus: int
    tcp: frozenset[int]
    """Ports taken: the agent's own and those task definitions name."""
    udp: frozenset[int]
    dynamic: frozenset[int] = _NO_PORTS
    """Ports taken by mappings that left them open, of either protocol."""
    groups: Map[str, int] = _NO_GROUPS
    """Task group → how many of its tasks live here."""
    tasks: Map[str, tuple[int, int]] = _NO_TASKS
    """ARN → what it counts as (`weight`)."""
    running: int = 0
    pending: int = 0

    def take(self, claim: Claim) -> Load:
        """The load once the claim is met; `tasks` is not touched."""
        return Load(
            self.cpu - claim.cpu,
            self.memory - claim.memory,
            self.enis - claim.enis,
            self.gpus - claim.gpus,
            self.tcp.union(claim.tcp) if claim.tcp else self.tcp,
            self.udp.union(claim.udp) if claim.udp else self.udp,
            self.dynamic.union(claim.dynamic) if claim.dynamic else self.dynamic,
            self.groups.set(claim.group, self.groups.get(claim.group, 0) + 1),
            self.tasks,
            self.running,
            self.pending,
        )

    def give(self, claim: Claim) -> Load:
        """The load once the claim is given back; `tasks` is not touched."""
        left = self.groups.get(claim.group, 0) - 1
        return Load(
            self.cpu + claim.cpu,
            self.memory + claim.memory,
            self.enis + claim.enis,
            self.gpus + claim.gpus,
            self.tcp.difference(claim.tcp) if claim.tcp else self.tcp,
            self.udp.difference(claim.udp) if claim.udp else self.udp,
            self.dynamic.difference(claim.dynamic) if claim.dynamic else self.dynamic,
            self.groups.set(claim.group, left) if left else self.groups.delete(claim.group),
            self.tasks,
            self.running,
            self.pending,
        )

    def enter(self, task: Task) -> Load:
        """The load with one task more."""
        taken = self.take(task.claim)
        counted = weight(task)
        tasks = self.tasks.set(task.arn, counted)
        return taken._count(tasks, counted[0], counted[1])

    def move(self, task: Task) -> Load:
        """The load when a task of it counts as something else."""
        before, now = self.tasks[task.arn], weight(task)
        return self._count(self.tasks.set(task.arn, now), now[0] - before[0], now[1] - before[1])

    def leave(self, task: Task) -> Load:
        """The load without a task."""
        before = self.tasks[task.arn]
        given = self.give(task.claim)
        return given._count(self.tasks.delete(task.arn), -before[0], -before[1])

    def _count(self, tasks: Map[str, tuple[int, int]], running: int, pending: int) -> Load:
        return Load(*self[:8], tasks, self.running + running, self.pending + pending)

    def free_ports(self, count: int, beside: tuple[int, ...] = ()) -> tuple[int, ...] | None:
        """Host ports for mappings that left them open, ascending; None if they ran out.

        They go on from the highest one taken, so that a port just given back is not reused at once.
        `beside` are the ports the same task takes by name.
        """
        if not count:
            return ()
        found: list[int] = []
        taken = self.dynamic.union(self.tcp, self.udp, beside)
        first = max(self.dynamic, default=DYNAMIC_PORTS.start - 1) + 1
        for ports in (range(first, DYNAMIC_PORTS.stop), range(DYNAMIC_PORTS.start, first)):
            for port in ports:
                if port not in taken:
                    found.append(port)
                    if len(found) == count:
                        return tuple(found)
        return None


def weight(task: Task) -> tuple[int, int]:
    """What a task counts as: (running, pending). On its way down it is neither."""
    return _WEIGHTS.get(task.status, (0, 0))


def empty_load(instance: ContainerInstance) -> Load:
    """An instance without tasks. One network interface is the instance's own."""
    return Load(
        cpu=instance.cpu,
        memory=instance.memory,
        enis=max(0, instance.max_enis - 1),
        gpus=instance.gpus,
        tcp=frozenset(instance.ports),
        udp=frozenset(instance.ports_udp),
    )
