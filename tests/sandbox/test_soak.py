"""Ten minutes of faults on a whole server over boto3; then the world comes to rest and adds up."""

from __future__ import annotations

import os
import random
import time

import pytest
from botocore.exceptions import ClientError

from ecslab import sandbox
from ecslab.model.errors import EcslabError
from tests.sandbox.audit import everything, faults, live_tasks, services
from tests.sandbox.scene import balancer
from tests.sandbox.serving import Served, connected, joined, launch, until

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SEEDS = range(int(os.environ.get("ECSLAB_SOAK_SEEDS", "4" if NIGHTLY else "1")))
MINUTES = float(os.environ.get("ECSLAB_SOAK_MINUTES", "10"))
"""Of the sandbox's clock, in which things go wrong."""
IMAGE = {"name": "web", "image": "nginx:alpine", "memory": 64, "cpu": 50, "stopTimeout": 5}
NOWHERE = "127.0.0.1:9/nothing:1"
SPOT = [
    {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
]


class Town:
    """Three services on three instances and on Fargate, and what can go wrong with them."""

    def __init__(self, served, seed):
        self.served, self.chance = served, random.Random(seed)
        self.done: list[str] = []
        _name, self.group = balancer(
            served, HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2
        )
        served.client("elbv2").modify_target_group_attributes(
            TargetGroupArn=self.group,
            Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}],
        )
        self.ecs.create_cluster(clusterName="web", capacityProviders=["FARGATE", "FARGATE_SPOT"])
        launch(served, 3)
        until(lambda: connected(self.ecs, count=3))
        for family in self.families():
            self.register(family)
        for family in self.families():
            self.create(family)

    @property
    def ecs(self):
        return self.served.client()

    def families(self):
        return ("balanced", "plain", "fargate")

    def register(self, family, **changes):
        ports = {"portMappings": [{"containerPort": 80}]} if family != "plain" else {}
        more = (
            {
                "networkMode": "awsvpc",
                "requiresCompatibilities": ["FARGATE"],
                "cpu": "256",
                "memory": "512",
            }
            if family == "fargate"
            else {}
        )
        self.ecs.register_task_definition(
            family=family, containerDefinitions=[{**IMAGE, **ports, **changes}], **more
        )

    def create(self, family):
        how = {}
        if family == "balanced":
            door = {"targetGroupArn": self.group, "containerName": "web", "containerPort": 80}
            how["loadBalancers"] = [door]
        if family == "fargate":
            subnets = self.served.client("ec2").describe_subnets()["Subnets"][:2]
            inside = {"subnets": [one["SubnetId"] for one in subnets], "assignPublicIp": "ENABLED"}
            how["networkConfiguration"] = {"awsvpcConfiguration": inside}
            how["capacityProviderStrategy"] = SPOT
        self.ecs.create_service(
            cluster="web", serviceName=family, taskDefinition=family, desiredCount=2, **how
        )

    # -- what goes wrong -----------------------------------------------------------------------

    def deeds(self):
        return {
            self.stop_a_task: 5,
            self.scale: 4,
            self.deploy: 3,
            self.interrupt: 2,
            self.break_an_image: 2,
            self.drain: 2,
            self.terminate: 1,
            self.delete: 1,
            self.run_one: 2,
        }

    def misdeed(self):
        """One of them; that ECS refuses it now and then is part of it."""
        deeds = self.deeds()
        (deed,) = self.chance.choices(list(deeds), list(deeds.values()))
        self.done.append(deed.__name__)
        try:
            deed()
        except (ClientError, EcslabError) as error:
            self.done[-1] += f" ({error})"

    def stop_a_task(self):
        tasks = sorted(one["taskArn"] for one in live_tasks(self.ecs))
        self.ecs.stop_task(cluster="web", task=self.chance.choice(tasks or ["none"]))

    def scale(self):
        family, count = self.chance.choice(self.families()), self.chance.randint(0, 4)
        self.ecs.update_service(cluster="web", service=family, desiredCount=count)

    def deploy(self):
        family = self.chance.choice(self.families())
        self.register(family)
        self.ecs.update_service(cluster="web", service=family, taskDefinition=family)

    def break_an_image(self):
        family = self.chance.choice(self.families())
        self.register(family, image=NOWHERE, dockerLabels={"ecslab.simulate.pull": "not-found"})
        self.ecs.update_service(cluster="web", service=family, taskDefinition=family)
        self.register(family)

    def interrupt(self):
        sandbox.interrupt(port=self.served.port)

    def drain(self):
        status = self.chance.choice(["DRAINING", "ACTIVE"])
        self.ecs.update_container_instances_state(
            cluster="web", containerInstances=[self.chance.choice(self.homes())], status=status
        )

    def terminate(self):
        (one,) = self.ecs.describe_container_instances(
            cluster="web", containerInstances=[self.chance.choice(self.homes())]
        )["containerInstances"]
        self.served.client("ec2").terminate_instances(InstanceIds=[one["ec2InstanceId"]])
        launch(self.served)

    def delete(self):
        family = self.chance.choice(self.families())
        self.ecs.delete_service(cluster="web", service=family, force=True)

    def run_one(self):
        self.ecs.run_task(cluster="web", taskDefinition="plain")

    def homes(self):
        return sorted(joined(self.ecs, count=0))

    # -- and comes right again -----------------------------------------------------------------

    def heal(self):
        """All instances serve, every service is there and is to have a good image."""
        until(lambda: connected(self.ecs, count=3))
        self.ecs.update_container_instances_state(
            cluster="web", containerInstances=self.homes(), status="ACTIVE"
        )
        until(lambda: not self.leaving())
        there = {one["serviceName"] for one in services(self.ecs)}
        for family in self.families():
            if family not in there:
                self.create(family)
            self.ecs.update_service(
                cluster="web",
                service=family,
                taskDefinition=family,
                desiredCount=2,
                forceNewDeployment=True,
            )

    def leaving(self):
        names = list(self.families())
        told = self.ecs.describe_services(cluster="web", services=names)["services"]
        return [one for one in told if one["status"] == "DRAINING"]

    def remove_everything(self):
        for one in services(self.ecs):
            self.ecs.delete_service(cluster="web", service=one["serviceName"], force=True)
        for arn in everything(self.ecs, "list_tasks", "taskArns", cluster="web"):
            self.ecs.stop_task(cluster="web", task=arn)


def at_rest(served, group, seconds):
    """Until nothing is wrong any more; what is, if that does not come about."""
    end = time.monotonic() + seconds
    while found := faults(served, group):
        if time.monotonic() > end:
            return found
        time.sleep(0.3)
    return []


def soak(served, seed, minutes, speed, crashes, patience):
    town = Town(served, seed)
    end = time.monotonic() + 60 * minutes / speed
    pauses = [town.chance.uniform(0.2, 0.8) for _crash in range(crashes)]
    moments = [end - 60 * minutes / speed * (1 - at) for at in sorted(pauses)]
    while time.monotonic() < end:
        town.misdeed()
        if moments and time.monotonic() > moments[0]:
            moments.pop(0)
            town.done.append("crash")
            served.kill()
            served.start()
        time.sleep(town.chance.uniform(0, 10) / speed)
    town.heal()
    assert at_rest(served, town.group, patience) == [], town.done
    town.remove_everything()
    assert at_rest(served, town.group, patience) == [], town.done
    assert live_tasks(town.ecs) == []
    assert services(town.ecs) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_after_ten_minutes_of_faults_all_services_have_what_they_want_and_nothing_leaks(
    tmp_path, seed
):
    served = Served(tmp_path / "sandbox", "--runtime", "stub", "--speed", "120")
    served.start()
    try:
        soak(served, seed, MINUTES, speed=120, crashes=1, patience=90)
    finally:
        served.stop()


@pytest.mark.docker
def test_real_containers_survive_a_minute_of_faults_and_none_is_left_over(web_images, tmp_path):
    served = Served(tmp_path / "sandbox", "--runtime", "docker", "--speed", "20")
    served.start()
    try:
        crashes = 1 if NIGHTLY else 0  # test_sigkill.py has one
        soak(served, 1, MINUTES / 10, speed=20, crashes=crashes, patience=120)
    finally:
        served.stop()
