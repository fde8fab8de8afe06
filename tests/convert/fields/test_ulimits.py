"""``ulimits``: soft and hard"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "soft", "hard"),
    [("65535", 65535, 65535), ("{soft: 0, hard: 10}", 0, 10), ("{soft: -1, hard: -1}", -1, -1)],
)
def test_a_limit_has_two_ends(written, soft, hard):
    trip = ServiceTrip(f"ulimits: {{nofile: {written}}}")
    assert trip.container == {"ulimits": [{"name": "nofile", "softLimit": soft, "hardLimit": hard}]}
    assert trip.service == {"ulimits": {"nofile": {"soft": soft, "hard": hard}}}
    assert trip.said == []


@pytest.mark.parametrize("end", ["soft", "hard"])
def test_where_one_end_is_missing_it_is_the_other(end):
    trip = ServiceTrip(f"ulimits: {{nproc: {{{end}: 5}}}}")
    assert trip.service == {"ulimits": {"nproc": {"soft": 5, "hard": 5}}}
    assert trip.where("ulimit-one") == ("adapted", 5, "services.web.ulimits.nproc")


def test_a_limit_without_a_value_is_lost():
    trip = ServiceTrip("ulimits: {nproc: {}, nofile: 9}")
    assert list(trip.service["ulimits"]) == ["nofile"]
    assert trip.where("ulimit-empty") == ("dropped", 5, "services.web.ulimits.nproc")


def test_a_limit_said_twice_stands_in_ecs_own_words():
    limits = [{"name": "nofile", "softLimit": n, "hardLimit": n} for n in (1, 2)]
    assert from_ecs(ulimits=limits)["x-ecs"] == {"ulimits": limits}
