"""``--launch-type FARGATE``: its network mode, its sizes, and what it refuses."""

import pytest

from ecslab import convert
from ecslab.controlplane.definition_rules import fargate
from ecslab.model.task_definition import TaskDefinition
from ecslab.model.wire import from_wire
from tests.convert.trips import ServiceTrip, load


def trip(keys, top="", **more):
    return ServiceTrip(keys, top, launch_type="FARGATE", quiet=["fargate-size"], **more)


def complaints(task):
    """What the sandbox's ECS says of a definition on Fargate."""
    return list(fargate.complaints(from_wire(TaskDefinition, task)))


def test_a_plain_service_runs_on_fargate():
    made = trip("ports: ['80']")
    assert made.task["networkMode"] == "awsvpc"
    assert made.task["requiresCompatibilities"] == ["FARGATE"]
    assert (made.task["cpu"], made.task["memory"]) == ("256", "512")
    assert made.said == []
    assert complaints(made.task) == []


def test_ec2_is_said_and_nothing_else_changes():
    made = ServiceTrip("privileged: true", launch_type="EC2")
    assert made.task["requiresCompatibilities"] == ["EC2"]
    assert made.container == {"privileged": True}
    assert "networkMode" not in made.task


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ("", ("256", "512")),
        ("mem_limit: 513m", ("256", "1024")),
        ("mem_limit: 3g", ("512", "3072")),
        ("cpu_shares: 257", ("512", "1024")),
        ("{cpu_shares: 256, mem_limit: 2g}", ("256", "2048")),
        ("{cpu_shares: 4000, mem_limit: 100m}", ("4096", "8192")),
        ("mem_limit: 120g", ("16384", "122880")),
    ],
)
def test_the_size_is_the_smallest_that_holds_the_containers(keys, size):
    keys = keys.strip("{}").replace(", ", "\n    ")
    project = load(f"services:\n  web:\n    image: i\n    {keys}\n")
    made = convert.to_task_definition(project, launch_type="FARGATE")
    assert (made.value["cpu"], made.value["memory"]) == size
    assert "fargate-size" in [one.code for one in made.diagnostics]
    assert complaints(made.value) == []


def test_containers_are_added_up_by_what_they_reserve():
    project = load(
        "services:\n"
        "  a: {image: i, mem_limit: 600m, mem_reservation: 300m}\n"
        "  b: {image: i, mem_limit: 300m}\n"
    )
    made = convert.to_task_definition(project, launch_type="FARGATE").value
    assert made["memory"] == "1024"


@pytest.mark.parametrize("size", [("256", "1 GB"), ("1 vCPU", "2048"), ("16384", "122880")])
def test_a_size_fargate_sells_is_left_as_it_is_written(size):
    made = ServiceTrip("", f"x-ecs: {{cpu: {size[0]}, memory: {size[1]}}}", launch_type="FARGATE")
    assert (made.task["cpu"], made.task["memory"]) == size
    assert made.said == []


def test_a_size_it_does_not_sell_becomes_the_next():
    made = ServiceTrip("", "x-ecs: {cpu: '300', memory: '700'}", launch_type="FARGATE")
    assert (made.task["cpu"], made.task["memory"]) == ("512", "1024")
    assert made.where("fargate-size") == ("adapted", 6, "x-ecs.cpu")


def test_what_is_larger_than_fargate_is_an_error():
    project = load("services: {a: {image: i, mem_limit: 200g}}")
    with pytest.raises(convert.ConvertError) as error:
        convert.to_task_definition(project, launch_type="FARGATE")
    assert error.value.problems[0].code == "fargate-too-large"


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ("privileged: true", "privileged"),
        ("security_opt: ['no-new-privileges']", "security_opt"),
        ("dns: [8.8.8.8]", "dns"),
        ("dns_search: [a]", "dns_search"),
        ("devices: [/dev/fuse]", "devices"),
        ("shm_size: 64m", "shm_size"),
        ("mem_swappiness: 60", "mem_swappiness"),
        ("mem_limit: 64m\nmemswap_limit: 128m", "memswap_limit"),
        ("cap_add: [NET_ADMIN, SYS_PTRACE]", "cap_add"),
        ("logging: {driver: syslog}", "logging"),
        ("gpus: [{count: 1}]", "gpus[0]"),
        ("hostname: a", "hostname"),
        ("extra_hosts: ['a:10.0.0.1']", "extra_hosts"),
    ],
)
def test_what_fargate_refuses_is_taken_away_and_named(keys, path):
    made = trip(keys)
    lost = [one.path for one in made.said if one.fidelity == "dropped"]
    assert lost == [f"services.web.{path}"]
    assert complaints(made.task) == []


def test_one_capability_stays():
    made = trip("cap_add: [NET_ADMIN, SYS_PTRACE]\ncap_drop: [ALL]")
    assert made.container["linuxParameters"]["capabilities"] == {
        "add": ["SYS_PTRACE"],
        "drop": ["ALL"],
    }


@pytest.mark.parametrize(
    ("mount", "top"),
    [("/var/log:/log", ""), ("data:/d", "volumes: {data: {driver: local}}")],
)
def test_there_is_no_host_to_mount_from(mount, top):
    made = trip(f"volumes: ['{mount}']", top)
    assert [one["host"] for one in made.task["volumes"]] == [{}]
    assert "fargate-volume" in made.codes
    assert complaints(made.task) == []


@pytest.mark.parametrize(("written", "seconds"), [("10m", 120), ("1s", 2), ("30s", 30)])
def test_a_grace_period_is_2_to_120_seconds(written, seconds):
    made = trip(f"stop_grace_period: {written}")
    assert made.container == {"stopTimeout": seconds}
    assert ("fargate-timeout" in made.codes) == (written != "30s")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("ipcMode", "task"),
        ("pidMode", "host"),
        ("placementConstraints", "[{type: memberOf, expression: a}]"),
        ("inferenceAccelerators", "[{deviceName: a, deviceType: b}]"),
    ],
)
def test_what_it_refuses_of_a_task_is_taken_away_and_named(member, value):
    made = trip("", f"x-ecs: {{{member}: {value}}}")
    assert member not in made.task
    assert made.where("fargate-refuses") == ("dropped", 6, f"x-ecs.{member}")
    assert complaints(made.task) == []


def test_pid_mode_task_stays():
    assert trip("", "x-ecs: {pidMode: task}").task["pidMode"] == "task"


@pytest.mark.parametrize("mode", ["host", "none", "bridge"])
def test_another_network_mode_becomes_awsvpc(mode):
    made = trip("", f"x-ecs: {{networkMode: {mode}}}")
    assert made.task["networkMode"] == "awsvpc"
    assert made.where("fargate-network") == ("adapted", 6, "x-ecs.networkMode")
