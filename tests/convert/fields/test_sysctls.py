"""``sysctls`` ⇄ systemControls"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize("written", ["{net.core.somaxconn: 1024}", "['net.core.somaxconn=1024']"])
def test_each_is_a_namespace_and_a_value(written):
    trip = ServiceTrip(f"sysctls: {written}")
    assert trip.container == {
        "systemControls": [{"namespace": "net.core.somaxconn", "value": "1024"}]
    }
    assert trip.service == {"sysctls": {"net.core.somaxconn": "1024"}}
    assert trip.said == []


@pytest.mark.parametrize("control", [{"namespace": "a"}, {"value": "1"}, {}])
def test_half_of_one_stands_in_ecs_own_words(control):
    assert from_ecs(systemControls=[control])["x-ecs"] == {"systemControls": [control]}
