"""The background server seen from outside: start it, find it, stop it.

Nothing here imports moto, docker or boto3: a notebook or a command that only asks stays light.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ecslab.locale import language, translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places, probe
from ecslab.sandbox.filelock import FileLock

_ = translator("sandbox")

RuntimeChoice = Literal["auto", "docker", "stub"]

START_TIMEOUT = 20.0
"""Seconds of wall time a server may take to answer for the first time; it takes less than one."""
STOP_TIMEOUT = 60.0
"""Seconds of wall time a server may take to remove its containers and end."""


@dataclass(frozen=True)
class Options:
    """How a sandbox is to run."""

    port: int = places.DEFAULT_PORT
    state: Path = Path()
    runtime: RuntimeChoice = "auto"
    speed: float = 1.0
    allow_privileged: bool = False
    allow_mounts: tuple[Path, ...] = ()
    """Folders outside the workspace that containers may mount."""
    workspace: Path = Path()
    """Containers may mount what is inside it."""
    host: str = places.LOOPBACK
    """The address it listens on; another than this machine's own only for a class."""
    in_class: bool = False
    """Whether requests must be signed with the token of somebody in the class."""

    def arguments(self) -> list[str]:
        """The command line of ``ecslab sandbox serve`` that gives these options."""
        line = ["--port", str(self.port), "--state", str(self.state), "--runtime", self.runtime]
        line += ["--speed", str(self.speed), "--workspace", str(self.workspace)]
        line += ["--allow-privileged"] if self.allow_privileged else []
        line += ["--host", self.host] if self.host != places.LOOPBACK else []
        line += ["--class"] if self.in_class else []
        for folder in self.allow_mounts:
            line += ["--allow-mount", str(folder)]
        return line


def options(
    port: int | None = None,
    state: str | os.PathLike[str] | None = None,
    runtime: RuntimeChoice = "auto",
    speed: float = 1.0,
    allow_privileged: bool = False,
    allow_mounts: tuple[str | os.PathLike[str], ...] = (),
    workspace: str | os.PathLike[str] | None = None,
    host: str = places.LOOPBACK,
    in_class: bool = False,
) -> Options:
    """Options with what was left out taken from the environment; all paths absolute.

    Raises EcslabError for a speed of nothing, and for a `host` others reach without a class.
    """
    if not places.is_this_machine(host) and not in_class:
        raise EcslabError(
            _("Only a class's sandbox listens on an address that others reach ({host}).",
              host=host),
            _("Add --class, so that every request has to be signed with a token."),
        )  # fmt: skip
    if not speed > 0:
        raise EcslabError(
            _("A speed of {speed} does not move time.", speed=speed),
            _("Give a number above 0; 1 is real time."),
        )
    return Options(
        port=places.port(port),
        state=places.state_folder(state),
        runtime=runtime,
        speed=speed,
        allow_privileged=allow_privileged,
        allow_mounts=tuple(Path(folder).expanduser().absolute() for folder in allow_mounts),
        workspace=places.workspace(workspace),
        host=host,
        in_class=in_class,
    )


@dataclass(frozen=True)
class Status:
    """A sandbox that answers."""

    url: str
    port: int
    pid: int
    runtime: str
    """"docker" or "stub"."""
    runtime_note: str
    """Why it is this runtime, or what is wrong with it; "" if nothing is to be said."""
    speed: float
    state: str
    started: float
    """Seconds since the epoch, wall time."""
    region: str
    account: str
    version: str
    counts: dict[str, int]
    """How many clusters, container instances, running and stopped tasks there are."""
    in_class: bool = False
    """Whether requests must be signed with the token of somebody in the class."""

    @property
    def simulated(self) -> bool:
        """True where containers are simulated."""
        return self.runtime == "stub"


def status(port: int | None = None) -> Status | None:
    """The sandbox on this port, None where nobody listens.

    Raises `EcslabError` when another program listens there, or nobody answers in time.
    """
    answer = probe.ask(places.port(port), f"status?lang={language()}")
    return None if answer is None else _status(answer)


def _status(answer: dict[str, Any]) -> Status:
    named = {name: answer[name] for name in Status.__dataclass_fields__ if name in answer}
    return Status(**named, version=str(answer["ecslab"]))


def start(wanted: Options | None = None) -> tuple[Status, bool]:
    """Start a sandbox in the background and wait for its first answer.

    The second of the pair says whether it had to be started: one that runs already with the same
    folder is taken as it is. Raises `EcslabError` when the port is taken or the server ends.
    """
    wanted = wanted or options()
    found = status(wanted.port)
    if found is not None:
        _check_same_folder(found, wanted)
        return found, False
    _check_folder_free(wanted)
    server = _spawn(wanted)
    return _first_answer(server, wanted), True


def _check_same_folder(found: Status, wanted: Options) -> None:
    if Path(found.state) != wanted.state:
        raise EcslabError(
            _(
                "A sandbox with another folder ({folder}) runs on port {port}.",
                folder=found.state,
                port=wanted.port,
            ),
            _("Stop it with `ecslab sandbox stop`, or choose another port with --port."),
        )


def _check_folder_free(wanted: Options) -> None:
    note = places.Note.read(wanted.state)
    if note is not None and note.port != wanted.port and _holds_folder(wanted.state):
        raise EcslabError(
            _(
                "A sandbox with the folder {folder} runs on port {port} already.",
                folder=wanted.state,
                port=note.port,
            ),
            _("Use it with --port {port}, or choose another folder with --state.", port=note.port),
        )


def _holds_folder(folder: Path) -> bool:
    """True when a live process writes to this folder."""
    if not (folder / "facts.lock").exists():
        return False
    lock = FileLock(folder / "facts.lock")
    if lock.acquire():
        lock.release()
        return False
    return True


def _spawn(wanted: Options) -> subprocess.Popen[bytes]:
    wanted.state.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ecslab", "sandbox", "serve", *wanted.arguments()]
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NO_WINDOW}
    package_root = str(Path(__file__).parents[2])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    with places.own_file(places.log_file(wanted.state), "wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=wanted.state,
            **detached,
        )


def _first_answer(server: subprocess.Popen[bytes], wanted: Options) -> Status:
    until = time.monotonic() + START_TIMEOUT
    while time.monotonic() < until:
        if server.poll() is not None:
            raise EcslabError(_ended_with(wanted.state))
        with contextlib.suppress(probe.NotOursError, probe.SlowError):
            found = status(wanted.port)
            if found is not None:
                return found
        time.sleep(0.02)
    server.kill()
    raise EcslabError(
        _("The sandbox did not answer within {seconds:.0f} seconds.", seconds=START_TIMEOUT),
        _("Its log is {log}.", log=places.log_file(wanted.state)),
    )


def _ended_with(folder: Path) -> str:
    """The last line of the log: the server's own sentence about why it ended."""
    log = places.log_file(folder)
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else str(_("The sandbox ended at once. Its log is {log}.", log=log))


def stop(port: int | None = None, state: str | os.PathLike[str] | None = None) -> bool:
    """Stop the sandbox: its containers are removed, its state stays. False when none runs.

    A server that holds the folder but does not answer any more is ended by its process id.
    """
    number = places.port(port)
    folder = places.state_folder(state)
    answer = None
    with contextlib.suppress(probe.SlowError):
        answer = probe.ask(number, "stop", "POST", timeout=STOP_TIMEOUT)
    if answer is not None:
        folder = Path(str(answer["state"]))
        # The folder is free before the process has ended; the port is not.
        _wait_until(lambda: not (_holds_folder(folder) or probe.listens(number)), STOP_TIMEOUT)
        return True
    note = places.Note.read(folder)
    if note is not None and note.port == number and _holds_folder(folder):
        with contextlib.suppress(OSError):
            os.kill(note.pid, signal.SIGTERM)
        _wait_until(lambda: not _holds_folder(folder), STOP_TIMEOUT)
        return True
    return False


def _wait_until(done: Callable[[], bool], timeout: float) -> None:
    until = time.monotonic() + timeout
    while not done():
        if time.monotonic() > until:
            raise EcslabError(
                _("The sandbox did not end within {seconds:.0f} seconds.", seconds=timeout)
            )
        time.sleep(0.02)


def reset(port: int | None = None, state: str | os.PathLike[str] | None = None) -> None:
    """Forget everything: clusters, tasks, instances and their containers. It goes on running."""
    number = places.port(port)
    if probe.ask(number, "reset", "POST", timeout=STOP_TIMEOUT) is not None:
        return
    folder = places.state_folder(state)
    if _holds_folder(folder):
        raise EcslabError(
            _("A sandbox uses the folder {folder}, but does not answer.", folder=folder),
            _("Stop it with `ecslab sandbox stop`."),
        )
    for name in ("facts.jsonl", "neighbours"):
        _remove(folder / name)


def _remove(path: Path) -> None:
    if path.is_dir():
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
