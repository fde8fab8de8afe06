"""``tmpfs``, and mounts of type tmpfs ⇄ linuxParameters.tmpfs"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/run:size=64m", {"containerPath": "/run", "size": 64}),
        (
            "/run:size=1024k,rw,noexec",
            {"containerPath": "/run", "size": 1, "mountOptions": ["rw", "noexec"]},
        ),
        (
            "/run:mode=755,size=2g",
            {"containerPath": "/run", "size": 2048, "mountOptions": ["mode=755"]},
        ),
    ],
)
def test_a_line_has_a_path_a_size_and_options(line, expected):
    trip = ServiceTrip(f"tmpfs: [{line!r}]")
    assert trip.container == {"linuxParameters": {"tmpfs": [expected]}}
    options = ",".join([f"size={expected['size']}m", *expected.get("mountOptions", [])])
    assert trip.service == {"tmpfs": [f"/run:{options}"]}
    assert trip.said == []


@pytest.mark.parametrize("line", ["/run", "/run:size=50%", "/run:size=0", "/run:rw"])
def test_without_a_size_it_is_64_mib_and_said(line):
    trip = ServiceTrip(f"tmpfs:\n  - {line}")
    assert trip.container["linuxParameters"]["tmpfs"][0]["size"] == 64
    assert trip.where("tmpfs-size") == ("adapted", 6, "services.web.tmpfs[0]")


def test_a_mount_of_type_tmpfs_is_one_too():
    trip = ServiceTrip(
        """
        volumes:
          - {type: tmpfs, target: /run, read_only: true, tmpfs: {size: 100m, mode: 0o755}}
        """
    )
    assert trip.container == {
        "linuxParameters": {
            "tmpfs": [{"containerPath": "/run", "size": 100, "mountOptions": ["mode=755", "ro"]}]
        }
    }
    assert trip.service == {"tmpfs": ["/run:size=100m,mode=755,ro"]}
    assert trip.where("tmpfs-mount") == ("adapted", 7, "services.web.volumes[0]")


@pytest.mark.parametrize(
    "one",
    [
        {"containerPath": "/a:b", "size": 1},
        {"containerPath": "/a", "size": 1, "mountOptions": []},
        {"containerPath": "/a", "size": 1, "mountOptions": ["x,y"]},
        {"containerPath": "/a", "size": 1, "mountOptions": ["size=7m"]},
    ],
)
def test_what_no_line_can_say_stands_in_ecs_own_words(one):
    service = from_ecs(linuxParameters={"tmpfs": [one]})
    assert service["x-ecs"] == {"linuxParameters": {"tmpfs": [one]}}
