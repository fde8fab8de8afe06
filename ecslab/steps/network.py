"""Where in the network tasks and load balancers of a cluster stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Bench
from ecslab.steps.cluster import find_stack
from ecslab.steps.stack import stack_name

_ = translator("steps")


@dataclass(frozen=True)
class Network:
    """A VPC, its subnets (in two zones) and the security group that lets visitors in."""

    vpc: str
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]

    def of_task(self, *, public: bool) -> dict[str, Any]:
        """The networkConfiguration of a task here."""
        door = {
            "subnets": list(self.subnets),
            "securityGroups": list(self.security_groups),
            "assignPublicIp": "ENABLED" if public else "DISABLED",
        }
        return {"awsvpcConfiguration": door}


def network_of(bench: Bench, cluster: str) -> Network:
    """The network of the cluster's stack; for a cluster without one, the account's default VPC."""
    name = stack_name(cluster)
    if find_stack(bench, name) is None:
        return _default(bench)
    answer = bench.client("cloudformation").describe_stack_resources(StackName=name)
    ids = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in answer["StackResources"]}
    return Network(ids["Vpc"], (ids["SubnetA"], ids["SubnetB"]), (ids["SecurityGroup"],))


def _default(bench: Bench) -> Network:
    ec2 = bench.client("ec2")
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    if not vpcs:
        raise EcslabError(
            _("This account has no default VPC in this region, and the cluster has no network."),
            _("Create a cluster with the template EC2 Linux: lab.create_cluster()."),
        )
    vpc = vpcs[0]["VpcId"]
    inside = [{"Name": "vpc-id", "Values": [vpc]}]
    subnets = ec2.describe_subnets(Filters=inside)["Subnets"]
    groups = ec2.describe_security_groups(
        Filters=[*inside, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    zones = {subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in subnets}
    chosen = [zones[zone] for zone in sorted(zones)][:2]
    return Network(vpc, tuple(chosen), tuple(group["GroupId"] for group in groups))
