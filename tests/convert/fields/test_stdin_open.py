"""``stdin_open`` ⇄ interactive"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(("written", "value"), [("true", True), ("false", False)])
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"stdin_open: {written}")
    assert trip.container == {"interactive": value}
    assert trip.service == {"stdin_open": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = False
    assert from_ecs(interactive=value) == {"stdin_open": value}
