"""``hostname``"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(("written", "value"), [("web-1", "web-1"), ("'1'", "1")])
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"hostname: {written}")
    assert trip.container == {"hostname": value}
    assert trip.service == {"hostname": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = "1"
    assert from_ecs(hostname=value) == {"hostname": value}
