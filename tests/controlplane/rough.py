"""A world in which everything takes its time and much goes wrong, until it is told to be good."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from ecslab.model.lifecycle import IllegalMoveError
from tests.controlplane.world import World

GROUPS = [f"arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/tg{n}/abc" for n in range(2)]


NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1", "subnet-2"]}}
BOTH = [
    {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 2},
]


class Rough(World):
    """Agents and load balancers that act later, in any order, and sometimes fail."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.chance = random.Random(seed)
        self.good = False
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._obeyed = 0
        self.targets: dict[tuple[str, str, int], str] = {}
        self.containers: set[str] = set()
        """Tasks whose containers are there."""
        self.begun: Counter[str] = Counter()
        """Task → how often its containers were made."""

    # -- time ---------------------------------------------------------------------------------

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (self.now + seconds, self._count, action))

    def run_until(self, end: float) -> None:
        while True:
            self._take_orders()
            moments = [one for one in (cp.next_wakeup(self.state),) if one is not None]
            moments += [self._agenda[0][0]] if self._agenda else []
            at = min(moments, default=end)
            if at >= end:
                break
            self.now = max(self.now, at)
            if self._agenda and self._agenda[0][0] <= self.now:
                heapq.heappop(self._agenda)[2]()
            before = len(self.log)
            self.wait(0)
            due = cp.next_wakeup(self.state)
            assert due is None or due > self.now or len(self.log) > before, "an alarm stays due"
        self.now = end
        self.wait(0)

    def crash(self) -> None:
        """The sandbox dies between two facts and comes back; the hands outlive it.

        What was ordered and not yet heard is lost; what is told meanwhile, nobody hears.
        """
        self.state = cp.State.empty()
        for fact in self.log:
            self.state = cp.evolve(self.state, cp.fact_from_json(cp.fact_to_json(fact)))
        self._obeyed = len(self.orders)
        self.orders.extend(cp.resume(self.state))
        self.wait(0)

    def told(self, report: m.Report) -> None:
        """As the kernel does it: what cannot be is not believed."""
        try:
            self.report(report)
        except IllegalMoveError:
            return

    # -- the hands ----------------------------------------------------------------------------

    def _take_orders(self) -> None:
        while self._obeyed < len(self.orders):
            order = self.orders[self._obeyed]
            self._obeyed += 1
            self._obey(order)

    def _obey(self, order: m.Order) -> None:
        slow = 0.1 if self.good else self.chance.choice((0.1, 1, 5, 20))
        match order:
            case m.RunTask() if order.resumed and order.task_arn not in self.containers:
                # Its containers ended while nobody listened.
                self.later(slow, lambda: self._vanished(order.task_arn))
            case m.RunTask() if order.task_arn not in self.containers:
                self.containers.add(order.task_arn)
                self.begun[order.task_arn] += 1
                self.later(slow, lambda: self._begin(order.task_arn))
            case m.RunTask():
                self.later(slow, lambda: self._begin(order.task_arn))
            case m.StopTask():
                self.later(slow, lambda: self._end(order.task_arn, ""))
            case m.ForgetTask():
                self.containers.discard(order.task_arn)
            case m.RegisterTarget():
                key = (order.target_group_arn, order.target_id, order.port)
                self.targets[key] = order.task_arn
                self.later(slow, lambda: self._found(order))
            case m.DeregisterTarget():
                self.later(slow, lambda: self._gone(order))

    def _begin(self, arn: str) -> None:
        if arn not in self.containers:
            return
        self.told(m.TaskStateChange(arn, "ACTIVATING", self.now))
        bad = not self.good and self.chance.random() < 0.3
        self.later(1, lambda: self._fail(arn) if bad else self._runs(arn))

    def _vanished(self, arn: str) -> None:
        self.told(m.TaskStateChange(arn, "STOPPED", self.now, stop_code="EssentialContainerExited"))

    def _fail(self, arn: str) -> None:
        self._end(arn, "TaskFailedToStart")

    def _runs(self, arn: str) -> None:
        if arn not in self.containers:
            return
        self.told(m.ContainerStateChange(arn, "main", "RUNNING", self.now))
        self.told(m.TaskStateChange(arn, "RUNNING", self.now))
        if self._checked(arn):
            self._judge(arn)
        if not self.good and self.chance.random() < 0.2:
            self.later(self.chance.uniform(1, 200), lambda: self._end(arn, ""))

    def _checked(self, arn: str) -> bool:
        task = self.state.tasks.get(arn)
        return task is not None and task.checked

    def _judge(self, arn: str) -> None:
        ill = not self.good and self.chance.random() < 0.3
        health = "UNHEALTHY" if ill else "HEALTHY"
        self.later(2, lambda: self.told(m.ContainerHealthChange(arn, "main", health, self.now)))

    def _end(self, arn: str, code: str) -> None:
        if arn not in self.containers:
            return
        self.containers.discard(arn)
        self.told(m.TaskStateChange(arn, "STOPPED", self.now, stop_code=code))

    def _found(self, order: m.RegisterTarget) -> None:
        ill = not self.good and self.chance.random() < 0.2
        self._say(order, "unhealthy" if ill else "healthy")

    def _gone(self, order: m.DeregisterTarget) -> None:
        self._say(order, "gone")
        key = (order.target_group_arn, order.target_id, order.port)
        if self.targets.get(key) == order.task_arn:
            del self.targets[key]

    def _say(self, order: m.TargetOrder, state: Any) -> None:
        self.told(
            m.TargetHealthChanged(
                order.target_group_arn,
                order.target_id,
                order.port,
                order.task_arn,
                state,
                self.now,
            )
        )

    # -- what people and the world do ---------------------------------------------------------

    def try_to(self, operation: str, **params: Any) -> dict[str, Any] | None:
        try:
            return self.call(operation, **params)
        except AwsError:
            return None

    def mischief(self) -> None:
        """One thing that somebody does, or that happens."""
        self.chance.choice(
            (
                self._create,
                self._update,
                self._update,
                self._update,
                self._delete,
                self._stop_one,
                self._stop_one,
                self._lose,
                self._drain,
                self._undrain,
                self._disconnect,
                self._reconnect,
                self.join,
                self._run_one,
                self._kill,
                self._kill,
                self._interrupt,
                self._protect,
            )
        )()

    def _some_service(self) -> str:
        return f"s{self.chance.randrange(5)}"

    def _create(self) -> None:
        family = self.chance.choice(("web", "web", "checked", "fixed", "bad", "far"))
        given: dict[str, Any] = {"serviceName": self._some_service(), "taskDefinition": family}
        if family == "far":
            given["networkConfiguration"] = NETWORK
            given["capacityProviderStrategy"] = BOTH
            given["desiredCount"] = self.chance.randrange(5)
        elif self.chance.random() < 0.2:
            given["schedulingStrategy"] = "DAEMON"
        else:
            given["desiredCount"] = self.chance.randrange(5)
            given["deploymentConfiguration"] = self._configuration()
        if self.chance.random() < 0.4 and family != "bad":
            group = self.chance.choice(GROUPS)
            given["loadBalancers"] = [
                {"targetGroupArn": group, "containerName": "main", "containerPort": 80}
            ]
        self.try_to("CreateService", **given)

    def _configuration(self) -> dict[str, Any]:
        minimum, maximum = self.chance.choice(
            ((0, 100), (50, 100), (50, 200), (100, 200), (100, 150))
        )
        on, back = self.chance.choice(((False, False), (True, False), (True, True)))
        return {
            "minimumHealthyPercent": minimum,
            "maximumPercent": maximum,
            "deploymentCircuitBreaker": {"enable": on, "rollback": back},
        }

    def _update(self) -> None:
        given: dict[str, Any] = {"service": self._some_service()}
        what = self.chance.randrange(4)
        if what == 0:
            given["desiredCount"] = self.chance.randrange(6)
        elif what == 1:
            given["forceNewDeployment"] = True
        elif what == 2:
            given["taskDefinition"] = self.chance.choice(("web", "checked", "fixed"))
        else:
            given["deploymentConfiguration"] = self._configuration()
        self.try_to("UpdateService", **given)

    def _delete(self) -> None:
        force = self.chance.random() < 0.5
        self.try_to("DeleteService", service=self._some_service(), force=force)

    def _some_task(self) -> str | None:
        tasks = [t.arn for t in self.state.tasks.values() if t.status != "STOPPED"]
        return self.chance.choice(sorted(tasks)) if tasks else None

    def _stop_one(self) -> None:
        arn = self._some_task()
        if arn:
            self.try_to("StopTask", task=arn)

    def _kill(self) -> None:
        arn = self._some_task()
        if arn:
            self._end(arn, "")

    def _interrupt(self) -> None:
        arn = self._some_task()
        if arn:
            self.told(m.SpotInterrupted(arn, self.now))

    def _protect(self) -> None:
        arn = self._some_task()
        if arn:
            on = self.chance.random() < 0.7
            minutes = self.chance.randrange(1, 30)
            given = {"protectionEnabled": on, "expiresInMinutes": minutes}
            self.try_to("UpdateTaskProtection", cluster="default", tasks=[arn], **given)

    def _some_instance(self) -> Any:
        found = self._instances()
        return self.chance.choice(found) if found else None

    def _instances(self) -> list[Any]:
        found = [one for one in self.state.instances.values() if one.status != "INACTIVE"]
        return sorted(found, key=lambda one: one.arn)

    def _lose(self) -> None:
        one = self._some_instance()
        if one:
            self.told(m.InstanceTerminated(one.ec2_instance_id, self.now))
            self._after_loss()

    def _after_loss(self) -> None:
        self._take_orders()

    def _drain(self) -> None:
        self._set_state("DRAINING")

    def _undrain(self) -> None:
        self._set_state("ACTIVE")

    def _set_state(self, status: str) -> None:
        one = self._some_instance()
        if one:
            self.try_to(
                "UpdateContainerInstancesState", containerInstances=[one.arn], status=status
            )

    def _disconnect(self) -> None:
        one = self._some_instance()
        if one:
            self.told(m.AgentConnected(one.ec2_instance_id, False, self.now))

    def _reconnect(self) -> None:
        for one in self._instances():
            if not one.connected:
                self.told(m.AgentConnected(one.ec2_instance_id, True, self.now))

    def _run_one(self) -> None:
        self.try_to("RunTask", taskDefinition="web", count=self.chance.randrange(1, 4))

    def heal(self) -> None:
        """From now on everything works, and there is room for all."""
        self.good = True
        for one in self._instances():
            if one.status == "DRAINING":
                self.call(
                    "UpdateContainerInstancesState", containerInstances=[one.arn], status="ACTIVE"
                )
        self._reconnect()
        for _number in range(40):
            self.join()


def rough(seed: int) -> Rough:
    """Three instances and task definitions of all kinds: plain, checked, with a fixed port, …"""
    w = Rough(seed)
    w.call("CreateCluster", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    for _number in range(3):
        w.join()
    port = [{"containerPort": 80}]
    small = {"memory": 64}
    w.register("web", ports=port, container=small)
    check = {"healthCheck": {"command": ["CMD", "true"]}}
    w.register("checked", ports=port, container={**small, **check})
    w.register("fixed", ports=[{"containerPort": 80, "hostPort": 80}], container=small)
    w.register("far", networkMode="awsvpc", cpu="256", memory="512", ports=port)
    w.register("bad", container={"memory": 2000}, ports=port)
    return w
