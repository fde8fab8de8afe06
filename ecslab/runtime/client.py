"""The Docker SDK: where it is imported, and how its clients and errors are used."""

from __future__ import annotations

import re
import socket
import threading
from typing import Any


class Clients:
    """One connection to the engine for each thread: the SDK's is not made to be shared."""

    def __init__(self, base_url: str | None) -> None:
        self._base_url = base_url
        self._local = threading.local()
        self._version = str(self._new("auto").api_version)

    def get(self) -> Any:
        """The client of this thread."""
        if not hasattr(self._local, "client"):
            self._local.client = self._new(self._version)
        return self._local.client

    def _new(self, version: str) -> Any:
        import docker
        from docker.utils import kwargs_from_env

        options = {} if self._base_url else kwargs_from_env()
        if self._base_url:
            options["base_url"] = self._base_url
        return docker.APIClient(version=version, **options)


def publish_ip(ip: str) -> str | None:
    """None where this machine has the address; else the one to publish at in its place."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((ip, 0))
        except OSError:
            return "127.0.0.1"
    return None


def words(error: Exception) -> str:
    """The engine's own sentence, without the URL of its API."""
    text = str(getattr(error, "explanation", None) or error)
    return re.sub(r"\s+", " ", text).strip() or type(error).__name__


def api_error() -> type[Exception]:
    from docker.errors import APIError

    found: type[Exception] = APIError  # docker has no types
    return found


def not_found() -> type[Exception]:
    from docker.errors import NotFound

    found: type[Exception] = NotFound  # docker has no types
    return found
