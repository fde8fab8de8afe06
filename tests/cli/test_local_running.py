"""`ecslab local up`, `ps` and `down` on a real engine, with the hands-on's own definition."""

import io
import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from ecslab import sandbox

HANDSON = Path(__file__).parents[2] / "handson" / "3"
STAYS = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
ENDPOINTS = "ecslab-test-endpoints:latest"

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def endpoints_image(docker_engine, docker_image):
    """Something that stays up in the place of the endpoints container."""
    lines = f'FROM {docker_image}\nCMD ["httpd", "-f", "-p", "80"]\n'.encode()
    list(docker_engine.build(fileobj=io.BytesIO(lines), tag=ENDPOINTS, rm=True))
    return ENDPOINTS


@pytest.fixture
def folder(tmp_path, web_images, docker_engine):
    shutil.copy(HANDSON / "task-definition.json", tmp_path)
    yield tmp_path
    ecslab(tmp_path, "down")


@pytest.fixture
def aws(stub_sandbox, monkeypatch):
    """A sandbox in the place of an account, by the standard variables."""
    for name, value in sandbox.environment(stub_sandbox.port).items():
        monkeypatch.setenv(name, value)
    return stub_sandbox


def ecslab(folder, *argv):
    return subprocess.run(
        [sys.executable, "-m", "ecslab", "--lang", "en", "local", *argv],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


def page(url="http://localhost:9090"):
    return urllib.request.urlopen(url, timeout=5).read().decode()


def ours(engine, folder):
    label = f"com.docker.compose.project.working_dir={folder}"
    return engine.containers(all=True, filters={"label": label})


def test_create_up_ps_down_as_the_hands_on_has_it(folder, docker_engine, endpoints_image):
    assert ecslab(folder, "create").returncode == 0
    up = ecslab(folder, "up", "--endpoints-image", endpoints_image)
    assert up.returncode == 0, up.stderr
    assert "http://localhost:9090" in up.stdout
    assert page() == "test"
    ps = ecslab(folder, "ps", "-f", "task-definition.json")
    assert ps.stdout.splitlines()[0].split()[:2] == ["CONTAINER", "ID"]
    assert ps.stdout.count("nginx:alpine") == 1
    assert ps.stdout.count(str(folder / "task-definition.json")) == 2
    told = json.loads(ecslab(folder, "ps", "--json").stdout)
    assert {one["service"] for one in told} == {"nginx", "php-fpm"}
    (endpoints,) = docker_engine.containers(filters={"label": "ecslab.local=endpoints"})
    address = endpoints["NetworkSettings"]["Networks"]["ecs-local-network"]["IPAddress"]
    assert address == "169.254.170.2"
    down = ecslab(folder, "down")
    assert down.returncode == 0
    assert ours(docker_engine, folder) == []
    assert docker_engine.networks(names=["ecs-local-network"]) == []
    assert docker_engine.containers(all=True, filters={"label": "ecslab.local"}) == []


def test_an_override_changes_what_runs_and_the_base_stays(folder):
    ecslab(folder, "create")
    base = (folder / "docker-compose.ecs-local.yml").read_text()
    (folder / "mine.yml").write_text("services: {php-fpm: {environment: [MESSAGE=hello]}}\n")
    up = ecslab(folder, "up", "--no-endpoints", "--override", "mine.yml")
    assert up.returncode == 0, up.stderr
    assert page() == "hello"
    assert (folder / "docker-compose.ecs-local.yml").read_text() == base


def test_a_port_that_is_taken_is_a_sentence_and_leaves_nothing(folder, docker_engine):
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("0.0.0.0", 9090))
        stranger.listen()
        up = ecslab(folder, "up", "--no-endpoints")
    assert up.returncode == 1
    assert "Stop what uses the port" in up.stderr
    assert "Traceback" not in up.stderr
    assert ours(docker_engine, folder) == []


def box(script, **more):
    container = {"name": "box", "image": "busybox:stable", "memory": 32, **more}
    container["command"] = ["sh", "-c", script]
    return {"family": "box", "containerDefinitions": [container]}


def saved(folder, definition):
    (folder / "task-definition.json").write_text(json.dumps(definition))


def test_a_container_that_ends_is_told_with_its_last_words_and_nothing_is_left(
    folder, docker_engine, docker_image
):
    saved(folder, box("echo no database; exit 3"))
    up = ecslab(folder, "up", "--no-endpoints")
    assert up.returncode == 1
    assert "box ended with exit code 3. It wrote: no database" in up.stderr
    assert ours(docker_engine, folder) == []


def test_a_health_check_is_waited_for(folder, docker_image):
    check = {"command": ["CMD-SHELL", "test -f /tmp/ready"], "interval": 5, "retries": 5}
    saved(folder, box(f"sleep 1; touch /tmp/ready; {STAYS}", healthCheck=check))
    up = ecslab(folder, "up", "--no-endpoints")
    assert up.returncode == 0, up.stderr
    assert "(healthy)" in ecslab(folder, "ps").stdout


def test_a_secret_comes_from_parameter_store_into_the_container_and_nowhere_else(
    folder, docker_engine, docker_image, aws
):
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="shop-password", Value="s3cr3t!$x", Type="SecureString")
    saved(
        folder,
        box(STAYS, secrets=[{"name": "PASSWORD", "valueFrom": "shop-password"}]),
    )
    up = ecslab(folder, "up", "--no-endpoints")
    assert up.returncode == 0, up.stderr
    (one,) = ours(docker_engine, folder)
    environment = docker_engine.inspect_container(one["Id"])["Config"]["Env"]
    assert "PASSWORD=s3cr3t!$x" in environment
    assert "s3cr3t" not in up.stdout + up.stderr
    assert not any("s3cr3t" in path.read_text() for path in folder.iterdir())


def test_a_secret_that_is_not_there_is_a_sentence_before_anything_starts(
    folder, docker_engine, aws
):
    saved(folder, box(STAYS, secrets=[{"name": "PASSWORD", "valueFrom": "nobody"}]))
    up = ecslab(folder, "up", "--no-endpoints")
    assert up.returncode == 1
    assert "The secret nobody cannot be read:" in up.stderr
    assert ours(docker_engine, folder) == []


def test_a_registered_definition_runs_by_its_family(folder, docker_image, aws):
    ecs = aws.client("ecs")
    registered = ecs.register_task_definition(**box(STAYS))["taskDefinition"]
    up = ecslab(folder, "up", "-t", "box", "--no-endpoints")
    assert up.returncode == 0, up.stderr
    ps = ecslab(folder, "ps", "-t", f"box:{registered['revision']}")
    assert registered["taskDefinitionArn"] in ps.stdout
