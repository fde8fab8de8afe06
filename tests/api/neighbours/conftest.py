"""One sandboxed moto for the tests of this folder: a process has one moto world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ecslab.api.http import make_app
from ecslab.api.neighbours import Neighbours
from ecslab.model.errors import AwsError
from ecslab.model.network import TaskInterface
from ecslab.model.scaling import Activity, AlarmState
from tests.api.neighbours.template import template
from tests.api.serving import client_at, serving


class FakeScaling:
    """What was measured and done, as a test says it."""

    def __init__(self) -> None:
        self.done: list[Activity] = []
        self.series: dict[int, float] = {}
        self.alarms: dict[str, tuple[AlarmState, str, float]] = {}

    def activities(self) -> list[Activity]:
        return self.done

    def measured(self, region: str) -> list[tuple[str, str, dict[int, float]]]:
        arn = f"arn:aws:ecs:{region}:123456789012:service/web/web"
        return [(arn, "CPUUtilization", self.series)] if region == "us-east-1" else []

    def alarm(self, name: str) -> tuple[AlarmState, str, float] | None:
        return self.alarms.get(name)


class FakeEcs:
    """Clusters by ARN, as our ECS would keep them for CloudFormation."""

    def __init__(self) -> None:
        self.clusters: dict[str, dict[str, Any]] = {}
        self.services: set[str] = set()
        """Those that are active, as CLUSTER/NAME."""
        self.calls: list[str] = []
        self.refusal: AwsError | None = None
        self.seen: list[int] = []
        self.interfaces: list[TaskInterface] = []
        self.neighbours: Neighbours | None = None
        self.scaling = FakeScaling()

    def __call__(self, operation: str, params: dict[str, Any], region: str) -> dict[str, Any]:
        self.calls.append(operation)
        if self.neighbours is not None:
            alive = [i for i in self.neighbours.instances() if i.state == "running"]
            self.seen.append(len(alive))
        if self.refusal is not None:
            raise self.refusal
        if operation == "DescribeServices":
            (name,) = params["services"]
            there = f"{params['cluster']}/{name}" in self.services
            return {"services": [{"status": "ACTIVE"}] if there else []}
        if operation == "DeleteCluster":
            return {"cluster": self.clusters.pop(params["cluster"])}
        arn = f"arn:aws:ecs:{region}:123456789012:cluster/{params['clusterName']}"
        self.clusters[arn] = {**params, "clusterArn": arn}
        return {"cluster": self.clusters[arn]}


class Place:
    """A running sandbox of neighbours: its clients, what they left, and how to make a stack."""

    def __init__(self, url: str, neighbours: Neighbours, ecs: FakeEcs) -> None:
        self.url, self.neighbours, self.ecs = url, neighbours, ecs
        self.client = client_at(url)

    def make_stack(self, name: str = "lab", body: str = "") -> Any:
        return self.client("cloudformation").create_stack(
            StackName=name,
            TemplateBody=body or template(),
            Parameters=[] if body else [{"ParameterKey": "Name", "ParameterValue": "mine"}],
            Capabilities=["CAPABILITY_IAM"],
        )

    def stack(self, name: str = "lab") -> dict[str, Any]:
        stack: dict[str, Any] = self.client("cloudformation").describe_stacks(StackName=name)[
            "Stacks"
        ][0]
        return stack


Settle = Callable[..., Place]


@pytest.fixture
def settle() -> Iterator[Settle]:
    """`settle(journal=…, progress_seconds=…)`: an empty world, or the one the journal tells."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def begin(journal: Path | None = None, progress_seconds: float = 0) -> Place:
            ecs = FakeEcs()
            neighbours = Neighbours(
                journal,
                ecs=ecs,
                interfaces=lambda: ecs.interfaces,
                progress_seconds=progress_seconds,
                scaling=ecs.scaling,
            )
            stack.callback(neighbours.close)

            def nobody(*args: Any) -> dict[str, Any]:
                raise AwsError("ClientException", "ECS is not asked here.")

            app = make_app(nobody, neighbours.wsgi, operations=())
            url = stack.enter_context(serving(app))
            return Place(url, neighbours, ecs)

        yield begin


@pytest.fixture
def place(settle: Settle) -> Place:
    """An empty world."""
    return settle()
