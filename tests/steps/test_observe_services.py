"""Services and balancers in the snapshot: the odd cases a sandbox shows seldom."""

from __future__ import annotations

from typing import Any

from ecslab.model.snapshot import ContainerView, InstanceView, TaskView
from ecslab.steps.observe_services import BATCH, Services

GROUP, BALANCER = "arn:targetgroup/web/1", "arn:loadbalancer/web/1"
INSTANCES = (InstanceView("c1", "i-1"),)
ON_INSTANCE = TaskView(
    "task-1",
    "web:1",
    "RUNNING",
    instance="c1",
    containers=(ContainerView("web", "nginx", "RUNNING", ports=("32768→80/tcp",)),),
)
WITH_ADDRESS = TaskView(
    "task-2",
    "web:1",
    "RUNNING",
    address="10.0.0.9",
    containers=(ContainerView("web", "nginx", "RUNNING", ports=("8080→80/tcp",)),),
)
GONE = TaskView("task-0", "web:1", "STOPPED", instance="c1", containers=ON_INSTANCE.containers)


def service(name: str = "web", **more: Any) -> dict[str, Any]:
    return {
        "serviceName": name,
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": 1,
        "pendingCount": 1,
        "taskDefinition": "arn:task-definition/web:1",
        "deployments": [],
        "events": [],
        **more,
    }


class Account:
    """A session, and each of its clients, that answers with these services and targets."""

    def __init__(
        self,
        services: list[dict[str, Any]],
        targets: tuple[tuple[str, int, str], ...] = (),
        balancers: tuple[str, ...] = (BALANCER,),
    ) -> None:
        self.services = {one["serviceName"]: one for one in services}
        self.targets = targets
        self.balancers = balancers
        self.asked: list[int] = []

    def client(self, _name: str) -> Account:
        return self

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_request: Any) -> list[dict[str, Any]]:
        return [{"serviceArns": list(self.services)}]

    def describe_services(self, cluster: str, services: list[str]) -> dict[str, Any]:
        self.asked.append(len(services))
        return {"services": [self.services[arn] for arn in services]}

    def describe_target_groups(self, **request: Any) -> dict[str, Any]:
        return {
            "TargetGroups": [
                {"TargetGroupArn": arn, "LoadBalancerArns": list(self.balancers)}
                for arn in request["TargetGroupArns"]
            ]
        }

    def describe_load_balancers(self, **request: Any) -> dict[str, Any]:
        return {
            "LoadBalancers": [
                {"LoadBalancerArn": arn, "LoadBalancerName": "web-lb", "DNSName": "lb.example"}
                for arn in request["LoadBalancerArns"]
            ]
        }

    def describe_target_health(self, **_request: Any) -> dict[str, Any]:
        return {
            "TargetHealthDescriptions": [
                {"Target": {"Id": id, "Port": port}, "TargetHealth": {"State": state}}
                for id, port, state in self.targets
            ]
        }


BEHIND = service(loadBalancers=[{"targetGroupArn": GROUP}])
TASKS = (GONE, ON_INSTANCE, WITH_ADDRESS)


def test_targets_are_the_tasks_behind_an_instances_port_or_an_address_of_their_own() -> None:
    targets = (("i-1", 32768, "healthy"), ("10.0.0.9", 80, "initial"), ("i-1", 9, "draining"))
    seen = Services(Account([BEHIND], targets), "c")
    (found,) = seen.balancers(TASKS, INSTANCES, lambda ip, port: f"http://{ip}:{port}")
    assert [(t.task, t.state) for t in found.targets] == [
        ("task-1", "healthy"),
        ("task-2", "initial"),
        (None, "draining"),
    ]
    assert found.url == "http://lb.example:80"
    assert seen.views()[0].load_balancers == ("web-lb",)


def test_a_target_group_without_a_balancer_is_none() -> None:
    seen = Services(Account([BEHIND], balancers=()), "c")
    assert seen.balancers(TASKS, INSTANCES, lambda ip, port: "") == ()
    assert seen.views()[0].load_balancers == ()


def test_many_services_are_described_ten_at_a_time_and_stand_by_name() -> None:
    account = Account([service(f"s{n:02}") for n in reversed(range(BATCH + 1))])
    seen = Services(account, "c")
    assert account.asked == [BATCH, 1]
    assert [one.name for one in seen.views()] == [f"s{n:02}" for n in range(BATCH + 1)]


def test_what_ecs_says_is_in_the_order_of_time_over_all_services() -> None:
    one = service(
        "a", events=[{"createdAt": 3.0, "message": "c"}, {"createdAt": 1.0, "message": "a"}]
    )
    other = service("b", events=[{"createdAt": 2.0, "message": "b"}])
    seen = Services(Account([one, other]), "c")
    assert [(event.subject, event.text) for event in seen.events()] == [
        ("a", "a"),
        ("b", "b"),
        ("a", "c"),
    ]
