"""What a load balancer does with a request: its listeners, their rules, the groups they send to.

The configuration as Elastic Load Balancing has it (API CreateListener, CreateRule,
CreateTargetGroup), reduced to what decides about traffic. Times are in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DEFAULT_PRIORITY = 1 << 20
"""Where the default rule stands: behind every other (AWS gives priorities 1 to 50000)."""

Algorithm = Literal["round_robin", "least_outstanding_requests"]


@dataclass(frozen=True)
class Condition:
    """One condition of a rule; it holds when one of its values does.

    Values hold `*` (any characters) and `?` (one), except for methods and addresses.
    """

    field: str
    """path-pattern, host-header, http-header, http-request-method, query-string or source-ip."""
    values: tuple[str, ...] = ()
    header: str = ""
    """The name of the header (http-header)."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Keys and values (query-string); an empty key is any key."""


@dataclass(frozen=True)
class Forward:
    """Send it to one of these target groups, as often as their weights (0 to 999) say."""

    groups: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FixedResponse:
    """Answer it with this."""

    status: int
    content_type: str = "text/plain"
    body: str = ""


@dataclass(frozen=True)
class Redirect:
    """Send the client elsewhere; `#{protocol}`, `#{host}`, … stand for the request's own."""

    status: int
    protocol: str = "#{protocol}"
    host: str = "#{host}"
    port: str = "#{port}"
    path: str = "/#{path}"
    query: str = "#{query}"


Action = Forward | FixedResponse | Redirect


@dataclass(frozen=True)
class Rule:
    """What is done with requests for which every condition holds."""

    arn: str
    priority: int
    action: Action
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Listener:
    """A port of a load balancer. `rules` by priority, the default one last."""

    arn: str
    port: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Balancer:
    """A load balancer and the address of its own on this machine."""

    arn: str
    name: str
    address: str
    listeners: tuple[Listener, ...] = ()
    idle_timeout: float = 60.0
    """Seconds without a byte after which a connection is given up."""


@dataclass(frozen=True)
class HealthCheck:
    """How a target is asked whether it is well."""

    path: str = "/"
    port: int | None = None
    """None: the port the target takes traffic at."""
    interval: float = 30.0
    timeout: float = 5.0
    healthy_threshold: int = 5
    unhealthy_threshold: int = 2
    matcher: str = "200"
    """Status codes that are well: `200`, `200,202`, `200-299`."""
    protocol: str = "HTTP"
    """HTTP, or TCP: a connection is enough."""


@dataclass(frozen=True)
class Group:
    """A target group as the traffic meets it."""

    arn: str
    name: str
    check: HealthCheck = HealthCheck()
    deregistration_delay: float = 300.0
    algorithm: Algorithm = "round_robin"
    minimum_healthy: int = 1
    """With fewer healthy targets the unhealthy ones get requests too: the group fails open."""


@dataclass(frozen=True)
class Plan:
    """All load balancers and target groups there are."""

    balancers: tuple[Balancer, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def groups_in_use(self) -> frozenset[str]:
        """ARNs of the groups some rule forwards to; nobody checks the others."""
        actions = (
            rule.action
            for balancer in self.balancers
            for listener in balancer.listeners
            for rule in listener.rules
        )
        return frozenset(
            arn for action in actions if isinstance(action, Forward) for arn, _ in action.groups
        )
