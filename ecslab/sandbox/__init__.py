"""The composition root and the background process.

Importing this room is light: no moto, no Docker, no boto3. What runs in the server's own process
(`ecslab.sandbox.server`) is imported there alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from ecslab.api.classroom import roster
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places, probe
from ecslab.sandbox.process import Options, RuntimeChoice, Status, options, reset, status, stop
from ecslab.sandbox.process import start as start_with

__all__ = [
    "Options",
    "RuntimeChoice",
    "Status",
    "endpoint",
    "ensure_running",
    "environment",
    "interrupt",
    "keys",
    "locate",
    "open_session",
    "options",
    "reset",
    "start",
    "start_with",
    "status",
    "stop",
]

_ = translator("sandbox")

REGION = "us-east-1"
ACCESS_KEY = "sandbox"
SECRET_KEY = "sandbox"


def start(
    port: int | None = None,
    state: str | os.PathLike[str] | None = None,
    runtime: RuntimeChoice = "auto",
    speed: float = 1.0,
    allow_privileged: bool = False,
    allow_mounts: tuple[str | os.PathLike[str], ...] = (),
) -> Status:
    """Start a sandbox in the background, or take the one that runs already.

    Raises `EcslabError` when the port is taken by something else or the server cannot start.
    """
    wanted = options(port, state, runtime, speed, allow_privileged, allow_mounts)
    return start_with(wanted)[0]


def ensure_running() -> Status:
    """The sandbox of this learner; started if none runs. A class's is never started by a learner.

    Raises `EcslabError` where that one does not answer, or there is no token for it.
    """
    found = status()
    if found is not None and found.in_class and not roster.environment_token(os.environ):
        raise EcslabError(
            _("The sandbox at {url} is a class's, and there is no token for it.", url=endpoint()),
            _("Paste the line your instructor gave you into the terminal, and start from there."),
        )
    if found is None and places.class_place() is not None:
        raise EcslabError(
            _("The sandbox of the class does not answer at {url}.", url=endpoint()),
            _("Ask your instructor whether it runs, and compare ECSLAB_URL."),
        )
    return found or start()


def keys() -> tuple[str, str]:
    """Access key and secret key: of the token of a class (``ECSLAB_TOKEN``), else any will do."""
    token = roster.environment_token(os.environ)
    return roster.keys_of(token) if token else (ACCESS_KEY, SECRET_KEY)


def locate(ip: str, port: int, sandbox_port: int | None = None) -> tuple[str, int]:
    """Where the host port (`ip`, `port`) of an instance is really open on this machine.

    Mostly there; a machine that lacks the address, or the right to the port, has a substitute.
    """
    told = probe.ask(places.port(sandbox_port), "addresses") or {}
    moved = {(was, at): (now, here) for was, at, now, here in told.get("moved", ())}
    return moved.get((ip, port), (ip, port))


def interrupt(task: str = "", port: int | None = None) -> str:
    """Let Fargate Spot take a task's capacity back; its ARN. "": the oldest that runs.

    `task` is an ARN, an id or the beginning of one. Raises `EcslabError` where that cannot be.
    """
    return str(_act(f"interrupt?{urlencode({'task': task})}", places.port(port))["task"])


def open_session(
    url: str, token: str, check: Callable[[], None], timeout: float
) -> tuple[str, int | None, bool]:
    """Run the command an ExecuteCommand gave this `url` for: what it wrote, its exit code, whether
    there was more than is kept.

    `check` is called about once a second and may raise. Raises `EcslabError` where the command
    cannot be run or does not end within `timeout` seconds.
    """
    where = urlsplit(url)
    path = f"{where.path.removeprefix('/_ecslab/')}?{where.query}&{urlencode({'token': token})}"
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        check()
        answer = _act(f"{path}&wait=1", where.port or 80)
        if not answer.get("running"):
            return answer["output"], answer["exit_code"], answer["cut"]
    raise EcslabError(
        _("The command did not end within {seconds:.0f} seconds.", seconds=timeout),
        _("Give it more with timeout=SECONDS, or run one that ends by itself."),
    )


def _act(path: str, port: int) -> dict[str, Any]:
    answer = probe.ask(port, path, "POST", timeout=30)
    if answer is None:
        raise EcslabError(
            _("No sandbox runs on port {port}.", port=port),
            _("Start one with `ecslab sandbox start`."),
        )
    return answer


def endpoint(port: int | None = None) -> str:
    """The URL that ECS and its neighbours answer at."""
    number = places.port(port)
    return f"http://{places.host_of(number)}:{number}"


def environment(port: int | None = None) -> dict[str, str]:
    """The standard variables that point aws-cli, boto3, Terraform … at the sandbox."""
    access_key, secret_key = keys()
    return {
        "AWS_ENDPOINT_URL": endpoint(port),
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
