"""Each member of a container definition in the words of the Docker Engine API."""

import pytest

from ecslab.model.agent_messages import NetworkBinding
from ecslab.runtime.making import Place, bindings_in, container_body, holder_body
from ecslab.runtime.port import ContainerSpec, Key

KEY = Key("arn:aws:ecs:us-east-1:1:task/c/abc", "web")
PORT = NetworkBinding("127.0.9.1", 80, 8080, "tcp")


def body(*, place=None, bindings=(), mode="bridge", environment=(), **definition):
    spec = ContainerSpec(
        {"name": "web", "image": "nginx", **definition},
        bindings,
        task_bindings=bindings,
        host_ip="127.0.9.1",
        network_mode=mode,
        environment=environment,
        family="f",
        revision=2,
        cluster_arn="arn:aws:ecs:us-east-1:1:cluster/c",
    )
    place = place or Place("s", "bridge", lambda name: f"id-of-{name}")
    return container_body(KEY, spec, place)


LINUX = [
    ({"capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}}, "CapAdd", ["NET_ADMIN"]),
    ({"capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}}, "CapDrop", ["ALL"]),
    ({"initProcessEnabled": False}, "Init", False),
    ({"initProcessEnabled": True}, "Init", True),
    ({"sharedMemorySize": 64}, "ShmSize", 67108864),
    (
        {"tmpfs": [{"containerPath": "/t", "size": 5, "mountOptions": ["noexec"]}]},
        "Tmpfs",
        {"/t": "size=5m,noexec"},
    ),
    (
        {"devices": [{"hostPath": "/dev/x", "permissions": ["read"]}]},
        "Devices",
        [{"PathOnHost": "/dev/x", "PathInContainer": "/dev/x", "CgroupPermissions": "r"}],
    ),
]


@pytest.mark.parametrize(("linux", "member", "value"), LINUX)
def test_linux_parameters(linux, member, value):
    assert body(linuxParameters=linux)["HostConfig"][member] == value


HOST = [
    ({"cpu": 256}, "CpuShares", 256),
    ({"cpu": 0}, "CpuShares", 2),
    ({}, "CpuShares", 2),
    ({"memory": 128}, "Memory", 134217728),
    ({"memoryReservation": 64}, "MemoryReservation", 67108864),
    ({"memoryReservation": 64}, "Memory", 0),
    ({"privileged": True}, "Privileged", True),
    ({"readonlyRootFilesystem": True}, "ReadonlyRootfs", True),
    ({"dnsServers": ["1.1.1.1"]}, "Dns", ["1.1.1.1"]),
    ({"dnsSearchDomains": ["x.y"]}, "DnsSearch", ["x.y"]),
    ({"extraHosts": [{"hostname": "a", "ipAddress": "1.2.3.4"}]}, "ExtraHosts", ["a:1.2.3.4"]),
    ({"links": ["db:data", "php"]}, "Links", ["id-of-db:data", "id-of-php:php"]),
    ({"systemControls": [{"namespace": "n", "value": "1"}]}, "Sysctls", {"n": "1"}),
    (
        {"ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}]},
        "Ulimits",
        [{"Name": "nofile", "Soft": 1, "Hard": 2}],
    ),
    (
        {"volumesFrom": [{"sourceContainer": "d", "readOnly": True}, {"sourceContainer": "e"}]},
        "VolumesFrom",
        ["id-of-d:ro", "id-of-e"],
    ),
]


@pytest.mark.parametrize(("definition", "member", "value"), HOST)
def test_host_config(definition, member, value):
    assert body(**definition)["HostConfig"][member] == value


CONFIG = [
    ({"command": []}, "Cmd", []),
    ({"command": ["a"]}, "Cmd", ["a"]),
    ({"entryPoint": ["e"]}, "Entrypoint", ["e"]),
    ({"user": "1:2"}, "User", "1:2"),
    ({"workingDirectory": "/w"}, "WorkingDir", "/w"),
    ({"hostname": "h"}, "Hostname", "h"),
    ({"pseudoTerminal": True}, "Tty", True),
    ({"interactive": True}, "OpenStdin", True),
    ({"disableNetworking": True}, "NetworkDisabled", True),
]


@pytest.mark.parametrize(("definition", "member", "value"), CONFIG)
def test_config(definition, member, value):
    assert body(**definition)[member] == value


@pytest.mark.parametrize("member", ["Cmd", "Entrypoint", "User", "WorkingDir"])
def test_what_is_not_given_is_left_to_the_image(member):
    assert member not in body()


def test_maximum_swap_is_added_to_the_memory_as_docker_counts_it():
    made = body(memory=100, linuxParameters={"maxSwap": 50, "swappiness": 0})["HostConfig"]
    assert made["MemorySwap"] == 150 * 1024 * 1024
    assert made["MemorySwappiness"] == 0


def test_the_platform_s_variables_win_over_the_definition_s():
    made = body(environment=(("A", "2"),)) | {}
    assert made["Env"] == ["A=2"]
    spec = ContainerSpec(
        {"name": "w", "image": "i", "environment": [{"name": "A", "value": "1"}]},
        environment=(("A", "2"),),
    )
    assert container_body(KEY, spec, Place("s", "bridge", str))["Env"] == ["A=2"]


def test_ports_are_published_at_the_address_of_the_instance():
    made = body(bindings=(PORT,))
    assert made["ExposedPorts"] == {"80/tcp": {}}
    assert made["HostConfig"]["PortBindings"] == {
        "80/tcp": [{"HostIp": "127.0.9.1", "HostPort": "8080"}]
    }


def test_without_the_address_any_port_of_the_substitute_is_published():
    place = Place("s", "bridge", str, publish_ip="127.0.0.1")
    assert body(place=place, bindings=(PORT,))["HostConfig"]["PortBindings"] == {
        "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]
    }


@pytest.mark.parametrize("mode", ["host", "awsvpc"])
def test_who_shares_a_namespace_publishes_nothing_and_has_no_name_of_its_own(mode):
    made = body(mode=mode, bindings=(PORT,), hostname="h", dnsServers=["1.1.1.1"])
    assert "PortBindings" not in made["HostConfig"]
    assert "Dns" not in made["HostConfig"]
    assert "Hostname" not in made


def test_the_holder_publishes_the_ports_of_the_whole_task():
    spec = ContainerSpec({"name": "w", "image": "i"}, task_bindings=(PORT,), network_mode="host")
    made = holder_body(KEY, spec, Place("s", "bridge", str), "busybox")
    assert list(made["HostConfig"]["PortBindings"]) == ["80/tcp"]


def test_a_health_check_has_ecs_s_defaults_not_docker_s():
    assert body(healthCheck={"command": ["CMD-SHELL", "x"]})["Healthcheck"] == {
        "Test": ["CMD-SHELL", "x"],
        "Interval": 30_000_000_000,
        "Timeout": 5_000_000_000,
        "Retries": 3,
        "StartPeriod": 0,
    }


def test_the_image_s_own_health_check_is_not_looked_at():
    assert body()["Healthcheck"] == {"Test": ["NONE"]}


@pytest.mark.parametrize(
    ("driver", "used"),
    [("awslogs", "json-file"), ("local", "local"), ("journald", "json-file"), (None, "json-file")],
)
def test_logs_stay_readable_on_this_machine(driver, used):
    place = Place("s", "bridge", str, log_drivers=("json-file", "local", "awslogs"))
    wanted = {"logConfiguration": {"logDriver": driver}} if driver else {}
    assert body(place=place, **wanted)["HostConfig"]["LogConfig"]["Type"] == used


def test_labels_of_the_sandbox_cannot_be_overruled_by_a_definition():
    made = body(dockerLabels={"ecslab.sandbox": "other", "mine": "1"}, bindings=(PORT,))["Labels"]
    assert made["ecslab.sandbox"] == "s"
    assert made["mine"] == "1"
    assert made["com.amazonaws.ecs.task-definition-version"] == "2"
    assert bindings_in(made) == (PORT,)
