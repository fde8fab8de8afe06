"""The values behind the console-like forms check themselves."""

import pytest

from ecslab.steps.settings import (
    ClusterSettings,
    ContainerSettings,
    PortSettings,
    RunTaskSettings,
    TaskDefinitionSettings,
)

NGINX = ContainerSettings("nginx", "nginx:alpine", memory=128, ports=(PortSettings(80, 80),))


def fields_with_problems(settings):
    return [problem.field for problem in settings.check()]


def test_the_values_of_the_hands_on_are_right():
    assert ClusterSettings("study").check() == []
    assert NGINX.check() == []
    assert TaskDefinitionSettings("web", (NGINX,)).check() == []
    assert RunTaskSettings("study", "web:1").check() == []


def test_fargate_asks_for_a_name_and_nothing_else():
    assert ClusterSettings("a", template="FARGATE").shown() == ("name",)
    assert ClusterSettings("a").shown() == ("name", "instance_type", "instances", "instance_role")


def test_fargate_does_not_look_at_the_machines():
    assert ClusterSettings("a", template="FARGATE", instances=0, instance_type="").check() == []


def test_windows_says_why_it_is_left_out():
    (problem,) = ClusterSettings("a", template="WINDOWS").check()
    assert "EC2 Windows is left out" in problem.message.render("en")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (ClusterSettings(""), "name"),
        (ClusterSettings("my cluster"), "name"),
        (ClusterSettings("日本語"), "name"),
        (ClusterSettings("x" * 256), "name"),
        (ClusterSettings("a", instance_type="micro"), "instance_type"),
        (ClusterSettings("a", instances=0), "instances"),
        (ClusterSettings("a", instances=11), "instances"),
        (ClusterSettings("a", instance_role="no role"), "instance_role"),
        (ContainerSettings("", "nginx", memory=8), "name"),
        (ContainerSettings("a b", "nginx", memory=8), "name"),
        (ContainerSettings("a", "", memory=8), "image"),
        (ContainerSettings("a", "ng inx", memory=8), "image"),
        (ContainerSettings("a", "nginx"), "memory"),
        (ContainerSettings("a", "nginx", memory=5), "memory"),
        (ContainerSettings("a", "nginx", memory_reservation=0), "memory_reservation"),
        (ContainerSettings("a", "nginx", 64, 128), "memory_reservation"),
        (ContainerSettings("a", "nginx", 64, ports=(PortSettings(0),)), "ports"),
        (ContainerSettings("a", "nginx", 64, ports=(PortSettings(80, 65536),)), "ports"),
        (TaskDefinitionSettings("web"), "containers"),
        (TaskDefinitionSettings("web!", (NGINX,)), "family"),
        (TaskDefinitionSettings("web", (NGINX, NGINX)), "containers"),
        (TaskDefinitionSettings("web", (NGINX,) * 11), "containers"),
        (RunTaskSettings("", "web"), "cluster"),
        (RunTaskSettings("a", ""), "task_definition"),
        (RunTaskSettings("a", "web", count=0), "count"),
        (RunTaskSettings("a", "web", count=11), "count"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(settings, field):
    assert field in fields_with_problems(settings)


def test_a_definition_with_no_essential_container_is_refused():
    side = ContainerSettings("side", "nginx", memory=8, essential=False)
    assert fields_with_problems(TaskDefinitionSettings("web", (side,))) == ["containers"]


def test_the_request_is_the_definition_of_the_hands_on():
    assert TaskDefinitionSettings("web", (NGINX,)).request() == {
        "family": "web",
        "requiresCompatibilities": ["EC2"],
        "containerDefinitions": [
            {
                "name": "nginx",
                "image": "nginx:alpine",
                "memory": 128,
                "essential": True,
                "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
            }
        ],
    }


def test_a_zero_is_sent_and_an_absent_value_is_not():
    request = ContainerSettings("a", "b", memory_reservation=8, cpu=0).request()
    assert request["cpu"] == 0
    assert "memory" not in request
