"""Asking a running sandbox about itself over HTTP, with the standard library alone."""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from typing import Any

from ecslab.api.classroom import control_key, roster
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places

_ = translator("sandbox")

HEADER = "X-Ecslab"
"""Control requests that change something carry it: a web page of another origin cannot send it."""


PATIENCE = 5.0
"""Seconds a question waits: the sandbox answers in milliseconds, but its machine may be busy."""


class NotOursError(EcslabError):
    """Something else listens on the sandbox's port."""


class SlowError(EcslabError):
    """Somebody listens on the sandbox's port and gave no answer in time: busy, or hung."""


def ask(
    port: int, path: str, method: str = "GET", timeout: float | None = None, host: str = ""
) -> dict[str, Any] | None:
    """What the sandbox on `port` answers at ``/_ecslab/<path>``; None where nobody listens.

    `timeout` is in seconds, `PATIENCE` where none is given; `host` is this machine's, or where
    ``ECSLAB_URL`` says. Who has the token of a class (``ECSLAB_TOKEN``) signs with it. Raises
    `NotOursError` when whoever listens is no sandbox of ours, `SlowError` without an answer in
    time, and `EcslabError` when the sandbox says that it could not do it.
    """
    where, patience = host or places.host_of(port), PATIENCE if timeout is None else timeout
    connection = http.client.HTTPConnection(where, port, timeout=patience)
    target = f"/_ecslab/{path}"
    try:
        connection.request(method, target, headers={HEADER: "1", **_signed(method, target)})
        response = connection.getresponse()
        body = response.read()
    except ConnectionRefusedError:
        return None
    except TimeoutError as error:
        raise SlowError(
            _(
                "Port {port} gave no answer within {seconds:g} seconds.",
                port=port,
                seconds=patience,
            ),
            _("Try again: this machine may be busy. Otherwise stop and start the sandbox."),
        ) from error  # fmt: skip
    except (OSError, http.client.HTTPException) as error:
        raise _not_ours(port) from error
    finally:
        connection.close()
    return _read(port, response.status, body)


def _signed(method: str, target: str) -> dict[str, str]:
    token = roster.environment_token(os.environ)
    if not token:
        return {}
    return {
        control_key.HEADER: control_key.sign(*roster.keys_of(token), method, target, time.time())
    }


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether anybody listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as visitor:
        visitor.settimeout(1)
        return visitor.connect_ex((host, port)) == 0


def _read(port: int, status: int, body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        raise _not_ours(port) from None
    if not isinstance(answer, dict) or answer.get("ecslab") is None:
        raise _not_ours(port)
    if status >= 400:
        raise EcslabError(str(answer.get("error", status)))
    return answer


def _not_ours(port: int) -> NotOursError:
    return NotOursError(
        _("Port {port} is used by a program that is not the sandbox.", port=port),
        _("Choose another port with --port or ECSLAB_PORT, or stop that program."),
    )
