"""Containers of local tasks: found by their labels, waited for, removed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.runtime.local.engine import plainly

_ = translator("runtime")

TYPE = "ecs-local.task-definition-input.type"
VALUE = "ecs-local.task-definition-input.value"
"""The labels ecs-cli gave them: ``local`` or ``remote``, and the file or the ARN."""
FOLDER = "com.docker.compose.project.working_dir"
SERVICE = "com.docker.compose.service"
PROJECT = "com.docker.compose.project"
STEADY = 1.0
"""Wall seconds a container without a health check must have run to count as up."""


@dataclass(frozen=True)
class LocalContainer:
    """A container of a local task."""

    id: str
    name: str
    image: str
    status: str
    """As ``docker ps`` words it: ``Up 2 minutes (healthy)``."""
    running: bool
    ports: tuple[tuple[str, int, int, str], ...]
    """(host address, host port, container port, protocol)."""
    task_definition: str
    service: str
    project: str
    folder: str


def find(
    client: Any,
    *,
    input_type: str | None = None,
    value: str | None = None,
    folder: Path | None = None,
    stopped: bool = False,
) -> list[LocalContainer]:
    """Containers that came from this task definition, or from Compose files in this folder."""
    labels = [TYPE if input_type is None else f"{TYPE}={input_type}"]
    labels += [f"{VALUE}={value}"] if value else []
    labels += [f"{FOLDER}={folder}"] if folder else []
    with plainly():
        listed = client.containers(all=stopped, filters={"label": labels})
    return sorted((_read(one) for one in listed), key=lambda one: (one.project, one.name))


def _read(listed: dict[str, Any]) -> LocalContainer:
    labels = listed.get("Labels") or {}
    ports = {
        (port["IP"], int(port["PublicPort"]), int(port["PrivatePort"]), str(port["Type"]))
        for port in listed.get("Ports") or ()
        if port.get("PublicPort")
    }
    return LocalContainer(
        id=listed["Id"],
        name=(listed.get("Names") or ["/?"])[0].lstrip("/"),
        image=listed.get("Image", ""),
        status=listed.get("Status", ""),
        running=listed.get("State") == "running",
        ports=tuple(sorted(ports)),
        task_definition=labels.get(VALUE, ""),
        service=labels.get(SERVICE, ""),
        project=labels.get(PROJECT, ""),
        folder=labels.get(FOLDER, ""),
    )


def remove(client: Any, containers: Sequence[LocalContainer], seconds: int = 10) -> None:
    """Stop them (signal, `seconds`, kill) and remove them."""
    for one in containers:
        with contextlib.suppress(Exception):  # gone in the meantime
            client.stop(one.id, timeout=seconds)
    for one in containers:
        with contextlib.suppress(Exception):
            client.remove_container(one.id, force=True, v=True)


def wait_until_up(
    client: Any,
    project: str,
    may_end: Callable[[str], bool],
    timeout: float,
) -> None:
    """Wait until every container of the project runs, and is healthy where it has a health check.

    A service that `may_end` has done its work when it ended with 0. Raises EcslabError, with what
    the container wrote last, when another one ends or `timeout` (wall seconds) is over.
    """
    until = time.monotonic() + timeout
    steady = False
    while True:
        waited_for = _missing(client, project, may_end)
        if not waited_for and steady:
            return
        if not waited_for:
            # What crashes does so at once; what is still up after a moment is up.
            steady = True
            time.sleep(STEADY)
            continue
        if time.monotonic() > until:
            raise EcslabError(
                _(
                    "{names} did not come up within {seconds:.0f} seconds.",
                    names=", ".join(waited_for),
                    seconds=timeout,
                ),
                _("Look at its health check, or wait longer with --timeout."),
            )
        time.sleep(0.2)


def _missing(client: Any, project: str, may_end: Callable[[str], bool]) -> list[str]:
    """Services that are not up yet."""
    missing = []
    with plainly():
        for listed in client.containers(all=True, filters={"label": [f"{PROJECT}={project}"]}):
            service = listed["Labels"].get(SERVICE, "")
            there = client.inspect_container(listed["Id"])
            if not _is_up(client, there, service, may_end(service)):
                missing.append(service)
    return missing


def _is_up(client: Any, there: dict[str, Any], service: str, may_end: bool) -> bool:
    state = there["State"]
    if not state["Running"] and not state.get("Restarting"):
        if may_end and state["ExitCode"] == 0:
            return True
        if state["Status"] == "created":
            return False
        raise _ended(client, there, service)
    health = (state.get("Health") or {}).get("Status", "none")
    if health == "unhealthy":
        raise EcslabError(
            _("{service} is unhealthy: {why}", service=service, why=_health_words(state)),
            _("Look at its health check, and at what it wrote: {log}", log=_log(client, there)),
        )
    return bool(state["Running"]) and health in ("none", "healthy", "")


def _ended(client: Any, there: dict[str, Any], service: str) -> EcslabError:
    code = there["State"]["ExitCode"]
    return EcslabError(
        _("{service} ended with exit code {code}.", service=service, code=code),
        _("It wrote: {log}", log=_log(client, there)),
    )


def _log(client: Any, there: dict[str, Any]) -> str:
    try:
        text = client.logs(there["Id"], tail=5).decode("utf-8", "replace")
    except Exception:  # noqa: BLE001  a log that cannot be read must not hide the reason
        return "–"
    return " / ".join(line.strip() for line in text.splitlines() if line.strip()) or "–"


def _health_words(state: dict[str, Any]) -> str:
    said = ((state.get("Health") or {}).get("Log") or [{}])[-1]
    return f"{str(said.get('Output', '')).strip()[:200]} (exit code {said.get('ExitCode')})"
