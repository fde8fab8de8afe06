"""From an API call to what IAM is asked: action, resources, context.

Sources: the Service Authorization Reference of each service (resource types, dependent actions).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.iam.stack import PARAMETERS, TYPES

ACCOUNT = "123456789012"
NOTHING_NEEDED = ("sts:GetCallerIdentity",)
"""IAM lets everybody do these."""
_PREFIXES = {"tagging": "tag", "monitoring": "cloudwatch"}
"""Services that IAM calls otherwise than signatures do."""


@dataclass(frozen=True)
class Request:
    """What IAM decides on."""

    action: str
    resources: tuple[str, ...] = ("*",)
    context: Mapping[str, str] = field(default_factory=dict)
    by: str = "notebook"
    """"notebook", "beside" or "stack": as in `ecslab.steps.preflight.table`."""


@dataclass
class Reader:
    """Reads calls in their order: what a stack tagged is known when its machine is terminated."""

    machine_tags: dict[str, str] = field(default_factory=dict)
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def requests(self, call: Mapping[str, Any]) -> list[Request]:
        """What IAM is asked for a call that `tests.notebooks.recorder` noted."""
        service = _PREFIXES.get(call["service"], call["service"])
        action = f"{service}:{call['operation']}"
        if action in NOTHING_NEEDED:
            return []
        members, at = call["members"], f"{call['region']}:{ACCOUNT}"
        if service == "cloudformation":
            return list(self._cloudformation(call["operation"], action, members, at))
        if action == "ec2:TerminateInstances":
            ids = [value for key, value in members.items() if key.startswith("InstanceId.")]
            tags = {f"aws:ResourceTag/{key}": value for key, value in self.machine_tags.items()}
            return [Request(action, tuple(f"arn:aws:ec2:{at}:instance/{id_}" for id_ in ids), tags)]
        if service == "ecs":
            return list(_ecs(call["operation"], action, members, at))
        if service == "elasticloadbalancing":
            return list(_balancing(call["operation"], action, members, at))
        if service == "application-autoscaling" and not call["operation"].startswith("Describe"):
            return list(_scaling(call["operation"], action, members, at))
        return [Request(action)]

    def _cloudformation(
        self, operation: str, action: str, members: Mapping[str, str], at: str
    ) -> Iterator[Request]:
        name = members.get("StackName", "")
        if not name:
            yield Request(action)
            yield Request("cloudformation:ListStacks", by="beside")
            return
        name = _last(name, 1) if name.startswith("arn:") else name
        stack = f"arn:aws:cloudformation:{at}:stack/{name}/id"
        yield Request(action, (stack,))
        if operation == "CreateStack":
            self.stacks[name] = _Stack.read(name, members)
            self.machine_tags = _tags_of_machines(self.stacks[name]["template"])
            if any(key.startswith("Tags.") for key in members):
                yield Request("cloudformation:TagResource", (stack,), by="beside")
            yield from _Stack.requests(self.stacks[name], at, made=True)
        elif operation == "DeleteStack" and name in self.stacks:
            yield from _Stack.requests(self.stacks[name], at, made=False)


def _last(arn: str, at: int = -1) -> str:
    return arn.split("/")[at]


# -- ECS -----------------------------------------------------------------------------------------


def _ecs(operation: str, action: str, members: Mapping[str, Any], at: str) -> Iterator[Request]:
    cluster = _last(members.get("cluster") or members.get("clusterName") or "default")

    def arn(kind: str, *names: str) -> tuple[str, ...]:
        return tuple(f"arn:aws:ecs:{at}:{kind}/{name}" for name in names)

    inside = {"ecs:cluster": arn("cluster", cluster)[0]}
    named = {
        "DescribeContainerInstances": ("container-instance", "containerInstances"),
        "DescribeServices": ("service", "services"),
        "CreateService": ("service", "serviceName"),
        "UpdateService": ("service", "service"),
        "DeleteService": ("service", "service"),
        "DescribeTasks": ("task", "tasks"),
        "StopTask": ("task", "task"),
    }
    tagged: tuple[str, ...] = ()
    if operation in named:
        kind, member = named[operation]
        names = [f"{cluster}/{_last(name)}" for name in _listed(members[member])]
        tagged = arn(kind, *names)
        yield Request(action, tagged, inside)
    elif operation in ("ListServices", "ListTasks"):
        yield Request(action, context=inside)
    elif operation == "DescribeClusters":
        yield Request(action, arn("cluster", *map(_last, members.get("clusters", ["default"]))))
    elif operation in ("CreateCluster", "DeleteCluster", "ListContainerInstances",
                       "DeregisterContainerInstance"):  # fmt: skip
        tagged = arn("cluster", cluster)
        yield Request(action, tagged)
    elif operation in ("RegisterTaskDefinition", "RunTask", "DeleteTaskDefinitions"):
        family = members.get("family") or members.get("taskDefinition")
        names = [_last(one) for one in _listed(family or members["taskDefinitions"])]
        tagged = arn("task-definition", *names)
        yield Request(action, tagged, inside if operation == "RunTask" else {})
        tagged = arn("task", f"{cluster}/id") if operation == "RunTask" else tagged
        yield from _passed(members, at)
    elif operation == "TagResource":
        yield Request(action, (members["resourceArn"],), by="beside")
    else:
        yield Request(action)
    if members.get("tags") and operation != "TagResource":
        yield Request("ecs:TagResource", tagged, by="beside")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _passed(members: Mapping[str, Any], at: str) -> Iterator[Request]:
    """A task definition hands its roles to its tasks."""
    for member in ("taskRoleArn", "executionRoleArn"):
        if members.get(member):
            role = f"arn:aws:iam::{ACCOUNT}:role/{_last(members[member])}"
            whom = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
            yield Request("iam:PassRole", (role,), whom, "beside")


# -- load balancers ------------------------------------------------------------------------------


def _balancing(
    operation: str, action: str, members: Mapping[str, str], at: str
) -> Iterator[Request]:
    if operation.startswith("Describe"):
        yield Request(action)
        return
    kinds = {"CreateLoadBalancer": "loadbalancer/app", "CreateTargetGroup": "targetgroup"}
    if operation in kinds:
        made = f"arn:aws:elasticloadbalancing:{at}:{kinds[operation]}/{members['Name']}/id"
    else:
        made = members.get("LoadBalancerArn") or members["TargetGroupArn"]
    yield Request(action, (made,))
    if any(key.startswith("Tags.") for key in members):
        tagged = made.replace(":loadbalancer/", ":listener/") if "Listener" in operation else made
        yield Request("elasticloadbalancing:AddTags", (tagged,), by="beside")


_ALARMS = {
    "PutScalingPolicy": ("cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms"),
    "DeregisterScalableTarget": ("cloudwatch:DeleteAlarms",),
}
"""What Application Auto Scaling does with the alarms of a policy, in the caller's name.

Source: its user guide, "Identity-based policy examples"."""


def _scaling(operation: str, action: str, members: Mapping[str, str], at: str) -> Iterator[Request]:
    target = f"arn:aws:application-autoscaling:{at}:scalable-target/id"
    space = {"application-autoscaling:service-namespace": members["ServiceNamespace"]}
    yield Request(action, (target,), space)
    alarm = f"arn:aws:cloudwatch:{at}:alarm:TargetTracking-{members['ResourceId']}-AlarmHigh-id"
    for beside in _ALARMS.get(operation, ()):
        yield Request(beside, (alarm,), by="beside")


# -- what CloudFormation does for the learner ------------------------------------------------------


class _Stack:
    """A stack that was made, as its call said it."""

    @staticmethod
    def read(name: str, members: Mapping[str, str]) -> dict[str, Any]:
        """Name, template and values of the parameters."""
        values = {}
        for number in range(1, 100):
            key = members.get(f"Parameters.member.{number}.ParameterKey")
            if key is None:
                break
            values[key] = members.get(f"Parameters.member.{number}.ParameterValue", "")
        template = json.loads(members["TemplateBody"])
        return {"name": name, "template": template, "values": values}

    @staticmethod
    def requests(stack: Mapping[str, Any], at: str, *, made: bool) -> Iterator[Request]:
        """What IAM is asked when the stack is made, or deleted."""
        template, values = stack["template"], stack["values"]
        if made:
            for name, parameter in template.get("Parameters", {}).items():
                if parameter["Type"] in PARAMETERS:
                    value = f"arn:aws:ssm:{at}:parameter{values[name]}"
                    yield Request(PARAMETERS[parameter["Type"]], (value,), _VIA, "stack")
        for logical, resource in template["Resources"].items():
            handlers = TYPES[resource["Type"]]
            for action in (handlers.made if made else handlers.deleted).split():
                yield _asked(action, f"{stack['name']}-{logical}-X", values, at)
        if made and _tags_of_machines(template):
            launched = {**_VIA, "ec2:CreateAction": "RunInstances"}
            yield Request("ec2:CreateTags", ("*",), launched, "stack")


_VIA = {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}


def _asked(action: str, physical: str, values: Mapping[str, str], at: str) -> Request:
    """What IAM is asked for a resource that CloudFormation names `physical`."""
    service = action.partition(":")[0]
    context = dict(_VIA)
    resource = "*"
    role = f"arn:aws:iam::{ACCOUNT}:role/{values['RoleName']}"
    if action == "iam:PassRole":
        resource, context = role, {**_VIA, "iam:PassedToService": "ec2.amazonaws.com"}
    elif "InstanceProfile" in action:
        resource = f"arn:aws:iam::{ACCOUNT}:instance-profile/{physical}"
    elif service == "iam":
        resource = role
        if action in ("iam:AttachRolePolicy", "iam:DetachRolePolicy"):
            policy = "service-role/AmazonEC2ContainerServiceforEC2Role"
            context |= {"iam:PolicyARN": f"arn:aws:iam::aws:policy/{policy}"}
    elif service == "autoscaling" and "Describe" not in action:
        group = f"autoScalingGroup:id:autoScalingGroupName/{physical}"
        resource = f"arn:aws:autoscaling:{at}:{group}"
    elif action == "ec2:RunInstances":
        context |= {"ec2:InstanceType": values["InstanceType"]}
    return Request(action, (resource,), context, "stack")


def _tags_of_machines(template: Mapping[str, Any]) -> dict[str, str]:
    """What instances are tagged with by the launch template."""
    found: dict[str, str] = {}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::EC2::LaunchTemplate":
            data = resource["Properties"]["LaunchTemplateData"]
            for one in data.get("TagSpecifications", []):
                if one["ResourceType"] == "instance":
                    found |= {tag["Key"]: tag["Value"] for tag in one["Tags"]}
    return found


def read(calls: Iterable[Mapping[str, Any]]) -> list[Request]:
    """What IAM is asked for calls in their order."""
    reader = Reader()
    return [request for call in calls for request in reader.requests(call)]
