"""``dns`` ⇄ dnsServers"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "value"),
    [("[]", []), ("8.8.8.8", ["8.8.8.8"]), ("[8.8.8.8, 1.1.1.1]", ["8.8.8.8", "1.1.1.1"])],
)
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"dns: {written}")
    assert trip.container == {"dnsServers": value}
    assert trip.service == {"dns": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = ["8.8.8.8", "1.1.1.1"]
    assert from_ecs(dnsServers=value) == {"dns": value}


def test_an_item_twice_is_nothing_compose_takes():
    trip = ServiceTrip("dns: [8.8.8.8, 8.8.8.8]")
    assert trip.container == {"dnsServers": ["8.8.8.8", "8.8.8.8"]}
    assert trip.service == {"dns": ["8.8.8.8"], "x-ecs": trip.container}
    assert trip.where("item-twice") == ("adapted", 5, "services.web.dns")
