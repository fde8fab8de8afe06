"""Rules of services and tasks over boto3 on a whole server, one story each.

Simulated on every run; the nightly one (`HYPOTHESIS_PROFILE=nightly`) tells them on Docker too.
"""

from __future__ import annotations

import base64
import os
from collections import Counter

import pytest

from tests.sandbox.scene import balancer, cluster, running, states, visit
from tests.sandbox.serving import IMAGE, USER_DATA, connected, launch, until

WEB = {"name": "web", "image": "nginx:alpine", "memory": 64}
PORTS = {"portMappings": [{"containerPort": 80}]}
FARGATE = {
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
}
DOCKER = pytest.param("docker", marks=pytest.mark.docker)
RUNTIMES = ["stub", DOCKER] if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else ["stub"]
SAYS = (
    "cd /usr/share/nginx/html; mkdir -p api; echo $NAME:1 | tee index.html > api/index.html;"
    "exec nginx -g 'daemon off;'"
)


@pytest.fixture(params=RUNTIMES)
def served(request):
    """An empty sandbox."""
    return request.getfixturevalue(f"{request.param}_sandbox")


def service(ecs, name="web"):
    return ecs.describe_services(cluster="web", services=[name])["services"][0]


def steady(ecs, count, name="web"):
    """Its tasks, once so many run and nothing else is left to do."""

    def look():
        one = service(ecs, name)
        counts = (one["runningCount"], one["pendingCount"], one["desiredCount"])
        return counts == (count, 0, count) and len(one["deployments"]) == 1

    until(look)
    arns = ecs.list_tasks(cluster="web", serviceName=name)["taskArns"]
    return ecs.describe_tasks(cluster="web", tasks=arns)["tasks"]


def homes(tasks):
    return Counter(one["containerInstanceArn"] for one in tasks)


@pytest.mark.parametrize("runtime", ["stub", DOCKER])
def test_a_container_starts_when_the_one_it_depends_on_succeeded(request, runtime):
    served = request.getfixturevalue(f"{runtime}_sandbox")
    ecs = cluster(served, 1)
    first = {
        "name": "first",
        "image": "nginx:alpine",
        "memory": 16,
        "essential": False,
        "command": ["true"],
        "dockerLabels": {"ecslab.simulate.exit-code": "0"},
    }
    needs = {"dependsOn": [{"containerName": "first", "condition": "SUCCESS"}]}
    ecs.register_task_definition(family="web", containerDefinitions=[first, {**WEB, **needs}])
    ecs.register_task_definition(
        family="fails",
        containerDefinitions=[
            {
                **first,
                "command": ["false"],
                "dockerLabels": {"ecslab.simulate.exit-code": "1"},
            },
            {**WEB, **needs},
        ],
    )
    (good,) = ecs.run_task(cluster="web", taskDefinition="web")["tasks"]
    (bad,) = ecs.run_task(cluster="web", taskDefinition="fails")["tasks"]
    there = {one["name"]: one for one in running(ecs, good["taskArn"])["containers"]}
    assert there["first"]["exitCode"] == 0
    assert there["web"]["lastStatus"] == "RUNNING"
    ecs.get_waiter("tasks_stopped").wait(
        cluster="web", tasks=[bad["taskArn"]], WaiterConfig={"Delay": 0.2, "MaxAttempts": 200}
    )
    (task,) = ecs.describe_tasks(cluster="web", tasks=[bad["taskArn"]])["tasks"]
    assert task["stopCode"] == "TaskFailedToStart"
    assert "dependency graph" in task["stoppedReason"]


def test_a_restart_policy_runs_a_container_again_in_the_same_task(served):
    ecs = cluster(served, 1)
    policy = {"enabled": True, "restartAttemptPeriod": 60}
    ends = {"ecslab.simulate.exit-code": "1", "ecslab.simulate.exit-after": "70"}
    once = {**WEB, "dockerLabels": ends, "command": ["sh", "-c", "sleep 8; exit 1"]}
    again = {**once, "restartPolicy": policy}
    for family, container in (("again", again), ("once", once)):
        ecs.register_task_definition(family=family, containerDefinitions=[container])
    arns = [
        ecs.run_task(cluster="web", taskDefinition=family)["tasks"][0]["taskArn"]
        for family in ("again", "once")
    ]
    ecs.get_waiter("tasks_stopped").wait(
        cluster="web", tasks=arns[1:], WaiterConfig={"Delay": 0.2, "MaxAttempts": 200}
    )
    assert running(ecs, arns[0])["desiredStatus"] == "RUNNING"


def test_a_daemon_has_one_task_on_each_instance_the_new_ones_too(served):
    ecs = cluster(served, 2)
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    ecs.create_service(
        cluster="web", serviceName="web", taskDefinition="web", schedulingStrategy="DAEMON"
    )
    assert sorted(homes(steady(ecs, 2)).values()) == [1, 1]
    launch(served)
    assert sorted(homes(steady(ecs, 3)).values()) == [1, 1, 1]


def test_tasks_leave_a_draining_instance_and_survive_the_loss_of_one(served):
    ecs = cluster(served, 3)
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    ecs.create_service(cluster="web", serviceName="web", taskDefinition="web", desiredCount=3)
    drained, lost = list(homes(steady(ecs, 3)))[:2]
    ecs.update_container_instances_state(
        cluster="web", containerInstances=[drained], status="DRAINING"
    )
    until(lambda: drained not in homes(steady(ecs, 3)))
    (machine,) = ecs.describe_container_instances(cluster="web", containerInstances=[lost])[
        "containerInstances"
    ]
    served.client("ec2").terminate_instances(InstanceIds=[machine["ec2InstanceId"]])
    until(lambda: not {drained, lost} & homes(steady(ecs, 3)).keys())


def test_rules_send_by_host_and_path(served):
    """Two services behind one listener; what no rule takes goes to the first."""
    ecs = cluster(served, 1)
    name, first = balancer(served, HealthCheckIntervalSeconds=5)
    elb = served.client("elbv2")
    vpc = elb.describe_target_groups()["TargetGroups"][0]["VpcId"]
    (made,) = elb.create_target_group(
        Name="api", Protocol="HTTP", Port=80, VpcId=vpc, HealthCheckIntervalSeconds=5
    )["TargetGroups"]
    (one,) = elb.describe_load_balancers()["LoadBalancers"]
    (listener,) = elb.describe_listeners(LoadBalancerArn=one["LoadBalancerArn"])["Listeners"]
    for number, (field, value) in enumerate(
        (("path-pattern", "/api/*"), ("host-header", "api.example.com")), 1
    ):
        elb.create_rule(
            ListenerArn=listener["ListenerArn"],
            Priority=number,
            Conditions=[{"Field": field, "Values": [value]}],
            Actions=[{"Type": "forward", "TargetGroupArn": made["TargetGroupArn"]}],
        )
    for family, group in (("web", first), ("api", made["TargetGroupArn"])):
        speaks = {"command": ["sh", "-c", SAYS], "environment": [{"name": "NAME", "value": family}]}
        ecs.register_task_definition(
            family=family, containerDefinitions=[{**WEB, **PORTS, **speaks}]
        )
        door = {"targetGroupArn": group, "containerName": "web", "containerPort": 80}
        ecs.create_service(
            cluster="web",
            serviceName=family,
            taskDefinition=family,
            desiredCount=1,
            loadBalancers=[door],
        )
        until(lambda group=group: states(served, group) == {"healthy": 1})
    assert "web:1" in visit(served, name, Host="web.example.com")[1]
    assert "api:1" in visit(served, name, path="/api/", Host="web.example.com")[1]
    assert "api:1" in visit(served, name, Host="api.example.com")[1]


def test_tasks_on_fargate_have_platform_storage_and_zones(served):
    """Platform 1.4.0, 20 GiB unless more is asked for, spread over the subnets' zones."""
    ecs = served.client()
    ecs.create_cluster(clusterName="web")
    more = {"ephemeralStorage": {"sizeInGiB": 50}}
    ecs.register_task_definition(family="web", containerDefinitions=[WEB], **FARGATE, **more)
    subnets = served.client("ec2").describe_subnets()["Subnets"][:2]
    network = {"awsvpcConfiguration": {"subnets": [one["SubnetId"] for one in subnets]}}
    ecs.create_service(
        cluster="web",
        serviceName="web",
        taskDefinition="web",
        desiredCount=4,
        launchType="FARGATE",
        networkConfiguration=network,
    )
    tasks = steady(ecs, 4)
    assert {one["platformVersion"] for one in tasks} == {"1.4.0"}
    assert {one["ephemeralStorage"]["sizeInGiB"] for one in tasks} == {50}
    assert sorted(Counter(one["availabilityZone"] for one in tasks).values()) == [2, 2]


def test_a_service_on_instances_is_spread_over_the_zones(served):
    """Two instances in one zone, one in the other: each zone has half of the tasks."""
    ecs, ec2 = served.client(), served.client("ec2")
    ecs.create_cluster(clusterName="web")
    image = served.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    for subnet, count in zip(ec2.describe_subnets()["Subnets"], (2, 1), strict=False):
        ec2.run_instances(
            ImageId=image,
            InstanceType="t2.micro",
            MinCount=count,
            MaxCount=count,
            SubnetId=subnet["SubnetId"],
            UserData=USER_DATA,
        )
    until(lambda: connected(ecs, count=3))
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    ecs.create_service(cluster="web", serviceName="web", taskDefinition="web", desiredCount=4)
    tasks = steady(ecs, 4)
    assert sorted(Counter(one["availabilityZone"] for one in tasks).values()) == [2, 2]


def test_a_task_that_leaves_stays_for_the_deregistration_delay(served):
    """It takes no new requests and may end the old ones: 30 seconds here, by its own times."""
    ecs, elb = cluster(served, 1), served.client("elbv2")
    _name, group = balancer(served, HealthCheckIntervalSeconds=5)
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}
    elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=[delay])
    ecs.register_task_definition(family="web", containerDefinitions=[{**WEB, **PORTS}])
    ecs.create_service(
        cluster="web",
        serviceName="web",
        taskDefinition="web",
        desiredCount=1,
        loadBalancers=[{"targetGroupArn": group, "containerName": "web", "containerPort": 80}],
    )
    soon = {"Delay": 1, "MaxAttempts": 90}
    ecs.get_waiter("services_stable").wait(cluster="web", services=["web"], WaiterConfig=soon)
    arns = ecs.list_tasks(cluster="web", serviceName="web")["taskArns"]
    ecs.get_waiter("tasks_running").wait(cluster="web", tasks=arns, WaiterConfig=soon)
    until(lambda: states(served, group) == {"healthy": 1})
    ecs.update_service(cluster="web", service="web", desiredCount=0)
    ecs.get_waiter("tasks_stopped").wait(cluster="web", tasks=arns, WaiterConfig=soon)
    (task,) = ecs.describe_tasks(cluster="web", tasks=arns)["tasks"]
    assert (task["stoppedAt"] - task["stoppingAt"]).total_seconds() >= 30
    assert states(served, group) == {}


def test_a_service_runs_on_the_machines_of_an_auto_scaling_group(served):
    """Through a capacity provider; its deployments and revisions are listed and described."""
    ecs, ec2, asg = served.client(), served.client("ec2"), served.client("autoscaling")
    image = served.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    data = base64.b64encode(USER_DATA.encode()).decode()
    ec2.create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"ImageId": image, "InstanceType": "t2.micro", "UserData": data},
    )
    subnets = [one["SubnetId"] for one in ec2.describe_subnets()["Subnets"][:2]]
    asg.create_auto_scaling_group(
        AutoScalingGroupName="web",
        LaunchTemplate={"LaunchTemplateName": "web"},
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=2,
        VPCZoneIdentifier=",".join(subnets),
    )
    (group,) = asg.describe_auto_scaling_groups()["AutoScalingGroups"]
    ecs.create_capacity_provider(
        name="machines",
        autoScalingGroupProvider={"autoScalingGroupArn": group["AutoScalingGroupARN"]},
    )
    ecs.create_cluster(clusterName="web", capacityProviders=["machines"])
    until(lambda: connected(ecs, count=2))
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    ecs.create_service(
        cluster="web",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        capacityProviderStrategy=[{"capacityProvider": "machines", "weight": 1}],
    )
    assert [one["capacityProviderName"] for one in steady(ecs, 2)] == ["machines"] * 2
    (deployment,) = ecs.list_service_deployments(cluster="web", service="web")["serviceDeployments"]
    arn = deployment["serviceDeploymentArn"]

    def told():
        answer = ecs.describe_service_deployments(serviceDeploymentArns=[arn])
        return answer["serviceDeployments"][0]

    until(lambda: told()["status"] == "SUCCESSFUL")
    revision = told()["targetServiceRevision"]["arn"]
    (made,) = ecs.describe_service_revisions(serviceRevisionArns=[revision])["serviceRevisions"]
    assert made["taskDefinition"].endswith("task-definition/web:1")
    assert made["capacityProviderStrategy"][0]["capacityProvider"] == "machines"
