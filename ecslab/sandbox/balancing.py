"""The load balancers, bound to what decides about them.

Their configuration is the neighbours' (Elastic Load Balancing's API), their targets come from ECS
and from the API, their news go to the control plane.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping

from ecslab.model.load_balancer import Target
from ecslab.runtime.balancer import LoadBalancers
from ecslab.runtime.balancer.plane import Report
from ecslab.runtime.balancer.targets import Key
from ecslab.runtime.port import Address
from ecslab.sandbox.clock import Clock
from ecslab.sandbox.machines import SeenInstance

Moved = Callable[[], Mapping[Address, Address]]
"""Where ports are that could not be opened where they belong."""


class Book:
    """The targets as the API of Elastic Load Balancing knows them."""

    def __init__(self, plane: LoadBalancers) -> None:
        self._plane = plane

    def register(self, group_arn: str, target_id: str, port: int) -> None:
        """Send requests there once it is healthy."""
        self._plane.register(Key(group_arn, target_id, port))

    def deregister(self, group_arn: str, target_id: str, port: int) -> None:
        """Send no new request there."""
        self._plane.deregister(Key(group_arn, target_id, port))

    def health(self, group_arn: str) -> tuple[Target, ...]:
        """The targets of a group, those being drained too."""
        return self._plane.health(group_arn)


def load_balancers(
    clock: Clock,
    report: Report,
    moved: Moved,
    machines: Callable[[], Iterable[SeenInstance]],
    task_host: Callable[[str], str | None],
) -> LoadBalancers:
    """The data plane, which finds its targets on this machine.

    `task_host` gives the address on this machine of the task that has a private address.
    """

    def locate(target: Target) -> Address | None:
        host = target.host or task_host(target.id) or host_of(target.id, machines())
        return None if host is None else moved().get((host, target.port), (host, target.port))

    return LoadBalancers(clock, report, locate)


def host_of(target_id: str, machines: Iterable[SeenInstance]) -> str | None:
    """The address on this machine of a target somebody registered; None where nothing stands for
    it. Load balancers reach nothing beyond this machine.
    """
    for machine in machines:
        if target_id in (machine.id, machine.private_ip, machine.public_ip):
            return machine.public_ip
    try:
        return target_id if ipaddress.ip_address(target_id).is_loopback else None
    except ValueError:
        return None
