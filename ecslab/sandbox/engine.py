"""Whether a Docker engine answers, asked without the Docker SDK: it costs a start too much."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
from urllib.parse import urlsplit

DEFAULT_HOST = "unix:///var/run/docker.sock"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def engine_version(timeout: float = 1.0) -> str | None:
    """The version of the Docker engine at ``DOCKER_HOST``; None where none answers.

    `timeout` is in seconds. Engines behind ssh or a Windows pipe are asked through the Docker SDK.
    """
    host = os.environ.get("DOCKER_HOST") or DEFAULT_HOST
    connection = _connection(host, timeout)
    if connection is None:
        return None
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/version")
            answer = json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return None
    return str(answer.get("Version", "?")) if isinstance(answer, dict) else None


def _connection(host: str, timeout: float) -> http.client.HTTPConnection | None:
    where = urlsplit(host)
    if where.scheme == "unix" and hasattr(socket, "AF_UNIX"):
        return _UnixConnection(where.path, timeout)
    if where.scheme == "tcp" and where.hostname:
        return http.client.HTTPConnection(where.hostname, where.port or 2375, timeout=timeout)
    return None
