"""``links``: services by the name their containers have, with their aliases"""

import pytest

from ecslab import convert
from tests.convert.trips import Trip, load

TEXT = """
services:
  web:
    image: nginx
    mem_limit: 64m
    links: [{link}]
  db.main:
    image: postgres
    mem_limit: 64m
  cache:
    image: redis
    mem_limit: 64m
"""


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("cache", "cache"),
        ("'cache:redis'", "cache:redis"),
        ("db.main", "db-main:db.main"),
        ("'db.main:db'", "db-main:db"),
    ],
)
def test_a_link_leads_to_the_container_of_its_service(written, link):
    trip = Trip(TEXT.format(link=written), quiet=["service-name"])
    container = trip.task["containerDefinitions"][0]
    assert container["links"] == [link]
    assert trip.document["services"]["web"]["links"] == [link]
    assert trip.said == []


def test_what_a_link_implies_is_not_written_twice():
    trip = Trip(TEXT.format(link="cache"), quiet=["service-name"])
    assert "dependsOn" not in trip.task["containerDefinitions"][0]


def test_a_link_into_another_task_is_lost():
    parts = convert.split(load(TEXT.format(link="cache")))
    assert "links" not in parts[0].value["containerDefinitions"][0]
    assert ("other-task", "dropped", "services.web.links[0]") in [
        (one.code, one.fidelity, one.path) for one in parts[0].diagnostics
    ]
