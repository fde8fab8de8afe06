"""Project and service names ⇄ family and container names"""

import pytest

from ecslab import convert
from tests.convert.trips import Trip, load, task_from_ecs

TEXT = """
name: shop
services:
  {first}: {{image: a, mem_limit: 64m}}
  {second}: {{image: b, mem_limit: 64m, depends_on: [{first}]}}
"""


def trip(first, second="web"):
    return Trip(TEXT.format(first=first, second=second))


def test_the_project_is_the_family_and_services_are_containers_in_their_order():
    made = trip("zeta")
    assert made.task["family"] == "shop"
    assert [one["name"] for one in made.task["containerDefinitions"]] == ["zeta", "web"]
    assert made.document["name"] == "shop"
    assert list(made.document["services"]) == ["zeta", "web"]
    assert made.said == []


def test_a_dot_becomes_a_hyphen_everywhere():
    made = trip("my.db")
    first, second = made.task["containerDefinitions"]
    assert first["name"] == "my-db"
    assert second["dependsOn"] == [{"containerName": "my-db", "condition": "START"}]
    assert made.where("service-name") == ("adapted", 4, "services.my.db")


def test_two_names_never_become_one():
    made = trip("a.b", "a-b")
    assert [one["name"] for one in made.task["containerDefinitions"]] == ["a-b-2", "a-b"]


@pytest.mark.parametrize(
    ("family", "name", "kept"),
    [
        ("shop", "shop", {}),
        ("Shop", "shop", {"family": "Shop"}),
        ("-_-", "task", {"family": "-_-"}),
        ("x" * 255, "x" * 255, {}),
    ],
)
def test_a_family_docker_has_no_name_for_stands_in_x_ecs(family, name, kept):
    document = task_from_ecs(family=family)
    assert document["name"] == name
    assert document.get("x-ecs", {}) == kept


def test_a_family_given_beside_the_file_wins():
    project = load("name: a\nx-ecs: {family: B}\nservices: {w: {image: i, mem_limit: 64m}}")
    assert convert.to_task_definition(project).value["family"] == "B"
    assert convert.to_task_definition(project, family="C").value["family"] == "C"


def test_what_is_no_family_is_an_error():
    project = load("services: {w: {image: i, mem_limit: 64m}}")
    with pytest.raises(convert.ConvertError, match="ECS"):
        convert.to_task_definition(project, family="no spaces")
