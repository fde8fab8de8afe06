"""The roles a service and its tasks name."""

from __future__ import annotations

from typing import Any

import pytest

from ecslab.model.errors import AwsError
from ecslab.model.load_balancer import TargetGroup
from ecslab.model.network import Subnet
from tests.controlplane.fleet import Fleet, replayed
from tests.controlplane.world import NETWORK

ROLE = "arn:aws:iam::123456789012:role/"
GROUP = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/0123"
BALANCED = [{"targetGroupArn": GROUP, "containerName": "main", "containerPort": 80}]
CANNOT = (
    "(service web) failed to launch a task with (error ECS was unable to assume the role "
    f"'{ROLE}mine' that was provided for this task. Please verify that the role being passed has "
    "the proper trust relationship and permissions and that your IAM user has permissions to pass "
    "this role.)."
)


class Iam:
    """Roles by who may assume them; a target group of each type behind a load balancer."""

    def __init__(self) -> None:
        self.of_tasks: set[str] = set()
        self.of_ecs: set[str] = set()
        self.target_type = "instance"

    def target_group(self, arn: str) -> TargetGroup:
        return TargetGroup(arn, "web", self.target_type, ("arn:lb",), "vpc-1")

    def subnet(self, subnet_id: str) -> Subnet:
        return Subnet(subnet_id, "vpc-1", "us-east-1a", "10.0.0.0/24")

    def tasks_may_assume(self, role_arn: str) -> bool:
        return role_arn in self.of_tasks

    def ecs_may_assume(self, role_arn: str) -> bool:
        return role_arn in self.of_ecs


def place(instances: int = 1, **definition: Any) -> Any:
    w = Fleet()
    w.call("CreateCluster", clusterName="default")
    capabilities = ("task-iam-role", "execution-role-ecr-pull")
    offered = tuple((f"com.amazonaws.ecs.capability.{one}", None) for one in capabilities)
    offered += (("ecs.availability-zone", "us-east-1a"),)
    for _number in range(instances):
        w.join(attributes=offered)
    w.outside = Iam()
    w.register(ports=[{"containerPort": 80}], **definition)
    return w


@pytest.mark.parametrize("member", ["taskRoleArn", "executionRoleArn"])
@pytest.mark.parametrize("scheduling", ["REPLICA", "DAEMON"])
def test_a_service_whose_tasks_cannot_get_their_role_says_so_and_starts_them_once_they_can(
    member, scheduling
):
    w = place(**{member: "mine"})
    count = {"desiredCount": 1 if scheduling == "REPLICA" else None}
    created = w.create(schedulingStrategy=scheduling, **count)
    assert created["status"] == "ACTIVE"
    w.settle()
    w.pass_time(30)
    assert w.events().count(CANNOT) == 1
    assert w.live() == []
    w.outside.of_tasks.add(f"{ROLE}mine")
    w.pass_time(120)
    assert w.service()["runningCount"] == 1
    assert w.service()["deployments"][0]["rolloutState"] == "COMPLETED"
    assert replayed(w) == w.state


def test_running_tasks_stay_when_a_new_definition_names_a_role_there_is_not():
    w = place()
    w.create(desiredCount=2)
    w.settle()
    w.pass_time(45)
    before = w.live()
    w.register(taskRoleArn="mine", ports=[{"containerPort": 80}])
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    w.call("UpdateService", service="web", taskDefinition="web:2", deploymentConfiguration=breaker)
    w.settle()
    w.pass_time(300)
    assert w.live() == before
    (deployment,) = w.service()["deployments"]
    assert deployment["taskDefinition"].endswith("web:1")
    assert any("rolling back to deployment" in text for text in w.events())


def test_the_role_that_registers_targets_is_the_linked_one_unless_another_is_named():
    w = place()
    w.outside.of_ecs.add(f"{ROLE}balancing")
    assert w.create(serviceName="a", loadBalancers=BALANCED)["roleArn"].endswith(
        "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    )
    named = w.create(serviceName="b", loadBalancers=BALANCED, role="balancing")
    assert named["roleArn"] == f"{ROLE}balancing"


def test_a_role_of_the_service_that_ecs_cannot_assume_is_refused():
    w = place()
    w.outside.of_tasks.add(f"{ROLE}balancing")
    assert refused(w, loadBalancers=BALANCED, role="balancing").startswith(
        "Unable to assume role and validate the specified targetGroupArn."
    )
    assert refused(w, role="balancing").startswith("A role is only for services that use load")


def test_a_service_of_awsvpc_takes_no_role_but_the_linked_one():
    w = place(networkMode="awsvpc")
    w.outside.target_type = "ip"
    given = {"loadBalancers": BALANCED, "networkConfiguration": NETWORK, "role": "balancing"}
    assert refused(w, **given) == (
        "You cannot specify an IAM role for services that require a service linked role."
    )


def refused(w: Any, **params: Any) -> str:
    before = w.state
    with pytest.raises(AwsError) as caught:
        w.create(**params)
    assert w.state is before
    assert caught.value.code == "InvalidParameterException"
    return caught.value.message
