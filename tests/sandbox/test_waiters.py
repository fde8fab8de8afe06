"""boto3's waiters on a speedy sandbox: one for every state they wait for."""

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError

from ecslab import sandbox
from tests.sandbox.serving import Served, connected, joined, launch, until

QUICK = {"Delay": 1, "MaxAttempts": 40}
OURS = {"tasks_running", "tasks_stopped", "services_stable", "services_inactive"}
DAEMONS = {
    "daemon_active": {"daemonArn": "arn:aws:ecs:us-east-1:123456789012:daemon/web/d"},
    "daemon_deployment_stopped": {"daemonDeploymentArns": ["d"]},
    "daemon_deployment_successful": {"daemonDeploymentArns": ["d"]},
    "daemon_task_definition_active": {"daemonTaskDefinition": "d:1"},
    "daemon_task_definition_deleted": {"daemonTaskDefinition": "d:1"},
}
"""Managed daemons are not in the sandbox: whoever waits for one is told so at once."""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = Served(
        tmp_path_factory.mktemp("sandbox") / "state", "--runtime", "stub", "--speed", "50"
    )
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ecs(served):
    """A cluster "web" with one t2.micro, and two task definitions."""
    sandbox.reset(served.port)
    client = served.client()
    client.create_cluster(clusterName="web")
    launch(served)
    until(lambda: connected(client))
    container = {"name": "main", "image": "nginx:alpine", "memory": 64}
    client.register_task_definition(family="stays", containerDefinitions=[container])
    labels = {"ecslab.simulate.exit-code": "3", "ecslab.simulate.exit-after": "60"}
    client.register_task_definition(
        family="ends", containerDefinitions=[{**container, "dockerLabels": labels}]
    )
    return client


def run(ecs, family, count=1):
    tasks = ecs.run_task(cluster="web", taskDefinition=family, count=count)["tasks"]
    return [one["taskArn"] for one in tasks]


def wait(ecs, waiter, **params):
    ecs.get_waiter(waiter).wait(**params, WaiterConfig=QUICK)


def test_there_is_a_test_of_every_waiter():
    names = boto3.client("ecs", region_name="us-east-1").waiter_names
    assert set(names) == OURS | DAEMONS.keys()


def test_tasks_running(ecs):
    tasks = run(ecs, "stays", 3)
    wait(ecs, "tasks_running", cluster="web", tasks=tasks)
    found = ecs.describe_tasks(cluster="web", tasks=tasks)["tasks"]
    assert {one["lastStatus"] for one in found} == {"RUNNING"}


def test_waiting_for_a_task_that_stops_instead_ends_with_that(ecs):
    (task,) = run(ecs, "ends")
    wait(ecs, "tasks_stopped", cluster="web", tasks=[task])
    with pytest.raises(WaiterError, match="STOPPED"):
        wait(ecs, "tasks_running", cluster="web", tasks=[task])


def test_tasks_stopped(ecs):
    by_itself, by_us = *run(ecs, "ends"), *run(ecs, "stays")
    wait(ecs, "tasks_running", cluster="web", tasks=[by_us])
    ecs.stop_task(cluster="web", task=by_us, reason="enough")
    wait(ecs, "tasks_stopped", cluster="web", tasks=[by_itself, by_us])
    ended, stopped = ecs.describe_tasks(cluster="web", tasks=[by_itself, by_us])["tasks"]
    assert (ended["stopCode"], ended["containers"][0]["exitCode"]) == (
        "EssentialContainerExited",
        3,
    )
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "enough")


def test_services_stable_and_services_inactive(ecs):
    ecs.create_service(cluster="web", serviceName="s", taskDefinition="stays", desiredCount=2)
    wait(ecs, "services_stable", cluster="web", services=["s"])
    (service,) = ecs.describe_services(cluster="web", services=["s"])["services"]
    assert (service["runningCount"], len(service["deployments"])) == (2, 1)
    ecs.update_service(cluster="web", service="s", desiredCount=0)
    wait(ecs, "services_stable", cluster="web", services=["s"])
    ecs.delete_service(cluster="web", service="s")
    wait(ecs, "services_inactive", cluster="web", services=["s"])
    (service,) = ecs.describe_services(cluster="web", services=["s"])["services"]
    assert service["status"] == "INACTIVE"


@pytest.mark.parametrize("waiter", ["services_stable", "services_inactive"])
def test_waiting_for_a_service_that_is_not_there_ends_at_once(ecs, waiter):
    with pytest.raises(WaiterError, match="MISSING"):
        wait(ecs, waiter, cluster="web", services=["nothing"])


@pytest.mark.parametrize("waiter", DAEMONS)
def test_waiting_for_a_daemon_ends_at_once_with_what_is_not_here(served, waiter):
    with pytest.raises((WaiterError, ClientError), match="is not in this sandbox"):
        wait(served.client(), waiter, **DAEMONS[waiter])


@pytest.mark.parametrize("waiter", ["instance_running", "instance_stopped", "instance_terminated"])
def test_an_instance_is_waited_for_at_ec2_and_ecs_follows(served, ecs, waiter):
    ec2 = served.client("ec2")
    (home,) = joined(ecs)
    (found,) = ecs.describe_container_instances(cluster="web", containerInstances=[home])[
        "containerInstances"
    ]
    machine = [found["ec2InstanceId"]]
    if waiter == "instance_stopped":
        ec2.stop_instances(InstanceIds=machine)
    elif waiter == "instance_terminated":
        ec2.terminate_instances(InstanceIds=machine)
    ec2.get_waiter(waiter).wait(InstanceIds=machine, WaiterConfig=QUICK)
    expected = {
        "instance_running": ("ACTIVE", True),
        "instance_stopped": ("ACTIVE", False),
        "instance_terminated": ("INACTIVE", False),
    }[waiter]

    def seen():
        answer = ecs.describe_container_instances(cluster="web", containerInstances=[home])
        (one,) = answer["containerInstances"]
        return (one["status"], one["agentConnected"]) == expected

    until(seen)
