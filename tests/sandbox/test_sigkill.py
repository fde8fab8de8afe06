"""SIGKILL to the server at any moment of a deployment: it comes to the same end all the same."""

from __future__ import annotations

import os
import random
import time

import pytest

from tests.sandbox.audit import everything, faults, live_tasks
from tests.sandbox.scene import balancer
from tests.sandbox.serving import Served, connected, launch, until

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
MOMENTS = int(os.environ.get("ECSLAB_SIGKILLS", "50" if NIGHTLY else "2"))
COUNT = 3
WEB = {
    "name": "web",
    "image": "nginx:alpine",
    "memory": 64,
    "stopTimeout": 2,
    "portMappings": [{"containerPort": 80}],
}


class Shop:
    """A service of three tasks behind a load balancer, on two instances."""

    def __init__(self, served):
        self.served = served
        _name, self.group = balancer(
            served, HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2
        )
        served.client("elbv2").modify_target_group_attributes(
            TargetGroupArn=self.group,
            Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}],
        )
        ecs = served.client()
        ecs.create_cluster(clusterName="web")
        launch(served, 2)
        until(lambda: connected(ecs, count=2))
        ecs.register_task_definition(family="web", containerDefinitions=[WEB])
        door = {"targetGroupArn": self.group, "containerName": "web", "containerPort": 80}
        ecs.create_service(
            cluster="web",
            serviceName="web",
            taskDefinition="web",
            desiredCount=COUNT,
            loadBalancers=[door],
        )
        self.seconds = self.rest()

    def rest(self):
        """Wait until nothing is wrong; how long that took."""
        began = time.monotonic()
        until(lambda: not faults(self.served, self.group), 90)
        return time.monotonic() - began

    def deploy(self):
        """Begin a deployment; its id."""
        told = self.served.client().update_service(
            cluster="web", service="web", forceNewDeployment=True
        )
        return told["service"]["deployments"][0]["id"]

    def of(self, deployment):
        """Every task there ever was of a deployment."""
        ecs, found = self.served.client(), []
        for status in ("RUNNING", "STOPPED"):
            named = {"cluster": "web", "startedBy": deployment, "desiredStatus": status}
            found += everything(ecs, "list_tasks", "taskArns", **named)
        return found

    def over(self, deployment):
        """Why tasks of a deployment ended."""
        ecs = self.served.client()
        told = ecs.describe_tasks(cluster="web", tasks=self.of(deployment))["tasks"]
        ended = [one for one in told if one["desiredStatus"] == "STOPPED"]
        return [(one["stoppedReason"], one["containers"]) for one in ended]


def killed_in_the_middle(shop, moment, spoilt=0):
    """One deployment with SIGKILL after so many seconds, and what came of it.

    `spoilt`: so many starts may fail because the engine lost who had asked for them.
    """
    deployment = shop.deploy()
    time.sleep(moment)
    shop.served.kill()
    shop.served.start()
    shop.rest()
    tasks = live_tasks(shop.served.client())
    assert {one["startedBy"] for one in tasks} == {deployment}
    assert len(tasks) == COUNT
    assert len(shop.of(deployment)) <= COUNT + spoilt, shop.over(deployment)


def test_sigkill_at_random_moments_of_deployments_changes_nothing_of_their_ends(tmp_path):
    """Nothing is doubled, nothing leaks: ECS, EC2, load balancer and runtime tell one story."""
    served = Served(tmp_path / "sandbox", "--runtime", "stub", "--speed", "60")
    served.start()
    try:
        shop, chance = Shop(served), random.Random(MOMENTS)
        for _moment in range(MOMENTS):
            killed_in_the_middle(shop, chance.uniform(0, 1.5))
    finally:
        served.stop()


@pytest.mark.docker
def test_real_containers_are_neither_doubled_nor_left_over_by_sigkill(
    web_images, docker_engine, tmp_path
):
    """The engine's own list is the witness; three moments in the nightly run, else one."""
    served = Served(tmp_path / "sandbox", "--runtime", "docker", "--speed", "20")
    served.start()
    try:
        shop = Shop(served)
        for moment in (0.2, 1.0, 2.5) if NIGHTLY else (0.6,):
            killed_in_the_middle(shop, moment, spoilt=1)
        name = (served.state / "name").read_text()
        labels = [f"ecslab.sandbox={name}", "com.amazonaws.ecs.task-definition-family=web"]
        running = docker_engine.containers(filters={"label": labels, "status": "running"})
        tasks = {one["Labels"]["com.amazonaws.ecs.task-arn"] for one in running}
        assert tasks == {one["taskArn"] for one in live_tasks(served.client())}
        assert len(running) == COUNT
    finally:
        served.stop()
