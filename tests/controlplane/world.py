"""A small world to try the control plane in: a clock, names, and agents that can be told to act."""

from __future__ import annotations

import json
import random
from typing import Any

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from tests.controlplane.shapes import answer_faults

SEEN: set[tuple[str, str]] = set()
"""(shape, member) of every answer any test got."""
ZONES = ("us-east-1a", "us-east-1b")
SUBNETS = ("subnet-a", "subnet-b")
NETWORK = {"awsvpcConfiguration": {"subnets": list(SUBNETS)}}
CAPABILITIES = (
    "ecs.capability.task-eni",
    "ecs.capability.container-health-check",
    "ecs.capability.container-ordering",
    "com.amazonaws.ecs.capability.logging-driver.json-file",
)


class Names:
    def __init__(self) -> None:
        self._count = 0

    def hex32(self) -> str:
        self._count += 1
        return f"{self._count:032x}"

    def uuid(self) -> str:
        self._count += 1
        return f"00000000-0000-4000-8000-{self._count:012x}"


class World:
    """State, log and orders, moved as the kernel moves them."""

    def __init__(self, seed: int = 0) -> None:
        self.state = cp.State.empty()
        self.log: list[cp.Fact] = []
        self.orders: list[m.Order] = []
        self.now = 1_000_000.0
        self._names = Names()
        self._rng = random.Random(seed)
        self._machines = 0
        self.outside: cp.Outside | None = None
        """Whom the control plane asks about EC2 and load balancers."""

    def context(self, **changes: Any) -> cp.Context:
        given: dict[str, Any] = {
            "now": self.now,
            "ids": self._names,
            "rng": self._rng,
            "account": "123456789012",
            "region": "us-east-1",
            "principal": "arn:aws:iam::123456789012:root",
            "outside": self.outside,
        }
        return cp.Context(**{**given, **changes})

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """The answer as it goes over the wire; it must be of the shape the API gives it."""
        outcome = cp.handle(self.state, operation, params, self.context())
        self.apply(outcome.facts)
        answer: dict[str, Any] = json.loads(json.dumps(outcome.answer))
        found = answer_faults(operation, answer, SEEN)
        assert not found, found
        return answer

    def refused(self, operation: str, **params: Any) -> tuple[str, str]:
        """Code and text of the error a call is answered with; nothing may have changed."""
        before = self.state
        try:
            answer = self.call(operation, **params)
        except AwsError as error:
            assert self.state is before
            return error.code, error.message
        raise AssertionError(f"{operation} was not refused: {answer}")

    def report(self, report: m.Report) -> None:
        self.apply(cp.observe(self.state, report, self.context()))

    def apply(self, facts: tuple[cp.Fact, ...]) -> None:
        for _round in range(10_000):
            if not facts:
                return
            for fact in facts:
                before, self.state = self.state, cp.evolve(self.state, fact)
                self.orders.extend(cp.orders(before, fact))
                self.log.append(fact)
            facts = cp.reconcile(self.state, self.context())
        raise AssertionError("reconciling did not come to rest")

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.apply(cp.reconcile(self.state, self.context()))

    # -- short ways ---------------------------------------------------------------------------

    def join(self, cluster: str = "default", **changes: Any) -> str:
        """A t2.micro joins; the ARN of its container instance."""
        self._machines += 1
        number = self._machines
        given: dict[str, Any] = {
            "cluster": cluster,
            "ec2_instance_id": f"i-{number:017x}",
            "at": self.now,
            "cpu": 1024,
            "memory": 993,
            "attributes": (
                ("ecs.availability-zone", ZONES[number % 2]),
                ("ecs.instance-type", "t2.micro"),
                ("ecs.subnet-id", SUBNETS[number % 2]),
                *((name, None) for name in CAPABILITIES),
            ),
            "private_ip": f"10.0.{number // 200}.{number % 200 + 4}",
            "public_ip": f"127.0.{number // 200 + 1}.{number % 200 + 1}",
            "agent_version": "1.89.0",
        }
        self.report(m.InstanceRegistered(**{**given, **changes}))
        return self.state.index.by_ec2[changes.get("ec2_instance_id", f"i-{number:017x}")]

    def register(self, family: str = "web", **changes: Any) -> str:
        container = {
            "name": "main",
            "image": "nginx:alpine",
            "memory": 128,
            "portMappings": changes.pop("ports", []),
            **changes.pop("container", {}),
        }
        given = {"family": family, "containerDefinitions": [container], **changes}
        answer = self.call("RegisterTaskDefinition", **given)
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    def run(self, family: str = "web", **params: Any) -> list[str]:
        answer = self.call("RunTask", taskDefinition=family, **params)
        return [one["taskArn"] for one in answer["tasks"]]

    def task(self, arn: str) -> dict[str, Any]:
        found = self.call("DescribeTasks", tasks=[arn])["tasks"]
        assert len(found) == 1
        return dict(found[0])

    def moved(self, arn: str, status: str, **changes: Any) -> None:
        self.report(m.TaskStateChange(arn, status, self.now, **changes))

    def up(self, arn: str) -> None:
        """The agent brings a task up."""
        self.moved(arn, "ACTIVATING")
        self.report(m.ContainerStateChange(arn, "main", "RUNNING", self.now, runtime_id="abc"))
        self.moved(arn, "RUNNING")


def world(instances: int = 1) -> World:
    made = World()
    made.call("CreateCluster")
    for _number in range(instances):
        made.join()
    return made
