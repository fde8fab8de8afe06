"""What a container may not do on a learner's machine, and what lets it."""

import pytest

from ecslab.runtime.port import ContainerSpec
from ecslab.runtime.pulling import split
from ecslab.runtime.refusing import Leave, refusal


def spec(volume=None, pid="", ipc="", **definition):
    volumes = ({"name": "v", **volume},) if volume is not None else ()
    mounts = [{"sourceVolume": "v", "containerPath": "/v"}] if volumes else []
    return ContainerSpec(
        {"name": "web", "image": "i", "mountPoints": mounts, **definition},
        volumes=volumes,
        pid_mode=pid,
        ipc_mode=ipc,
    )


OVERLAY = {"type": "overlay", "device": "tmpfs", "o": "lowerdir=/etc:/usr"}
POWERS = [
    {"volume": {"dockerVolumeConfiguration": {"driverOpts": OVERLAY}}},
    {"privileged": True},
    {"pid": "host"},
    {"ipc": "host"},
    {"linuxParameters": {"devices": [{"hostPath": "/dev/sda"}]}},
    {"linuxParameters": {"capabilities": {"add": ["SYS_ADMIN"]}}},
    {"linuxParameters": {"capabilities": {"add": ["all"]}}},
    {"linuxParameters": {"capabilities": {"add": ["CAP_SYS_PTRACE"]}}},
    {"dockerSecurityOptions": ["seccomp=unconfined"]},
]


@pytest.mark.parametrize("power", POWERS)
def test_power_over_the_machine_is_refused_unless_allowed(power):
    assert "--allow-privileged" in refusal(spec(**power), Leave())
    assert refusal(spec(**power), Leave(privileged=True)) == ""


@pytest.mark.parametrize(
    "harmless",
    [
        {},
        {"pid": "task"},
        {"linuxParameters": {"capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}}},
        {"dockerSecurityOptions": ["no-new-privileges"]},
        {"volume": {}},
        {"volume": {"host": {}}},
        {"volume": {"dockerVolumeConfiguration": {"scope": "shared"}}},
        {
            "volume": {
                "dockerVolumeConfiguration": {"driverOpts": {"type": "tmpfs", "device": "tmpfs"}}
            }
        },
    ],
)
def test_what_stays_inside_the_container_is_not_refused(harmless):
    assert refusal(spec(**harmless), Leave()) == ""


def test_a_mount_is_allowed_inside_the_workspace_alone(tmp_path):
    inside, outside = tmp_path / "w" / "d", tmp_path / "w2"
    inside.mkdir(parents=True)
    leave = Leave(mounts=(tmp_path / "w",))
    assert refusal(spec({"host": {"sourcePath": str(inside)}}), leave) == ""
    # A name that only begins alike is another folder.
    why = refusal(spec({"host": {"sourcePath": str(outside)}}), leave)
    assert f"--allow-mount {outside}" in why


def test_neither_dots_nor_links_lead_out_of_the_workspace(tmp_path):
    (tmp_path / "out").symlink_to("/etc")
    leave = Leave(mounts=(tmp_path,))
    for path in (tmp_path / "out", f"{tmp_path}/../..", f"{tmp_path}/out/ssl"):
        assert "--allow-mount" in refusal(spec({"host": {"sourcePath": str(path)}}), leave)


@pytest.mark.parametrize("kind", ["none", "tmpfs", "ext4"])
def test_a_volume_that_is_a_mount_in_disguise_is_refused(kind):
    options = {"type": kind, "o": "bind", "device": "/etc"}
    volume = {"dockerVolumeConfiguration": {"driver": "local", "driverOpts": options}}
    assert "/etc" in refusal(spec(volume), Leave())


def test_a_volume_the_container_does_not_mount_is_not_its_affair():
    volumes = ({"name": "other", "host": {"sourcePath": "/etc"}},)
    assert refusal(ContainerSpec({"name": "w", "image": "i"}, volumes=volumes), Leave()) == ""


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("nginx", ("nginx", "latest")),
        ("nginx:alpine", ("nginx", "alpine")),
        ("localhost:5000/a/b", ("localhost:5000/a/b", "latest")),
        ("localhost:5000/a/b:1", ("localhost:5000/a/b", "1")),
        ("a/b@sha256:0f", ("a/b", "sha256:0f")),
    ],
)
def test_an_image_s_name_is_taken_apart_as_docker_does(image, parts):
    assert split(image) == parts
