"""``devices`` ⇄ linuxParameters.devices: r, w and m in their order"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "expected", "again"),
    [
        (
            "/dev/fuse",
            {"hostPath": "/dev/fuse", "containerPath": "/dev/fuse"},
            {"source": "/dev/fuse", "target": "/dev/fuse"},
        ),
        (
            "/dev/a:/dev/b:mr",
            {"hostPath": "/dev/a", "containerPath": "/dev/b", "permissions": ["mknod", "read"]},
            {"source": "/dev/a", "target": "/dev/b", "permissions": "mr"},
        ),
        ("{source: /dev/a}", {"hostPath": "/dev/a"}, {"source": "/dev/a"}),
    ],
)
def test_permissions_keep_their_order(written, expected, again):
    trip = ServiceTrip(f"devices: [{written}]")
    assert trip.container == {"linuxParameters": {"devices": [expected]}}
    assert trip.service == {"devices": [again]}
    assert trip.said == []


def test_a_device_by_another_name_is_lost():
    trip = ServiceTrip("devices: [vendor.com/class=gpu, /dev/fuse]")
    assert trip.where("device-path") == ("dropped", 5, "services.web.devices[0]")
    assert len(trip.container["linuxParameters"]["devices"]) == 1


def test_a_letter_that_is_no_permission_is_lost():
    trip = ServiceTrip("devices: ['/dev/a:/dev/a:rx']")
    assert trip.container["linuxParameters"]["devices"][0]["permissions"] == ["read"]
    assert trip.where("device-permissions") == (
        "dropped", 5, "services.web.devices[0].permissions",
    )  # fmt: skip


def test_no_permissions_at_all_stand_in_ecs_own_words():
    devices = [{"hostPath": "/dev/a", "permissions": []}]
    assert from_ecs(linuxParameters={"devices": devices}) == {
        "devices": [{"source": "/dev/a"}],
        "x-ecs": {"linuxParameters": {"devices": devices}},
    }
