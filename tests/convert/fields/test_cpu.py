"""CPU shares and fractions of a CPU ⇄ cpu"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize("units", [0, 2, 100, 4096])
def test_shares_are_units(units):
    trip = ServiceTrip(f"cpu_shares: {units}")
    assert trip.container == {"cpu": units}
    assert trip.service == {"cpu_shares": units}
    assert trip.said == []


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ("cpus: 0.5", "cpus"),
        ("deploy: {resources: {limits: {cpus: '0.5'}}}", "deploy.resources.limits.cpus"),
        (
            "deploy: {resources: {reservations: {cpus: '0.5'}}}",
            "deploy.resources.reservations.cpus",
        ),
    ],
)
def test_a_fraction_of_a_cpu_is_1024_units_a_whole(keys, path):
    trip = ServiceTrip(keys)
    assert trip.container == {"cpu": 512}
    assert trip.where("cpu-units") == ("adapted", 5, f"services.web.{path}")


def test_the_first_that_is_said_counts_and_the_others_are_named():
    trip = ServiceTrip("cpus: 4\ncpu_shares: 7\ndeploy: {resources: {reservations: {cpus: 2}}}")
    assert trip.container == {"cpu": 7}
    assert [one.path for one in trip.said if one.code == "cpu-twice"] == [
        "services.web.cpus",
        "services.web.deploy.resources.reservations.cpus",
    ]


def test_units_of_ecs_come_back():
    assert from_ecs(cpu=0) == {"cpu_shares": 0}
