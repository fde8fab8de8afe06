"""``cap_add`` ⇄ linuxParameters.capabilities.add: in capitals, without CAP_"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize("names", [["NET_ADMIN"], ["ALL"], ["SYS_TIME", "CHOWN"], []])
def test_ecs_names_are_the_same(names):
    trip = ServiceTrip(f"cap_add: {names}")
    assert trip.container == {"linuxParameters": {"capabilities": {"add": names}}}
    assert trip.service == {"cap_add": names}
    assert trip.said == []


@pytest.mark.parametrize(
    ("written", "name"), [("CAP_NET_ADMIN", "NET_ADMIN"), ("all", "ALL"), ("cap_chown", "CHOWN")]
)
def test_other_spellings_are_put_right_and_named(written, name):
    trip = ServiceTrip(f"cap_add: [{written}]")
    assert trip.service == {"cap_add": [name]}
    assert trip.where("capability-name") == ("adapted", 5, "services.web.cap_add[0]")


def test_a_spelling_of_ecs_comes_back():
    capabilities = {"add": ["net_admin"]}
    service = from_ecs(linuxParameters={"capabilities": capabilities})
    assert service["x-ecs"] == {"linuxParameters": {"capabilities": capabilities}}
