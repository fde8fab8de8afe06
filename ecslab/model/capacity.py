"""EC2 against Fargate, in capacity and money: the arithmetic behind the explorer in the lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecslab.model import fargate
from ecslab.model.prices import HOURS_A_MONTH, PriceList


@dataclass(frozen=True)
class Size:
    """Units of CPU (1024 = one vCPU) and MiB of memory."""

    cpu: int
    memory: int


@dataclass(frozen=True)
class Bill:
    """What one way of running the tasks takes and costs.

    `used` is what the tasks ask for, `paid` what is paid for; costs are USD a month.
    """

    used: Size
    paid: Size
    units: int
    """Instances on EC2, tasks on Fargate."""
    monthly: float

    @property
    def wasted(self) -> float:
        """The share of what is paid for that nobody uses, 0 to 1: of CPU and memory, the mean."""
        if not self.paid.cpu or not self.paid.memory:
            return 0.0
        cpu = 1 - self.used.cpu / self.paid.cpu
        memory = 1 - self.used.memory / self.paid.memory
        return (cpu + memory) / 2


def pack(tasks: Sequence[Size], instance: Size) -> int | None:
    """How many instances hold the tasks, biggest first; None if one task fits into none.

    First fit, decreasing: never more than 11/9 of the best possible in one dimension. ECS's own
    placement is no better informed, since it places a task when it is asked to.
    """
    free: list[list[int]] = []
    for task in sorted(tasks, key=lambda size: (size.memory, size.cpu), reverse=True):
        if task.cpu > instance.cpu or task.memory > instance.memory:
            return None
        for room in free:
            if task.cpu <= room[0] and task.memory <= room[1]:
                break
        else:
            room = [instance.cpu, instance.memory]
            free.append(room)
        room[0] -= task.cpu
        room[1] -= task.memory
    return len(free)


def on_ec2(
    tasks: Sequence[Size], instance_type: str, instance: Size, prices: PriceList
) -> Bill | None:
    """The bill on instances of one type (with a public address and 30 GB of storage each)."""
    count = pack(tasks, instance)
    hourly = prices.instance(instance_type)
    if count is None or hourly is None:
        return None
    monthly = count * ((hourly + prices.public_ipv4) * HOURS_A_MONTH + 30 * prices.volume_gb_month)
    paid = Size(count * instance.cpu, count * instance.memory)
    return Bill(_sum(tasks), paid, count, monthly)


def on_fargate(tasks: Sequence[Size], prices: PriceList) -> Bill | None:
    """The bill on Fargate, each task rounded up to a size it sells, each with a public address."""
    sizes = [fargate.smallest(task.cpu, task.memory) for task in tasks]
    if None in sizes:
        return None
    bought = [Size(*size) for size in sizes if size]
    hourly = sum(prices.fargate(size.cpu, size.memory) + prices.public_ipv4 for size in bought)
    return Bill(_sum(tasks), _sum(bought), len(bought), hourly * HOURS_A_MONTH)


def _sum(sizes: Sequence[Size]) -> Size:
    return Size(sum(s.cpu for s in sizes), sum(s.memory for s in sizes))
