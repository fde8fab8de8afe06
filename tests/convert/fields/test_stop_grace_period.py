"""``stop_grace_period`` ⇄ stopTimeout, in whole seconds"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "seconds"), [("20s", 20), ("1m30s", 90), ("0s", 0), ("1h", 3600)]
)
def test_a_duration_is_counted_in_seconds(written, seconds):
    trip = ServiceTrip(f"stop_grace_period: {written}")
    assert trip.container == {"stopTimeout": seconds}
    assert trip.service == {"stop_grace_period": f"{seconds}s"}
    assert trip.said == []


@pytest.mark.parametrize(("written", "seconds"), [("1500ms", 2), ("1ms", 1), ("0.1s", 1)])
def test_a_broken_second_is_rounded_up_and_named(written, seconds):
    trip = ServiceTrip(f"stop_grace_period: {written}")
    assert trip.container == {"stopTimeout": seconds}
    assert trip.where("seconds-rounded") == ("adapted", 5, "services.web.stop_grace_period")


def test_a_time_of_ecs_comes_back():
    assert from_ecs(stopTimeout=0) == {"stop_grace_period": "0s"}
