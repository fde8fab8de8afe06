"""Services behind a load balancer under 200 requests a second, on both runtimes: none fails."""

from __future__ import annotations

import http.client
import time
from collections import Counter

import pytest

from ecslab import sandbox
from tests.load import RATE, Load
from tests.sandbox.scene import NGINX, balancer, states
from tests.sandbox.serving import connected, launch, until

NAMES = {"cluster": "web", "services": ["web"]}


@pytest.fixture(params=["stub", pytest.param("docker", marks=pytest.mark.docker)])
def served(request):
    """A sandbox with nothing in it, on each runtime in turn."""
    return request.getfixturevalue(f"{request.param}_sandbox")


class Shop:
    """A service of three tasks on dynamic ports of two instances, behind a load balancer."""

    def __init__(self, served):
        self.served, self.ecs = served, served.client()
        name, self.group = balancer(
            served, HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2
        )
        served.client("elbv2").modify_target_group_attributes(
            TargetGroupArn=self.group,
            Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "20"}],
        )
        self.ecs.create_cluster(clusterName="web")
        launch(served, 2)
        until(lambda: connected(self.ecs, count=2))
        self.register("v1")
        door = {"targetGroupArn": self.group, "containerName": "nginx", "containerPort": 80}
        self.ecs.create_service(
            cluster="web",
            serviceName="web",
            taskDefinition="shop",
            desiredCount=3,
            loadBalancers=[door],
        )
        self.stable()
        self.where = sandbox.locate(name, 80, served.port)

    def register(self, version):
        """A revision that differs in what its containers are told."""
        container = {**NGINX, "environment": [{"name": "VERSION", "value": version}]}
        container["dockerLabels"] = {"ecslab.simulate.version": version}
        self.ecs.register_task_definition(family="shop", containerDefinitions=[container])

    def stable(self):
        """Wait as a script would; then until nothing is drained any more."""
        waiter = self.ecs.get_waiter("services_stable")
        waiter.wait(**NAMES, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300})
        until(lambda: states(self.served, self.group) == {"healthy": 3}, 60)

    def tasks(self):
        """Those that run, described."""
        arns = self.ecs.list_tasks(cluster="web")["taskArns"]
        return self.ecs.describe_tasks(cluster="web", tasks=arns)["tasks"]

    def load(self):
        """Clients of the load balancer."""
        return Load(lambda: http.client.HTTPConnection(*self.where, timeout=10))


def test_no_request_fails_in_a_rolling_update_nor_when_a_task_is_stopped(served):
    """v1 becomes v2, then StopTask: started, healthy, drained, stopped, in that order."""
    shop = Shop(served)
    load, began = shop.load(), time.monotonic()
    shop.register("v2")
    shop.ecs.update_service(cluster="web", service="web", taskDefinition="shop")
    shop.stable()
    revisions = Counter(task["taskDefinitionArn"].rpartition(":")[2] for task in shop.tasks())
    assert revisions == {"2": 3}
    stopped = shop.tasks()[0]["taskArn"]
    shop.ecs.stop_task(cluster="web", task=stopped)
    until(lambda: stopped not in [task["taskArn"] for task in shop.tasks()], 60)
    shop.stable()
    load.stop()
    assert load.failed == []
    assert load.sent > 0.1 * RATE * (time.monotonic() - began)


@pytest.mark.docker
def test_no_request_fails_when_a_container_is_killed(docker_sandbox, docker_engine):
    """`docker kill`: the others take its requests until another task is there."""
    shop = Shop(docker_sandbox)
    load = shop.load()
    time.sleep(0.5)
    killed = shop.tasks()[0]
    docker_engine.kill(killed["containers"][0]["runtimeId"])
    until(lambda: killed["taskArn"] not in [task["taskArn"] for task in shop.tasks()], 60)
    shop.stable()
    load.stop()
    assert load.failed == []
    (task,) = shop.ecs.describe_tasks(cluster="web", tasks=[killed["taskArn"]])["tasks"]
    assert task["stopCode"] == "EssentialContainerExited"
