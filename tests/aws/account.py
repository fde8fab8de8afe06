"""What an account holds, asked for directly; and what others have in it, which must stay."""

from __future__ import annotations

import json

import pytest

import ecslab
from tests.lab.inventory import inventory as all_that_is
from tests.sandbox.serving import Served

NGINX = {"name": "nginx", "image": "nginx:alpine", "memory": 16}
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}


def inventory(served: Served) -> dict[str, object]:
    """Everything in the account, with its tags."""
    groups = served.client("logs").describe_log_groups()["logGroups"]
    profiles = served.client("iam").list_instance_profiles()["InstanceProfiles"]
    return {
        **all_that_is(served),
        **{f"log-group {one['logGroupName']}": {} for one in groups},
        **{f"instance-profile {one['InstanceProfileName']}": {} for one in profiles},
    }


def furnish(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the account another learner, at work, and things that are nobody's."""
    monkeypatch.setenv("ECSLAB_LEARNER", "ken")
    ken = ecslab.connect("sandbox", lang="en")
    quiet = ecslab.Progress(lambda _line: None, pace=ken.bench.pace)
    ken.create_cluster(instances=1, progress=quiet)
    web = {**NGINX, "portMappings": [{"containerPort": 80, "hostPort": 0}]}
    for memory in (16, 17, 18):
        definition = ken.register_task_definition(
            containerDefinitions=[{**web, "memory": memory}], progress=quiet
        )
    service = ken.create_service(definition, desired=1, load_balancer=True, progress=quiet)
    ken.wait(service, progress=quiet)
    ecs = served.client("ecs")
    for name in ("shared", "default"):
        ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(family="shared", containerDefinitions=[NGINX])
    served.client("cloudformation").create_stack(
        StackName="shared", TemplateBody=json.dumps({"Resources": {"Vpc": VPC}})
    )
    served.client("logs").create_log_group(logGroupName="/ecs/shared")
