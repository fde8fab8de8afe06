"""``shm_size`` ⇄ sharedMemorySize, in whole MiB"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "mib"), [("64m", 64), ("1g", 1024), ("'67108864'", 64), ("128mb", 128)]
)
def test_a_size_is_counted_in_mib(written, mib):
    trip = ServiceTrip(f"shm_size: {written}")
    assert trip.container == {"linuxParameters": {"sharedMemorySize": mib}}
    assert trip.service == {"shm_size": f"{mib}m"}
    assert trip.said == []


def test_a_broken_mib_is_rounded_up_and_named():
    trip = ServiceTrip("shm_size: 1000000b")
    assert trip.container == {"linuxParameters": {"sharedMemorySize": 1}}
    assert trip.where("size-rounded") == ("adapted", 5, "services.web.shm_size")


def test_a_size_of_ecs_comes_back():
    assert from_ecs(linuxParameters={"sharedMemorySize": 7}) == {"shm_size": "7m"}
