"""Everything the API tells of services and capacity providers is told, or there is a reason."""

import pytest

from ecslab.model import capacity_provider, service
from tests.controlplane.fleet import Fleet
from tests.controlplane.shapes import Watching, untold

GAPS = {**service.NOT_MODELLED, **capacity_provider.NOT_MODELLED}
SHAPES = (
    "Service",
    "Deployment",
    "DeploymentConfiguration",
    "DeploymentCircuitBreaker",
    "ThresholdConfiguration",
    "DeploymentController",
    "ServiceEvent",
    "ServiceCurrentRevisionSummary",
    "ServiceDeployment",
    "ServiceDeploymentBrief",
    "ServiceDeploymentCircuitBreaker",
    "ServiceRevision",
    "ServiceRevisionSummary",
    "Rollback",
    "ContainerImage",
    "LoadBalancer",
    "PlacementConstraint",
    "PlacementStrategy",
    "CapacityProvider",
    "CapacityProviderStrategyItem",
    "AutoScalingGroupProvider",
    "ManagedScaling",
)
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
GROUP = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/0123"


class Watched(Watching, Fleet):
    """A world that is watched."""


@pytest.fixture(scope="module")
def seen():
    """Two services: one on EC2 that fails and rolls back, one on Fargate."""
    w = Watched()
    group = {"autoScalingGroupArn": "g"}
    w.call("CreateCapacityProvider", name="mine", autoScalingGroupProvider=group)
    w.call("CreateCluster", capacityProviders=["FARGATE"])
    w.join()
    w.join()
    w.register(ports=[{"containerPort": 80}])
    breaker = {
        "enable": True,
        "rollback": True,
        "resetOnHealthyTask": False,
        "thresholdConfiguration": {"type": "COUNT", "value": 1},
    }
    w.create(
        desiredCount=1,
        deploymentConfiguration={"deploymentCircuitBreaker": breaker},
        loadBalancers=[{"targetGroupArn": GROUP, "containerName": "main", "containerPort": 80}],
        placementConstraints=[{"type": "memberOf", "expression": "agentConnected == true"}],
        placementStrategy=[{"type": "spread", "field": "instanceId"}],
    )
    w.settle()
    w.register(ports=[{"containerPort": 80}])
    w.fate = lambda order: "pull"
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(10)
    w.register("far", networkMode="awsvpc", cpu="256", memory="512")
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    w.create(
        "far",
        taskDefinition="far",
        desiredCount=1,
        capacityProviderStrategy=strategy,
        networkConfiguration=NETWORK,
    )
    w.call("DescribeServices", services=["web", "far"], include=["TAGS"])
    w.create("busy", launchType="EC2")
    w.update("busy", forceNewDeployment=True)
    for name in ("web", "far", "busy"):
        listed = w.call("ListServiceDeployments", service=name)["serviceDeployments"]
        arns = [one["serviceDeploymentArn"] for one in listed]
        w.call("DescribeServiceDeployments", serviceDeploymentArns=arns)
        revisions = [one["targetServiceRevisionArn"] for one in listed]
        w.call("DescribeServiceRevisions", serviceRevisionArns=revisions)
    w.call("DescribeCapacityProviders")
    return w.seen


@pytest.mark.parametrize("shape", SHAPES)
def test_every_member_is_told_or_has_a_reason_not_to_be(seen, shape):
    assert untold(shape, seen, GAPS) == (set(), set())


def test_the_gaps_are_of_these_shapes_and_say_why():
    assert {gap.partition(".")[0] for gap in GAPS} <= set(SHAPES)
    assert all(why.endswith(".") for why in GAPS.values())
