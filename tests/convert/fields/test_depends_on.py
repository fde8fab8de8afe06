"""``depends_on`` ⇄ dependsOn, and what it makes of essential"""

import pytest

from ecslab import convert
from tests.convert.trips import Trip, load, task_from_ecs

TEXT = """
services:
  web:
    image: nginx
    mem_limit: 64m
    depends_on: {needs}
  db:
    image: postgres
    mem_limit: 64m
    {more}
"""
HEALTHY = "healthcheck: {test: [CMD, 'true']}"


def trip(needs, more=""):
    return Trip(TEXT.format(needs=needs, more=more))


@pytest.mark.parametrize(
    ("written", "condition", "ecs"),
    [
        ("[db]", "service_started", "START"),
        ("{db: }", "service_started", "START"),
        ("{db: {condition: service_started}}", "service_started", "START"),
        ("{db: {condition: service_healthy}}", "service_healthy", "HEALTHY"),
    ],
)
def test_a_condition_has_its_word(written, condition, ecs):
    made = trip(written, HEALTHY)
    assert made.task["containerDefinitions"][0]["dependsOn"] == [
        {"containerName": "db", "condition": ecs}
    ]
    assert made.document["services"]["web"]["depends_on"] == {"db": {"condition": condition}}
    assert made.said == []


def test_who_is_awaited_to_its_end_is_not_essential():
    made = trip("{db: {condition: service_completed_successfully}}")
    web, db = made.task["containerDefinitions"]
    assert web["dependsOn"] == [{"containerName": "db", "condition": "SUCCESS"}]
    assert db["essential"] is False
    assert "essential" not in web
    assert made.where("not-essential") == ("adapted", 6, "services.web.depends_on.db")


def test_without_a_health_check_only_the_start_is_awaited():
    made = trip("{db: {condition: service_healthy}}")
    assert made.task["containerDefinitions"][0]["dependsOn"][0]["condition"] == "START"
    assert made.where("no-health-check") == ("adapted", 6, "services.web.depends_on.db")


@pytest.mark.parametrize(("key", "value"), [("required", "false"), ("restart", "true")])
def test_what_ecs_does_not_do_is_named(key, value):
    made = trip(f"{{db: {{condition: service_started, {key}: {value}}}}}")
    assert made.where(f"depends-on-{key}") == ("dropped", 6, f"services.web.depends_on.db.{key}")


def test_complete_has_no_word_in_compose():
    wait = [{"containerName": "c1", "condition": "COMPLETE"}]
    document = task_from_ecs([{"dependsOn": wait}, {"essential": False}])
    assert document["services"]["c0"]["x-ecs"] == {"dependsOn": wait}
    assert document["services"]["c0"]["depends_on"] == {
        "c1": {"condition": "service_completed_successfully"}
    }


def test_a_circle_is_an_error_that_names_it():
    project = load(TEXT.format(needs="[db]", more="depends_on: [web]"))
    with pytest.raises(convert.ConvertError) as error:
        convert.to_task_definition(project)
    (problem,) = error.value.problems
    assert problem.code == "depends-on-circle"
    assert "web → db → web" in str(problem.message)


def test_a_service_in_another_task_cannot_be_awaited():
    web, _db = convert.split(load(TEXT.format(needs="[db]", more="")))
    assert "dependsOn" not in web.value["containerDefinitions"][0]
    assert [(one.code, one.path) for one in web.dropped] == [
        ("other-task", "services.web.depends_on.db")
    ]
