"""Mounts and volumes ⇄ mountPoints and volumes"""

import pytest

from ecslab import convert
from tests.convert.trips import ServiceTrip, Trip, load, task_from_ecs

QUIET = ["volume-lifetime"]


def test_a_folder_of_the_host_is_a_volume_with_a_number():
    trip = ServiceTrip("volumes: ['./html:/srv:ro', '/var/log:/log']")
    assert trip.container == {
        "mountPoints": [
            {"sourceVolume": "volume-1", "containerPath": "/srv", "readOnly": True},
            {"sourceVolume": "volume-2", "containerPath": "/log"},
        ]
    }
    assert trip.task["volumes"] == [
        {"name": "volume-1", "host": {"sourcePath": "/p/html"}},
        {"name": "volume-2", "host": {"sourcePath": "/var/log"}},
    ]
    assert trip.service["volumes"] == ["/p/html:/srv:ro", "/var/log:/log"]
    assert "volumes" not in trip.document
    assert trip.said == []


def test_one_folder_is_one_volume_for_all_services():
    trip = Trip(
        """
        services:
          a: {image: i, mem_limit: 64m, volumes: ["/d:/x"]}
          b: {image: i, mem_limit: 64m, volumes: ["/d:/y"]}
        """
    )
    assert trip.task["volumes"] == [{"name": "volume-1", "host": {"sourcePath": "/d"}}]


def test_a_plain_volume_is_an_empty_one_of_the_tasks_own():
    trip = ServiceTrip("volumes: ['data:/d']", "volumes: {data: }")
    assert trip.task["volumes"] == [{"name": "data", "host": {}}]
    assert trip.document["volumes"] == {"data": {}}
    assert trip.where("volume-lifetime") == ("adapted", 6, "volumes.data")


@pytest.mark.parametrize(
    ("written", "config"),
    [
        ("{name: data}", {"scope": "shared", "autoprovision": True}),
        ("{external: true}", {"scope": "shared"}),
        ("{driver: local}", {"scope": "shared", "autoprovision": True, "driver": "local"}),
        (
            "{driver: rexray, driver_opts: {size: '5'}, labels: {a: b}}",
            {
                "scope": "shared",
                "autoprovision": True,
                "driver": "rexray",
                "driverOpts": {"size": "5"},
                "labels": {"a": "b"},
            },
        ),
    ],
)
def test_settings_make_it_a_docker_volume_that_stays(written, config):
    trip = ServiceTrip("volumes: ['data:/d']", f"volumes: {{data: {written}}}")
    assert trip.task["volumes"] == [{"name": "data", "dockerVolumeConfiguration": config}]
    assert trip.said == []
    assert "x-ecs" not in trip.document["volumes"]["data"]


def test_the_name_docker_knows_it_by_is_the_name_in_ecs():
    trip = ServiceTrip("volumes: ['data:/d']", "volumes: {data: {external: true, name: disk-1}}")
    assert trip.task["volumes"][0]["name"] == "disk-1"
    assert trip.container["mountPoints"][0]["sourceVolume"] == "disk-1"
    assert trip.where("volume-name") == ("adapted", 6, "volumes.data")


@pytest.mark.parametrize(
    ("top", "name"),
    [("{my.data: }", "my-data"), ("{data: {name: 'no spaces'}}", "data")],
)
def test_a_name_ecs_does_not_take_is_changed_and_named(top, name):
    key = top.partition(":")[0].strip("{")
    trip = ServiceTrip(f"volumes: ['{key}:/d']", f"volumes: {top}", quiet=QUIET)
    assert trip.task["volumes"][0]["name"] == name
    assert trip.codes == ["volume-name"]


def test_a_volume_without_a_name_gets_a_number_that_is_free():
    trip = ServiceTrip("volumes: [/d, 'volume-1:/e']", "volumes: {volume-1: }", quiet=QUIET)
    assert trip.container["mountPoints"][0]["sourceVolume"] == "volume-2"
    assert trip.where("volume-unnamed") == ("adapted", 5, "services.web.volumes[0]")


@pytest.mark.parametrize(
    ("mount", "below"),
    [
        ("'/h:/d:z'", "bind.selinux"),
        ("'/h:/d:rslave'", "bind.propagation"),
        ("'/h:/d:cached'", "consistency"),
        ("{type: bind, source: /h, target: /d, bind: {create_host_path: false}}",
         "bind.create_host_path"),
    ],
)  # fmt: skip
def test_a_mount_option_is_lost_and_named(mount, below):
    trip = ServiceTrip(f"volumes:\n  - {mount}")
    assert trip.where("mount-option") == ("dropped", 6, f"services.web.volumes[0].{below}")


def test_a_mount_of_another_type_is_lost():
    trip = ServiceTrip("volumes: [{type: image, source: nginx, target: /d}]")
    assert trip.container == {}
    assert trip.where("mount-type") == ("dropped", 5, "services.web.volumes[0]")


def test_a_label_without_a_value_has_an_empty_one():
    trip = ServiceTrip("", "volumes: {data: {labels: [bare]}}")
    assert trip.where("empty-value") == ("adapted", 6, "volumes.data.labels.bare")


# -- from ECS -------------------------------------------------------------------------------------


def mounts(*names):
    return [{"mountPoints": [{"sourceVolume": n, "containerPath": f"/{n}"} for n in names]}]


def test_a_folder_with_a_name_of_its_own_keeps_it_on_the_mount():
    document = task_from_ecs(
        mounts("html"), volumes=[{"name": "html", "host": {"sourcePath": "/srv"}}]
    )
    (mount,) = document["services"]["c0"]["volumes"]
    assert (mount["type"], mount["source"]) == ("bind", "/srv")
    assert mount["x-ecs"] == {"sourceVolume": "html"}


def test_volumes_out_of_order_are_declared_in_their_order():
    document = task_from_ecs(
        mounts("data", "html"),
        volumes=[{"name": "html", "host": {"sourcePath": "/srv"}}, {"name": "data", "host": {}}],
    )
    assert document["volumes"] == {"html": {}, "data": {}}


@pytest.mark.parametrize(
    ("volume", "kept"),
    [
        ({"name": "v"}, {"host": None}),
        ({"name": "v", "host": {"sourcePath": "relative"}}, {"host": {"sourcePath": "relative"}}),
        (
            {"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
        ),
        (
            {"name": "v", "dockerVolumeConfiguration": {"scope": "task", "driver": "local"}},
            {"dockerVolumeConfiguration": {"scope": "task", "autoprovision": None}},
        ),
        ({"name": "v", "configuredAtLaunch": True}, {"configuredAtLaunch": True}),
    ],
)
def test_what_compose_cannot_say_of_a_volume_stands_at_it(volume, kept):
    document = task_from_ecs(mounts("v"), volumes=[volume])
    assert document["volumes"]["v"]["x-ecs"] == kept


def test_a_folder_nobody_mounts_is_declared():
    document = task_from_ecs(volumes=[{"name": "html", "host": {"sourcePath": "/srv"}}])
    assert document["volumes"] == {"html": {"x-ecs": {"host": {"sourcePath": "/srv"}}}}


def test_a_volume_for_two_folders_is_an_error():
    project = load(
        """
services:
  a:
    image: i
    volumes:
      - {type: bind, source: /a, target: /a, x-ecs: {sourceVolume: v}}
      - {type: bind, source: /b, target: /b, x-ecs: {sourceVolume: v}}
"""
    )
    with pytest.raises(convert.ConvertError) as error:
        convert.to_task_definition(project)
    assert error.value.problems[0].mark.line == 7


def test_what_x_ecs_says_of_a_volume_wins_and_is_named():
    trip = ServiceTrip(
        "volumes: ['disk:/d']",
        "volumes: {disk: {driver: local, x-ecs: {efsVolumeConfiguration: {fileSystemId: f}}}}",
    )
    assert trip.task["volumes"] == [
        {"name": "disk", "efsVolumeConfiguration": {"fileSystemId": "f"}}
    ]
    assert trip.where("x-ecs-wins") == ("adapted", 6, "volumes.disk")
