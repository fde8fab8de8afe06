"""What CloudFormation calls, as whoever makes the stack, for each type in our template.

Source: ``handlers`` → ``permissions`` of the types' schemas (CloudFormation registry, 2025), less
what belongs to properties that our template does not have.
"""

from __future__ import annotations

from typing import NamedTuple


class Handlers(NamedTuple):
    """The actions that make a resource and that delete it, separated by spaces."""

    made: str
    deleted: str


TYPES: dict[str, Handlers] = {
    "AWS::EC2::VPC": Handlers(
        "ec2:CreateVpc ec2:ModifyVpcAttribute ec2:CreateTags ec2:DescribeVpcs",
        "ec2:DeleteVpc ec2:DescribeVpcs",
    ),
    "AWS::EC2::InternetGateway": Handlers(
        "ec2:CreateInternetGateway ec2:CreateTags ec2:DescribeInternetGateways",
        "ec2:DeleteInternetGateway ec2:DescribeInternetGateways",
    ),
    "AWS::EC2::VPCGatewayAttachment": Handlers(
        "ec2:AttachInternetGateway ec2:DescribeInternetGateways",
        "ec2:DetachInternetGateway ec2:DescribeInternetGateways",
    ),
    "AWS::EC2::RouteTable": Handlers(
        "ec2:CreateRouteTable ec2:CreateTags ec2:DescribeRouteTables",
        "ec2:DeleteRouteTable ec2:DescribeRouteTables",
    ),
    "AWS::EC2::Route": Handlers(
        "ec2:CreateRoute ec2:DescribeRouteTables ec2:DescribeNetworkInterfaces",
        "ec2:DeleteRoute ec2:DescribeRouteTables",
    ),
    "AWS::EC2::Subnet": Handlers(
        "ec2:CreateSubnet ec2:ModifySubnetAttribute ec2:CreateTags ec2:DescribeSubnets",
        "ec2:DeleteSubnet ec2:DescribeSubnets",
    ),
    "AWS::EC2::SubnetRouteTableAssociation": Handlers(
        "ec2:AssociateRouteTable ec2:DescribeSubnets ec2:DescribeRouteTables",
        "ec2:DisassociateRouteTable ec2:DescribeSubnets ec2:DescribeRouteTables",
    ),
    "AWS::EC2::SecurityGroup": Handlers(
        "ec2:CreateSecurityGroup ec2:AuthorizeSecurityGroupIngress ec2:CreateTags "
        "ec2:DescribeSecurityGroups",
        "ec2:DeleteSecurityGroup ec2:DescribeSecurityGroups ec2:DescribeInstances",
    ),
    "AWS::IAM::Role": Handlers(
        "iam:CreateRole iam:AttachRolePolicy iam:TagRole iam:GetRole",
        "iam:DeleteRole iam:DetachRolePolicy iam:GetRole iam:ListAttachedRolePolicies "
        "iam:ListRolePolicies",
    ),
    "AWS::IAM::InstanceProfile": Handlers(
        "iam:CreateInstanceProfile iam:PassRole iam:AddRoleToInstanceProfile "
        "iam:GetInstanceProfile",
        "iam:GetInstanceProfile iam:RemoveRoleFromInstanceProfile iam:DeleteInstanceProfile",
    ),
    "AWS::EC2::LaunchTemplate": Handlers(
        "ec2:CreateLaunchTemplate ec2:CreateTags ec2:DescribeLaunchTemplates",
        "ec2:DeleteLaunchTemplate ec2:DescribeLaunchTemplates",
    ),
    "AWS::AutoScaling::AutoScalingGroup": Handlers(
        "autoscaling:CreateAutoScalingGroup autoscaling:CreateOrUpdateTags "
        "autoscaling:DescribeAutoScalingGroups autoscaling:DescribeScalingActivities "
        "ec2:RunInstances ec2:DescribeLaunchTemplateVersions ec2:DescribeSubnets iam:PassRole",
        "autoscaling:UpdateAutoScalingGroup autoscaling:DeleteAutoScalingGroup "
        "autoscaling:DescribeAutoScalingGroups autoscaling:DescribeScalingActivities",
    ),
}
"""Type → who makes it. A type of the template that is missing here fails the tests."""

PARAMETERS = {"AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>": "ssm:GetParameters"}
"""Type of a template's parameter → what CloudFormation calls for its value."""
