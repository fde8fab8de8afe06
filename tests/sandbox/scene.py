"""What stories on a whole server begin with: a cluster, tasks, a load balancer, a visit."""

import http.client
from collections import Counter

from ecslab import sandbox
from tests.sandbox.serving import connected, launch, until

NGINX = {
    "name": "nginx",
    "image": "nginx:alpine",
    "memory": 128,
    "portMappings": [{"containerPort": 80}],
}
ON_80 = {**NGINX, "portMappings": [{"containerPort": 80, "hostPort": 80}]}


def cluster(served, instances=1):
    """A cluster "web" with so many t2.micro, which tasks can go to; the client of ECS."""
    ecs = served.client()
    ecs.create_cluster(clusterName="web")
    launch(served, instances)
    until(lambda: connected(ecs, count=instances))
    return ecs


def web_cluster(served, instances=1):
    """The same with a task definition "nginx" on host port 80."""
    ecs = cluster(served, instances)
    ecs.register_task_definition(family="nginx", containerDefinitions=[ON_80])
    return ecs


def run_one(ecs):
    (task,) = ecs.run_task(cluster="web", taskDefinition="nginx")["tasks"]
    return task["taskArn"]


def the_task(ecs, arn):
    return ecs.describe_tasks(cluster="web", tasks=[arn])["tasks"][0]


def running(ecs, arn):
    ecs.get_waiter("tasks_running").wait(
        cluster="web", tasks=[arn], WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
    )
    return the_task(ecs, arn)


def balancer(served, **group):
    """A load balancer, its name, and the target group its port 80 forwards to."""
    elb, ec2 = served.client("elbv2"), served.client("ec2")
    subnets = ec2.describe_subnets()["Subnets"]
    (made,) = elb.create_load_balancer(
        Name="web", Subnets=[one["SubnetId"] for one in subnets[:2]]
    )["LoadBalancers"]
    (target_group,) = elb.create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=subnets[0]["VpcId"], **group
    )["TargetGroups"]
    arn = target_group["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    return made["DNSName"], arn


def states(served, group):
    told = served.client("elbv2").describe_target_health(TargetGroupArn=group)
    return Counter(one["TargetHealth"]["State"] for one in told["TargetHealthDescriptions"])


def visit(served, name, port=80, path="/", timeout=5, **headers):
    """Status and body of what answers there, wherever it had to be opened."""
    where = sandbox.locate(name, port, served.port)
    client = http.client.HTTPConnection(*where, timeout=timeout)
    try:
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        return answer.status, answer.read().decode()
    finally:
        client.close()
