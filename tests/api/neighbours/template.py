"""The stack the workshop makes, as small as it can be and still have every kind of part."""

from __future__ import annotations

import json
from typing import Any

IMAGE = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
USER_DATA = "#!/bin/bash\necho ECS_CLUSTER=${Name} >> /etc/ecs/ecs.config\n"
_BY_EC2 = {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def template(cluster: bool = True) -> str:
    """VPC, two public subnets, gateway, routes, group, role, launch template, scaling group."""
    resources = {**_network(), **_instances()}
    outputs: dict[str, Any] = {"Vpc": {"Value": {"Ref": "Vpc"}}}
    if cluster:
        properties = {"ClusterName": {"Ref": "Name"}, "Tags": [{"Key": "made-by", "Value": "us"}]}
        resources["Cluster"] = {"Type": "AWS::ECS::Cluster", "Properties": properties}
        outputs["ClusterArn"] = {"Value": {"Fn::GetAtt": ["Cluster", "Arn"]}}
    parameters = {
        "Name": {"Type": "String"},
        "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": IMAGE},
    }
    return json.dumps({"Parameters": parameters, "Resources": resources, "Outputs": outputs})


def part(kind: str, depends: str = "", **properties: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"Type": f"AWS::{kind}", "Properties": properties}
    return {**made, "DependsOn": depends} if depends else made


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _network() -> dict[str, Any]:
    parts = {
        "Vpc": part("EC2::VPC", CidrBlock="10.0.0.0/16"),
        "Gateway": part("EC2::InternetGateway"),
        "Attachment": part(
            "EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")
        ),
        "Routes": part("EC2::RouteTable", VpcId=ref("Vpc")),
        "Route": part(
            "EC2::Route",
            depends="Attachment",
            RouteTableId=ref("Routes"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=ref("Gateway"),
        ),
        "Group": part("EC2::SecurityGroup", GroupDescription="web", VpcId=ref("Vpc")),
    }
    for number in range(2):
        zone = {"Fn::Select": [str(number), {"Fn::GetAZs": ref("AWS::Region")}]}
        parts[f"Subnet{number}"] = part(
            "EC2::Subnet",
            VpcId=ref("Vpc"),
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=zone,
            MapPublicIpOnLaunch=True,
        )
        parts[f"Association{number}"] = part(
            "EC2::SubnetRouteTableAssociation",
            SubnetId=ref(f"Subnet{number}"),
            RouteTableId=ref("Routes"),
        )
    return parts


def _instances() -> dict[str, Any]:
    data = {
        "ImageId": ref("Image"),
        "InstanceType": "t2.micro",
        "IamInstanceProfile": {"Arn": {"Fn::GetAtt": ["Profile", "Arn"]}},
        "SecurityGroupIds": [ref("Group")],
        "MetadataOptions": {"HttpTokens": "required"},
        "UserData": {"Fn::Base64": {"Fn::Sub": USER_DATA}},
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": [{"Key": "whose", "Value": "ours"}]}
            for kind in ("volume", "network-interface")
        ],
    }
    version = {"Fn::GetAtt": ["Launch", "LatestVersionNumber"]}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **_BY_EC2}]}
    managed = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
    return {
        "Role": part("IAM::Role", AssumeRolePolicyDocument=policy, ManagedPolicyArns=[managed]),
        "Profile": part("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Launch": part("EC2::LaunchTemplate", LaunchTemplateData=data),
        "Instances": part(
            "AutoScaling::AutoScalingGroup",
            depends="Route",
            MinSize="2",
            MaxSize="4",
            DesiredCapacity="2",
            VPCZoneIdentifier=[ref("Subnet0"), ref("Subnet1")],
            LaunchTemplate={"LaunchTemplateId": ref("Launch"), "Version": version},
        ),
    }
