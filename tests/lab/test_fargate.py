"""Fargate in one learner's hands: tasks and services without an instance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.sandbox import Status
from ecslab.steps.things import TaskDefinition
from ecslab.steps.visits import visit


@pytest.fixture
def lab(stub_sandbox: Status) -> Iterator[Lab]:
    """A lab with a cluster that has no instance."""
    made = ecslab.connect("sandbox", lang="en")
    made.create_cluster(template="FARGATE")
    yield made
    ecslab.set_language(None)


@pytest.fixture
def web(lab: Lab) -> TaskDefinition:
    """Nginx for Fargate."""
    return lab.register_task_definition(
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[
            {"name": "nginx", "image": "nginx:alpine", "portMappings": [{"containerPort": 80}]}
        ],
    )


def test_a_task_has_a_page_at_an_address_of_its_own(lab: Lab, web: TaskDefinition) -> None:
    tasks = lab.wait(lab.run_task(web, 2, launchType="FARGATE"))
    pages = [lab.url(task) for task in tasks]
    assert len(set(pages)) == 2
    for task, page in zip(tasks, pages, strict=True):
        assert visit(page).who == f"{web} {task.id[:8]}"
    assert lab.check("page")


def test_the_picture_has_its_page_and_its_address(lab: Lab, web: TaskDefinition) -> None:
    task = lab.wait(lab.run_task(web, launchType="FARGATE"))[0]
    (seen,) = lab.snapshot().tasks
    assert seen.url == lab.url(task)
    assert (seen.launch_type, seen.instance) == ("FARGATE", None)
    assert seen.address.startswith("172.31.")
    assert seen.availability_zone


def test_without_a_public_address_there_is_no_page_and_a_sentence_why(
    lab: Lab, web: TaskDefinition
) -> None:
    subnets = lab.client("ec2").describe_subnets()["Subnets"]
    network = {"awsvpcConfiguration": {"subnets": [subnets[0]["SubnetId"]]}}
    task = lab.wait(lab.run_task(web, launchType="FARGATE", networkConfiguration=network))[0]
    with pytest.raises(EcslabError, match="no public address"):
        lab.url(task)
    assert lab.snapshot().tasks[0].url == ""


def test_a_service_stands_behind_a_load_balancer(lab: Lab, web: TaskDefinition) -> None:
    service = lab.create_service(web, desired=2, load_balancer=True, launchType="FARGATE")
    lab.wait(service)
    answered = {visit(lab.url(service)).who for _turn in range(6)}
    seen = lab.snapshot()
    assert answered == {f"{web} {task.id[:8]}" for task in seen.tasks}
    (balancer,) = seen.load_balancers
    assert {target.task for target in balancer.targets} == {task.id for task in seen.tasks}


def test_a_service_is_scaled(lab: Lab, web: TaskDefinition) -> None:
    service = lab.wait(lab.create_service(web, desired=1, launchType="FARGATE"))
    assert lab.wait(lab.scale(service, 3)).running == 3
    assert lab.wait(lab.scale(service, 0)).running == 0


def test_everything_can_be_removed(lab: Lab, web: TaskDefinition) -> None:
    lab.wait(lab.create_service(web, load_balancer=True, launchType="FARGATE"))
    assert lab.cleanup()
    assert not lab.cleanup(dry_run=True).found
