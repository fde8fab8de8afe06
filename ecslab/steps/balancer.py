"""An Application Load Balancer for a service: the balancer, its target group, its listener."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps import mine
from ecslab.steps.bench import Bench
from ecslab.steps.claim import claim
from ecslab.steps.mine import Whose
from ecslab.steps.network import Network
from ecslab.steps.priced import price_line
from ecslab.steps.progress import Progress
from ecslab.steps.stack import shortened

_ = translator("steps")

TIMEOUT = 600.0
"""Seconds; AWS takes two or three minutes until a load balancer is active."""
# Quick, so that a lesson sees what happens; AWS's own defaults take minutes (30 s, five times).
HEALTH_CHECK = {
    "HealthCheckPath": "/",
    "HealthCheckIntervalSeconds": 5,
    "HealthCheckTimeoutSeconds": 2,
    "HealthyThresholdCount": 2,
    "UnhealthyThresholdCount": 2,
}
DELAY = 15
"""Seconds a target that leaves may take to finish its requests; AWS's default is 300."""
_MOST = 32
"""Characters in the name of a load balancer or target group."""


def short_name(cluster: str, service: str) -> str:
    """A name for the balancer of a service: both names, shortened to what AWS allows."""
    return shortened(f"{cluster}-{service}".replace("_", "-"), _MOST)


def target_group(
    bench: Bench, name: str, network: Network, kind: str, progress: Progress
) -> tuple[str, str]:
    """The ARN of the target group (`kind` is "instance" or "ip"), and the balancer's DNS name.

    What is there already is taken. Waits until the balancer is active.
    """
    elb = bench.client("elbv2")
    progress.check()
    balancer = _balancer(elb, name)
    if balancer is None:
        what = str(_("the load balancer {name}", name=name))
        progress.say(price_line(bench, what, bench.prices.load_balancer))
        balancer = _made_balancer(bench, name, network)
        progress.say(_("✓ Made the load balancer {name}.", name=name))
    else:
        answer = elb.describe_tags(ResourceArns=[balancer["LoadBalancerArn"]])
        tags = answer["TagDescriptions"][0]["Tags"]
        claim(bench, _("The load balancer {name}", name=name), tags)
    group = _group(bench, name, network, kind)
    arn = balancer["LoadBalancerArn"]
    if not elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
        forward = [{"Type": "forward", "TargetGroupArn": group}]
        with _there_already("DuplicateListener"):
            elb.create_listener(
                LoadBalancerArn=arn,
                Protocol="HTTP",
                Port=80,
                DefaultActions=forward,
                Tags=bench.aws_tags(),
            )
    _await_active(elb, name, progress)
    return group, balancer["DNSName"]


@contextmanager
def _there_already(code: str) -> Iterator[None]:
    """Something came to be since we looked: the answer that said so was lost on its way."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise


def _made_balancer(bench: Bench, name: str, network: Network) -> dict[str, Any]:
    elb = bench.client("elbv2")
    with _there_already("DuplicateLoadBalancerName"):
        made = elb.create_load_balancer(
            Name=name,
            Subnets=list(network.subnets),
            SecurityGroups=list(network.security_groups),
            Scheme="internet-facing",
            Type="application",
            Tags=bench.aws_tags(),
        )
        return dict(made["LoadBalancers"][0])
    return dict(elb.describe_load_balancers(Names=[name])["LoadBalancers"][0])


def _balancer(elb: Any, name: str) -> dict[str, Any] | None:
    from botocore.exceptions import ClientError

    try:
        found = elb.describe_load_balancers(Names=[name])["LoadBalancers"]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("LoadBalancerNotFound",):
            return None
        raise
    return found[0] if found else None


def _group(bench: Bench, name: str, network: Network, kind: str) -> str:
    from botocore.exceptions import ClientError

    elb = bench.client("elbv2")
    try:
        found = elb.describe_target_groups(Names=[name])["TargetGroups"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "TargetGroupNotFound":
            raise
        found = []
    if not found or found[0]["TargetType"] != kind:
        found = _made_group(bench, name, network, kind)
    # One that is there may be of a run that ended before this.
    elb.modify_target_group_attributes(
        TargetGroupArn=found[0]["TargetGroupArn"],
        Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(DELAY)}],
    )
    return str(found[0]["TargetGroupArn"])


def _made_group(bench: Bench, name: str, network: Network, kind: str) -> list[dict[str, Any]]:
    elb = bench.client("elbv2")
    request = {"Protocol": "HTTP", "Port": 80, "VpcId": network.vpc, "TargetType": kind}
    with _there_already("DuplicateTargetGroupName"):
        made = elb.create_target_group(Name=name, **request, **HEALTH_CHECK, Tags=bench.aws_tags())
        return list(made["TargetGroups"])
    return list(elb.describe_target_groups(Names=[name])["TargetGroups"])


def _await_active(elb: Any, name: str, progress: Progress) -> None:
    def look() -> bool | None:
        found = _balancer(elb, name)
        state = found["State"]["Code"] if found else "gone"
        if state == "provisioning":
            progress.say(_("The load balancer {name}: {state}", name=name, state=state))
            return None
        if state in ("active", "active_impaired"):
            return True
        raise EcslabError(
            _("The load balancer {name} could not be made ({state}).", name=name, state=state),
            _("Run lab.cleanup() to remove what was made, then run this again."),
        )

    progress.until(
        look,
        timeout=TIMEOUT,
        late=lambda: EcslabError(
            _("The load balancer {name} is still not active.", name=name),
            _("Run this again to wait longer."),
        ),
    )


def owned_balancers(bench: Bench) -> list[dict[str, Any]]:
    """The learner's load balancers, as DescribeLoadBalancers gives them."""
    return [one for one, _tags in tagged_balancers(bench, Whose(bench.learner, "").covers)]


Covers = Callable[[Mapping[str, str]], bool]
Tagged = Iterator[tuple[dict[str, Any], dict[str, str]]]


def tagged_balancers(bench: Bench, covers: Covers) -> Tagged:
    """The load balancers whose tags are covered, as DescribeLoadBalancers gives them."""
    pages = bench.client("elbv2").get_paginator("describe_load_balancers").paginate()
    found = {one["LoadBalancerArn"]: one for page in pages for one in page["LoadBalancers"]}
    return _tagged(bench, found, covers)


def tagged_groups(bench: Bench, covers: Covers) -> Tagged:
    """The target groups whose tags are covered, as DescribeTargetGroups gives them."""
    pages = bench.client("elbv2").get_paginator("describe_target_groups").paginate()
    found = {one["TargetGroupArn"]: one for page in pages for one in page["TargetGroups"]}
    return _tagged(bench, found, covers)


def _tagged(bench: Bench, found: Mapping[str, dict[str, Any]], covers: Covers) -> Tagged:
    elb, arns = bench.client("elbv2"), list(found)
    for start in range(0, len(arns), 20):  # DescribeTags takes 20 at a time
        answer = elb.describe_tags(ResourceArns=arns[start : start + 20])
        for described in answer["TagDescriptions"]:
            tags = mine.tags_of(described["Tags"])
            if covers(tags):
                yield found[described["ResourceArn"]], tags


def delete_balancer(bench: Bench, name: str, arn: str, progress: Progress) -> None:
    """Delete a load balancer (its listeners go with it) and wait until it is gone."""
    elb = bench.client("elbv2")
    elb.delete_load_balancer(LoadBalancerArn=arn)
    progress.until(
        lambda: True if _balancer(elb, name) is None else None,
        timeout=TIMEOUT,
        late=lambda: EcslabError(_("The load balancer {name} does not go.", name=name)),
    )


def delete_target_group(bench: Bench, arn: str) -> None:
    """Delete a target group that no listener sends to any more."""
    bench.client("elbv2").delete_target_group(TargetGroupArn=arn)
