"""The whole server on Docker: real containers, kept through a crash, removed at the end."""

import http.client
import urllib.request

import pytest

from ecslab import sandbox
from tests.sandbox.scene import ON_80, run_one, running, the_task, web_cluster
from tests.sandbox.serving import joined, until

pytestmark = pytest.mark.docker


def page(served, task):
    """What the task's host port answers; "" while nobody does."""
    told = served.client().describe_container_instances(
        cluster="web", containerInstances=[task["containerInstanceArn"]]
    )
    machine = told["containerInstances"][0]["ec2InstanceId"]
    found = served.client("ec2").describe_instances(InstanceIds=[machine])
    address = found["Reservations"][0]["Instances"][0]["PublicIpAddress"]
    port = task["containers"][0]["networkBindings"][0]["hostPort"]
    ip, port = sandbox.locate(address, port, served.port)
    try:
        return urllib.request.urlopen(f"http://{ip}:{port}", timeout=5).read().decode()
    except (OSError, http.client.HTTPException):
        return ""


def containers(engine, served):
    """The sandbox's containers, stopped ones too."""
    name = (served.state / "name").read_text()
    return engine.containers(all=True, filters={"label": f"ecslab.sandbox={name}"})


def test_nginx_serves_its_page_and_a_crash_neither_ends_nor_doubles_it(
    docker_sandbox, docker_engine
):
    served = docker_sandbox
    ecs = web_cluster(served)
    arn = run_one(ecs)
    task = running(ecs, arn)
    assert "Welcome to nginx!" in until(lambda: page(served, task))
    (before,) = containers(docker_engine, served)
    served.kill()
    served.start()
    again = until(lambda: the_task(served.client(), arn))
    assert again["lastStatus"] == "RUNNING"
    assert again["startedAt"] == task["startedAt"]
    (after,) = containers(docker_engine, served)
    assert (after["Id"], after["State"]) == (before["Id"], "running")
    assert "Welcome to nginx!" in page(served, again)


def test_a_container_that_dies_while_the_sandbox_is_away_is_told_when_it_is_back(
    docker_sandbox, docker_engine
):
    served = docker_sandbox
    ecs = web_cluster(served)
    arn = run_one(ecs)
    running(ecs, arn)
    served.kill()
    (there,) = containers(docker_engine, served)
    docker_engine.kill(there["Id"])
    served.start()
    task = until(lambda: _stopped(served, arn))
    assert task["stopCode"] == "EssentialContainerExited"
    assert task["containers"][0]["exitCode"] == 137


def _stopped(served, arn):
    task = the_task(served.client(), arn)
    return task if task["lastStatus"] == "STOPPED" else None


def test_stop_removes_its_containers_and_no_others_and_start_brings_them_back(
    docker_sandbox, docker_engine, docker_image
):
    served = docker_sandbox
    stranger = docker_engine.create_container(docker_image, ["sleep", "60"])
    try:
        ecs = web_cluster(served)
        arn = run_one(ecs)
        running(ecs, arn)
        served.stop()
        assert containers(docker_engine, served) == []
        assert docker_engine.inspect_container(stranger["Id"])
        served.start()
        task = running(served.client(), arn)
        assert "Welcome to nginx!" in until(lambda: page(served, task))
    finally:
        docker_engine.remove_container(stranger["Id"], force=True)


def test_an_image_that_nobody_has_is_the_reason_of_the_stopped_task(docker_sandbox):
    ecs = web_cluster(docker_sandbox)
    nobodys = {**ON_80, "image": "localhost:1/nobody/has-this:1"}
    ecs.register_task_definition(family="nginx", containerDefinitions=[nobodys])
    arn = run_one(ecs)
    task = until(lambda: _stopped(docker_sandbox, arn))
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"].startswith("CannotPullContainerError:")


def test_a_folder_outside_the_workspace_is_not_mounted(docker_sandbox, docker_engine):
    ecs = web_cluster(docker_sandbox)
    mount = {"sourceVolume": "etc", "containerPath": "/mnt"}
    ecs.register_task_definition(
        family="nginx",
        containerDefinitions=[{**ON_80, "mountPoints": [mount]}],
        volumes=[{"name": "etc", "host": {"sourcePath": "/etc"}}],
    )
    arn = run_one(ecs)
    task = until(lambda: _stopped(docker_sandbox, arn))
    assert "the host path /etc is outside the workspace" in task["stoppedReason"]
    assert containers(docker_engine, docker_sandbox) == []


def test_a_terminated_instance_takes_its_containers_with_it(docker_sandbox, docker_engine):
    served = docker_sandbox
    ecs = web_cluster(served)
    running(ecs, run_one(ecs))
    machines = served.client("ec2").describe_instances()["Reservations"][0]["Instances"]
    served.client("ec2").terminate_instances(InstanceIds=[machines[0]["InstanceId"]])
    until(lambda: containers(docker_engine, served) == [])
    assert not joined(ecs, count=1)
