"""How fast the service scheduler is: ``python benchmarks/services.py``.

A thousand services of five tasks each on five hundred instances, from CreateService until the last
of them has reached a steady state: every call, report and fact goes through the control plane as
in the sandbox, the 40 seconds a task has to run are virtual. Then: what a look costs when there is
nothing to do, and what one task that dies costs, in worlds of ten, a hundred and a thousand of
them. Times are of the processor, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import time
from pathlib import Path
from sys import path

path.insert(0, str(Path(__file__).parents[1]))

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from tests.controlplane.fleet import Fleet

TASKS = 5
MOST_SECONDS = 10.0


def cluster(instances: int) -> Fleet:
    """Instances of 2 vCPU and 7945 MiB in two zones, and a task definition of 128 MiB."""
    world = Fleet()
    world.call("CreateCluster")
    for _number in range(instances):
        world.join(cpu=2048, memory=7945)
    world.register(ports=[{"containerPort": 80}])
    return world


def steady(services: int, instances: int) -> tuple[Fleet, float]:
    """A world in which so many services are steady, and the seconds it took."""
    world = cluster(instances)
    begun = time.process_time()
    for number in range(services):
        world.create(f"service-{number}", desiredCount=TASKS)
    world.settle()
    world.pass_time(41, step=41)
    spent = time.process_time() - begun
    rollouts = {one.primary.rollout for one in world.state.services.values()}
    running = sum(tally.running for tally in world.state.index.tallies.values())
    assert rollouts == {"COMPLETED"}, rollouts
    assert running == services * TASKS, running
    return world, spent


def look(world: Fleet, times: int = 1000) -> float:
    """Microseconds of one reconcile with nothing to do, and of asking when to look again."""
    begun = time.process_time()
    for _time in range(times):
        assert cp.reconcile(world.state, world.context()) == ()
        cp.next_wakeup(world.state)
    return (time.process_time() - begun) / times * 1e6


def death(world: Fleet, times: int = 20) -> float:
    """Microseconds from a task's end to its replacement being ordered."""
    spent = 0.0
    for number in range(times):
        victim = world.live(f"service-{number % 10}")[0]
        report = m.TaskStateChange(
            victim, "STOPPED", world.now, "Essential container in task exited"
        )
        begun = time.process_time()
        world.report(report)
        spent += time.process_time() - begun
        world.settle()
        world.pass_time(41, step=41)
    return spent / times * 1e6


def main() -> None:
    """Measure and print; exit with 1 where the promise is not kept."""
    print("services  instances  tasks  until steady  facts   a look   a death")
    for services, instances in ((10, 5), (100, 50), (1000, 500)):
        world, spent = steady(services, instances)
        facts, idle, replaced = len(world.log), look(world), death(world)
        print(
            f"{services:8}  {instances:9}  {services * TASKS:5}  {spent:10.2f} s  {facts:6}"
            f"  {idle:5.0f} µs  {replaced:5.0f} µs"
        )
    if spent > MOST_SECONDS:
        raise SystemExit(f"{spent:.1f} s is more than the {MOST_SECONDS:.0f} s promised.")


if __name__ == "__main__":
    main()
