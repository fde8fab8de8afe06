"""Placing tasks in the control plane: ``python benchmarks/placement.py``.

10,000 tasks on 1,000 instances, for each strategy, in two ways:

- in one decision, with the instances in proportion to the tasks (10 to 1): the placement alone;
- by RunTask, ten tasks a call as the API has it, on 1,000 instances: the call, its answer, its
  facts and the state they lead to. Every call looks at every instance once.

Fails above 2 seconds, or where the time grows faster than n log n does over the sizes tried.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from ecslab import controlplane as cp
from ecslab.controlplane.need import DEFAULT_STRATEGIES, Need, Strategy
from ecslab.model.agent_messages import InstanceRegistered

SIZES = (1250, 2500, 5000, 10000)
INSTANCES = 1000
LIMIT_S = 2.0
SLACK = 0.15
"""What the exponent of a fit may be above that of n log n: other work on the machine is in it."""
ROUNDS = 5
STRATEGIES: dict[str, tuple[Strategy, ...]] = {
    "spread over zones (the default)": DEFAULT_STRATEGIES,
    "spread over zones, then instances": (*DEFAULT_STRATEGIES, ("spread", "instanceId")),
    "binpack by memory": (("binpack", "memory"),),
    "random": (("random", ""),),
}
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/bench"
DEFINITION = {
    "family": "web",
    "containerDefinitions": [
        {
            "name": "nginx",
            "image": "nginx:alpine",
            "cpu": 16,
            "memory": 64,
            "portMappings": [{"containerPort": 80, "hostPort": 0}],
        }
    ],
}


class Names:
    """Names that do not repeat."""

    def __init__(self) -> None:
        self._count = 0

    def hex32(self) -> str:
        """32 hexadecimal digits."""
        self._count += 1
        return f"{self._count:032x}"

    def uuid(self) -> str:
        """As long as a UUID."""
        return self.hex32()


def context() -> cp.Context:
    """A moment; chance is the same each time."""
    return cp.Context(1e6, Names(), random.Random(0), "123456789012", "us-east-1")


def call(state: cp.State, surroundings: cp.Context, operation: str, **params: Any) -> cp.State:
    """The state after a call."""
    for fact in cp.handle(state, operation, params, surroundings).facts:
        state = cp.evolve(state, fact)
    return state


def cluster(instances: int, surroundings: cp.Context) -> cp.State:
    """A cluster of instances (8 vCPU, 32 GB) in three zones, and a task definition."""
    state = call(cp.State.empty(), surroundings, "CreateCluster", clusterName="bench")
    state = call(state, surroundings, "RegisterTaskDefinition", **DEFINITION)
    for number in range(instances):
        zone = f"us-east-1{'abc'[number % 3]}"
        report = InstanceRegistered(
            "bench",
            f"i-{number:017x}",
            1e6,
            cpu=8192,
            memory=31000,
            attributes=(("ecs.availability-zone", zone),),
        )
        for fact in cp.observe(state, report, surroundings):
            state = cp.evolve(state, fact)
    return state


def one_decision(strategies: tuple[Strategy, ...], tasks: int) -> Callable[[], None]:
    """All tasks at once, on a tenth as many instances."""
    state = cluster(tasks // 10, context())
    need = Need("family:web", cpu=16, memory=64, dynamic=1, strategies=strategies)

    def run() -> None:
        placed = cp.place(state, CLUSTER, need, tasks, random.Random(0))
        assert len(placed.homes) == tasks

    return run


def calls_of_ten(strategies: tuple[Strategy, ...], tasks: int) -> Callable[[], None]:
    """RunTask again and again, on 1,000 instances."""
    surroundings = context()
    start = cluster(INSTANCES, surroundings)
    asked = [{"type": kind, **({"field": what} if what else {})} for kind, what in strategies]

    def run() -> None:
        state = start
        for _call in range(tasks // 10):
            state = call(
                state,
                surroundings,
                "RunTask",
                cluster="bench",
                taskDefinition="web",
                count=10,
                placementStrategy=asked,
            )
        assert len(state.tasks) == tasks

    return run


def seconds(run: Callable[[], None]) -> float:
    """The best of some rounds."""
    best = math.inf
    for _round in range(ROUNDS):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def exponent(times: list[float]) -> float:
    """The p of the best fit t = c · n^p through the sizes."""
    xs, ys = [math.log(n) for n in SIZES], [math.log(t) for t in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return above / sum((a - x) ** 2 for a in xs)


def main() -> int:
    """Print seconds and growth; 1 if one of them is too much."""
    most = exponent([n * math.log(n) for n in SIZES])
    print("Seconds for n = " + ", ".join(f"{n:,}" for n in SIZES) + " tasks; growth as n^p,")
    print(f"where n log n grows as n^{most:.2f} over these sizes.")
    failed = []
    for way in (one_decision, calls_of_ten):
        print(f"\n{way.__name__.replace('_', ' ')}: {(way.__doc__ or '').rstrip('.')}")
        for name, strategies in STRATEGIES.items():
            times = [seconds(way(strategies, size)) for size in SIZES]
            grown = exponent(times)
            row = "  ".join(f"{one:6.3f}" for one in times)
            print(f"  {name:34} {row}   n^{grown:.2f}")
            if times[-1] > LIMIT_S or grown > most + SLACK:
                failed.append(name)
    for name in failed:
        print(f"{name}: more than {LIMIT_S:g} s, or more than n log n.", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
