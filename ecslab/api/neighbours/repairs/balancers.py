"""Elastic Load Balancing v2: names that lead somewhere, targets by their port, true health."""

from __future__ import annotations

from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap
from ecslab.model.load_balancer import Target

_NOT_REGISTERED = (
    "Target.NotRegistered",
    "Target is not registered to the target group",
)


def load_balancers_have_an_address_of_this_machine() -> None:
    """The DNS name of a load balancer leads nowhere; here it is an address of its own.

    A name under `.localhost` would not do: glibc resolves none, and who does resolves all of them
    to 127.0.0.1, so that two load balancers would want the same port 80.
    """
    from moto.elbv2.models import ELBv2Backend

    def create(plain: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        made = plain(backend, *args, **kwargs)
        made.dns_name = world.next_address()
        return made

    wrap(ELBv2Backend, "create_load_balancer", create)


def names_and_ports_of_load_balancers_are_unique() -> None:
    """A second load balancer of the same name, a second listener on the same port are made."""
    from moto.elbv2.exceptions import DuplicateListenerError, DuplicateLoadBalancerName
    from moto.elbv2.models import ELBv2Backend

    def create(plain: Any, backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        if any(one.name == name for one in backend.load_balancers.values()):
            raise DuplicateLoadBalancerName
        return plain(backend, name, *args, **kwargs)

    def listen(plain: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        made = plain(backend, *args, **kwargs)
        listeners = backend.load_balancers[made.load_balancer_arn].listeners
        if any(str(one.port) == str(made.port) for one in listeners.values() if one is not made):
            del listeners[made.arn]
            raise DuplicateListenerError
        return made

    wrap(ELBv2Backend, "create_load_balancer", create)
    wrap(ELBv2Backend, "create_listener", listen)


def what_is_not_carried_is_refused() -> None:
    """Listeners and actions are recorded that nobody serves; here, all but HTTP are refused."""
    from moto.elbv2.exceptions import ELBClientError
    from moto.elbv2.models import ELBv2Backend

    def refuse(what: str) -> None:
        words = f"{what} is not in this sandbox: its load balancers carry HTTP."
        raise ELBClientError("UnsupportedProtocol", words)

    def check_protocol(plain: Any, backend: Any, kind: str, port: Any, protocol: Any) -> None:
        plain(backend, kind, port, protocol)
        if protocol != "HTTP":
            refuse(f"A listener for {protocol}")

    def check_actions(plain: Any, backend: Any, actions: list[Any]) -> None:
        plain(backend, actions)
        for action in actions:
            if action.type.startswith("authenticate-"):
                refuse(f"The action {action.type}")

    def modify(plain: Any, backend: Any, arn: str, port: Any = None, *args: Any, **kw: Any) -> Any:
        protocol = kw.get("protocol", args[0] if args else None)
        if protocol not in (None, "HTTP"):
            refuse(f"A listener for {protocol}")
        return plain(backend, arn, port, *args, **kw)

    wrap(ELBv2Backend, "_validate_port_and_protocol", check_protocol)
    wrap(ELBv2Backend, "_validate_actions", check_actions)
    wrap(ELBv2Backend, "modify_listener", modify)


def default_rules_keep_their_arn() -> None:
    """The ARN of a default rule is made of its place in memory: another one after each replay."""
    from moto.elbv2.models import FakeRule
    from moto.moto_api._internal import mock_random

    def create(plain: Any, rule: Any, *args: Any, **kwargs: Any) -> None:
        plain(rule, *args, **kwargs)
        rule.arn = f"{rule.arn.rpartition('/')[0]}/{mock_random.get_random_hex(16)}"

    wrap(FakeRule, "__init__", create)


def groups_know_who_forwards_to_them() -> None:
    """A target group keeps load balancers that forward to it no more, and misses changed rules."""
    from moto.elbv2.models import FakeTargetGroup, elbv2_backends

    def forwarding(group: Any) -> list[str]:
        backend = elbv2_backends[group.account_id][group.region_name]
        return [
            balancer.arn
            for balancer in backend.load_balancers.values()
            if any(_forwards(backend, listener, group) for listener in balancer.listeners.values())
        ]

    # moto appends to the list it is given: that list is a new one each time.
    kept = property(forwarding, lambda group, arns: None)
    FakeTargetGroup.load_balancer_arns = kept  # type: ignore[assignment]  # an attribute before


def _forwards(backend: Any, listener: Any, group: Any) -> bool:
    actions = (action.data for rule in listener.rules.values() for action in rule.actions)
    return any(group.arn in backend._get_target_group_arns_from(data) for data in actions)


def targets_are_told_by_their_port() -> None:
    """One target is kept for each instance, always healthy, never draining.

    The sandbox's own book (`World.targets`) keeps them by id and port, and knows how they are.
    """
    from moto.elbv2.models import FakeTargetGroup

    def register(plain: Any, group: Any, targets: list[dict[str, Any]]) -> None:
        plain(group, targets)  # it refuses what cannot be
        for one in targets:
            world.targets.register(group.arn, one["Id"], _port(group, one))

    def deregister(plain: Any, group: Any, targets: list[dict[str, Any]]) -> None:
        for one in targets:
            world.targets.deregister(group.arn, one["Id"], _port(group, one))

    def leave(plain: Any, group: Any, instance_ids: list[str]) -> None:
        for one in world.targets.health(group.arn):
            if one.id in instance_ids:
                world.targets.deregister(group.arn, one.id, one.port)

    wrap(FakeTargetGroup, "register", register)
    wrap(FakeTargetGroup, "deregister", deregister)
    wrap(FakeTargetGroup, "deregister_terminated_instances", leave)


def target_health_is_true() -> None:
    """Every target is healthy, at once and for ever."""
    from moto.elbv2.exceptions import TargetGroupNotFoundError
    from moto.elbv2.models import ELBv2Backend

    def describe(
        plain: Any, backend: Any, target_group_arn: str, targets: list[dict[str, Any]]
    ) -> list[Any]:
        group = backend.target_groups.get(target_group_arn)
        if group is None:
            raise TargetGroupNotFoundError
        known = {(one.id, one.port): one for one in world.targets.health(group.arn)}
        asked = [(one["Id"], _port(group, one)) for one in targets or ()]
        return [
            _health(backend, group, known.get(key) or _unknown(group, key))
            for key in asked or known
        ]

    wrap(ELBv2Backend, "describe_target_health", describe)


def _health(backend: Any, group: Any, target: Target) -> Any:
    from moto.elbv2.models import FakeHealthStatus

    state, reason, words = target.state, target.reason, target.description
    if target.id.startswith("i-") and state != "draining":
        instance = backend.ec2_backend.get_instance_by_id(target.id)
        if instance is not None and instance.state == "stopped":
            state, reason = "unused", "Target.InvalidState"
            words = "Target is in the stopped state"
    checked = group.health_check_port
    port = str(target.port) if checked in (None, "traffic-port") else str(checked)
    return FakeHealthStatus(target.id, str(target.port), port, state, reason or None, words or None)


def _unknown(group: Any, key: tuple[str, int]) -> Target:
    reason, description = _NOT_REGISTERED
    return Target(group.arn, *key, state="unused", reason=reason, description=description)


def _port(group: Any, target: dict[str, Any]) -> int:
    """A target without a port is at its group's."""
    return int(target.get("Port") or group.port)
