"""A task definition for each service."""

import pytest

from ecslab import convert
from tests.convert.trips import load

TEXT = """
name: shop
services:
  web:
    build: .
    depends_on: [db.main]
    volumes: ["html:/srv", "./conf:/conf"]
  db.main:
    image: postgres
    mem_limit: 64m
    volumes: ["data:/data"]
volumes: {html: {name: html}, data: {name: data}}
x-ecs: {executionRoleArn: arn}
"""


@pytest.fixture(scope="module")
def parts():
    return convert.split(load(TEXT))


def test_each_has_a_family_of_its_own_and_one_container(parts):
    assert [one.value["family"] for one in parts] == ["shop-web", "shop-db-main"]
    assert [len(one.value["containerDefinitions"]) for one in parts] == [1, 1]


def test_what_is_said_of_the_project_holds_for_each(parts):
    assert {one.value["executionRoleArn"] for one in parts} == {"arn"}


def test_each_has_the_volumes_it_mounts(parts):
    names = [[volume["name"] for volume in one.value["volumes"]] for one in parts]
    assert names == [["html", "volume-1"], ["data"]]


def test_an_image_is_called_as_docker_compose_calls_it(parts):
    assert parts[0].value["containerDefinitions"][0]["image"] == "shop-web"


def test_what_goes_from_one_to_the_other_is_lost_and_named_at_its_line(parts):
    said = next(one for one in parts[0].diagnostics if one.code == "other-task")
    assert (said.fidelity, said.mark.line) == ("dropped", 6)


def test_a_family_in_x_ecs_is_the_beginning_of_each():
    parts = convert.split(load(TEXT.replace("x-ecs: {", "x-ecs: {family: Shop, ")))
    assert [one.value["family"] for one in parts] == ["Shop-web", "Shop-db-main"]


def test_ecs_params_are_for_each_its_own():
    read = convert.read_ecs_params(
        b"task_definition: {task_role_arn: r, services: {web: {cpu_shares: 5},"
        b" db.main: {cpu_shares: 6}}}"
    )
    parts = convert.split(load(TEXT), ecs_params=read)
    assert [one.value["containerDefinitions"][0]["cpu"] for one in parts] == [5, 6]
    assert {one.value["taskRoleArn"] for one in parts} == {"r"}
    assert "params-service" not in {said.code for one in parts for said in one.diagnostics}


def test_fargate_sizes_each():
    parts = convert.split(load(TEXT), launch_type="FARGATE")
    assert [one.value["memory"] for one in parts] == ["512", "512"]


def test_a_family_is_never_too_long():
    text = f"name: {'a' * 250}\nservices: {{{'b' * 20}: {{image: i}}}}"
    (part,) = convert.split(load(text))
    assert len(part.value["family"]) == 255
