"""A load balancer with its targets on this machine, and a clock turned by hand."""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable
from typing import Any

from ecslab.model.agent_messages import DeregisterTarget, RegisterTarget
from ecslab.model.traffic import (
    DEFAULT_PRIORITY,
    Action,
    Balancer,
    Condition,
    Forward,
    Group,
    HealthCheck,
    Listener,
    Plan,
    Rule,
)
from ecslab.runtime.balancer import LoadBalancers
from ecslab.runtime.balancer.targets import Key
from ecslab.sandbox.clock import ManualClock
from tests.runtime.balancer.backend import Backend

WEB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1"
API = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/2"
CHECK = HealthCheck(
    path="/health", interval=10, timeout=3, healthy_threshold=2, unhealthy_threshold=2
)


def wait_for(what: Callable[[], Any], seconds: float = 5.0) -> Any:
    """What it gives as soon as that is true."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"still {found!r} after {seconds} s"
        time.sleep(0.005)
    return found


class Scene:
    """One load balancer; what it reports is kept."""

    def __init__(self, clock: Any = None) -> None:
        self.clock = clock or ManualClock()
        self.reports: list[Any] = []
        self.backends: list[Backend] = []
        self.elsewhere: dict[tuple[str, int], tuple[str, int]] = {}
        self.address = f"127.{random.randint(20, 120)}.{random.randint(1, 250)}.1"
        self.port = 8000
        self.plane = LoadBalancers(self.clock, self.reports.append, self._locate)

    def _locate(self, target: Any) -> tuple[str, int] | None:
        at = (target.host, target.port)
        return self.elsewhere.get(at, at) if target.host else None

    # -- configuration -----------------------------------------------------------------------------

    def configure(
        self,
        action: Action | None = None,
        rules: tuple[tuple[Action, tuple[Condition, ...]], ...] = (),
        port: int | None = None,
        **changes: Any,
    ) -> None:
        """Rules in their order, the default action behind them; `changes` to the groups."""
        made = [
            Rule(f"rule/{number}", number, action, conditions)
            for number, (action, conditions) in enumerate(rules, 1)
        ]
        default = action or Forward(((WEB, 1),))
        made.append(Rule("rule/default", DEFAULT_PRIORITY, default))
        listener = Listener("listener/1", port or self.port, tuple(made))
        groups = {"check": CHECK, "deregistration_delay": 60.0, **changes}
        idle = groups.pop("idle_timeout", 60.0)
        balancer = Balancer("lb/1", "web", self.address, (listener,), idle)
        self.plane.configure(
            Plan((balancer,), (Group(WEB, "web", **groups), Group(API, "api", **groups)))
        )

    def backend(self, name: str, **more: Any) -> Backend:
        """A server that runs until the end of the test."""
        self.backends.append(Backend(name, **more))
        return self.backends[-1]

    def register(
        self, backend: Backend, group: str = WEB, target: str = "i-1", task: str = ""
    ) -> Key:
        """As the control plane orders it."""
        task = task or f"task/{backend.name}"
        order = RegisterTarget(group, target, backend.port, task, backend.ip)
        self.plane.obey(order)
        return Key(group, target, backend.port)

    def deregister(self, key: Key, task: str) -> None:
        """As the control plane orders it."""
        self.plane.obey(DeregisterTarget(*key, task))

    def healthy(self, backend: Backend, group: str = WEB, target: str = "i-1") -> Key:
        """A registered target that has passed its first check."""
        key = self.register(backend, group, target)
        self.clock.advance(2)
        wait_for(lambda: self.state(key) == "healthy")
        return key

    def state(self, key: Key) -> str:
        """As DescribeTargetHealth shows it; "gone" where it is not shown."""
        found = [one for one in self.plane.health(key.group_arn) if one.key == tuple(key)]
        return found[0].state if found else "gone"

    def check_again(self, backend: Backend) -> None:
        """Let one interval pass and the check of `backend` be answered."""
        before, under_way = backend.checks, self.plane._checks._asking
        self.clock.advance(CHECK.interval)
        wait_for(lambda: backend.checks > before and not under_way)

    # -- traffic -----------------------------------------------------------------------------------

    @property
    def at(self) -> tuple[str, int]:
        """Where the listener really is."""
        wanted = (self.address, self.port)
        return self.plane.addresses().get(wanted, wanted)

    def connect(self, timeout: float = 5.0) -> http.client.HTTPConnection:
        """A client."""
        return http.client.HTTPConnection(*self.at, timeout=timeout)

    def ask(self, path: str = "/", method: str = "GET", **more: Any) -> tuple[int, str]:
        """Status and body of one request."""
        status, _headers, body = self.ask_all(path, method, **more)
        return status, body

    def ask_all(
        self, path: str = "/", method: str = "GET", **more: Any
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Status, headers and body of one request."""
        client = self.connect()
        try:
            client.request(method, path, **more)
            answer = client.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            client.close()

    def end(self) -> None:
        """Close everything."""
        self.plane.close()
        for backend in self.backends:
            backend.stop()
