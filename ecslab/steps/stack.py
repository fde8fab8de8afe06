"""The CloudFormation stack that gives an EC2 cluster its machines.

Everything an EC2 cluster needs is in it, so that deleting the stack leaves nothing. The cluster
itself is made before the stack, as the 2019 console did it: it outlives a stack that failed, and
the agents find it when they come up.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

DYNAMIC_PORTS = (32768, 65535)
"""Host ports Docker and ECS choose from when a mapping leaves them open.

Developer guide, PortMapping.hostPort: the kernel's ip_local_port_range (from 32768), else
49153-65535.
"""
LEARNING_PORTS = (80, 9090)
"""Host ports of the hands-on."""
_LAUNCHED = ("instance", "volume", "network-interface")
"""What EC2 makes of a launch template and tags as that says (LaunchTemplateTagSpecification)."""
Marks = list[dict[str, str]]
_ARM = re.compile(r"[a-z]+\d+g[a-z]*\.")


def stack_name(cluster: str) -> str:
    """The stack that belongs to a cluster; named as the console named it."""
    return shortened(f"EC2ContainerService-{cluster.replace('_', '-')}", 128)


def shortened(name: str, most: int) -> str:
    """A name in at most `most` characters; two long ones that begin alike stay apart."""
    if len(name) <= most:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: most - 9].rstrip('-')}-{mark}"


def image_parameter(instance_type: str) -> str:
    """Where AWS publishes the AL2023 ECS-optimized image for this type's processor.

    Source: developer guide, "Retrieving Amazon ECS-optimized Linux AMI metadata".
    """
    arm = "arm64/" if _ARM.match(instance_type) else ""
    return f"/aws/service/ecs/optimized-ami/amazon-linux-2023/{arm}recommended/image_id"


def role_name(wanted: str, cluster: str) -> str:
    """The container instance role of this cluster; IAM allows 64 characters.

    It carries the cluster's name: the account's own role of the wanted name stays as it is, and two
    learners do not share one.
    """
    return shortened(f"{wanted}-{cluster}", 64)


def template(cluster: str, tags: Mapping[str, str] | None = None) -> str:
    """The template as JSON; what may change later is a parameter.

    CloudFormation gives the stack's own tags to nearly everything in it; `tags` are those of what
    it leaves out: what the launch template makes (machines, disks, interfaces). They stand with
    role, group and launch template too, where not every version of it passes them on. An instance
    profile takes none: it is found through its stack.
    """
    marks = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": f"Container instances of the ECS cluster {cluster} (ecslab)",
            "Parameters": _parameters(),
            "Resources": {
                **_network(cluster),
                **_door(),
                **_role(marks),
                **_machines(cluster, marks),
            },
        },
        indent=1,
    )


def parameters(instance_type: str, instances: int, role: str, zones: list[str]) -> dict[str, str]:
    """The values of the template's parameters."""
    return {
        "Image": image_parameter(instance_type),
        "InstanceType": instance_type,
        "Instances": str(instances),
        "RoleName": role,
        "ZoneA": zones[0],
        "ZoneB": zones[1],
    }


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _named(name: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": name}]


def _specified(kinds: Iterable[str], marks: Marks) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": marks} for kind in kinds] if marks else []


def _parameters() -> dict[str, Any]:
    text = {"Type": "String"}
    return {
        "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"},
        "InstanceType": text,
        "Instances": {"Type": "Number"},
        "RoleName": text,
        "ZoneA": text,
        "ZoneB": text,
    }


def _network(cluster: str) -> dict[str, Any]:
    resources: dict[str, Any] = {
        "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
                "CidrBlock": "10.0.0.0/16",
                "EnableDnsSupport": True,
                "EnableDnsHostnames": True,
                "Tags": _named(cluster),
            },
        },
        "InternetGateway": {
            "Type": "AWS::EC2::InternetGateway",
            "Properties": {"Tags": _named(cluster)},
        },
        "GatewayAttachment": {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"VpcId": _ref("Vpc"), "InternetGatewayId": _ref("InternetGateway")},
        },
        "RouteTable": {
            "Type": "AWS::EC2::RouteTable",
            "Properties": {"VpcId": _ref("Vpc"), "Tags": _named(cluster)},
        },
        "DefaultRoute": {
            "Type": "AWS::EC2::Route",
            "DependsOn": "GatewayAttachment",
            "Properties": {
                "RouteTableId": _ref("RouteTable"),
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": _ref("InternetGateway"),
            },
        },
    }
    for letter, cidr in (("A", "10.0.0.0/24"), ("B", "10.0.1.0/24")):
        resources |= _subnet(letter, cidr, f"{cluster}-{letter.lower()}")
    return resources


def _subnet(letter: str, cidr: str, name: str) -> dict[str, Any]:
    return {
        f"Subnet{letter}": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": _ref("Vpc"),
                "CidrBlock": cidr,
                "AvailabilityZone": _ref(f"Zone{letter}"),
                "MapPublicIpOnLaunch": True,
                "Tags": _named(name),
            },
        },
        f"Subnet{letter}Routes": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {
                "SubnetId": _ref(f"Subnet{letter}"),
                "RouteTableId": _ref("RouteTable"),
            },
        },
    }


def _door() -> dict[str, Any]:
    ranges = [(port, port) for port in LEARNING_PORTS] + [DYNAMIC_PORTS]
    return {
        "SecurityGroup": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "Pages of the workshop's containers",
                "VpcId": _ref("Vpc"),
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": low, "ToPort": high, "CidrIp": "0.0.0.0/0"}
                    for low, high in ranges
                ],
            },
        }
    }


def _role(marks: Marks) -> dict[str, Any]:
    policy = "iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
    trust = {"Service": {"Fn::Sub": "ec2.${AWS::URLSuffix}"}}
    return {
        "InstanceRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": _ref("RoleName"),
                "Tags": marks,
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
                    ],
                },
                "ManagedPolicyArns": [{"Fn::Sub": f"arn:${{AWS::Partition}}:{policy}"}],
            },
        },
        "InstanceProfile": {
            "Type": "AWS::IAM::InstanceProfile",
            "Properties": {"Roles": [_ref("InstanceRole")]},
        },
    }


def _machines(cluster: str, marks: Marks) -> dict[str, Any]:
    settings = [f"ECS_CLUSTER={cluster}"]
    if marks:
        tags = json.dumps({tag["Key"]: tag["Value"] for tag in marks})
        settings.append(f"'ECS_CONTAINER_INSTANCE_TAGS={tags}'")
    lines = [f"echo {setting} >> /etc/ecs/ecs.config\n" for setting in settings]
    user_data = "".join(["#!/bin/bash\n", *lines])
    data = {
        "ImageId": _ref("Image"),
        "InstanceType": _ref("InstanceType"),
        "IamInstanceProfile": {"Arn": {"Fn::GetAtt": ["InstanceProfile", "Arn"]}},
        "SecurityGroupIds": [{"Fn::GetAtt": ["SecurityGroup", "GroupId"]}],
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "UserData": {"Fn::Base64": user_data},
        "TagSpecifications": _specified(_LAUNCHED, [*_named(cluster), *marks]),
    }
    group = {
        "MinSize": "0",
        "MaxSize": _ref("Instances"),
        "DesiredCapacity": _ref("Instances"),
        "VPCZoneIdentifier": [_ref("SubnetA"), _ref("SubnetB")],
        "LaunchTemplate": {
            "LaunchTemplateId": _ref("LaunchTemplate"),
            "Version": {"Fn::GetAtt": ["LaunchTemplate", "LatestVersionNumber"]},
        },
        "Tags": [{**tag, "PropagateAtLaunch": True} for tag in [*_named(cluster), *marks]],
    }
    return {
        "LaunchTemplate": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {
                "LaunchTemplateData": data,
                "TagSpecifications": _specified(("launch-template",), marks),
            },
        },
        "Machines": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            # Without the way out the agents could not reach ECS, nor leave it when all is deleted.
            "DependsOn": ["DefaultRoute", "SubnetARoutes", "SubnetBRoutes"],
            "Properties": group,
        },
    }
