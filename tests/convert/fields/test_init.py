"""``init`` ⇄ initProcessEnabled; false is a value"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(("written", "value"), [("true", True), ("false", False)])
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"init: {written}")
    assert trip.container == {"linuxParameters": {"initProcessEnabled": value}}
    assert trip.service == {"init": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = False
    assert from_ecs(linuxParameters={"initProcessEnabled": value}) == {"init": value}
