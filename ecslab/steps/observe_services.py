"""The services of a cluster and the load balancers before them, as a `Snapshot` has them.

A cluster without services costs one call. With services: one DescribeServices for ten of them, and,
where they stand behind load balancers, DescribeTargetGroups, DescribeLoadBalancers, and one
DescribeTargetHealth a target group.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ecslab.model.snapshot import (
    DeploymentView,
    EventView,
    InstanceView,
    LoadBalancerView,
    ServiceView,
    TargetView,
    TaskView,
)
from ecslab.steps.bench import Clients, Locate
from ecslab.steps.recent import Look

BATCH = 10  # DescribeServices takes this many
EVENTS = 20
"""Newest events a service brings to a snapshot."""

Wire = Mapping[str, Any]


class Services:
    """What was found about a cluster's services."""

    def __init__(self, session: Clients, cluster: str, look: Look | None = None) -> None:
        self._session = session
        self._look = look or Look()
        self.described = self._look.often(
            ("services", cluster), lambda: _described(session.client("ecs"), cluster)
        )
        self._groups: dict[str, Wire] = {}
        self._balancers: dict[str, Wire] = {}
        self._look_at_doors()

    def views(self) -> tuple[ServiceView, ...]:
        """Each service, by name."""
        return tuple(
            ServiceView(
                name=one["serviceName"],
                status=one["status"],
                desired=one["desiredCount"],
                running=one["runningCount"],
                pending=one["pendingCount"],
                definition=_last(one["taskDefinition"]),
                deployments=tuple(_deployment(this) for this in one["deployments"]),
                load_balancers=tuple(self._doors(one)),
            )
            for one in self.described
        )

    def events(self) -> tuple[EventView, ...]:
        """What ECS says about them, oldest first."""
        said = [
            EventView(_seconds(event["createdAt"]), one["serviceName"], event["message"])
            for one in self.described
            for event in one["events"][:EVENTS]
        ]
        return tuple(sorted(said, key=lambda event: event.at))

    def balancers(
        self, tasks: Sequence[TaskView], instances: Sequence[InstanceView], locate: Locate
    ) -> tuple[LoadBalancerView, ...]:
        """Each load balancer, with its targets and the tasks behind them."""
        tasks_at = _tasks_at(tasks, instances)
        return tuple(
            LoadBalancerView(
                name=one["LoadBalancerName"],
                dns=one["DNSName"],
                url=locate(one["DNSName"], 80),
                targets=tuple(self._targets(arn, tasks_at)),
            )
            for arn, one in sorted(self._balancers.items())
        )

    def _look_at_doors(self) -> None:
        groups = {
            door["targetGroupArn"]
            for one in self.described
            for door in one.get("loadBalancers", [])
            if door.get("targetGroupArn")
        }
        if not groups:
            return
        elb = self._session.client("elbv2")
        found = self._look.rarely(
            ("groups", *sorted(groups)),
            lambda: elb.describe_target_groups(TargetGroupArns=sorted(groups))["TargetGroups"],
        )
        self._groups = {one["TargetGroupArn"]: one for one in found}
        arns = sorted({arn for one in self._groups.values() for arn in one["LoadBalancerArns"]})
        if arns:
            found = self._look.rarely(
                ("balancers", *arns),
                lambda: elb.describe_load_balancers(LoadBalancerArns=arns)["LoadBalancers"],
            )
            self._balancers = {one["LoadBalancerArn"]: one for one in found}

    def _doors(self, service: Wire) -> Iterable[str]:
        for door in service.get("loadBalancers", []):
            group = self._groups.get(door.get("targetGroupArn", ""))
            for arn in group["LoadBalancerArns"] if group else []:
                if arn in self._balancers:
                    yield self._balancers[arn]["LoadBalancerName"]

    def _targets(
        self, balancer: str, tasks_at: Mapping[tuple[str, int], str]
    ) -> Iterable[TargetView]:
        elb = self._session.client("elbv2")
        for arn, group in sorted(self._groups.items()):
            if balancer in group["LoadBalancerArns"]:
                answer = elb.describe_target_health(TargetGroupArn=arn)
                for one in answer["TargetHealthDescriptions"]:
                    at = one["Target"]["Id"], int(one["Target"].get("Port", 0))
                    state = one["TargetHealth"]["State"]
                    task = tasks_at.get(at) or tasks_at.get((at[0], 0))
                    yield TargetView(task, f"{at[0]}:{at[1]}", state)


def _described(ecs: Any, cluster: str) -> list[Wire]:
    pages = ecs.get_paginator("list_services").paginate(cluster=cluster)
    arns = [arn for page in pages for arn in page["serviceArns"]]
    found: list[Wire] = []
    for start in range(0, len(arns), BATCH):
        part = arns[start : start + BATCH]
        found += ecs.describe_services(cluster=cluster, services=part)["services"]
    return sorted(found, key=lambda one: str(one["serviceName"]))


def _deployment(one: Wire) -> DeploymentView:
    return DeploymentView(
        id=one["id"],
        status=one["status"],
        definition=_last(one["taskDefinition"]),
        desired=one["desiredCount"],
        running=one["runningCount"],
        pending=one["pendingCount"],
        failed=one.get("failedTasks", 0),
        rollout=one.get("rolloutState", ""),
    )


def _tasks_at(
    tasks: Sequence[TaskView], instances: Sequence[InstanceView]
) -> dict[tuple[str, int], str]:
    """(instance id, host port), or (address of its own, 0) → the task that stands there."""
    machines = {one.id: one.ec2_id for one in instances}
    found: dict[tuple[str, int], str] = {}
    for task in tasks:
        if task.status == "STOPPED":
            continue
        if task.address:
            found[task.address, 0] = task.id
        for container in task.containers:
            for port in container.ports:
                found[machines.get(task.instance or "", ""), int(port.partition("→")[0])] = task.id
    return found


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _seconds(moment: datetime.datetime | float) -> float:
    return moment.timestamp() if isinstance(moment, datetime.datetime) else float(moment)
