"""What an account holds, asked for directly; and what others have in it, which must stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import ecslab
from tests.sandbox.serving import Served

NGINX = {"name": "nginx", "image": "nginx:alpine", "memory": 16}
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}


def inventory(served: Served) -> set[str]:
    """Everything in the account that a learner could have made, as a line each."""
    return set(_inventory(served.client))


def _inventory(client: Any) -> Iterator[str]:
    ecs, elb, ec2 = client("ecs"), client("elbv2"), client("ec2")
    for cluster in _all(ecs, "list_clusters", "clusterArns"):
        yield cluster
        yield from _all(ecs, "list_services", "serviceArns", cluster=cluster)
        tasks = list(_all(ecs, "list_tasks", "taskArns", cluster=cluster))
        yield f"{cluster}: {len(tasks)} tasks"
        yield from _all(ecs, "list_container_instances", "containerInstanceArns", cluster=cluster)
    yield from _all(ecs, "list_task_definitions", "taskDefinitionArns", status="ACTIVE")
    for stack in _all(client("cloudformation"), "describe_stacks", "Stacks"):
        if stack["StackStatus"] != "DELETE_COMPLETE":
            yield stack["StackId"]
    for one in _all(elb, "describe_load_balancers", "LoadBalancers"):
        yield one["LoadBalancerArn"]
    for one in _all(elb, "describe_target_groups", "TargetGroups"):
        yield one["TargetGroupArn"]
    for one in _all(ec2, "describe_instances", "Reservations"):
        for machine in one["Instances"]:
            if machine["State"]["Name"] not in ("terminated", "shutting-down"):
                yield machine["InstanceId"]
    for one in ec2.describe_vpcs()["Vpcs"]:
        yield one["VpcId"]
    for one in ec2.describe_security_groups()["SecurityGroups"]:
        yield one["GroupId"]
    for one in _all(client("iam"), "list_roles", "Roles"):
        yield one["Arn"]
    for one in _all(client("iam"), "list_instance_profiles", "InstanceProfiles"):
        yield one["Arn"]
    for one in _all(client("logs"), "describe_log_groups", "logGroups"):
        yield one["arn"]
    for one in client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]:
        yield one["AutoScalingGroupARN"]


def _all(client: Any, operation: str, member: str, **request: Any) -> Iterator[Any]:
    for page in client.get_paginator(operation).paginate(**request):
        yield from page[member]


def furnish(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the account another learner, at work, and things that are nobody's."""
    monkeypatch.setenv("ECSLAB_LEARNER", "ken")
    ken = ecslab.connect("sandbox", lang="en")
    ken.create_cluster(instances=1, progress=_quiet(ken))
    web = {**NGINX, "portMappings": [{"containerPort": 80, "hostPort": 0}]}
    for memory in (16, 17, 18):
        definition = ken.register_task_definition(
            containerDefinitions=[{**web, "memory": memory}], progress=_quiet(ken)
        )
    service = ken.create_service(definition, desired=1, load_balancer=True, progress=_quiet(ken))
    ken.wait(service, progress=_quiet(ken))
    ecs = served.client("ecs")
    for name in ("shared", "default"):
        ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(family="shared", containerDefinitions=[NGINX])
    served.client("cloudformation").create_stack(
        StackName="shared", TemplateBody=json.dumps({"Resources": {"Vpc": VPC}})
    )
    served.client("logs").create_log_group(logGroupName="/ecs/shared")


def _quiet(lab: ecslab.Lab) -> ecslab.Progress:
    return ecslab.Progress(lambda _line: None, pace=lab.bench.pace)
