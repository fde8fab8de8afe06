"""Load balancers, listeners, rules and target groups, read in process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ecslab.model.load_balancer import TargetGroup
from ecslab.model.traffic import (
    DEFAULT_PRIORITY,
    Action,
    Algorithm,
    Balancer,
    Condition,
    FixedResponse,
    Forward,
    Group,
    HealthCheck,
    Listener,
    Plan,
    Redirect,
    Rule,
)

MINIMUM_HEALTHY = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"
"""How few healthy targets make a group fail open; 1 unless said (ALB guide)."""

_REDIRECT = {"Protocol": "protocol", "Host": "host", "Port": "port", "Path": "path"}


def read(account: str) -> Plan:
    """All load balancers and target groups of the account, in all regions."""
    backends = list(_backends(account))
    return Plan(
        tuple(_balancer(one) for backend in backends for one in backend.load_balancers.values()),
        tuple(_group(one) for backend in backends for one in backend.target_groups.values()),
    )


def read_target_groups(account: str) -> dict[str, TargetGroup]:
    """Target groups by ARN, as ECS asks for them."""
    return {
        one.arn: TargetGroup(
            arn=one.arn,
            name=one.name,
            target_type=one.target_type,
            load_balancer_arns=tuple(one.load_balancer_arns),
            deregistration_delay=_delay(one),
        )
        for backend in _backends(account)
        for one in backend.target_groups.values()
    }


def _backends(account: str) -> Iterator[Any]:
    from moto.elbv2.models import elbv2_backends

    for _region, backend in list(dict.items(elbv2_backends[account])):
        yield backend


def _balancer(balancer: Any) -> Balancer:
    return Balancer(
        arn=balancer.arn,
        name=balancer.name,
        address=balancer.dns_name,
        listeners=tuple(_listener(one) for one in balancer.listeners.values()),
        idle_timeout=float(balancer.attrs.get("idle_timeout.timeout_seconds") or 60),
    )


def _listener(listener: Any) -> Listener:
    rules = sorted((_rule(one) for one in listener.rules.values()), key=lambda r: r.priority)
    return Listener(listener.arn, int(listener.port), tuple(rules))


def _rule(rule: Any) -> Rule:
    priority = DEFAULT_PRIORITY if rule.priority == "default" else int(rule.priority)
    conditions = tuple(_condition(one) for one in rule.conditions)
    return Rule(rule.arn, priority, action_of([one.data for one in rule.actions]), conditions)


def action_of(actions: Iterable[dict[str, Any]]) -> Action:
    """What a rule does at last; `Order` says which of its actions that is."""
    last = sorted(actions, key=lambda action: int(action.get("Order") or 0))[-1]
    if last["Type"] == "fixed-response":
        told = last.get("FixedResponseConfig") or {}
        kind = told.get("ContentType") or "text/plain"
        return FixedResponse(int(told["StatusCode"]), kind, told.get("MessageBody") or "")
    if last["Type"] == "redirect":
        told = last["RedirectConfig"]
        words = {ours: told[theirs] for theirs, ours in _REDIRECT.items() if told.get(theirs)}
        if "Query" in told:
            words["query"] = told["Query"]
        return Redirect(int(told["StatusCode"].removeprefix("HTTP_")), **words)
    named = (last.get("ForwardConfig") or {}).get("TargetGroups") or ()
    groups = tuple((one["TargetGroupArn"], _weight(one)) for one in named)
    return Forward(groups or ((last["TargetGroupArn"], 1),))


def _weight(group: dict[str, Any]) -> int:
    weight = group.get("Weight")
    return 1 if weight is None else int(weight)


def _condition(told: dict[str, Any]) -> Condition:
    field = told["Field"]
    # `path-pattern` has its values in PathPatternConfig, or in the older Values.
    name = "".join(word.capitalize() for word in field.split("-")) + "Config"
    config = told.get(name) or told
    if field == "query-string":
        pairs = tuple((one.get("Key") or "", one["Value"]) for one in config["Values"])
        return Condition(field, pairs=pairs)
    return Condition(field, tuple(config["Values"]), config.get("HttpHeaderName") or "")


def _group(group: Any) -> Group:
    algorithm: Algorithm = "round_robin"
    if group.attributes.get("load_balancing.algorithm.type") == "least_outstanding_requests":
        algorithm = "least_outstanding_requests"
    return Group(
        arn=group.arn,
        name=group.name,
        check=_check(group),
        deregistration_delay=_delay(group),
        algorithm=algorithm,
        minimum_healthy=_minimum_healthy(group),
    )


def _minimum_healthy(group: Any) -> int:
    said = str(group.attributes.get(MINIMUM_HEALTHY) or "")
    return int(said) if said.isdecimal() and int(said) else 1


def _delay(group: Any) -> float:
    delay = group.attributes.get("deregistration_delay.timeout_seconds")
    return 300.0 if delay is None else float(delay)


def _check(group: Any) -> HealthCheck:
    port = str(group.health_check_port or "traffic-port")
    return HealthCheck(
        path=group.health_check_path or "/",
        port=int(port) if port.isdecimal() else None,
        interval=float(group.health_check_interval_seconds),
        timeout=float(group.health_check_timeout_seconds),
        healthy_threshold=int(group.healthy_threshold_count),
        unhealthy_threshold=int(group.unhealthy_threshold_count),
        matcher=str((group.matcher or {}).get("HttpCode") or "200"),
        protocol=group.health_check_protocol or "HTTP",
    )
