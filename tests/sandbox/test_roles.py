"""Roles that services and tasks name, with IAM beside them."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.scene import cluster
from tests.sandbox.serving import until

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
ROLE = "arn:aws:iam::123456789012:role/web"


def test_a_service_waits_for_the_role_of_its_tasks_and_a_task_is_refused_without(stub_sandbox):
    """Created all the same, it says why nothing starts; the role is made, and it starts."""
    ecs = cluster(stub_sandbox)
    container = {"name": "web", "image": "nginx:alpine", "memory": 64}
    ecs.register_task_definition(family="web", taskRoleArn=ROLE, containerDefinitions=[container])
    with pytest.raises(ClientError, match=f"ECS was unable to assume the role '{ROLE}'"):
        ecs.run_task(cluster="web", taskDefinition="web")
    ecs.create_service(cluster="web", serviceName="web", taskDefinition="web", desiredCount=1)

    def described():
        return ecs.describe_services(cluster="web", services=["web"])["services"][0]

    until(lambda: described()["events"])
    said = described()["events"][-1]["message"]
    assert said.startswith("(service web) failed to launch a task with (error ECS was unable to")
    stub_sandbox.client("iam").create_role(RoleName="web", AssumeRolePolicyDocument=TRUST)
    until(lambda: described()["runningCount"] == 1)
