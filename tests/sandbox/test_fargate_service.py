"""A Fargate service behind a load balancer of target type ip, on both runtimes."""

from __future__ import annotations

import pytest

from tests.sandbox.scene import NGINX, balancer, states, visit
from tests.sandbox.serving import until

NAMES = {"cluster": "web", "services": ["web"]}


@pytest.fixture(params=["stub", pytest.param("docker", marks=pytest.mark.docker)])
def served(request):
    """A sandbox with nothing in it, on each runtime in turn."""
    return request.getfixturevalue(f"{request.param}_sandbox")


def test_tasks_with_the_same_port_stand_beside_each_other(served):
    """Each has an address of its own: on this machine, in the subnet, behind the balancer."""
    ecs, ec2 = served.client(), served.client("ec2")
    name, group = balancer(served, TargetType="ip")
    ecs.create_cluster(clusterName="web")
    ecs.register_task_definition(
        family="web",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[NGINX],
    )
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    network = {"awsvpcConfiguration": {"subnets": subnets, "assignPublicIp": "ENABLED"}}
    ecs.create_service(
        cluster="web",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        launchType="FARGATE",
        networkConfiguration=network,
        loadBalancers=[{"targetGroupArn": group, "containerName": "nginx", "containerPort": 80}],
    )
    ecs.get_waiter("services_stable").wait(**NAMES, WaiterConfig={"Delay": 0.2, "MaxAttempts": 300})
    until(lambda: states(served, group) == {"healthy": 2}, 60)
    assert visit(served, name)[0] == 200
    tasks = ecs.describe_tasks(cluster="web", tasks=ecs.list_tasks(cluster="web")["taskArns"])
    private = {
        one["containers"][0]["networkInterfaces"][0]["privateIpv4Address"] for one in tasks["tasks"]
    }
    told = served.client("elbv2").describe_target_health(TargetGroupArn=group)
    targets = {one["Target"]["Id"] for one in told["TargetHealthDescriptions"]}
    assert targets == private
    assert len(private) == 2
    ecs.update_service(cluster="web", service="web", desiredCount=0)
    until(lambda: states(served, group).keys() == {"draining"})
    assert visit(served, name)[0] == 503
