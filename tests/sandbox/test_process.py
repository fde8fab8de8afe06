"""The sandbox seen from outside: found, not found, or something else on its port."""

import http.server
import socket
import subprocess
import sys
import threading

import pytest

from ecslab import sandbox
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places, probe


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path))
    monkeypatch.setenv("ECSLAB_LANG", "en")
    monkeypatch.delenv("ECSLAB_PORT", raising=False)


@pytest.fixture
def stranger():
    """A web server that is not ours; its port."""
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_importing_the_room_is_light():
    heavy = ("moto", "docker", "boto3", "botocore", "waitress")
    code = f"import sys, ecslab.sandbox; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_where_nobody_listens_there_is_no_sandbox(free_port):
    assert sandbox.status(free_port) is None
    assert sandbox.stop(free_port) is False


@pytest.mark.parametrize("ask", [sandbox.status, sandbox.stop, sandbox.start])
def test_another_program_on_the_port_is_a_sentence(stranger, ask):
    with pytest.raises(EcslabError, match=f"Port {stranger} is used by a program that is not"):
        ask(stranger)


def test_who_listens_and_says_nothing_is_not_taken_for_another_program(monkeypatch):
    """It may be our own, on a machine that is busy."""
    monkeypatch.setattr(probe, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(EcslabError, match=f"Port {port} gave no answer within 0.1 seconds"):
            sandbox.status(port)


@pytest.mark.parametrize("value", ["0", "-1", "65536", "x", "4510.5", "４５１０x"])
def test_a_port_that_is_none_is_a_sentence(monkeypatch, value):
    monkeypatch.setenv("ECSLAB_PORT", value)
    with pytest.raises(EcslabError, match="ECSLAB_PORT is"):
        sandbox.endpoint()


def test_the_port_is_the_one_given_else_the_variable_else_4510(monkeypatch):
    assert sandbox.endpoint() == "http://127.0.0.1:4510"
    monkeypatch.setenv("ECSLAB_PORT", "4999")
    assert sandbox.endpoint() == "http://127.0.0.1:4999"
    assert sandbox.endpoint(5000) == "http://127.0.0.1:5000"


def test_the_folder_is_the_one_given_else_in_ecslab_home(tmp_path):
    assert places.state_folder() == tmp_path / "sandbox"
    assert places.state_folder(tmp_path / "other") == tmp_path / "other"


def test_the_environment_points_the_usual_tools_at_the_sandbox():
    found = sandbox.environment(4999)
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4999"
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"]
    assert found["AWS_ACCESS_KEY_ID"]
    assert found["AWS_SECRET_ACCESS_KEY"]


def test_time_that_stands_still_is_refused():
    with pytest.raises(EcslabError, match="does not move time"):
        sandbox.options(speed=0)


def test_a_note_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / "server.json").write_text("{torn")
    assert places.Note.read(tmp_path) is None
    places.Note(1, 4510, 2.0).write(tmp_path)
    assert places.Note.read(tmp_path) == places.Note(1, 4510, 2.0)
