import random
import socket

import pytest

from ecslab.runtime.stub import StubRuntime
from ecslab.sandbox.clock import RunningClock
from tests.images import unique
from tests.runtime.stage import Stage


@pytest.fixture
def host_ip():
    """An address of this machine that no other test uses now."""
    return f"127.{random.randint(20, 250)}.{random.randint(1, 250)}.{random.randint(1, 250)}"


@pytest.fixture
def free_port(host_ip):
    """A host port free on `host_ip`."""
    with socket.socket() as probe:
        probe.bind((host_ip, 0))
        return probe.getsockname()[1]


@pytest.fixture
def docker_stage(docker_image, host_ip, tmp_path):
    """Docker, with `tmp_path` as the workspace."""
    from ecslab.runtime.docker import DockerRuntime

    name = unique()

    def make(emit, clock):
        return DockerRuntime(
            emit,
            clock,
            sandbox=name,
            allow_mounts=(tmp_path,),
            pull_behaviour="prefer-cached",
            holder_image=docker_image,
        )

    stage = Stage(make, docker_image, RunningClock(), host_ip)
    stage.sandbox = name
    yield stage
    stage.end()


@pytest.fixture
def stub_stage(host_ip):
    stage = Stage(StubRuntime, "nginx:alpine", RunningClock(speed=20), host_ip)
    yield stage
    stage.end()


@pytest.fixture(params=["stub", pytest.param("docker", marks=pytest.mark.docker)])
def stage(request):
    """Each runtime in turn."""
    return request.getfixturevalue(f"{request.param}_stage")
