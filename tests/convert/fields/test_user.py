"""``user``, a number or a name"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "value"), [("www-data", "www-data"), ("1000:1000", "1000:1000"), ("1000", "1000")]
)
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"user: {written}")
    assert trip.container == {"user": value}
    assert trip.service == {"user": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = "1000"
    assert from_ecs(user=value) == {"user": value}
