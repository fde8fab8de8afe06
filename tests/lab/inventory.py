"""All that is on a sandbox, with its tags, asked of each service's own API.

What AWS lets nobody tag when it is made is left out: instance profiles of a stack, routes and
attachments, the interface that ECS makes for a task (it goes with its task).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Found = Iterator[tuple[str, dict[str, str]]]


def inventory(lab: Any) -> dict[str, dict[str, str]]:
    """``kind id`` of everything there is → its tags."""
    parts = (_ecs, _ec2, _balancers, _stacks, _groups, _roles)
    return {name: tags for part in parts for name, tags in part(lab.client)}


def _tags(listed: list[dict[str, Any]]) -> dict[str, str]:
    return {
        (one.get("Key") or one["key"]): str(one.get("Value", one.get("value"))) for one in listed
    }


def _ecs(client: Any) -> Found:
    ecs = client("ecs")
    listed = [("task-definition", ecs.list_task_definitions(status=status)["taskDefinitionArns"])
              for status in ("ACTIVE", "INACTIVE")]  # fmt: skip
    for cluster in ecs.list_clusters()["clusterArns"]:
        listed += [
            ("cluster", [cluster]),
            ("service", ecs.list_services(cluster=cluster)["serviceArns"]),
            ("task", ecs.list_tasks(cluster=cluster)["taskArns"]),
        ]
        answer = ecs.list_container_instances(cluster=cluster)
        listed.append(("container-instance", answer["containerInstanceArns"]))
    for kind, arns in listed:
        for arn in arns:
            yield f"{kind} {arn}", _tags(ecs.list_tags_for_resource(resourceArn=arn)["tags"])


_EC2 = {
    "vpc": ("describe_vpcs", "Vpcs", "VpcId"),
    "subnet": ("describe_subnets", "Subnets", "SubnetId"),
    "security-group": ("describe_security_groups", "SecurityGroups", "GroupId"),
    "route-table": ("describe_route_tables", "RouteTables", "RouteTableId"),
    "internet-gateway": ("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "volume": ("describe_volumes", "Volumes", "VolumeId"),
    "network-interface": ("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    "launch-template": ("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
}


def _ec2(client: Any) -> Found:
    ec2 = client("ec2")
    for kind, (operation, member, key) in _EC2.items():
        for one in getattr(ec2, operation)()[member]:
            of_ecs = one.get("InterfaceType") == "interface" and "ecs" in one.get("Description", "")
            ends = "association" in one or of_ecs or one.get("GroupName") == "default"
            main = any(link.get("Main") for link in one.get("Associations", []))
            if not ends and not main:
                yield f"{kind} {one[key]}", _tags(one.get("Tags", one.get("TagSet", [])))
    for reservation in ec2.describe_instances()["Reservations"]:
        for one in reservation["Instances"]:
            if one["State"]["Name"] != "terminated":
                yield f"instance {one['InstanceId']}", _tags(one.get("Tags", []))


def _balancers(client: Any) -> Found:
    elb = client("elbv2")
    balancers = [one["LoadBalancerArn"] for one in elb.describe_load_balancers()["LoadBalancers"]]
    listed = [("load-balancer", arn) for arn in balancers]
    listed += [
        ("target-group", one["TargetGroupArn"])
        for one in elb.describe_target_groups()["TargetGroups"]
    ]
    for balancer in balancers:
        for one in elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]:
            listed.append(("listener", one["ListenerArn"]))
    for kind, arn in listed:
        (described,) = elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]
        yield f"{kind} {arn}", _tags(described["Tags"])


def _stacks(client: Any) -> Found:
    for one in client("cloudformation").describe_stacks()["Stacks"]:
        if one["StackStatus"] != "DELETE_COMPLETE":
            yield f"stack {one['StackName']}", _tags(one["Tags"])


def _groups(client: Any) -> Found:
    found = client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    for one in found:
        yield f"auto-scaling-group {one['AutoScalingGroupName']}", _tags(one["Tags"])


def _roles(client: Any) -> Found:
    iam = client("iam")
    for one in iam.list_roles()["Roles"]:
        if not one["Path"].startswith("/aws-service-role/"):
            yield (
                f"role {one['RoleName']}",
                _tags(iam.list_role_tags(RoleName=one["RoleName"])["Tags"]),
            )
