"""What the workshop asks an account for: every action, who needs it, and how IAM limits it.

Kept by hand. ``python tools/policy.py`` makes ``iam/learner-policy.json`` of it, the preflight asks
IAM about it, and the tests hold it against the calls that the notebooks make
(``iam/calls.json``). Sources: the Service Authorization Reference (resource types, condition keys)
and, for what CloudFormation does in the learner's name, ``tools/iam/stack.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

By = Literal["notebook", "stack", "beside", "first", "clean-up", "lab", "doctor"]
"""Who makes the call: "notebook": a notebook; "stack": CloudFormation, for the learner; "beside":
AWS asks for it together with another call; "first": AWS, once in an account; "clean-up", "lab": the
kit, when a notebook's reader goes other ways; "doctor": the preflight."""


@dataclass(frozen=True)
class Action:
    """An action of IAM (with ``*``, where CloudFormation does not tell which it reads)."""

    name: str
    by: By
    why: str


@dataclass(frozen=True)
class Grant:
    """A statement of the policy: these actions, on these resources, under these conditions."""

    sid: str
    actions: tuple[Action, ...]
    resources: tuple[str, ...] = ("*",)
    """ARNs; ``PREFIX`` stands for what names of the workshop begin with."""
    conditions: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)


PREFIX = "PREFIX"
NAMES = "ecslab-"
"""What all learners' names begin with."""
STACK = f"EC2ContainerService-{PREFIX}"
INSTANCE_ROLE = "ecsInstanceRole"
TASK_ROLE = "ecsTaskExecutionRole"
TYPES = ["t2.micro", "t2.small", "t3.micro", "t3.small", "t3a.micro", "t4g.micro"]
"""Instance types a learner may start: the small ones."""
INSTANCE_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
LINKED = {
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "ecs.application-autoscaling.amazonaws.com": (
        "AWSServiceRoleForApplicationAutoScaling_ECSService"
    ),
}
"""Services of the workshop that work through a role of their own, and its name."""

_BY_STACK = {"StringEquals": {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}}
_OWN_CLUSTER = {"ArnLike": {"ecs:cluster": f"arn:aws:ecs:*:*:cluster/{PREFIX}*"}}


def _notebook(why: str, *names: str) -> tuple[Action, ...]:
    return tuple(Action(name, "notebook", why) for name in names)


def _stack(why: str, *names: str) -> tuple[Action, ...]:
    return tuple(Action(name, "stack", why) for name in names)


LEARNER: tuple[Grant, ...] = (
    Grant(
        "Look",
        (
            *_notebook(
                "IAM cannot limit it, or clean-up looks through all to find what is tagged",
                "ecs:ListClusters",
                "ecs:DescribeClusters",
                "ecs:ListTaskDefinitions",
                "ecs:ListTaskDefinitionFamilies",
                "ecs:DescribeTaskDefinition",
                "ecs:ListServices",
                "ecs:DescribeServices",
                "ecs:ListTasks",
                "ecs:DescribeTasks",
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingActivities",
                "application-autoscaling:DescribeScalingPolicies",
                "cloudwatch:GetMetricData",
                "ecs:DeregisterTaskDefinition",
                "cloudformation:DescribeStacks",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceTypeOfferings",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ),
            Action("cloudformation:ListStacks", "beside", "DescribeStacks without a name"),
            Action("ec2:DescribeNetworkInterfaces", "lab", "the address of a Fargate task"),
            Action("ec2:DescribeVpcs", "lab", "Fargate in a cluster without machines"),
            Action("ec2:DescribeSubnets", "lab", "Fargate in a cluster without machines"),
            Action("ec2:DescribeSecurityGroups", "lab", "Fargate in a cluster without machines"),
            Action("ec2:DescribeRegions", "doctor", "is the region enabled"),
            Action("iam:ListAccountAliases", "doctor", "the account's name"),
            Action("servicequotas:GetServiceQuota", "doctor", "what the account may have"),
        ),
    ),
    Grant(
        "Clusters",
        (
            *_notebook(
                "a cluster and its machines",
                "ecs:CreateCluster",
                "ecs:DeleteCluster",
                "ecs:ListContainerInstances",
            ),
            Action("ecs:DeregisterContainerInstance", "clean-up", "a machine that is still there"),
        ),
        (f"arn:aws:ecs:*:*:cluster/{PREFIX}*",),
    ),
    Grant(
        "Machines",
        _notebook("machines of the cluster", "ecs:DescribeContainerInstances"),
        (f"arn:aws:ecs:*:*:container-instance/{PREFIX}*",),
    ),
    Grant(
        "Services",
        _notebook(
            "services",
            "ecs:CreateService",
            "ecs:UpdateService",
            "ecs:DeleteService",
        ),
        (f"arn:aws:ecs:*:*:service/{PREFIX}*",),
    ),
    Grant(
        "Tasks",
        _notebook("tasks", "ecs:StopTask"),
        (f"arn:aws:ecs:*:*:task/{PREFIX}*",),
    ),
    Grant(
        "Definitions",
        _notebook("task definitions", "ecs:RegisterTaskDefinition", "ecs:DeleteTaskDefinitions"),
        (f"arn:aws:ecs:*:*:task-definition/{PREFIX}*",),
    ),
    Grant(
        "Run",
        _notebook("own task definitions, in own clusters", "ecs:RunTask"),
        (f"arn:aws:ecs:*:*:task-definition/{PREFIX}*",),
        _OWN_CLUSTER,
    ),
    Grant(
        "Tags",
        (Action("ecs:TagResource", "beside", "everything is made with tags"),),
        tuple(
            f"arn:aws:ecs:*:*:{kind}/{PREFIX}*"
            for kind in ("cluster", "service", "task", "task-definition")
        ),
    ),
    Grant(
        "Stacks",
        (
            *_notebook(
                "the machines of a cluster",
                "cloudformation:CreateStack",
                "cloudformation:DeleteStack",
                "cloudformation:DescribeStackResources",
            ),
            Action("cloudformation:UpdateStack", "lab", "another number or type of machines"),
            Action("cloudformation:DescribeStackEvents", "lab", "why a stack failed"),
            Action("cloudformation:TagResource", "beside", "a stack is made with tags"),
        ),
        (f"arn:aws:cloudformation:*:*:stack/{STACK}*",),
    ),
    Grant(
        "LoseMachine",
        _notebook("a machine is lost, and the service heals", "ec2:TerminateInstances"),
        ("arn:aws:ec2:*:*:instance/*",),
        {"StringLike": {"aws:ResourceTag/ecslab:learner": f"{PREFIX}*"}},
    ),
    Grant(
        "RoleToTasks",
        (
            Action("iam:PassRole", "beside", "a task definition that names a role (notebook 08 "
                   "names one that does not exist, to be refused)"),
        ),
        (f"arn:aws:iam::*:role/{TASK_ROLE}", "arn:aws:iam::*:role/noSuchRole"),
        {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    ),
    Grant(
        "RolesOfServices",
        (
            Action(
                "iam:CreateServiceLinkedRole",
                "first",
                "the first cluster, group, load balancer and scaled service of an account",
            ),
        ),
        ("arn:aws:iam::*:role/aws-service-role/*",),
        {"StringEquals": {"iam:AWSServiceName": list(LINKED)}},
    ),
    Grant(
        "LoadBalancers",
        (
            *_notebook(
                "a load balancer",
                "elasticloadbalancing:CreateLoadBalancer",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:DeleteLoadBalancer",
            ),
        ),
        (f"arn:aws:elasticloadbalancing:*:*:loadbalancer/app/{PREFIX}*",),
    ),
    Grant(
        "TargetGroups",
        _notebook(
            "where it sends to",
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:DeleteTargetGroup",
        ),
        (f"arn:aws:elasticloadbalancing:*:*:targetgroup/{PREFIX}*",),
    ),
    Grant(
        "TagsOfBalancers",
        (
            Action("elasticloadbalancing:AddTags", "beside", "they are made with tags"),
        ),
        (
            f"arn:aws:elasticloadbalancing:*:*:loadbalancer/app/{PREFIX}*",
            f"arn:aws:elasticloadbalancing:*:*:listener/app/{PREFIX}*",
            f"arn:aws:elasticloadbalancing:*:*:targetgroup/{PREFIX}*",
        ),
    ),
    Grant(
        "Scaling",
        _notebook(
            "a service that is scaled automatically",
            "application-autoscaling:RegisterScalableTarget",
            "application-autoscaling:PutScalingPolicy",
            "application-autoscaling:DeregisterScalableTarget",
        ),
        ("arn:aws:application-autoscaling:*:*:scalable-target/*",),
        {"StringEquals": {"application-autoscaling:service-namespace": "ecs"}},
    ),
    Grant(
        "AlarmsOfPolicies",
        (
            Action("cloudwatch:PutMetricAlarm", "beside", "a policy comes with two alarms"),
            Action("cloudwatch:DescribeAlarms", "beside", "a policy comes with two alarms"),
            Action("cloudwatch:DeleteAlarms", "beside", "which go with it"),
        ),
        (f"arn:aws:cloudwatch:*:*:alarm:TargetTracking-service/{PREFIX}*",),
    ),
    Grant(
        "Exec",
        (Action("ecs:ExecuteCommand", "lab", "lab.exec(task, command)"),),
        (f"arn:aws:ecs:*:*:cluster/{PREFIX}*", f"arn:aws:ecs:*:*:task/{PREFIX}*"),
    ),
    Grant(
        "Logs",
        (Action("logs:GetLogEvents", "lab", "lab.logs(task), for a task that writes logs"),),
        (f"arn:aws:logs:*:*:log-group:/ecs/{PREFIX}*",),
    ),
    Grant(
        "ProgressRecord",
        (Action("ssm:PutParameter", "lab", "in a class: ECSLAB_PROGRESS=ssm"),),
        (f"arn:aws:ssm:*:*:parameter/ecslab/*/{PREFIX}*",),
    ),
    Grant(
        "Preflight",
        (
            Action("iam:GetRole", "doctor", "are the default roles there"),
            Action("iam:GetInstanceProfile", "doctor", "the default role's profile"),
            Action("iam:SimulatePrincipalPolicy", "doctor", "which notebooks can be done"),
        ),
        (
            "arn:aws:iam::*:user/${aws:username}",
            f"arn:aws:iam::*:role/{NAMES}*",
            "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*",
            f"arn:aws:iam::*:role/{INSTANCE_ROLE}",
            f"arn:aws:iam::*:instance-profile/{INSTANCE_ROLE}",
            f"arn:aws:iam::*:role/{TASK_ROLE}",
            "arn:aws:iam::*:role/aws-service-role/*",
        ),
    ),
)  # fmt: skip
"""What a learner calls: notebooks 00 to 10, clean-up of the own things, the preflight."""

STACKS: tuple[Grant, ...] = (
    Grant(
        "LookAtWhatIsMade",
        _stack("CloudFormation reads what it makes", "ec2:Describe*", "autoscaling:Describe*"),
    ),
    Grant(
        "Network",
        (
            *_stack(
                "the network of a cluster; IAM sees that CloudFormation asks",
                "ec2:CreateVpc",
                "ec2:ModifyVpcAttribute",
                "ec2:DeleteVpc",
                "ec2:CreateInternetGateway",
                "ec2:AttachInternetGateway",
                "ec2:DetachInternetGateway",
                "ec2:DeleteInternetGateway",
                "ec2:CreateRouteTable",
                "ec2:DeleteRouteTable",
                "ec2:CreateRoute",
                "ec2:DeleteRoute",
                "ec2:CreateSubnet",
                "ec2:ModifySubnetAttribute",
                "ec2:DeleteSubnet",
                "ec2:AssociateRouteTable",
                "ec2:DisassociateRouteTable",
                "ec2:CreateSecurityGroup",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:DeleteSecurityGroup",
                "ec2:CreateLaunchTemplate",
                "ec2:DeleteLaunchTemplate",
                "ec2:CreateTags",
            ),
            Action("ec2:DeleteTags", "lab", "a stack that is changed"),
        ),
        conditions=_BY_STACK,
    ),
    Grant(
        "SmallMachines",
        _stack("Auto Scaling asks whether the learner may", "ec2:RunInstances"),
        conditions={"StringEqualsIfExists": {"ec2:InstanceType": TYPES}},
    ),
    Grant(
        "TagsOfMachines",
        _stack("a launch template tags what it launches", "ec2:CreateTags"),
        conditions={"StringEquals": {"ec2:CreateAction": "RunInstances"}},
    ),
    Grant(
        "Group",
        (
            *_stack(
                "the machines of a cluster",
                "autoscaling:CreateAutoScalingGroup",
                "autoscaling:UpdateAutoScalingGroup",
                "autoscaling:DeleteAutoScalingGroup",
                "autoscaling:CreateOrUpdateTags",
            ),
            Action("autoscaling:DeleteTags", "lab", "a stack that is changed"),
        ),
        (f"arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/{STACK}*",),
    ),
    Grant(
        "InstanceRole",
        (
            *_stack(
                "the role of the machines",
                "iam:CreateRole",
                "iam:DeleteRole",
                "iam:GetRole",
                "iam:ListRolePolicies",
                "iam:ListAttachedRolePolicies",
                "iam:TagRole",
            ),
            Action("iam:UntagRole", "lab", "a stack that is changed"),
        ),
        (f"arn:aws:iam::*:role/{INSTANCE_ROLE}-{PREFIX}*",),
    ),
    Grant(
        "InstanceRolePolicy",
        _stack(
            "no other policy than ECS's for machines",
            "iam:AttachRolePolicy",
            "iam:DetachRolePolicy",
        ),
        (f"arn:aws:iam::*:role/{INSTANCE_ROLE}-{PREFIX}*",),
        {"ArnEquals": {"iam:PolicyARN": INSTANCE_POLICY}},
    ),
    Grant(
        "InstanceProfile",
        _stack(
            "what gives the machines their role",
            "iam:CreateInstanceProfile",
            "iam:GetInstanceProfile",
            "iam:AddRoleToInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile",
            "iam:DeleteInstanceProfile",
        ),
        (f"arn:aws:iam::*:instance-profile/{STACK}*",),
    ),
    Grant(
        "RoleToMachines",
        _stack("the machines' own role, to machines", "iam:PassRole"),
        (f"arn:aws:iam::*:role/{INSTANCE_ROLE}-{PREFIX}*",),
        {"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}},
    ),
    Grant(
        "Image",
        _stack("the image for ECS's machines", "ssm:GetParameters"),
        ("arn:aws:ssm:*:*:parameter/aws/service/ecs/optimized-ami/*",),
    ),
)  # fmt: skip
"""What CloudFormation does with a learner's rights."""

INSTRUCTOR: tuple[Grant, ...] = (
    Grant(
        "DefaultRoles",
        (
            Action("iam:CreateRole", "doctor", "--make-roles"),
            Action("iam:AttachRolePolicy", "doctor", "--make-roles"),
            Action("iam:CreateInstanceProfile", "doctor", "--make-roles"),
            Action("iam:AddRoleToInstanceProfile", "doctor", "--make-roles"),
        ),
        (
            f"arn:aws:iam::*:role/{INSTANCE_ROLE}",
            f"arn:aws:iam::*:instance-profile/{INSTANCE_ROLE}",
            f"arn:aws:iam::*:role/{TASK_ROLE}",
        ),
    ),
    Grant(
        "PassDefaultRole",
        (Action("iam:PassRole", "doctor", "--make-roles puts the role into its profile"),),
        (f"arn:aws:iam::*:role/{INSTANCE_ROLE}",),
        {"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}},
    ),
    Grant(
        "Board",
        (
            Action("ssm:GetParametersByPath", "lab", "lab.board()"),
            Action("ssm:DeleteParameters", "clean-up", "the records of a class, when it is over"),
        ),
        ("arn:aws:ssm:*:*:parameter/ecslab/*",),
    ),
    Grant(
        "Quotas",
        (
            Action("servicequotas:RequestServiceQuotaIncrease", "doctor", "the command it names"),
        ),
    ),
)  # fmt: skip
"""What whoever prepares a class needs besides a learner's."""
