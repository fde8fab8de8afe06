"""A world whose agents and load balancers do what they are told, at once or when asked to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from tests.controlplane.world import World

Fate = Callable[[m.RunTask], str]


class Fleet(World):
    """`obedient` agents bring every task up; `fate` may say that one fails ("pull", "crash")."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.fate: Fate = lambda order: "up"
        self.drain_seconds = 0.0
        self.healthy = True
        self._obeyed = 0
        self._draining: list[tuple[float, m.DeregisterTarget]] = []

    def settle(self, rounds: int = 1000) -> None:
        """Obey orders until there are none left."""
        for _round in range(rounds):
            if self._obeyed == len(self.orders):
                return
            waiting, self._obeyed = self.orders[self._obeyed :], len(self.orders)
            for order in waiting:
                self._obey(order)
        raise AssertionError("the orders did not come to an end")

    def _obey(self, order: m.Order) -> None:
        match order:
            case m.RunTask():
                self._run(order)
            case m.StopTask(task_arn=arn):
                if self.state.tasks[arn].status != "STOPPED":
                    self.moved(arn, "STOPPED")
            case m.RegisterTarget() if self.healthy:
                self.target(order, "healthy")
            case m.DeregisterTarget() if self.drain_seconds:
                self._draining.append((self.now + self.drain_seconds, order))
            case m.DeregisterTarget():
                self.target(order, "gone")

    def _run(self, order: m.RunTask) -> None:
        if order.resumed or self.state.tasks[order.task_arn].status != "PENDING":
            return
        fate = self.fate(order)
        if fate == "up":
            self.up(order.task_arn)
        elif fate == "pull":
            why = "CannotPullContainerError: not found"
            self.moved(order.task_arn, "STOPPED", reason=why, stop_code="TaskFailedToStart")
        elif fate == "crash":
            self.up(order.task_arn)
            why = "Essential container in task exited"
            self.moved(order.task_arn, "STOPPED", reason=why)

    def target(self, order: m.TargetOrder, state: Any, **changes: Any) -> None:
        """The load balancer says something of a target."""
        self.report(
            m.TargetHealthChanged(
                order.target_group_arn,
                order.target_id,
                order.port,
                order.task_arn,
                state,
                self.now,
                **changes,
            )
        )

    def pass_time(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass in steps, obeying what is ordered meanwhile."""
        end = self.now + seconds
        while self.now < end:
            self.wait(min(step, end - self.now))
            for at, order in [one for one in self._draining if one[0] <= self.now]:
                self._draining.remove((at, order))
                self.target(order, "gone")
            self.settle()

    def calm(self, most: float = 100_000) -> None:
        """Go from moment to moment until nothing waits for time but memories and repetitions."""
        end = self.now + most
        self.settle()
        while self.now < end:
            at = self.state.index.alarms.next
            draining = min((at for at, _order in self._draining), default=None)
            moments = [one for one in (at, draining) if one is not None]
            if not moments or min(moments) > self.now + 3600:
                return
            self.pass_time(max(0.001, min(moments) - self.now), step=1e9)

    # -- services -----------------------------------------------------------------------------

    def create(self, name: str = "web", **params: Any) -> dict[str, Any]:
        given = {"serviceName": name, "taskDefinition": "web", "desiredCount": 2, **params}
        return dict(self.call("CreateService", **given)["service"])

    def update(self, name: str = "web", **params: Any) -> dict[str, Any]:
        return dict(self.call("UpdateService", service=name, **params)["service"])

    def service(self, name: str = "web") -> dict[str, Any]:
        (found,) = self.call("DescribeServices", services=[name])["services"]
        return dict(found)

    def events(self, name: str = "web") -> list[str]:
        """Messages, oldest first."""
        return [one["message"] for one in reversed(self.service(name)["events"])]

    def live(self, name: str = "web") -> list[str]:
        """ARNs of the tasks that are to run, oldest first."""
        tasks = [t for t in self.state.tasks.values() if t.group == f"service:{name}"]
        alive = [t for t in tasks if t.desired == "RUNNING"]
        return [t.arn for t in sorted(alive, key=lambda t: (t.created_at, t.arn))]


def fleet(instances: int = 2, **definition: Any) -> Fleet:
    """A cluster "default" with instances, and a task definition web:1."""
    made = Fleet()
    made.call("CreateCluster")
    for _number in range(instances):
        made.join()
    made.register(**definition)
    return made


def replayed(w: World) -> cp.State:
    """The state the log leads to."""
    state = cp.State.empty()
    for fact in w.log:
        state = cp.evolve(state, cp.fact_from_json(cp.fact_to_json(fact)))
    return state
