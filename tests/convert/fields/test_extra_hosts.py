"""``extra_hosts`` ⇄ extraHosts: lines of /etc/hosts"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("['db:10.0.0.2']", "db", "10.0.0.2"),
        ("['db=10.0.0.2']", "db", "10.0.0.2"),
        ("{db: 10.0.0.2}", "db", "10.0.0.2"),
        ("['six=[::1]']", "six", "::1"),
        ("['six:::1']", "six", "::1"),
    ],
)
def test_every_form_is_a_name_and_an_address(written, name, address):
    trip = ServiceTrip(f"extra_hosts: {written}")
    assert trip.container == {"extraHosts": [{"hostname": name, "ipAddress": address}]}
    assert trip.service == {"extra_hosts": [f"{name}={address}"]}
    assert trip.said == []


def test_host_gateway_has_no_form():
    trip = ServiceTrip("extra_hosts: ['h:host-gateway', 'a:10.0.0.1']")
    assert trip.container == {"extraHosts": [{"hostname": "a", "ipAddress": "10.0.0.1"}]}
    assert trip.where("host-gateway") == ("dropped", 5, "services.web.extra_hosts[0]")


def test_a_name_no_line_can_hold_stands_in_ecs_own_words():
    host = {"hostname": "a=b", "ipAddress": "10.0.0.1"}
    assert from_ecs(extraHosts=[host]) == {"x-ecs": {"extraHosts": [host]}}
