"""``dns_search`` ⇄ dnsSearchDomains"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "value"), [("a.example", ["a.example"]), ("[b, a]", ["b", "a"])]
)
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"dns_search: {written}")
    assert trip.container == {"dnsSearchDomains": value}
    assert trip.service == {"dns_search": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = ["b", "a"]
    assert from_ecs(dnsSearchDomains=value) == {"dns_search": value}
