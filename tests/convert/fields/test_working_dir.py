"""``working_dir`` ⇄ workingDirectory"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(("written", "value"), [("/srv", "/srv")])
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"working_dir: {written}")
    assert trip.container == {"workingDirectory": value}
    assert trip.service == {"working_dir": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = "/srv"
    assert from_ecs(workingDirectory=value) == {"working_dir": value}
