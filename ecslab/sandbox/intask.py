"""What tasks reach from inside: their metadata and the credentials of their role.

One WSGI app for both, at ``/v3/…``, ``/v4/…`` and ``/v2/credentials/…`` as on AWS. Containers on
Docker reach it at an address of this machine that only they and it know; beside that it is served
at the sandbox's own port, so that one can look at it from here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ecslab.model.agent_messages import RunTask
from ecslab.runtime import metadata
from ecslab.runtime.metadata import Told
from ecslab.runtime.port import Key, Prepare

Environ = dict[str, Any]
Answer = tuple[str, Any]
"""Status and document."""

HOURS = 6
"""How long the credentials of a role hold."""
NOT_FOUND: Answer = ("404 Not Found", "unable to get task metadata: there is no such task")


@dataclass(frozen=True)
class Tasks:
    """What the app asks about tasks. `told` finds one by its id; `stats` what a container uses."""

    told: Callable[[str], Told | None]
    stats: Callable[[Key], Any]
    now: Callable[[], float]


def variables(wanted: Prepare, url: str, *, credentials: bool) -> tuple[tuple[str, str], ...]:
    """What tells a container where its metadata are, and the credentials if its task has a role."""
    number = _number(wanted.order, wanted.key.name)
    token = metadata.token_of(wanted.key.task_arn, number)
    made = [
        ("ECS_CONTAINER_METADATA_URI", f"{url}/v3/{token}"),
        ("ECS_CONTAINER_METADATA_URI_V4", f"{url}/v4/{token}"),
    ]
    if credentials and wanted.order.definition.get("taskRoleArn"):
        path = f"/v2/credentials/{_secret_id(wanted.key.task_arn)}"
        made.append(("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{url}{path}"))
    return tuple(made)


def app(tasks: Tasks) -> Callable[[Environ, Callable[..., Any]], Iterable[bytes]]:
    """The WSGI app."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", "")).strip("/").split("/")
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            status, document = "405 Method Not Allowed", "use GET"
        elif path[:2] == ["v2", "credentials"] and len(path) == 3:
            status, document = _credentials(tasks, path[2])
        elif path[0] in ("v3", "v4") and len(path) > 1:
            status, document = _metadata(tasks, int(path[0][1]), path[1], path[2:])
        else:
            status, document = NOT_FOUND
        body = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    return answer


def _metadata(tasks: Tasks, version: int, token: str, rest: list[str]) -> Answer:
    read = metadata.read_token(token)
    told = tasks.told(read[0]) if read else None
    if read is None or told is None or read[1] >= len(told.task.containers):
        return NOT_FOUND
    keys = [Key(told.task.arn, one.name) for one in told.task.containers]
    match rest:
        case []:
            return "200 OK", metadata.container_document(told, read[1], version)
        case ["task"]:
            return "200 OK", metadata.task_document(told, version)
        case ["taskWithTags"]:
            return "200 OK", metadata.task_document(told, version, tags=True)
        case ["stats"]:
            return "200 OK", tasks.stats(keys[read[1]])
        case ["task", "stats"]:
            containers = zip(told.task.containers, keys, strict=True)
            return "200 OK", {one.runtime_id: tasks.stats(key) for one, key in containers}
    return NOT_FOUND


def _credentials(tasks: Tasks, secret_id: str) -> Answer:
    """Credentials that mean nothing outside this sandbox, made of the task's name."""
    told = tasks.told(secret_id[:32])
    role = told.order.definition.get("taskRoleArn") if told else None
    if told is None or not role or secret_id != _secret_id(told.task.arn):
        return "404 Not Found", {"code": "InvalidIdInRequest", "message": "Credentials not found"}
    digest = hashlib.sha256(f"{told.task.arn}/credentials".encode()).hexdigest()
    until = datetime.fromtimestamp(tasks.now(), timezone.utc) + timedelta(hours=HOURS)
    return "200 OK", {
        "RoleArn": role,
        "AccessKeyId": f"ASIA{digest[:16].upper()}",
        "SecretAccessKey": digest[16:56],
        "Token": f"ecslab-sandbox-{digest[56:]}",
        "Expiration": f"{until:%Y-%m-%dT%H:%M:%SZ}",
    }


def _secret_id(task_arn: str) -> str:
    task_id = task_arn.rpartition("/")[2]
    return task_id + hashlib.sha256(task_arn.encode()).hexdigest()[:16]


def _number(order: RunTask, name: str) -> int:
    containers: Any = order.definition.get("containerDefinitions") or ()
    return [one["name"] for one in containers].index(name)
