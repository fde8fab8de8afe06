"""Compose files as people have them: what ECS takes, byte for byte the same, nothing unnamed."""

from pathlib import Path

import pytest

from ecslab import compose, convert
from ecslab.controlplane.definition_rules import RULES
from ecslab.model.task_definition import TaskDefinition
from ecslab.model.wire import from_wire

DATA = Path(__file__).parent / "data"
FILES = sorted(path.name for path in DATA.iterdir())
KNOWN = {"environment": {"HOME": "/root"}, "profiles": ["*"]}


def project(name):
    return compose.load(DATA / name, **KNOWN)


def complaints(task):
    """What the sandbox's ECS says of a definition."""
    definition = from_wire(TaskDefinition, task)
    return [said for rule in RULES for said in rule(definition)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("launch_type", [None, "EC2"])
def test_ecs_takes_the_task_definition(name, launch_type):
    made = convert.to_task_definition(project(name), launch_type=launch_type)
    assert complaints(made.value) == []


@pytest.mark.parametrize("name", FILES)
def test_fargate_takes_it_or_it_does_not_fit(name):
    made = convert.to_task_definition(project(name), launch_type="FARGATE")
    # The role awslogs needs on Fargate is nobody's to invent.
    assert [one for one in complaints(made.value) if "execution role ARN" not in one] == []


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_gives_the_same_bytes(name):
    texts = {convert.to_task_definition(project(name)).text() for _ in range(5)}
    assert len(texts) == 1


@pytest.mark.parametrize("name", FILES)
def test_the_way_back_and_there_changes_nothing(name, tmp_path):
    made = convert.to_task_definition(project(name))
    back = convert.to_compose(made.value)
    (tmp_path / "compose.yaml").write_text(back.text())
    again = convert.to_task_definition(compose.load(tmp_path / "compose.yaml", environment={}))
    assert again.text() == made.text()
    lost = [one for one in again.diagnostics if one.fidelity == "dropped"]
    assert lost == []


@pytest.mark.parametrize("name", FILES)
def test_every_diagnostic_has_its_place_in_the_file(name):
    for said in convert.to_task_definition(project(name)).diagnostics:
        assert said.mark is not None, said
        assert said.mark.file == str(DATA / name)
        line = (DATA / name).read_text().splitlines()[said.mark.line - 1]
        assert said.mark.column <= len(line) + 1


def test_the_workshops_file_is_what_the_lesson_says():
    made = convert.to_task_definition(project("workshop.yml"), family="handson").value
    nginx, php = made["containerDefinitions"]
    assert nginx == {
        "name": "nginx",
        "image": "nginx:alpine",
        "memory": 512,
        "links": ["php-fpm"],
        "portMappings": [{"containerPort": 80, "hostPort": 9090}],
        "mountPoints": [
            {"sourceVolume": "volume-1", "containerPath": "/etc/nginx/conf.d/default.conf"},
            {"sourceVolume": "volume-2", "containerPath": "/var/www/html"},
        ],
        "dependsOn": [{"containerName": "php-fpm", "condition": "START"}],
    }
    assert php["mountPoints"] == [{"sourceVolume": "volume-2", "containerPath": "/var/www/html"}]
    assert made["volumes"][1]["host"]["sourcePath"].endswith("/data/html")
