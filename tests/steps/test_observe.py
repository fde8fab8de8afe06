"""What AWS answers → the snapshot: the odd cases a sandbox shows seldom."""

from __future__ import annotations

import datetime

import pytest

from ecslab.steps.observe import BATCH, observe, seconds

ARN = "arn:aws:ecs:us-east-1:123456789012"


class Pages:
    """A paginator over one answer."""

    def __init__(self, answer):
        self.answer = answer

    def paginate(self, **request):
        yield self.answer(**request)


class FakeEcs:
    """The answers of a cluster, by operation."""

    class meta:  # noqa: N801  # as botocore calls it
        region_name = "us-east-1"

    def __init__(self, tasks=(), instances=(), clusters=("c",)):
        self.tasks = {f"{ARN}:task/c/{n}": task for n, task in enumerate(tasks)}
        self.instances = {f"{ARN}:container-instance/c/{n}": i for n, i in enumerate(instances)}
        self.clusters = clusters
        self.described = []

    def describe_clusters(self, clusters):
        found = [c for c in clusters if c in self.clusters]
        return {
            "clusters": [
                {"clusterName": c, "clusterArn": f"{ARN}:cluster/{c}", "status": "ACTIVE"}
                for c in found
            ]
        }

    def get_paginator(self, operation):
        return Pages(getattr(self, operation))

    def list_tasks(self, cluster, desiredStatus):  # noqa: N803  # as the API calls it
        there = [a for a, t in self.tasks.items() if t.get("desiredStatus") == desiredStatus]
        return {"taskArns": there}

    def list_services(self, cluster):
        return {"serviceArns": []}

    def list_container_instances(self, cluster):
        return {"containerInstanceArns": list(self.instances)}

    def describe_tasks(self, cluster, tasks):
        self.described.append(len(tasks))
        common = {"taskDefinitionArn": f"{ARN}:task-definition/web:1", "desiredStatus": "RUNNING"}
        return {"tasks": [{**common, "taskArn": arn, **self.tasks[arn]} for arn in tasks]}

    def describe_container_instances(self, cluster, containerInstances):  # noqa: N803  # the API's
        common = {"status": "ACTIVE", "agentConnected": True}
        return {
            "containerInstances": [
                {**common, "containerInstanceArn": arn, **self.instances[arn]}
                for arn in containerInstances
            ]
        }


class FakeEc2:
    """EC2 instances, found by the filters that are used."""

    def __init__(self, machines=()):
        self.machines = machines

    def get_paginator(self, _operation):
        return Pages(self.describe_instances)

    def describe_instances(self, Filters):  # noqa: N803  # as the API calls it
        (first, *_rest) = Filters
        if first["Name"] == "instance-id":
            found = [m for m in self.machines if m["InstanceId"] in first["Values"]]
        else:
            found = [m for m in self.machines if m["Name"] in first["Values"]]
        return {"Reservations": [{"Instances": found}]}


class Session:
    def __init__(self, ecs, ec2=None):
        self.clients = {"ecs": ecs, "ec2": ec2 or FakeEc2()}

    def client(self, name):
        return self.clients[name]


def machine(name, id="i-1", state="running", **more):
    return {"InstanceId": id, "Name": name, "State": {"Name": state}, **more}


def task(**more):
    return {"lastStatus": "RUNNING", "desiredStatus": "RUNNING", **more}


def test_a_cluster_that_is_not_there_is_missing_and_no_error():
    seen = observe(Session(FakeEcs(clusters=())), "c")
    assert (seen.status, seen.tasks, seen.instances) == ("MISSING", (), ())


def test_an_instance_that_has_not_joined_is_booting():
    ec2 = FakeEc2([machine("c", InstanceType="t2.micro"), machine("c", "i-2", "shutting-down")])
    (booting,) = observe(Session(FakeEcs(), ec2), "c").instances
    assert (booting.status, booting.connected, booting.ec2_id) == ("BOOTING", False, "i-1")


def test_an_instance_that_joined_under_another_name_still_has_its_address():
    ecs = FakeEcs(instances=[{"ec2InstanceId": "i-9"}])
    ec2 = FakeEc2([machine("other", "i-9", PublicIpAddress="203.0.113.9")])
    (one,) = observe(Session(ecs, ec2), "c").instances
    assert one.public_ip == "203.0.113.9"


def test_an_instance_ec2_forgot_is_shown_without_an_address():
    (one,) = observe(Session(FakeEcs(instances=[{"ec2InstanceId": "i-9"}])), "c").instances
    assert one.public_ip == ""


def test_taken_ports_are_the_remaining_ones_less_the_agents_own():
    ports = {"name": "PORTS", "stringSetValue": ["22", "2375"]}
    instance = {
        "registeredResources": [ports, {"name": "CPU", "integerValue": 1024}],
        "remainingResources": [{**ports, "stringSetValue": ["22", "2375", "80"]}],
    }
    (one,) = observe(Session(FakeEcs(instances=[instance])), "c").instances
    assert one.ports == (80,)
    assert (one.cpu, one.cpu_free) == (1024, 0)


def test_a_task_of_a_service_names_it_and_an_awsvpc_task_its_address():
    details = [{"name": "subnetId", "value": "s"}, {"name": "privateIPv4Address", "value": "10.1"}]
    ecs = FakeEcs([task(group="service:web", attachments=[{"details": details}])])
    (one,) = observe(Session(ecs), "c").tasks
    assert (one.service, one.address, one.instance) == ("web", "10.1", None)


@pytest.mark.parametrize(
    ("status", "url"), [("RUNNING", "http://203.0.113.9"), ("STOPPED", ""), ("PENDING", "")]
)
def test_a_page_is_offered_only_while_the_task_runs(status, url):
    home = f"{ARN}:container-instance/c/0"
    web = {"name": "web", "networkBindings": [{"hostPort": 80, "containerPort": 80}]}
    ecs = FakeEcs(
        [task(lastStatus=status, containerInstanceArn=home, containers=[web])],
        [{"ec2InstanceId": "i-1"}],
    )
    ec2 = FakeEc2([machine("c", PublicIpAddress="203.0.113.9")])
    (one,) = observe(Session(ecs, ec2), "c").tasks
    assert one.url == url


def test_many_tasks_are_described_a_hundred_at_a_time():
    ecs = FakeEcs([task() for _ in range(2 * BATCH + 1)])
    assert len(observe(Session(ecs), "c").tasks) == 2 * BATCH + 1
    assert ecs.described == [BATCH, BATCH, 1]


def test_moments_are_seconds_whatever_boto3_gives():
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    assert seconds(at) == seconds(at.timestamp()) == 1767225600.0
    assert seconds(None) is None
