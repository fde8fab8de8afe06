"""What a learner may do on a shared sandbox: the workshop's own policy, as a table.

Everything that makes or changes something names what it is about, and that name has to begin with
the learner's prefix. Whatever names another's prefix is refused. What is not in the table is
refused: only looking (Describe…, List…, Get…) is for all, and its answers are filtered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ecslab.api.classroom.asked import Asked, strings

OwnerOf = Callable[[str], str]
"""An EC2 instance's id → the prefix of its learner; "" where it is nobody's."""

_ECS_NAMES = (
    "cluster", "clusters", "clusterName", "family", "familyPrefix", "taskDefinition",
    "taskDefinitions", "resourceArn", "serviceDeploymentArn", "serviceDeploymentArns",
    "serviceRevisionArns",
)  # fmt: skip
"""Members of ECS's requests that name something whose owner its name tells."""
_ECS_FREE = frozenset({
    "ListClusters", "ListTaskDefinitions", "ListTaskDefinitionFamilies", "ListAccountSettings",
    "ListServicesByNamespace", "DescribeCapacityProviders", "DiscoverPollEndpoint",
})  # fmt: skip
_ECS_NAMED = {
    "CreateCluster": "clusterName",
    "DescribeClusters": "clusters",
    "RegisterTaskDefinition": "family",
    "DeregisterTaskDefinition": "taskDefinition",
    "DescribeTaskDefinition": "taskDefinition",
    "DeleteTaskDefinitions": "taskDefinitions",
    "TagResource": "resourceArn",
    "UntagResource": "resourceArn",
    "ListTagsForResource": "resourceArn",
    "DescribeServiceDeployments": "serviceDeploymentArns",
    "DescribeServiceRevisions": "serviceRevisionArns",
    "StopServiceDeployment": "serviceDeploymentArn",
    "CreateCapacityProvider": "name",
    "UpdateCapacityProvider": "name",
    "DeleteCapacityProvider": "capacityProvider",
}
"""What has to be named; every other operation of ECS is about a cluster."""
_ECS_NEVER = ("PutAccountSetting", "PutAccountSettingDefault", "DeleteAccountSetting")

NAMED: dict[str, dict[str, tuple[str, ...]]] = {
    "cloudformation": dict.fromkeys(
        ("CreateStack", "UpdateStack", "DeleteStack"), ("StackName",)
    ),
    "elasticloadbalancing": {
        "CreateLoadBalancer": ("Name",),
        "CreateTargetGroup": ("Name",),
        **dict.fromkeys(
            ("CreateListener", "DeleteLoadBalancer", "ModifyLoadBalancerAttributes"),
            ("LoadBalancerArn",),
        ),
        **dict.fromkeys(("ModifyListener", "DeleteListener", "CreateRule"), ("ListenerArn",)),
        **dict.fromkeys(("ModifyRule", "DeleteRule"), ("RuleArn",)),
        **dict.fromkeys(
            ("ModifyTargetGroup", "ModifyTargetGroupAttributes", "DeleteTargetGroup",
             "RegisterTargets", "DeregisterTargets"),
            ("TargetGroupArn",),
        ),
        **dict.fromkeys(("AddTags", "RemoveTags"), ("ResourceArns",)),
    },
    "application-autoscaling": dict.fromkeys(
        ("RegisterScalableTarget", "DeregisterScalableTarget", "PutScalingPolicy",
         "DeleteScalingPolicy"),
        ("ResourceId",),
    ),
    "autoscaling": dict.fromkeys(
        ("UpdateAutoScalingGroup", "SetDesiredCapacity"), ("AutoScalingGroupName",)
    ),
    "ssm": {
        **dict.fromkeys(("PutParameter", "DeleteParameter"), ("Name",)),
        "DeleteParameters": ("Names",),
        "AddTagsToResource": ("ResourceId",),
    },
    "secretsmanager": {
        "CreateSecret": ("Name",),
        **dict.fromkeys(
            ("PutSecretValue", "UpdateSecret", "DeleteSecret", "DescribeSecret", "GetSecretValue"),
            ("SecretId",),
        ),
    },
    "logs": dict.fromkeys(
        ("CreateLogGroup", "CreateLogStream", "DeleteLogGroup", "PutLogEvents",
         "PutRetentionPolicy", "GetLogEvents", "FilterLogEvents", "DescribeLogStreams"),
        ("logGroupName", "logGroupIdentifier"),
    ),
}  # fmt: skip
"""Service → operation → the parameters (one of them suffices) that have to be the learner's."""
_MACHINES = ("TerminateInstances", "StopInstances", "StartInstances", "RebootInstances")
_READING = {
    "ec2": ("Describe",),
    "cloudformation": ("Describe", "List", "Get", "ValidateTemplate"),
    "elasticloadbalancing": ("Describe",),
    "application-autoscaling": ("Describe", "List"),
    "autoscaling": ("Describe",),
    "monitoring": ("GetMetric", "ListMetrics"),
    "iam": ("Get", "List", "Simulate"),
    "ssm": ("DescribeParameters", "GetParameter"),
    "logs": ("DescribeLogGroups",),
    "sts": ("GetCallerIdentity",),
    "servicequotas": ("Get", "List"),
}
_PUBLIC = "/aws/"
"""What the names of AWS's own parameters begin with."""
_INSTANCE = re.compile(r"\bi-[0-9a-f]{8,17}\b")


@dataclass(frozen=True)
class Refused:
    """Why not: the action and what it is about."""

    action: str
    resource: str


@dataclass(frozen=True)
class Policy:
    """What one learner may. `others`: the prefixes of everybody else."""

    prefix: str
    others: tuple[str, ...]
    owner_of: OwnerOf

    def refusal(self, asked: Asked) -> Refused | None:
        """None where the learner may."""
        foreign = next((one for one in self.others if one in asked.raw), None)
        if foreign is not None:
            return Refused(asked.action, foreign)
        wrong = self._ecs(asked) if asked.service == "ecs" else self._neighbour(asked)
        return None if wrong is None else Refused(asked.action, wrong or "*")

    def own(self, name: str) -> bool:
        """Whether a name of ECS, or an ARN, begins with the prefix as a whole."""
        if name.startswith("arn:"):
            parts = name.split(":", 5)
            name = parts[5].partition("/")[2] if len(parts) == 6 else ""
        return bool(re.match(re.escape(self.prefix) + r"(?![a-z0-9])", name))

    def holds(self, name: str) -> bool:
        """Whether the prefix stands in a name of another service, as a whole part of it."""
        return bool(re.search(rf"(?<![a-z0-9]){re.escape(self.prefix)}(?![a-z0-9])", name))

    def _ecs(self, asked: Asked) -> str | None:
        """What is wrong with a request to ECS: what it is about; None where nothing is."""
        if asked.operation in _ECS_NEVER:
            return ""
        named = [name for member in _ECS_NAMES for name in asked.values(member)]
        needed = _ECS_NAMED.get(asked.operation, "cluster")
        if asked.operation not in _ECS_FREE:
            # Without a name it is the cluster called default, which is nobody's.
            named += asked.values(needed) or [f"{needed}/default"]
        # An ARN may stand anywhere: a task's in `tasks`, a machine's in `containerInstances`.
        arns = [one for one in strings(asked.params) if one.startswith("arn:aws:ecs:")]
        return self._first_wrong([*named, *arns], self.own)

    def _neighbour(self, asked: Asked) -> str | None:
        machines: list[str] = _INSTANCE.findall(asked.raw)
        others = [one for one in machines if self.owner_of(one) not in ("", self.prefix)]
        if others:
            return others[0]
        if asked.service == "ec2" and asked.operation in _MACHINES:
            mine = [one for one in machines if self.owner_of(one) == self.prefix]
            return None if machines and mine == machines else "instance"
        needed = NAMED.get(asked.service, {}).get(asked.operation)
        if needed:
            named = [name for member in needed for name in asked.values(member)]
            return self._first_wrong(named, self.holds) if named else ""
        if not asked.operation.startswith(_READING.get(asked.service, ("\0",))):
            return ""
        return self._parameters(asked) if asked.service == "ssm" else None

    def _parameters(self, asked: Asked) -> str | None:
        """Parameters that are neither AWS's nor the learner's hold others' values."""
        names = [one for member in ("Name", "Names") for one in asked.values(member)]
        return self._first_wrong(names, lambda one: one.startswith(_PUBLIC) or self.holds(one))

    def _first_wrong(self, names: Iterable[str], right: Callable[[str], bool]) -> str | None:
        return next((name for name in names if not right(name)), None)
