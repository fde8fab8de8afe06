"""``privileged``; false is a value"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(("written", "value"), [("true", True), ("false", False)])
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"privileged: {written}")
    assert trip.container == {"privileged": value}
    assert trip.service == {"privileged": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = False
    assert from_ecs(privileged=value) == {"privileged": value}
