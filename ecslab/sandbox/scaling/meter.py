"""What services use, as CloudWatch has it: of what their tasks reserved, in percent.

Source: ECS developer guide, "Amazon ECS service utilization metrics": the CPU units (MiB) the
tasks of a service use, over those their task definition specifies. On EC2 it may pass 100.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ecslab import controlplane as cp
from ecslab.model.task import Task
from ecslab.model.task_size import cpu_units, memory_mib
from ecslab.runtime.port import Key, Usage

MIB = 1024 * 1024
Look = Callable[[Key], Usage | None]


@dataclass(frozen=True)
class Sample:
    """What a container had used at a moment (real seconds)."""

    at: float
    usage: Usage


@dataclass
class Sum:
    """Used and reserved by the tasks of a service."""

    used: float = 0.0
    reserved: float = 0.0

    def add(self, used: float, reserved: float) -> None:
        """One task more."""
        self.used += used
        self.reserved += reserved

    @property
    def percent(self) -> float | None:
        """None where nothing is reserved: there is nothing to be a part of."""
        return 100 * self.used / self.reserved if self.reserved else None


class Meter:
    """Compares what containers have used with what they had used before."""

    def __init__(self, look: Look, now: Callable[[], float] = time.monotonic) -> None:
        self._look, self._now = look, now
        self._before: dict[Key, Sample] = {}

    def read(self, state: cp.State) -> Iterator[tuple[str, str, float]]:
        """Service ARN, metric, percent since the last reading: of every service with tasks that
        ran all that time.
        """
        cpu: dict[str, Sum] = defaultdict(Sum)
        memory: dict[str, Sum] = defaultdict(Sum)
        before, self._before = self._before, {}
        for task in running(state):
            samples = self._samples(task)
            self._before |= samples
            if any(key not in before for key in samples) or not samples:
                continue
            cpu[task.service_arn].add(
                sum(_units(before[key], sample) for key, sample in samples.items()), _cpu(task)
            )
            used = sum(sample.usage.memory for sample in samples.values())
            memory[task.service_arn].add(used / MIB, _memory(task))
        for metric, sums in (("CPUUtilization", cpu), ("MemoryUtilization", memory)):
            yield from _told(metric, sums)

    def _samples(self, task: Task) -> dict[Key, Sample]:
        found = {}
        for one in task.containers:
            key = Key(task.arn, one.name)
            usage = self._look(key)
            if usage is not None:
                found[key] = Sample(self._now(), usage)
        return found


def running(state: cp.State) -> Iterator[Task]:
    """The tasks of services that run."""
    return (one for one in state.tasks.values() if one.service_arn and one.status == "RUNNING")


def _told(metric: str, sums: Mapping[str, Sum]) -> Iterator[tuple[str, str, float]]:
    for service_arn, one in sums.items():
        if one.percent is not None:
            yield service_arn, metric, one.percent


def _units(before: Sample, after: Sample) -> float:
    """CPU units used between two samples; a container that began anew counts from its start."""
    spent = after.usage.cpu - before.usage.cpu
    passed = after.at - before.at
    return 1024 * (spent if spent >= 0 else after.usage.cpu) / passed if passed > 0 else 0.0


def _cpu(task: Task) -> int:
    return cpu_units(task.cpu) or sum(one.cpu for one in task.containers)


def _memory(task: Task) -> int:
    each = (one.memory_reservation or one.memory or 0 for one in task.containers)
    return memory_mib(task.memory) or sum(each)
