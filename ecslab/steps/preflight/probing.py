"""Without IAM's word: what harmless reads and dry runs are refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from ecslab.steps import remedies
from ecslab.steps.preflight.asking import Answer, Asker
from ecslab.steps.preflight.region import TYPE
from ecslab.steps.preflight.table import INSTANCE_ROLE, NAMES
from ecslab.steps.stack import image_parameter, stack_name

NOBODYS = f"{NAMES}preflight"
"""A name that nothing has: to be answered that it is not there is as good as an answer."""


class Probe(NamedTuple):
    """A call that changes nothing, and the action it tells about."""

    action: str
    call: Callable[[Asker], Answer]


def _read(action: str, service: str, operation: str, **members: object) -> Probe:
    return Probe(action, lambda asker: asker.ask(service, operation, **members))


def _launch(asker: Asker) -> Answer:
    """A dry run of what Auto Scaling does."""
    image = asker.ask("ssm", "get_parameters", Names=[image_parameter(TYPE)])
    found = image.value["Parameters"] if image.value else []
    return asker.ask(
        "ec2",
        "run_instances",
        ImageId=found[0]["Value"] if found else "ami-0",
        InstanceType=TYPE,
        MinCount=1,
        MaxCount=1,
        DryRun=True,
    )


PROBES = (
    _read("ecs:ListClusters", "ecs", "list_clusters", maxResults=1),
    _read("ecs:DescribeClusters", "ecs", "describe_clusters", clusters=[NOBODYS]),
    _read("ecs:ListTaskDefinitions", "ecs", "list_task_definitions", maxResults=1),
    _read("ecs:ListTasks", "ecs", "list_tasks", cluster=NOBODYS),
    _read("cloudformation:DescribeStacks", "cloudformation", "describe_stacks",
          StackName=stack_name(NOBODYS)),
    _read("elasticloadbalancing:DescribeLoadBalancers", "elbv2", "describe_load_balancers",
          PageSize=1),
    _read("autoscaling:DescribeAutoScalingGroups", "autoscaling", "describe_auto_scaling_groups",
          MaxRecords=1),
    _read("ec2:DescribeInstances", "ec2", "describe_instances", DryRun=True),
    _read("ec2:DescribeVpcs", "ec2", "describe_vpcs", DryRun=True),
    _read("iam:GetRole", "iam", "get_role", RoleName=f"{INSTANCE_ROLE}-{NOBODYS}"),
    _read("ssm:GetParameters", "ssm", "get_parameters", Names=[image_parameter(TYPE)]),
    Probe("ec2:RunInstances", _launch),
)  # fmt: skip
"""Of what makes something only EC2 has dry runs; the rest shows when it is done."""


def refused(asker: Asker) -> list[str]:
    """The actions whose probe is refused for want of permission."""
    with ThreadPoolExecutor(len(PROBES)) as side_by_side:
        answers = list(side_by_side.map(lambda probe: probe.call(asker), PROBES))
    pairs = zip(PROBES, answers, strict=True)
    return [probe.action for probe, answer in pairs if answer.code in remedies.DENIED]
