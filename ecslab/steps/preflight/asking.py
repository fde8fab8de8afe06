"""Asking AWS in a hurry, so that an answer, whatever it is, becomes a value."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ecslab.model.errors import EcslabError
from ecslab.steps.login import Login, login
from ecslab.steps.remedies import scrubbed
from ecslab.steps.said import AwsRefusedError, sentence

T = TypeVar("T")

ATTEMPTS = 2
CONNECT_TIMEOUT = 4.0
READ_TIMEOUT = 8.0
"""Seconds. A preflight takes seconds: who has no network is not to wait for a minute."""
ELSEWHERE = "us-east-1"
"""Where to ask who one is while no region is chosen: it is enabled in every account."""


@dataclass(frozen=True)
class Answer:
    """What came back; `error` where nothing did."""

    value: Any = None
    error: EcslabError | None = None
    cause: Exception | None = None

    @property
    def code(self) -> str:
        """AWS's error code; "" where AWS did not answer with one."""
        return self.error.code if isinstance(self.error, AwsRefusedError) else ""


def tried(call: Callable[[], T]) -> Answer:
    """Call it; nothing is raised."""
    try:
        return Answer(call())
    except EcslabError as error:
        return Answer(error=error, cause=error)
    except Exception as error:  # noqa: BLE001  a preflight tells what is wrong and never breaks
        said = sentence(error) or EcslabError(scrubbed(f"{type(error).__name__}: {error}"))
        return Answer(error=said, cause=error)


@dataclass(frozen=True)
class Asker:
    """A session, and who one is on it."""

    session: Any
    region: str = ""
    account: str = ""
    arn: str = ""
    login: Login = field(default_factory=login)
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def client(self, service: str) -> Any:
        """The client of a service, which gives up soon."""
        from botocore.config import Config

        with self._lock:  # a session makes clients one at a time
            if service not in self._clients:
                config = Config(
                    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                    connect_timeout=CONNECT_TIMEOUT,
                    read_timeout=READ_TIMEOUT,
                )
                region = self.region or ELSEWHERE
                self._clients[service] = self.session.client(
                    service, region_name=region, config=config
                )
            return self._clients[service]

    def ask(self, service: str, operation: str, **members: Any) -> Answer:
        """The answer to one call."""
        return tried(lambda: getattr(self.client(service), operation)(**members))

    def all(self, service: str, operation: str, member: str, **members: Any) -> Answer:
        """The items of all pages."""

        def pages() -> list[Any]:
            found = self.client(service).get_paginator(operation).paginate(**members)
            return [item for page in found for item in page[member]]

        return tried(pages)

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn`` …"""
        return self.arn.split(":")[1] if self.arn else "aws"

    @property
    def option(self) -> str:
        """`` --profile NAME`` for commands of the AWS CLI."""
        return f" --profile {self.login.profile}" if self.login.profile else ""
