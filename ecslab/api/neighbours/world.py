"""What the repairs share: the time, the chance and the memory of the request in hand.

moto keeps its world in module globals, so a process has one of it, and this is its companion.
Replaying the journal gives the same world because everything undetermined comes from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ecslab.model.load_balancer import Target
from ecslab.model.network import TaskInterface
from ecslab.model.scaling import Activity, AlarmState, Series

EcsCall = Callable[[str, dict[str, Any], str], dict[str, Any]]
"""operation, members (wire form), region -> the answer's members. Raises AwsError."""


ADDRESSES = 255 * 254
"""How many there are from 127.0.1.1 to 127.0.255.254."""


def _no_ecs(operation: str, params: dict[str, Any], region: str) -> dict[str, Any]:
    raise LookupError(f"nobody answers {operation}: no `ecs` was given to Neighbours")


class TargetBook(Protocol):
    """Who keeps the targets of load balancers and knows how they are. Nothing here waits."""

    def register(self, group_arn: str, target_id: str, port: int) -> None:
        """Send requests there once it is healthy."""

    def deregister(self, group_arn: str, target_id: str, port: int) -> None:
        """Send no new request there."""

    def health(self, group_arn: str) -> tuple[Target, ...]:
        """The targets of a group, those being drained too."""


class Unchecked:
    """The book of a sandbox without a data plane: nobody checks, so every target stays initial."""

    def __init__(self) -> None:
        self._targets: dict[tuple[str, str, int], Target] = {}

    def register(self, group_arn: str, target_id: str, port: int) -> None:
        """Note it."""
        target = Target(group_arn, target_id, port, reason="Elb.RegistrationInProgress")
        self._targets[target.key] = target

    def deregister(self, group_arn: str, target_id: str, port: int) -> None:
        """Forget it."""
        self._targets.pop((group_arn, target_id, port), None)

    def health(self, group_arn: str) -> tuple[Target, ...]:
        """What was noted."""
        return tuple(one for one in self._targets.values() if one.group_arn == group_arn)


class ScalingBook(Protocol):
    """Who measures services and scales them. Nothing here waits."""

    def activities(self) -> Iterable[Activity]:
        """What was done, newest first."""

    def measured(self, region: str) -> Iterable[tuple[str, str, Series]]:
        """Service ARN, metric and its datapoints, of all services of a region."""

    def alarm(self, name: str) -> tuple[AlarmState, str, float] | None:
        """The state of a policy's alarm, why, and since when; None where it is no such alarm."""


class Unscaled:
    """The book of a sandbox in which nothing is measured."""

    def activities(self) -> tuple[Activity, ...]:
        """Nothing was done."""
        return ()

    def measured(self, region: str) -> tuple[tuple[str, str, Series], ...]:
        """Nothing was measured."""
        return ()

    def alarm(self, name: str) -> None:
        """Nobody looks after alarms."""


@dataclass
class World:
    """The undetermined things of moto's world, in one hand."""

    account: str = "123456789012"
    seed: str = ""
    """Decides the ids of what a region has from the start (its default VPC, …)."""
    now: float | None = None
    """Seconds since the epoch while a request is being served; else the clock's."""
    ecs: EcsCall = _no_ecs
    before_ecs: Callable[[], None] = lambda: None
    """Called before `ecs`: publishes what the request in hand has done to instances so far."""
    interfaces: Callable[[], Iterable[TaskInterface]] = tuple
    """The network interfaces ECS's tasks have now."""
    targets: TargetBook = field(default_factory=Unchecked)
    scaling: ScalingBook = field(default_factory=Unscaled)
    progress_seconds: float = 1.0
    """How long a stack is seen to be in progress."""
    address_number: int = 0
    """Which of the ring of public addresses is next. Two sandboxes on one machine begin apart:
    the same host port is open on each of their instances."""
    addresses_given: set[str] = field(default_factory=set)
    replaying: bool = False
    made: list[Any] = field(default_factory=list)
    """What this request made that no seed could make again: kept in the journal."""

    def time(self) -> float:
        """The moment of the request in hand, in seconds since the epoch."""
        return time.time() if self.now is None else self.now

    def once(self, make: Callable[[], Any]) -> Any:
        """`make()` when it happens; on replay, what it made then. The value must be JSON."""
        if self.replaying:
            return self.made.pop(0)
        self.made.append(make())
        return self.made[-1]

    def next_address(self) -> str:
        """A public address of its own on this machine: 127.0.1.1 and up, never given twice."""
        address: str = self.once(self._free_address)
        self.addresses_given.add(address)
        return address

    def _free_address(self) -> str:
        for _ in range(ADDRESSES):
            third, fourth = divmod(self.address_number % ADDRESSES, 254)
            self.address_number += 1
            address = f"127.0.{third + 1}.{fourth + 1}"
            if address not in self.addresses_given:
                return address
        raise LookupError(f"all {ADDRESSES} public addresses are given")


world = World()
"""The one in use."""


def renew(**settings: Any) -> World:
    """Begin a new world: every field at its default but those given."""
    world.__dict__.update(World(**settings).__dict__)
    return world
