"""``mem_swappiness`` ⇄ swappiness, 0 to 100"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize("value", [0, 60, 100])
def test_it_is_the_same_on_both_sides(value):
    trip = ServiceTrip(f"mem_swappiness: {value}")
    assert trip.container == {"linuxParameters": {"swappiness": value}}
    assert trip.service == {"mem_swappiness": value}
    assert trip.said == []


def test_the_kernels_own_is_nothing():
    trip = ServiceTrip("mem_swappiness: -1")
    assert trip.container == {}
    assert trip.where("swappiness-default") == ("adapted", 5, "services.web.mem_swappiness")


def test_more_than_100_becomes_100():
    trip = ServiceTrip("mem_swappiness: 110")
    assert trip.service == {"mem_swappiness": 100}
    assert trip.where("swappiness-limits") == ("adapted", 5, "services.web.mem_swappiness")


def test_a_value_of_ecs_comes_back():
    assert from_ecs(linuxParameters={"swappiness": 0}) == {"mem_swappiness": 0}
