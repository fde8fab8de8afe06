"""Services in one learner's hands: made, changed, waited for, seen, removed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.sandbox import Status
from ecslab.steps.balancer import short_name
from ecslab.steps.services import brief
from ecslab.steps.things import TaskDefinition
from ecslab.steps.visits import visit

CONTAINER = {"name": "nginx", "image": "nginx:alpine", "memory": 64}
PORTS = [{"containerPort": 80, "hostPort": 0}]


@pytest.fixture
def lab(stub_sandbox: Status) -> Iterator[Lab]:
    """A lab with a cluster of two t2.micro."""
    made = ecslab.connect("sandbox", lang="en")
    made.create_cluster()
    yield made
    ecslab.set_language(None)


@pytest.fixture
def web(lab: Lab) -> TaskDefinition:
    """Nginx on a dynamic port."""
    return lab.register_task_definition(containerDefinitions=[{**CONTAINER, "portMappings": PORTS}])


def test_the_check_of_the_load_balancer_opens_its_page(lab: Lab, web: TaskDefinition) -> None:
    assert "load_balancer=True" in str(lab.check("balancer"))
    lab.wait(lab.create_service(web, desired=1, load_balancer=True))
    assert "answers 200: nginx" in str(lab.check("balancer"))
    ecs = lab.client("ecs")
    ecs.update_service(cluster=lab.cluster, service="web", desiredCount=0)
    until = time.monotonic() + 20
    while lab.check("balancer"):
        assert time.monotonic() < until
    assert "no healthy target" in str(lab.check("balancer"))


def test_the_check_that_no_service_is_left_names_the_one_that_is(
    lab: Lab, web: TaskDefinition
) -> None:
    service = lab.create_service(web, desired=1)
    assert not lab.check("no-service")
    assert f"there is still: {service.name}" in str(lab.check("no-service"))
    lab.delete_service(service)
    assert lab.check("no-service")


def test_a_service_behind_a_load_balancer_answers_with_all_its_tasks(
    lab: Lab, web: TaskDefinition
) -> None:
    service = lab.wait(lab.create_service(web, desired=3, load_balancer=True))
    assert (service.running, service.desired) == (3, 3)
    assert lab.check("service")
    answered = {visit(lab.url(service)).who for _turn in range(9)}
    assert answered == {f"{web} {task.id[:8]}" for task in lab.snapshot().tasks}


def test_the_picture_has_the_service_its_balancer_and_whom_it_sends_to(
    lab: Lab, web: TaskDefinition
) -> None:
    service = lab.wait(lab.create_service(web, desired=2, load_balancer=True))
    seen = lab.snapshot()
    (view,) = seen.services
    (balancer,) = seen.load_balancers
    assert (view.name, view.desired, view.running) == ("web", 2, 2)
    assert view.load_balancers == (balancer.name,)
    assert balancer.url == lab.url(service)
    assert {target.task for target in balancer.targets} == {task.id for task in seen.tasks}
    assert {target.state for target in balancer.targets} == {"healthy"}
    assert any("has reached a steady state" in event.text for event in seen.events)


def test_a_stopped_task_is_replaced(lab: Lab, web: TaskDefinition) -> None:
    service = lab.wait(lab.create_service(web, desired=2))
    before = {task.id for task in lab.snapshot().tasks}
    arns = lab.client("ecs").list_tasks(cluster=service.cluster)["taskArns"]
    lab.client("ecs").stop_task(cluster=service.cluster, task=arns[0])
    lab.wait(service)
    now = {task.id for task in lab.snapshot().tasks if task.desired == "RUNNING"}
    assert len(now) == 2
    assert len(now & before) == 1


def test_a_new_definition_and_a_new_count_are_waited_for(lab: Lab, web: TaskDefinition) -> None:
    service = lab.wait(lab.create_service(web, desired=1))
    lighter = {**CONTAINER, "memory": 32, "portMappings": PORTS}
    second = lab.register_task_definition(containerDefinitions=[lighter])
    service = lab.wait(lab.update_service(service, second, desired=2))
    assert (service.definition, service.running) == (str(second), 2)
    running = [task for task in lab.snapshot().tasks if task.desired == "RUNNING"]
    assert {task.definition for task in running} == {str(second)}


def test_creating_it_again_brings_it_to_what_is_asked_for(lab: Lab, web: TaskDefinition) -> None:
    lab.wait(lab.create_service(web, desired=1, load_balancer=True))
    again = lab.wait(lab.create_service(web, desired=2, load_balancer=True))
    assert again.running == 2
    assert lab.url(again).startswith("http://")
    assert len(lab.snapshot().services) == 1


def test_a_service_without_a_balancer_has_no_page_and_says_how_to_get_one(
    lab: Lab, web: TaskDefinition
) -> None:
    service = lab.create_service(web, desired=0)
    with pytest.raises(EcslabError, match="load_balancer=True"):
        lab.url(service)


def test_a_balancer_needs_a_port(lab: Lab) -> None:
    closed = lab.register_task_definition(containerDefinitions=[CONTAINER])
    with pytest.raises(EcslabError, match="add portMappings"):
        lab.create_service(closed, load_balancer=True)
    assert not lab.snapshot().services


def test_a_failed_deployment_ends_the_wait_with_its_reason(lab: Lab) -> None:
    labels = {"ecslab.simulate.exit-code": "1", "ecslab.simulate.exit-after": "0.1"}
    crashing = lab.register_task_definition(
        containerDefinitions=[{**CONTAINER, "dockerLabels": labels}]
    )
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
    service = lab.create_service(crashing, desired=1, deploymentConfiguration=breaker)
    with pytest.raises(EcslabError, match=r"The deployment of web failed: .*circuit breaker"):
        lab.wait(service, timeout=60)
    assert not lab.check("service")


def test_a_deleted_service_is_gone_with_its_tasks(lab: Lab, web: TaskDefinition) -> None:
    service = lab.wait(lab.create_service(web, desired=2))
    lab.delete_service(service)
    assert not lab.snapshot().services
    assert all(task.status == "STOPPED" for task in lab.snapshot().tasks)
    with pytest.raises(EcslabError, match="no service web"):
        lab.events(service)


def test_cleaning_up_takes_services_and_balancers_before_the_stack(
    lab: Lab, web: TaskDefinition
) -> None:
    lab.wait(lab.create_service(web, desired=2, load_balancer=True))
    kinds = [name.split()[0] for name in lab.cleanup(dry_run=True).found]
    wanted = ["service", "load-balancer", "target-group", "stack", "cluster", "task-definition"]
    assert kinds == wanted
    assert lab.cleanup()
    assert not lab.cleanup(dry_run=True).found
    assert not lab.client("elbv2").describe_load_balancers()["LoadBalancers"]


def test_what_ecs_says_is_told_newest_first_with_short_ids(lab: Lab, web: TaskDefinition) -> None:
    service = lab.wait(lab.create_service(web, desired=1, load_balancer=True))
    lines = lab.events(service).lines()
    assert "has reached a steady state." in lines[0]
    started = next(line for line in lines if "has started 1 tasks" in line)
    (task,) = lab.snapshot().tasks
    assert f"(task {task.id[:8]})" in started
    assert any(f"(target-group {lab.names.prefix}-web)" in line for line in lines)


def test_an_event_keeps_its_words() -> None:
    said = "(service web) was unable to place a task because no container instance met all of its"
    assert brief(said) == said


@pytest.mark.parametrize("service", ["web", "w" * 60])
def test_a_balancers_name_is_one_that_aws_takes(service: str) -> None:
    name = short_name("ecslab-hanako-2b437", service)
    assert len(name) <= 32
    assert not name.startswith("-")
    assert not name.endswith("-")


def test_two_long_names_do_not_meet() -> None:
    assert short_name("c" * 40, "one") != short_name("c" * 40, "two")
