"""``volumes_from`` ⇄ volumesFrom: three ways of saying readOnly"""

import pytest

from tests.convert.trips import Trip, task_from_ecs

TEXT = """
services:
  web:
    image: nginx
    mem_limit: 64m
    volumes_from: ["{source}"]
  data:
    image: busybox
    mem_limit: 64m
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("data", {"sourceContainer": "data"}),
        ("data:ro", {"sourceContainer": "data", "readOnly": True}),
        ("data:rw", {"sourceContainer": "data", "readOnly": False}),
    ],
)
def test_absent_false_and_true_are_three_things(written, expected):
    trip = Trip(TEXT.format(source=written))
    container = trip.task["containerDefinitions"][0]
    assert container["volumesFrom"] == [expected]
    assert "dependsOn" not in container
    assert trip.document["services"]["web"]["volumes_from"] == [written]
    assert trip.said == []


def test_a_container_outside_the_task_is_lost():
    trip = Trip(TEXT.format(source="container:other"))
    assert trip.where("volumes-from-container") == (
        "dropped", 6, "services.web.volumes_from[0]",
    )  # fmt: skip
    assert "volumesFrom" not in trip.task["containerDefinitions"][0]


def test_a_source_of_ecs_comes_back():
    document = task_from_ecs([{}, {"volumesFrom": [{"sourceContainer": "c0", "readOnly": True}]}])
    assert document["services"]["c1"]["volumes_from"] == ["c0:ro"]
