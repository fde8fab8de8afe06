"""What a decision is made with besides the state: time, chance, names."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Protocol

from ecslab.controlplane.facts import Fact
from ecslab.model.arn import Place
from ecslab.model.load_balancer import TargetGroup
from ecslab.model.network import Subnet


class Ids(Protocol):
    """Where names that must not repeat come from."""

    def hex32(self) -> str:
        """32 hexadecimal digits."""

    def uuid(self) -> str:
        """A version 4 UUID."""


class Outside(Protocol):
    """What the neighbours of ECS say when a call names something of theirs."""

    def target_group(self, arn: str) -> TargetGroup | None:
        """A target group of Elastic Load Balancing; None where there is none of that ARN."""

    def subnet(self, subnet_id: str) -> Subnet | None:
        """A subnet of EC2; None where there is none of that id."""

    def tasks_may_assume(self, role_arn: str) -> bool:
        """Whether IAM has a role of this ARN that trusts ECS tasks."""

    def ecs_may_assume(self, role_arn: str) -> bool:
        """Whether IAM has a role of this ARN that trusts ECS itself."""


@dataclass(frozen=True)
class Context:
    """The surroundings of one decision. `now` in seconds since the epoch."""

    now: float
    ids: Ids
    rng: random.Random
    account: str
    region: str
    principal: str = ""
    """The ARN of who asks."""
    outside: Outside | None = None
    """Whom to ask about what is not ECS's own; with nobody to ask, every name is believed."""

    @property
    def place(self) -> Place:
        """The account and region things are made in."""
        return Place(self.region, self.account)


@dataclass(frozen=True)
class Outcome:
    """What a call is answered with, and the facts that make it true.

    The answer is in wire form; times in it are seconds since the epoch.
    """

    answer: dict[str, Any]
    facts: tuple[Fact, ...] = field(default=())
