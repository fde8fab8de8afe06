"""``read_only`` ⇄ readonlyRootFilesystem; false is a value"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(("written", "value"), [("true", True), ("false", False)])
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"read_only: {written}")
    assert trip.container == {"readonlyRootFilesystem": value}
    assert trip.service == {"read_only": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = False
    assert from_ecs(readonlyRootFilesystem=value) == {"read_only": value}
