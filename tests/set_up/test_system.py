"""What --system installs and starts, and what it says where it cannot."""

import os
import shutil
import stat
import sys

import pytest

from tools.set_up import system
from tools.set_up.system import NEEDS, Need
from tools.set_up.words import Trouble

ABSENT = (
    Need("Graphviz (dot)", lambda: False, ("graphviz",)),
    Need("Chromium", lambda: True, ("chromium",)),
    Need("a Japanese font", lambda: False, ("fontconfig", "fonts-ipafont-gothic")),
)


@pytest.fixture
def ran(monkeypatch):
    """The commands that would be run; a root who has apt."""
    commands = []
    monkeypatch.setattr(system, "NEEDS", ABSENT)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(
        system.environment, "run", lambda command, say, key: commands.append(command)
    )
    monkeypatch.setenv("DEBIAN_FRONTEND", "dialog")
    return commands


def silent(key, **args):
    pass


def test_only_what_is_absent_is_installed_after_an_update(ran):
    system.install(silent)
    assert [command[-1] for command in ran] == ["update", "fonts-ipafont-gothic"]
    assert ran[1][-4:] == [
        "--no-install-recommends",
        "graphviz",
        "fontconfig",
        "fonts-ipafont-gothic",
    ]
    assert os.environ["DEBIAN_FRONTEND"] == "noninteractive"


def test_where_all_is_there_apt_is_not_touched(ran, monkeypatch):
    monkeypatch.setattr(system, "NEEDS", ABSENT[1:2])
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    system.install(silent)
    assert ran == []


def test_an_apt_that_is_held_up_is_tried_again(ran, monkeypatch):
    tries = []

    def busy_once(command, say, key):
        tries.append(command[-1])
        if len(tries) == 1:
            raise Trouble(key, command="apt-get", tail="locked")

    monkeypatch.setattr(system.environment, "run", busy_once)
    system.install(silent)
    assert tries == ["update", "update", "fonts-ipafont-gothic"]


def test_an_apt_that_fails_three_times_is_a_sentence(ran, monkeypatch):
    def fails(command, say, key):
        raise Trouble(key, command="apt-get update", tail="    no server")

    monkeypatch.setattr(system.environment, "run", fails)
    with pytest.raises(Trouble) as trouble:
        system.install(silent)
    assert "apt failed: apt-get update\n    no server" in trouble.value.in_both("en")


def test_who_is_not_root_is_told_the_packages(ran, monkeypatch):
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble) as trouble:
        system.install(silent)
    assert "needs root" in trouble.value.in_both("en")
    assert "graphviz fontconfig fonts-ipafont-gothic" in trouble.value.in_both("en")


def test_without_apt_what_to_install_by_hand_is_named(ran, monkeypatch):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    with pytest.raises(Trouble) as trouble:
        system.install(silent)
    assert "Graphviz (dot), a Japanese font" in trouble.value.in_both("en")


def test_nothing_is_there_on_an_empty_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    assert not any(need.there() for need in NEEDS)
    assert system.no_dot()


def test_a_busybox_that_needs_libraries_does_not_count(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for head, fit in ((b"\x7fELF...", True), (b"\x7fELF..../lib64/ld-linux-x86-64.so.2", False)):
        program(tmp_path / "busybox", head)
        assert system._static_busybox() is fit


def program(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


ENGINE = f"""#!{sys.executable}
import os, pathlib, socket, sys
print("starting", flush=True)
listening = socket.socket(socket.AF_UNIX)
listening.bind(os.environ["DOCKER_HOST"].partition("://")[2])
listening.listen()
pathlib.Path(__file__).with_name("pid").write_text(str(os.getpid()))
while True:
    visitor, _ = listening.accept()
    visitor.recv(100)
    visitor.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nOK")
    visitor.close()
"""


@pytest.fixture
def dockerd(monkeypatch, tmp_path):
    """Write the program that is to be this machine's `dockerd`."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/d.sock")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(system.tempfile, "tempdir", None)
    return lambda script: program(tmp_path / "dockerd", script)


def test_an_engine_is_started_and_stopped_afterwards(dockerd, tmp_path):
    dockerd(ENGINE)
    said = []
    with system.engine(lambda key, **args: said.append(key)):
        assert system.engine_answers()
        pid = int((tmp_path / "pid").read_text())
    assert said == ["engine starts"]
    assert not system.engine_answers()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_engine_that_answers_is_left_alone(dockerd, monkeypatch):
    dockerd("#!/bin/sh\nexit 1")
    monkeypatch.setattr(system, "engine_answers", lambda: True)
    with system.engine(silent):
        pass


def test_an_engine_that_ends_at_once_gives_its_last_words(dockerd):
    dockerd("#!/bin/sh\necho first\necho failed to start: no iptables >&2\nexit 1")
    with pytest.raises(Trouble) as trouble, system.engine(silent):
        pass
    assert "no iptables" in trouble.value.in_both("en")
    assert "dockerd.log" in trouble.value.in_both("ja")


def test_an_engine_that_never_answers_is_given_up_and_ended(dockerd, monkeypatch, tmp_path):
    dockerd(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec {shutil.which('sleep')} 60")
    monkeypatch.setattr(system, "PATIENCE", 0.5)
    with pytest.raises(Trouble) as trouble, system.engine(silent):
        pass
    assert "No Docker engine answers after" in trouble.value.in_both("en")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
