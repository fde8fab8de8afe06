"""The workshop's stack, from its making to its end."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecslab.model.errors import AwsError
from tests.api.neighbours.conftest import Place, Settle
from tests.api.neighbours.template import part, ref, template


def things(place: Place) -> dict[str, int]:
    """How many there are of each kind of thing a stack makes."""
    ec2, iam = place.client("ec2"), place.client("iam")
    alive = [{"Name": "instance-state-name", "Values": ["running", "stopped"]}]
    return {
        "vpcs": len(ec2.describe_vpcs()["Vpcs"]),
        "subnets": len(ec2.describe_subnets()["Subnets"]),
        "route tables": len(ec2.describe_route_tables()["RouteTables"]),
        "gateways": len(ec2.describe_internet_gateways()["InternetGateways"]),
        "groups": len(ec2.describe_security_groups()["SecurityGroups"]),
        "interfaces": len(ec2.describe_network_interfaces()["NetworkInterfaces"]),
        "volumes": len(ec2.describe_volumes()["Volumes"]),
        "templates": len(ec2.describe_launch_templates()["LaunchTemplates"]),
        "instances": len(ec2.describe_instances(Filters=alive)["Reservations"]),
        "roles": len(iam.list_roles()["Roles"]),
        "profiles": len(iam.list_instance_profiles()["InstanceProfiles"]),
        "stacks": len(place.client("cloudformation").describe_stacks()["Stacks"]),
        "scaling groups": len(
            place.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        ),
    }


def running(place: Place) -> list[Any]:
    return [i for i in place.neighbours.instances() if i.state == "running"]


def test_two_instances_come_up_in_two_zones_with_all_an_agent_needs(place: Place) -> None:
    place.make_stack()
    one, two = running(place)
    assert {one.availability_zone, two.availability_zone} == {"us-east-1a", "us-east-1b"}
    assert [one.public_ip, two.public_ip] == ["127.0.1.1", "127.0.1.2"]
    assert [one.private_ip, two.private_ip] == ["10.0.0.4", "10.0.1.4"]
    assert one.user_data == "#!/bin/bash\necho ECS_CLUSTER=mine >> /etc/ecs/ecs.config\n"
    assert one.instance_type == "t2.micro"
    assert ":instance-profile/lab-Profile-" in one.instance_profile
    assert one.ecs_image is not None
    assert one.ecs_image.os == "Amazon Linux 2023"
    assert one.ecs_image.agent_version.startswith("1.")
    assert abs(one.launch_time - time.time()) < 60


def test_the_cluster_of_the_stack_is_made_by_our_ecs(place: Place) -> None:
    place.make_stack()
    arn = "arn:aws:ecs:us-east-1:123456789012:cluster/mine"
    assert place.ecs.clusters[arn]["tags"] == [{"key": "made-by", "value": "us"}]
    outputs = {o["OutputKey"]: o["OutputValue"] for o in place.stack()["Outputs"]}
    assert outputs["ClusterArn"] == arn


@pytest.mark.parametrize("wanted", [3, 1])
def test_an_update_scales_the_group_that_is_there(place: Place, wanted: int) -> None:
    place.make_stack()
    before = [one.id for one in running(place)]
    body = json.loads(template())
    body["Resources"]["Instances"]["Properties"] |= {
        "MinSize": "0",
        "DesiredCapacity": str(wanted),
    }
    place.client("cloudformation").update_stack(
        StackName="lab",
        TemplateBody=json.dumps(body),
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "mine"}],
        Capabilities=["CAPABILITY_IAM"],
    )
    now = [one.id for one in running(place)]
    assert len(now) == wanted
    assert set(now) <= set(before) or set(before) <= set(now)


def test_deleting_the_stack_leaves_nothing(place: Place) -> None:
    before = things(place)
    place.make_stack()
    assert things(place) != before
    place.client("cloudformation").delete_stack(StackName="lab")
    assert things(place) == before
    assert place.ecs.clusters == {}
    assert {i.state for i in place.neighbours.instances()} == {"terminated"}


def test_looking_at_a_deleted_stack_makes_nothing(place: Place) -> None:
    before = things(place)
    stack = place.make_stack()["StackId"]
    place.client("cloudformation").delete_stack(StackName="lab")
    assert place.stack(stack)["StackStatus"] == "DELETE_COMPLETE"
    place.client("cloudformation").describe_stack_resources(StackName=stack)
    assert things(place) == before


def test_our_ecs_sees_the_instances_gone_before_it_deletes_the_cluster(place: Place) -> None:
    place.make_stack()
    place.ecs.neighbours = place.neighbours
    place.ecs.refusal = AwsError("ClusterContainsContainerInstancesException", "No.")
    place.client("cloudformation").delete_stack(StackName="lab")
    assert place.ecs.seen[-1] == 0


def test_a_deletion_that_fails_leaves_the_stack_and_says_why(place: Place) -> None:
    place.make_stack()
    place.ecs.refusal = AwsError("ClusterContainsTasksException", "Tasks are active.")
    cloudformation = place.client("cloudformation")
    cloudformation.delete_stack(StackName="lab")
    assert place.stack()["StackStatus"] == "DELETE_FAILED"
    events = cloudformation.describe_stack_events(StackName="lab")["StackEvents"]
    assert "Tasks are active." in {event.get("ResourceStatusReason") for event in events}
    place.ecs.refusal = None
    cloudformation.delete_stack(StackName="lab")
    assert cloudformation.describe_stacks()["Stacks"] == []


def test_a_creation_that_fails_is_rolled_back(place: Place) -> None:
    before = things(place)
    place.ecs.refusal = AwsError("InvalidParameterException", "Bad name.")
    place.make_stack()
    assert place.stack()["StackStatus"] == "ROLLBACK_COMPLETE"
    assert things(place) == {**before, "stacks": 1}


def test_progress_is_seen_for_a_moment_and_tells_of_each_resource(settle: Settle) -> None:
    place = settle(progress_seconds=0.5)
    place.make_stack()
    assert place.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    waiter = place.client("cloudformation").get_waiter("stack_create_complete")
    waiter.wait(StackName="lab", WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})
    events = place.client("cloudformation").describe_stack_events(StackName="lab")["StackEvents"]
    complete = {e["LogicalResourceId"] for e in events if e["ResourceStatus"] == "CREATE_COMPLETE"}
    assert {"Vpc", "Instances", "Cluster", "lab"} <= complete
    place.client("cloudformation").delete_stack(StackName="lab")
    assert place.stack()["StackStatus"] == "DELETE_IN_PROGRESS"
    gone = place.client("cloudformation").get_waiter("stack_delete_complete")
    gone.wait(StackName="lab", WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})


def test_a_template_with_an_unknown_type_is_refused_and_makes_nothing(place: Place) -> None:
    before = things(place)
    body = {"Vpc": part("EC2::VPC", CidrBlock="10.0.0.0/16"), "X": part("Nowhere::Thing")}
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::Nowhere::Thing\]"):
        place.make_stack(body=json.dumps({"Resources": body}))
    assert things(place) == before


def test_zones_are_those_of_the_stacks_region(place: Place) -> None:
    zone = {"Fn::Select": ["0", {"Fn::GetAZs": ""}]}
    body = {
        "Vpc": part("EC2::VPC", CidrBlock="10.0.0.0/16"),
        "Net": part(
            "EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24", AvailabilityZone=zone
        ),
    }
    tokyo = place.client("cloudformation", region="ap-northeast-1")
    tokyo.create_stack(StackName="t", TemplateBody=json.dumps({"Resources": body}))
    made = place.client("ec2", region="ap-northeast-1").describe_subnets(
        Filters=[{"Name": "cidr-block", "Values": ["10.0.0.0/24"]}]
    )
    assert made["Subnets"][0]["AvailabilityZone"] == "ap-northeast-1a"


def test_a_reference_to_an_ssm_parameter_is_resolved(place: Place) -> None:
    place.client("ssm").put_parameter(Name="/lab/note", Value="hello", Type="String")
    note = part("SSM::Parameter", Name="/lab/copy", Type="String")
    note["Properties"]["Value"] = "{{resolve:ssm:/lab/note}}"
    place.make_stack(body=json.dumps({"Resources": {"Note": note}}))
    copy = place.client("ssm").get_parameter(Name="/lab/copy")["Parameter"]["Value"]
    assert copy == "hello"
