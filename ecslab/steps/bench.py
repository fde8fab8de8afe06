"""What the steps work with: clients of one session, and what differs from place to place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Protocol

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.model.prices import PriceList, price_list
from ecslab.steps.easing import Easing
from ecslab.steps.progress import Progress
from ecslab.steps.recent import Recent
from ecslab.steps.session import Heard, converse

_ = translator("steps")


def no_trigger(task_arn: str) -> None:
    """Where interruptions come by themselves: says what causes one."""
    raise EcslabError(
        _("Here AWS itself interrupts Spot tasks; nobody can ask it to."),
        _("AWS Fault Injection Service causes it on purpose: aws:ecs:stop-task in an experiment."),
    )


class Clients(Protocol):
    """Whatever makes boto3 clients; a plain ``boto3.Session`` does."""

    def client(self, service_name: str) -> Any:
        """The client of a service."""


LEARNER = "ecslab:learner"
"""The tag that says whose something is."""
WORKSHOP = "ecslab:workshop"
"""The tag that says of which workshop it is."""
EXPIRES = "ecslab:expires"
"""The tag that says when it may go: ISO 8601, UTC."""


def moment(at: float) -> str:
    """A time (seconds since the epoch) as a tag holds it: ``2026-01-31T12:00:00Z``."""
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> float | None:
    """Seconds since the epoch of what `moment` wrote; None for anything else."""
    try:
        parsed = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
    return parsed.replace(tzinfo=timezone.utc).timestamp()


Locate = Callable[[str, int], str]
"""``(ip, port)`` of an instance or task → the URL that really answers."""


def plain_url(ip: str, port: int) -> str:
    """The URL of an address as it stands; port 80 goes without saying."""
    return f"http://{ip}" if port == 80 else f"http://{ip}:{port}"


@dataclass(frozen=True)
class Bench:
    """A session and the few values in which the sandbox and an AWS account differ.

    session:    a ``boto3.Session``
    tags:       what everything that is made is tagged with
    locate:     where an address can be opened from this machine
    pace:       seconds between two looks while something is waited for
    simulated:  True where containers are simulated
    easing:     how AWS bears our calls
    recent:     what was answered a moment ago, for all who look in this kernel
    billed:     True where what is made costs money
    prices:     what it costs, or would cost
    session_hours: after how many hours what still runs is warned of
    interrupt:  lets Fargate Spot take back the capacity of the task with this ARN
    converse:   opens the session of an ExecuteCommand and gives what the command wrote
    """

    session: Any
    tags: Mapping[str, str] = field(default_factory=dict)
    locate: Locate = plain_url
    pace: float = 3.0
    simulated: bool = False
    easing: Easing = field(default_factory=Easing, repr=False, compare=False)
    recent: Recent = field(default_factory=Recent, repr=False, compare=False)
    interrupt: Callable[[str], object] = no_trigger
    converse: Callable[[str, str, Progress, float], Heard] = converse
    billed: bool = False
    prices: PriceList = field(default_factory=lambda: price_list(""), repr=False)
    session_hours: float = 3.0
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def client(self, service_name: str) -> Any:
        """The boto3 client of a service; made once, since making one reads its whole model."""
        with self._lock:
            if service_name not in self._clients:
                self._clients[service_name] = self.session.client(service_name)
            return self._clients[service_name]

    @property
    def learner(self) -> str:
        """Whose things these are: the value of their tag; "" where nothing is tagged."""
        return self.tags.get(LEARNER, "")

    def ecs_tags(self, more: Iterable[Mapping[str, str]] = ()) -> list[dict[str, str]]:
        """The tags as ECS takes them, with `more` that somebody asked for."""
        asked = {tag["key"]: tag.get("value", "") for tag in more}
        return [{"key": key, "value": value} for key, value in {**asked, **self.tags}.items()]

    def aws_tags(self) -> list[dict[str, str]]:
        """The tags as CloudFormation and most others take them."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]
