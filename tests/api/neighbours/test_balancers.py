"""Elastic Load Balancing as boto3 meets it, and as the data plane reads it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecslab.api.neighbours.balancers import action_of
from ecslab.model.traffic import (
    DEFAULT_PRIORITY,
    Condition,
    FixedResponse,
    Forward,
    HealthCheck,
    Redirect,
)
from tests.api.neighbours.conftest import Place, Settle


class Elb:
    """An account with a VPC, and words to make what a test needs."""

    def __init__(self, place: Place) -> None:
        self.place, self.client = place, place.client("elbv2")
        self.ec2 = place.client("ec2")
        subnets = self.ec2.describe_subnets()["Subnets"]
        self.subnets = [one["SubnetId"] for one in subnets[:2]]
        self.vpc = subnets[0]["VpcId"]

    def balancer(self, name: str = "web", **more: Any) -> dict[str, Any]:
        made = self.client.create_load_balancer(Name=name, Subnets=self.subnets, **more)
        (balancer,) = made["LoadBalancers"]
        return dict(balancer)

    def group(self, name: str = "web", **more: Any) -> str:
        made = self.client.create_target_group(
            Name=name, Protocol="HTTP", Port=80, VpcId=self.vpc, **more
        )
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def listener(self, balancer: dict[str, Any], group: str, port: int = 80) -> str:
        made = self.client.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def instance(self) -> str:
        run = self.ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)
        return str(run["Instances"][0]["InstanceId"])

    def health(self, group: str, *targets: dict[str, Any]) -> list[tuple[Any, ...]]:
        more = {"Targets": list(targets)} if targets else {}
        told = self.client.describe_target_health(TargetGroupArn=group, **more)
        return [
            (
                one["Target"]["Id"],
                one["Target"]["Port"],
                one["TargetHealth"]["State"],
                one["TargetHealth"].get("Reason"),
            )
            for one in told["TargetHealthDescriptions"]
        ]


@pytest.fixture
def elb(place: Place) -> Iterator[Elb]:
    """An empty account."""
    return Elb(place)


def test_a_load_balancer_has_an_address_of_its_own_that_resolves(elb: Elb) -> None:
    """Its DNS name is an address of this machine, and no instance has it."""
    instance = elb.instance()
    names = {elb.balancer(name)["DNSName"] for name in ("one", "two")}
    (reservation,) = elb.ec2.describe_instances(InstanceIds=[instance])["Reservations"]
    names.add(reservation["Instances"][0]["PublicIpAddress"])
    assert len(names) == 3
    assert all(socket.gethostbyname(name).startswith("127.0.") for name in names)


def test_dynamic_ports_of_one_instance_are_targets_of_their_own(elb: Elb) -> None:
    """By id and port; without a port, the group's."""
    group, instance = elb.group(), elb.instance()
    one, two, plain = (
        {"Id": instance, "Port": 32768},
        {"Id": instance, "Port": 32769},
        {"Id": instance},
    )
    elb.client.register_targets(TargetGroupArn=group, Targets=[one, two, plain])
    initial = ("initial", "Elb.RegistrationInProgress")
    assert elb.health(group) == [(instance, port, *initial) for port in (32768, 32769, 80)]
    elb.client.deregister_targets(TargetGroupArn=group, Targets=[one, plain])
    assert elb.health(group) == [(instance, 32769, *initial)]
    assert elb.health(group, one) == [(instance, 32768, "unused", "Target.NotRegistered")]
    elb.client.deregister_targets(TargetGroupArn=group, Targets=[one])  # gone already: no error


def test_targets_leave_with_their_instance_and_a_stopped_one_says_so(elb: Elb) -> None:
    """Terminated: deregistered. Stopped: unused."""
    group, stopped, gone = elb.group(), elb.instance(), elb.instance()
    targets = [{"Id": stopped}, {"Id": gone}]
    elb.client.register_targets(TargetGroupArn=group, Targets=targets)
    elb.ec2.stop_instances(InstanceIds=[stopped])
    elb.ec2.terminate_instances(InstanceIds=[gone])
    assert elb.health(group) == [(stopped, 80, "unused", "Target.InvalidState")]


def test_a_target_group_knows_who_forwards_to_it(elb: Elb) -> None:
    """Also after listeners and rules changed."""
    balancer, first, second = elb.balancer(), elb.group("first"), elb.group("second")
    listener = elb.listener(balancer, first)
    neighbours = elb.place.neighbours

    def served() -> list[bool]:
        found = [neighbours.target_group(arn) for arn in (first, second)]
        assert all(one is not None for one in found)
        return [bool(one.load_balancer_arns) for one in found if one is not None]

    assert served() == [True, False]
    forward = [{"Type": "forward", "TargetGroupArn": second}]
    elb.client.modify_listener(ListenerArn=listener, DefaultActions=forward)
    assert served() == [False, True]
    elb.client.delete_listener(ListenerArn=listener)
    assert served() == [False, False]
    assert neighbours.target_group("arn:nobody") is None


@pytest.mark.parametrize("protocol", ["HTTPS", "TCP"])
def test_what_the_data_plane_does_not_carry_is_refused(elb: Elb, protocol: str) -> None:
    """Better a clear no than a listener that never answers."""
    kind = "application" if protocol == "HTTPS" else "network"
    balancer = elb.balancer(Type=kind)
    with pytest.raises(ClientError, match=f"A listener for {protocol} is not in this sandbox"):
        elb.client.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol=protocol,
            Port=443,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": elb.group()}],
        )
    assert elb.place.neighbours.traffic().balancers[0].listeners == ()


def test_names_and_ports_are_given_once(elb: Elb) -> None:
    """A second one of the same name, or on the same port, is refused."""
    balancer, group = elb.balancer(), elb.group()
    elb.listener(balancer, group)
    with pytest.raises(ClientError, match="DuplicateLoadBalancerName"):
        elb.balancer()
    with pytest.raises(ClientError, match="DuplicateListener"):
        elb.listener(balancer, group)
    listeners = elb.client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])
    assert len(listeners["Listeners"]) == 1


def test_the_data_plane_reads_what_was_said(elb: Elb) -> None:
    """Listeners, rules in the order of their priority, groups with their checks."""
    balancer = elb.balancer()
    group = elb.group(
        HealthCheckPath="/up",
        HealthCheckPort="8080",
        HealthCheckIntervalSeconds=7,
        HealthCheckTimeoutSeconds=3,
        HealthyThresholdCount=4,
        UnhealthyThresholdCount=6,
        Matcher={"HttpCode": "200-299"},
    )
    plain = elb.group("plain")
    listener = elb.listener(balancer, group)
    for priority, path in ((20, "/b"), (10, "/a")):
        elb.client.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "Values": [path]}],
            Actions=[{"Type": "forward", "TargetGroupArn": plain}],
        )
    attributes = {
        "deregistration_delay.timeout_seconds": "5",
        "load_balancing.algorithm.type": "least_outstanding_requests",
    }
    elb.client.modify_target_group_attributes(
        TargetGroupArn=group, Attributes=[{"Key": k, "Value": v} for k, v in attributes.items()]
    )
    elb.client.modify_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "9"}],
    )
    plan = elb.place.neighbours.traffic()
    (read,) = plan.balancers
    assert (read.name, read.address, read.idle_timeout) == ("web", balancer["DNSName"], 9)
    (door,) = read.listeners
    assert door.port == 80
    assert [rule.priority for rule in door.rules] == [10, 20, DEFAULT_PRIORITY]
    assert door.rules[0].conditions == (Condition("path-pattern", ("/a",)),)
    assert door.rules[0].action == Forward(((plain, 1),))
    named = {one.name: one for one in plan.groups}
    assert named["web"].check == HealthCheck("/up", 8080, 7, 3, 4, 6, "200-299")
    assert named["web"].deregistration_delay == 5
    assert named["web"].algorithm == "least_outstanding_requests"
    assert named["plain"].check == HealthCheck()
    assert (named["plain"].deregistration_delay, named["plain"].minimum_healthy) == (300, 1)


def test_conditions_of_every_kind_are_read(elb: Elb) -> None:
    """In the form the API gives them."""
    listener = elb.listener(elb.balancer(), group := elb.group())
    elb.client.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["a.example", "b.*"]}},
            {
                "Field": "http-header",
                "HttpHeaderConfig": {"HttpHeaderName": "X-Kind", "Values": ["*new*"]},
            },
            {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
            {
                "Field": "query-string",
                "QueryStringConfig": {"Values": [{"Key": "v", "Value": "1"}, {"Value": "all"}]},
            },
            {"Field": "source-ip", "SourceIpConfig": {"Values": ["127.0.0.0/8"]}},
        ],
        Actions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    (balancer,) = elb.place.neighbours.traffic().balancers
    assert balancer.listeners[0].rules[0].conditions == (
        Condition("host-header", ("a.example", "b.*")),
        Condition("http-header", ("*new*",), header="X-Kind"),
        Condition("http-request-method", ("GET",)),
        Condition("query-string", pairs=(("v", "1"), ("", "all"))),
        Condition("source-ip", ("127.0.0.0/8",)),
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"Type": "forward", "TargetGroupArn": "g"}, Forward((("g", 1),))),
        (
            {
                "Type": "forward",
                "ForwardConfig": {
                    "TargetGroups": [
                        {"TargetGroupArn": "g", "Weight": 0},
                        {"TargetGroupArn": "h", "Weight": 5},
                    ]
                },
            },
            Forward((("g", 0), ("h", 5))),
        ),
        (
            {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}},
            FixedResponse(404),
        ),
        (
            {
                "Type": "redirect",
                "RedirectConfig": {"StatusCode": "HTTP_301", "Host": "else", "Query": ""},
            },
            Redirect(301, host="else", query=""),
        ),
    ],
)
def test_actions_are_read(told: dict[str, Any], expected: Any) -> None:
    """Each kind, in both forms of a forward."""
    assert action_of([told]) == expected


def test_load_balancers_and_their_arns_survive_a_restart(settle: Settle, tmp_path: Path) -> None:
    """Default rules, too."""
    first = Elb(settle(tmp_path / "neighbours.jsonl"))
    group = first.group()
    listener = first.listener(first.balancer(), group)
    instance = first.instance()
    first.client.register_targets(
        TargetGroupArn=group, Targets=[{"Id": instance, "Port": port} for port in (1, 2)]
    )
    first.client.deregister_targets(TargetGroupArn=group, Targets=[{"Id": instance, "Port": 1}])
    rules = first.client.describe_rules(ListenerArn=listener)["Rules"]
    plan = first.place.neighbours.traffic()
    again = settle(tmp_path / "neighbours.jsonl")
    assert again.neighbours.traffic() == plan
    second = Elb(again)
    assert second.client.describe_rules(ListenerArn=listener)["Rules"] == rules
    assert [one[1] for one in second.health(group)] == [2]
