"""What only real containers show."""

import contextlib
import os
import socket
import threading
import time
import urllib.request

import pytest

from ecslab.runtime import port
from ecslab.runtime.docker import DockerRuntime
from ecslab.sandbox.clock import RunningClock
from tests.images import unique
from tests.runtime.stage import Stage

pytestmark = pytest.mark.docker


def ends(stage, name="web"):
    return stage.wait(port.Exited, key=stage.key(name))


def said(stage, script, name="web", **more):
    """What a container writes that runs `script` to its end."""
    started = stage.run(name, command=["sh", "-c", script], **more)
    assert isinstance(started, port.Started), started
    ends(stage, name)
    return stage.runtime.logs(stage.key(name)).strip()


@pytest.fixture
def engine():
    import docker

    return docker.APIClient()


def test_a_page_is_served_by_the_container_itself(docker_stage, free_port):
    docker_stage.run(behaviour="serves", ports=[(80, free_port)])
    url = f"http://{docker_stage.host_ip}:{free_port}/"

    def fetched():
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            return answer.read()
        return b""

    until = time.monotonic() + 10
    while not (page := fetched()) and time.monotonic() < until:
        time.sleep(0.05)
    assert page == b"real\n"


def test_a_deaf_container_is_killed_when_its_time_is_over(docker_stage):
    docker_stage.run(behaviour="is deaf")
    begin = time.monotonic()
    docker_stage.runtime.submit(port.Stop(docker_stage.key(), 1))
    assert ends(docker_stage).exit_code == 137
    assert time.monotonic() - begin >= 0.9


def test_environment_user_and_folder_reach_the_container(docker_stage):
    words = said(
        docker_stage,
        "echo $A; id -u; pwd",
        environment=[{"name": "A", "value": "x y"}],
        user="7",
        workingDirectory="/tmp",
    )
    assert words.split("\n") == ["x y", "7", "/tmp"]


def test_a_link_finds_its_partner_by_name(docker_stage):
    docker_stage.run("db", behaviour="serves")
    words = said(
        docker_stage,
        "wget -q -O - http://data/ || sleep 1 && wget -qO - http://data/",
        links=["db:data"],
    )
    assert "real" in words


@pytest.mark.parametrize("mode", ["awsvpc", "host"])
def test_containers_of_a_task_share_localhost(docker_stage, mode):
    docker_stage.run("db", behaviour="serves", mode=mode)
    assert "real" in said(docker_stage, "sleep 0.5; wget -qO - http://127.0.0.1/", mode=mode)


def test_a_task_with_an_address_of_its_own_has_its_ports_open_there(docker_stage):
    docker_stage.host_ip = "127.1.9.3"
    docker_stage.run(behaviour="serves", mode="awsvpc", ports=[(80, 80)])
    with socket.create_connection(("127.1.9.3", 80), timeout=5):
        pass


def test_a_host_mode_port_is_open_and_free_after_the_task(docker_stage, free_port):
    docker_stage.run(behaviour="serves", mode="host", ports=[(80, free_port)])
    with socket.create_connection((docker_stage.host_ip, free_port), timeout=5):
        pass
    docker_stage.runtime.submit(port.Stop(docker_stage.key(), 0))
    ends(docker_stage)
    docker_stage.runtime.submit(port.Release(docker_stage.task))
    first = docker_stage.task
    docker_stage.task = first[:-1] + ("0" if first[-1] != "0" else "1")
    again = docker_stage.run(behaviour="serves", mode="host", ports=[(80, free_port)])
    assert isinstance(again, port.Started)


def test_a_volume_is_shared_by_the_task_and_goes_with_it(docker_stage, engine):
    volumes = [{"name": "v", "host": {}}]
    mount = [{"sourceVolume": "v", "containerPath": "/v"}]
    said(docker_stage, "echo kept > /v/f", "writer", volumes=volumes, mountPoints=mount)
    more = {"volumes": volumes, "mountPoints": [{**mount[0], "readOnly": True}]}
    words = said(docker_stage, "cat /v/f; touch /v/g 2>/dev/null || echo refused", **more)
    assert words.startswith("kept")
    assert words.endswith("refused")
    label = f"ecslab.task={docker_stage.task}"
    assert len(engine.volumes(filters={"label": label})["Volumes"]) == 1
    docker_stage.runtime.remove_all()
    assert not engine.volumes(filters={"label": label})["Volumes"]


def test_volumes_from_another_container(docker_stage):
    volumes = [{"name": "v", "host": {}}]
    mount = [{"sourceVolume": "v", "containerPath": "/v"}]
    said(docker_stage, "echo kept > /v/f", "data", volumes=volumes, mountPoints=mount)
    assert said(docker_stage, "cat /v/f", volumesFrom=[{"sourceContainer": "data"}]) == "kept"


@pytest.mark.parametrize("asks", ["links", "volumesFrom"])
def test_a_stranger_s_container_is_not_reached_by_its_name(
    docker_stage, docker_image, engine, asks
):
    name = unique()
    host = {"Image": docker_image, "Cmd": ["sleep", "60"]}
    stranger = engine.create_container_from_config(host, name)["Id"]
    try:
        wanted = {"links": [name], "volumesFrom": [{"sourceContainer": name}]}[asks]
        failed = docker_stage.create(**{asks: wanted})
        assert isinstance(failed, port.CreateFailed)
        assert "no container" in failed.reason
    finally:
        engine.remove_container(stranger, force=True)


def test_a_folder_of_the_workspace_is_seen(docker_stage, tmp_path):
    (tmp_path / "f").write_text("mine")
    volumes = [{"name": "v", "host": {"sourcePath": str(tmp_path)}}]
    mount = [{"sourceVolume": "v", "containerPath": "/v", "readOnly": True}]
    assert said(docker_stage, "cat /v/f", volumes=volumes, mountPoints=mount) == "mine"


def test_too_much_memory_is_told_as_such(docker_stage):
    script = "dd if=/dev/zero of=/dev/shm/x bs=1M count=60; tail /dev/zero"
    docker_stage.run(command=["sh", "-c", script], memory=8)
    assert ends(docker_stage).out_of_memory


def test_a_command_there_is_not_fails_the_start(docker_stage):
    failed = docker_stage.run(command=["/nothing"])
    assert isinstance(failed, port.StartFailed)
    assert "/nothing" in failed.reason


def test_an_image_there_is_not_fails_the_creation(docker_stage):
    failed = docker_stage.create(image="ecslab-nowhere:1")
    assert isinstance(failed, port.CreateFailed)
    assert "ecslab-nowhere" in failed.reason


def test_privileged_is_refused_and_nothing_is_made(docker_stage, engine):
    failed = docker_stage.create(privileged=True)
    assert "--allow-privileged" in failed.reason
    label = f"ecslab.sandbox={docker_stage.sandbox}"
    assert not engine.containers(all=True, filters={"label": label})


def test_another_runtime_of_the_sandbox_takes_running_containers_over(docker_stage, docker_image):
    docker_stage.run("stays")
    docker_stage.run("ended", behaviour="ends with 3")
    ends(docker_stage, "ended")
    docker_stage.create("made")
    second = Stage(
        lambda emit, clock: DockerRuntime(emit, clock, sandbox=docker_stage.sandbox),
        docker_image,
        RunningClock(),
        docker_stage.host_ip,
    )
    try:
        found = {f.key.name: f for f in second.runtime.adopt()}
        assert (found["stays"].running, found["stays"].exit_code) == (True, None)
        assert (found["ended"].running, found["ended"].exit_code) == (False, 3)
        assert (found["made"].running, found["made"].exit_code) == (False, None)
        second.runtime.submit(port.Stop(docker_stage.key("stays"), 5))
        assert second.wait(port.Exited, key=docker_stage.key("stays")).exit_code == 143
    finally:
        second.end()


def test_containers_of_others_are_left_alone(docker_stage, docker_image, engine):
    host = {"Labels": {"ecslab.sandbox": unique()}, "Image": docker_image, "Cmd": ["sleep", "60"]}
    stranger = engine.create_container_from_config(host)["Id"]
    try:
        docker_stage.run()
        docker_stage.runtime.remove_all()
        assert engine.inspect_container(stranger)["State"]["Status"] == "created"
    finally:
        engine.remove_container(stranger, force=True)


def test_a_container_removed_by_somebody_else_has_ended(docker_stage, engine):
    docker_stage.run()
    there = next(e for e in docker_stage.events if isinstance(e, port.Created)).runtime_id
    engine.remove_container(there, force=True)
    assert ends(docker_stage)


class Door:
    """A way to the engine that can be shut, so that nobody has to stop the engine itself."""

    def __init__(self, path):
        self.path = str(path)
        self.open()

    def open(self):
        self._pairs = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen(64)
        threading.Thread(target=self._accept, args=(self._socket,), daemon=True).start()

    def shut(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        os.unlink(self.path)
        for one in self._pairs:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening):
        with contextlib.suppress(OSError):
            while True:
                inner, _ = listening.accept()
                outer = socket.socket(socket.AF_UNIX)
                outer.connect("/var/run/docker.sock")
                self._pairs += [inner, outer]
                for a, b in ((inner, outer), (outer, inner)):
                    threading.Thread(target=self._carry, args=(a, b), daemon=True).start()

    @staticmethod
    def _carry(a, b):
        with contextlib.suppress(OSError):
            while data := a.recv(65536):
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)


def test_an_engine_that_goes_is_told_and_so_is_its_return(docker_image, host_ip, tmp_path, engine):
    door = Door(tmp_path / "d.sock")
    name = unique()
    stage = Stage(
        lambda emit, clock: DockerRuntime(
            emit,
            clock,
            sandbox=name,
            base_url=f"unix://{door.path}",
            pull_behaviour="prefer-cached",
        ),
        docker_image,
        RunningClock(),
        host_ip,
    )
    try:
        stage.run()
        door.shut()
        assert "does not answer" in stage.wait(port.RuntimeLost).reason
        door.open()
        stage.wait(port.RuntimeBack)
        label = f"ecslab.sandbox={name}"
        # The task was given up: nothing of it runs on unseen.
        assert not engine.containers(all=True, filters={"label": label})
        stage.task += "f"
        assert isinstance(stage.run(), port.Started)
    finally:
        stage.end()
        door.shut()


def test_a_command_is_run_in_a_container(docker_stage):
    docker_stage.run(environment=[{"name": "COLOUR", "value": "blue"}])
    ran = docker_stage.runtime.execute(
        docker_stage.key(), ["sh", "-c", "echo $COLOUR; echo oh >&2; exit 3"]
    )
    assert ran.exit_code == 3
    assert sorted(ran.output.split()) == ["blue", "oh"]
    missing = docker_stage.runtime.execute(docker_stage.key(), ["nosuch"])
    assert missing.exit_code in (126, 127)
    assert "nosuch" in missing.output
