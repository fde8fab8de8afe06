"""Each repaired fault, shown in plain moto. Where one of these fails, moto has repaired it:
delete the repair it names, and the line here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

from ecslab.api.neighbours.repairs import REPAIRS
from tests.api.neighbours.template import template

PROBE = """
import json, os, sys
import boto3
from moto import mock_aws

body = sys.stdin.read()
found = {}


def created(body, name="lab", **more):
    given = [{"ParameterKey": "Name", "ParameterValue": "mine"}] if "Parameters" in body else []
    return cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(body), **more,
                                       Parameters=given, Capabilities=["CAPABILITY_IAM"])


def fails(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except Exception:
        return True
    return False


with mock_aws():
    cloudformation = boto3.client("cloudformation", "us-east-1")
    ec2 = boto3.client("ec2", "us-east-1")
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}

    def zoned(zones):
        net = {"VpcId": {"Ref": "V"}, "CidrBlock": "10.9.0.0/24",
               "AvailabilityZone": {"Fn::Select": ["0", zones]}}
        return {"Resources": {"V": vpc, "N": {"Type": "AWS::EC2::Subnet", "Properties": net}}}

    found["zones_of_a_region_are_listed"] = fails(
        created, zoned({"Fn::GetAZs": {"Ref": "AWS::Region"}}), "zones")

    whole = json.loads(body)
    for number in (0, 1):
        whole["Resources"][f"Subnet{number}"]["Properties"]["AvailabilityZone"] = (
            "us-east-1" + "ab"[number])
    created(whole)
    found["progress_is_seen"] = (
        cloudformation.describe_stacks(StackName="lab")["Stacks"][0]["StackStatus"]
        == "CREATE_COMPLETE")
    made = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in
            cloudformation.describe_stack_resources(StackName="lab")["StackResources"]}
    (subnet,) = ec2.describe_subnets(SubnetIds=[made["Subnet0"]])["Subnets"]
    found["templates_say_which_subnets_are_public"] = not subnet["MapPublicIpOnLaunch"]
    instances = [i for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
    found["groups_use_all_their_subnets"] = len({i["SubnetId"] for i in instances}) == 1
    found["launch_templates_say_profile_address_and_groups"] = (
        "IamInstanceProfile" not in instances[0])
    marked = ec2.describe_volumes(Filters=[{"Name": "tag:whose", "Values": ["ours"]}])
    found["launch_templates_tag_disks_and_interfaces"] = not marked["Volumes"]
    whole["Resources"]["Instances"]["Properties"]["DesiredCapacity"] = "3"
    given = [{"ParameterKey": "Name", "ParameterValue": "mine"}]
    cloudformation.update_stack(StackName="lab", TemplateBody=json.dumps(whole), Parameters=given,
                                Capabilities=["CAPABILITY_IAM"])
    kept = ec2.describe_instances(InstanceIds=[i["InstanceId"] for i in instances])
    found["groups_are_updated_in_place"] = "terminated" in [
        i["State"]["Name"] for r in kept["Reservations"] for i in r["Instances"]]
    clusters = boto3.client("ecs", "us-east-1").list_clusters()["clusterArns"]
    found["clusters_of_templates_are_ours"] = len(clusters) == 1

    found["network_parts_can_be_deleted"] = fails(cloudformation.delete_stack, StackName="lab")
    found["failed_deletions_leave_the_stack"] = "lab" not in [
        s["StackName"] for s in cloudformation.describe_stacks()["Stacks"]]

    one = {"Resources": {"V": vpc}, "Outputs": {"Id": {"Value": {"Ref": "V"}}}}
    stack = created(one, "one")["StackId"]
    cloudformation.delete_stack(StackName="one")
    gone = len(ec2.describe_vpcs()["Vpcs"])
    cloudformation.describe_stacks(StackName=stack)
    found["nothing_is_made_by_looking"] = len(ec2.describe_vpcs()["Vpcs"]) > gone

    unknown = {"Resources": {"V": vpc, "X": {"Type": "AWS::Nowhere::Thing"}}}
    found["unknown_types_are_refused"] = not fails(created, unknown, "unknown")

    ssm = boto3.client("ssm", "us-east-1")
    ssm.put_parameter(Name="/note", Value="hello", Type="String")
    copy = {"Name": "/copy", "Type": "String", "Value": "{{resolve:ssm:/note}}"}
    created({"Resources": {"C": {"Type": "AWS::SSM::Parameter", "Properties": copy}}}, "copy")
    found["ssm_references_are_resolved"] = (
        ssm.get_parameter(Name="/copy")["Parameter"]["Value"] != "hello")
    image = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended"
    found["recommended_images_are_json"] = fails(
        json.loads, ssm.get_parameter(Name=image)["Parameter"]["Value"])

    bad = {"Resources": {"V": vpc, "N": {"Type": "AWS::EC2::Subnet", "Properties": {
        "VpcId": {"Ref": "V"}, "CidrBlock": "192.168.0.0/24"}}}}
    fails(created, bad, "bad")
    states = {s["StackName"]: s["StackStatus"]
              for s in cloudformation.describe_stacks()["Stacks"]}
    found["failed_creations_are_rolled_back"] = states.get("bad") == "CREATE_IN_PROGRESS"

    (run,) = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"]
    address = ec2.describe_instances(InstanceIds=[run["InstanceId"]])
    (run,) = address["Reservations"][0]["Instances"]
    found["public_addresses_are_of_this_machine"] = run["PublicIpAddress"].startswith("54.")
    before = len(ec2.describe_network_interfaces()["NetworkInterfaces"])
    ec2.terminate_instances(InstanceIds=[run["InstanceId"]])
    found["interfaces_go_with_their_instance"] = (
        len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == before)

    elb = boto3.client("elbv2", "us-east-1")
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:2]
    home = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    (lb,) = elb.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"]
    found["load_balancers_have_an_address_of_this_machine"] = (
        lb["DNSName"].endswith(".elb.amazonaws.com"))
    arn = lb["LoadBalancerArn"]
    (group,) = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=home,
                                       TargetType="instance")["TargetGroups"]
    group = group["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": group}]

    def listen(protocol="HTTP", port=80):
        return elb.create_listener(LoadBalancerArn=arn, Protocol=protocol, Port=port,
                                   DefaultActions=forward)["Listeners"][0]["ListenerArn"]

    listener = listen()
    (rule,) = elb.describe_rules(ListenerArn=listener)["Rules"]
    found["default_rules_keep_their_arn"] = rule["RuleArn"].rpartition("/")[2].isdecimal()
    found["names_and_ports_of_load_balancers_are_unique"] = not (
        fails(elb.create_load_balancer, Name="web", Subnets=subnets) or fails(listen))
    found["what_is_not_carried_is_refused"] = not fails(listen, "HTTPS", 443)
    (run,) = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"]
    elb.register_targets(TargetGroupArn=group, Targets=[
        {"Id": run["InstanceId"], "Port": port} for port in (32768, 32769)])
    health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    found["targets_are_told_by_their_port"] = len(health) == 1
    found["target_health_is_true"] = health[0]["TargetHealth"]["State"] == "healthy"
    elb.delete_load_balancer(LoadBalancerArn=arn)
    for one in elb.describe_load_balancers()["LoadBalancers"]:
        elb.delete_load_balancer(LoadBalancerArn=one["LoadBalancerArn"])
    (kept,) = elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
    found["groups_know_who_forwards_to_them"] = bool(kept["LoadBalancerArns"])

    scaling = boto3.client("application-autoscaling", "us-east-1")
    watch = boto3.client("cloudwatch", "us-east-1")
    what = {"ServiceNamespace": "ecs", "ResourceId": "service/web/web",
            "ScalableDimension": "ecs:service:DesiredCount"}
    limits = {"MinCapacity": 1, "MaxCapacity": 3}
    found["services_to_be_scaled_are_ours"] = fails(scaling.register_scalable_target, **what,
                                                    **limits)
    ecs = boto3.client("ecs", "us-east-1")
    ecs.create_cluster(clusterName="web")
    ecs.register_task_definition(family="web", containerDefinitions=[
        {"name": "web", "image": "nginx", "memory": 64}])
    ecs.create_service(cluster="web", serviceName="web", taskDefinition="web", desiredCount=1)

    def tracked(**more):
        body = {"TargetValue": 50.0, "PredefinedMetricSpecification": {
            "PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
        return scaling.put_scaling_policy(PolicyName="cpu", PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={**body, **more}, **what)

    early = not fails(tracked)
    found["limits_of_targets_are_checked"] = not fails(
        scaling.register_scalable_target, **what, MinCapacity=5, MaxCapacity=1)
    tracked()
    alarms = watch.describe_alarms()["MetricAlarms"]
    found["alarms_of_policies_compare_with_their_target"] = (
        {a["Threshold"] for a in alarms} == {6.0} and len(alarms) == 4)
    found["alarms_of_policies_have_their_state"] = {a["StateValue"] for a in alarms} == {"OK"}
    step = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": 1}]}
    found["what_is_not_scaled_is_refused"] = not fails(
        scaling.put_scaling_policy, PolicyName="step", PolicyType="StepScaling",
        StepScalingPolicyConfiguration=step, **what)
    found["activities_are_told"] = fails(scaling.describe_scaling_activities,
                                         ServiceNamespace="ecs")
    scaling.deregister_scalable_target(**what)
    kept = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    found["policies_go_with_their_target"] = early and len(kept) == 2
    try:
        scaling.deregister_scalable_target(**what)
    except Exception as error:
        code = error.response["Error"]["Code"]
        found["targets_not_found_are_told_as_such"] = code == "ValidationException"
    for _ in range(2):
        watch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", "Value": 1,
            "Dimensions": [{"Name": n, "Value": "v"} for n in "ab"]}])
    found["metrics_are_listed_once"] = len(watch.list_metrics(Namespace="N")["Metrics"]) == 2
    found["metrics_of_services_are_told"] = not watch.list_metrics(
        Namespace="AWS/ECS")["Metrics"]
print(json.dumps(found))
"""

ORDER_ONLY = {
    "private_addresses_follow_from_what_is_there",
    "groups_keep_their_order",
    "resources_are_deleted_last_made_first",
}
"""Faults of order: what comes out of a set differs between processes only now and then, so
tests/api/neighbours/test_memory.py shows what the repair gives, and nothing here shows the fault.
"""


@cache
def plain_moto() -> dict[str, bool]:
    """What is wrong in a moto nobody repaired, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=template(),
        capture_output=True,
        text=True,
        check=True,
        env={"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "PATH": ""},
    )
    found: dict[str, bool] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", [r.__name__ for r in REPAIRS if r.__name__ not in ORDER_ONLY])
def test_plain_moto_still_has_the_fault(name: str) -> None:
    assert plain_moto()[name]
