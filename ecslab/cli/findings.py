"""The single checks of ``ecslab doctor``: each looks at one thing and says what to do about it."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import socket
import subprocess
import sys

from ecslab import sandbox
from ecslab.diagram.render import PYGRAPHVIZ, graphviz
from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.finding import Finding, State

_ = translator("cli")


def python() -> Finding:
    """Python itself."""
    return Finding("Python", "ready", f"{platform.python_version()} ({sys.executable})")


def _package(name: str, module: str, state: State, without: Text) -> Finding:
    if importlib.util.find_spec(module) is not None:
        return Finding(name, "ready", _("installed"))
    return Finding(name, state, without, _("Run `python3 start.py`, which installs everything."))


def jupyterlab() -> Finding:
    """JupyterLab, which the notebooks open in."""
    return _package("JupyterLab", "jupyterlab", "missing", _("not installed"))


def language_pack() -> Finding:
    """The Japanese menus of JupyterLab."""
    return _package(
        "JupyterLab 日本語",
        "jupyterlab_language_pack_ja_JP",
        "optional",
        _("not installed: menus are English"),
    )


def docker() -> Finding:
    """A Docker engine, for real containers."""
    from ecslab.sandbox.engine import engine_version

    version = engine_version()
    if version is not None:
        return Finding(
            "Docker", "ready", _("engine {version}: containers are real", version=version)
        )
    return Finding(
        "Docker",
        "optional",
        _("no engine answers: containers are simulated"),
        _(
            "Install and start Docker Engine or Docker Desktop (https://docs.docker.com/get-docker/)."
        ),
    )


def compose() -> Finding:
    """Docker Compose, for `ecslab local up`."""
    if _succeeds("docker", "compose", "version") or shutil.which("docker-compose"):
        return Finding("Docker Compose", "ready", _("installed"))
    return Finding(
        "Docker Compose",
        "optional",
        _("not installed: `ecslab local up` cannot run"),
        _("Install the Compose plugin (https://docs.docker.com/compose/install/)."),
    )


def dot() -> Finding:
    """Graphviz, for the explanatory graphs."""
    try:
        found = graphviz()
    except EcslabError as error:
        return Finding("Graphviz dot", "optional", error.message, error.hint or "")
    return Finding(
        "Graphviz dot", "ready", _("through pygraphviz") if found == PYGRAPHVIZ else found
    )


def fonts() -> Finding:
    """A font with Japanese letters, for pictures saved as PNG."""
    if shutil.which("fc-list") is None:
        return Finding("fonts", "ready", _("those of the system"))
    listed = _output("fc-list", ":lang=ja", "family")
    if listed:
        return Finding("fonts", "ready", listed.splitlines()[0])
    return Finding(
        "fonts",
        "optional",
        _("none with Japanese letters: PNG pictures show boxes"),
        _("Install one, for example `apt-get install fonts-ipafont-gothic`."),
    )


def ports() -> Finding:
    """Whether a task's port 80 can be opened at an instance's own address."""
    name = _("port {port} at {address}", port=80, address="127.0.1.1")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.1.1", 80))
    except OSError as error:
        return Finding(
            str(name),
            "optional",
            _("cannot be opened ({why}): a stated substitute is", why=error.strerror),
            _("Use the address that lab.url(task) gives."),
        )
    return Finding(str(name), "ready", _("can be opened"))


def the_sandbox() -> Finding:
    """The sandbox, or whether it could be started."""
    try:
        found = sandbox.status()
    except EcslabError as error:
        return Finding("sandbox", "missing", error.message, error.hint or "")
    if found is None:
        return Finding(
            "sandbox", "optional", _("not running"), _("Start it with `ecslab sandbox start`.")
        )
    return Finding(
        "sandbox", "ready", _("{url}, containers: {runtime}", url=found.url, runtime=found.runtime)
    )


def _succeeds(*command: str) -> bool:
    return _output(*command) is not None


def _output(*command: str) -> str | None:
    """What a program prints; None where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
