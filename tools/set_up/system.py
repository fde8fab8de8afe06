"""What tests of real parts need from the system: installed by apt, and a Docker engine started."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.set_up import environment
from tools.set_up.environment import Say
from tools.set_up.words import Trouble

SOCKET = "/var/run/docker.sock"
PATIENCE = 60.0
"""Seconds a Docker engine may take to answer for the first time."""
TRIES = 3
BETWEEN = 10.0
"""Seconds between two tries of apt, which another apt may hold up."""


@dataclass(frozen=True)
class Need:
    """Something on the machine, how to see that it is there, and Debian's packages for it."""

    name: str
    there: Callable[[], bool]
    packages: tuple[str, ...]


def _on_path(*programs: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(program) for program in programs)


def _static_busybox() -> bool:
    """One that runs in an image which holds nothing else."""
    found = shutil.which("busybox")
    if not found:
        return False
    with open(found, "rb") as binary:
        return b"/ld-" not in binary.read(4096)


def _japanese_font() -> bool:
    lister = shutil.which("fc-list")
    if not lister:
        return False
    return bool(subprocess.run([lister, ":lang=ja"], capture_output=True, check=False).stdout)


def _engine() -> bool:
    return engine_answers() or shutil.which("dockerd") is not None


def no_dot() -> bool:
    """True where Graphviz must come with the environment."""
    return shutil.which("dot") is None


NEEDS = (
    Need("Docker", _engine, ("docker.io",)),
    Need("docker-compose", _on_path("docker-compose"), ("docker-compose",)),
    Need("Graphviz (dot)", _on_path("dot"), ("graphviz",)),
    Need("Chromium", _on_path("chromium", "chromium-browser", "google-chrome"), ("chromium",)),
    Need("debootstrap", _on_path("debootstrap"), ("debootstrap", "debian-archive-keyring")),
    Need("busybox (static)", _static_busybox, ("busybox-static",)),
    Need("a Japanese font", _japanese_font, ("fontconfig", "fonts-ipafont-gothic")),
)


def install(say: Say) -> None:
    """Install what is not there. Raises `Trouble` where this machine or this user cannot."""
    absent = [need for need in NEEDS if not need.there()]
    if not absent:
        return
    packages = [package for need in absent for package in need.packages]
    if not shutil.which("apt-get"):
        raise Trouble("no apt", names=", ".join(need.name for need in absent))
    if os.geteuid() != 0:
        raise Trouble("not root", packages=" ".join(packages))
    say("installing", packages=" ".join(packages))
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    _patiently([*apt, "update"], say)
    _patiently([*apt, "install", "--no-install-recommends", *packages], say)


def _patiently(command: list[str], say: Say) -> None:
    for _ in range(TRIES - 1):
        with contextlib.suppress(Trouble):
            return environment.run(command, say, "apt failed")
        time.sleep(BETWEEN)
    return environment.run(command, say, "apt failed")


def engine_answers() -> bool:
    """Whether a Docker engine listens where clients look for it."""
    if sys.platform == "win32":
        return shutil.which("docker") is not None and not subprocess.call(
            ["docker", "version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    host = os.environ.get("DOCKER_HOST") or f"unix://{SOCKET}"
    kind, _, where = host.partition("://")
    try:
        if kind == "unix":
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(5)
                client.connect(where)
                client.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
                return b"200 OK" in client.recv(200)
        name, _, port = where.rstrip("/").partition(":")
        with socket.create_connection((name, int(port or 2375)), timeout=5):
            return True
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def engine(say: Say) -> Iterator[None]:
    """A Docker engine that answers: the machine's, else one that is stopped afterwards."""
    if engine_answers():
        yield
        return
    place = Path(tempfile.mkdtemp(prefix="ecslab-dockerd-"))
    log = place / "dockerd.log"
    say("engine starts", log=log)
    with log.open("wb") as written:
        process = subprocess.Popen(
            # Folders of its own: notes of an engine that was killed must not keep this one out.
            ["dockerd", "--pidfile", str(place / "pid"), "--exec-root", str(place / "run")],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(process, log)
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> None:
    began = time.monotonic()
    while not engine_answers():
        waited = time.monotonic() - began
        if process.poll() is not None or waited > PATIENCE:
            lines = log.read_text("utf-8", "replace").strip().splitlines()
            why = lines[-1] if lines else f"dockerd: {process.returncode}"
            raise Trouble("engine failed", seconds=waited, why=why, log=log)
        time.sleep(0.1)
