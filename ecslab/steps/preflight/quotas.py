"""What the account may have, what it has, and what so many learners need."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ecslab.locale import Text, translator
from ecslab.model.finding import Finding
from ecslab.steps.mine import owner_of, tags_of
from ecslab.steps.preflight.asking import Answer, Asker

_ = translator("steps")

_STANDARD = re.compile(r"(?!dl|hpc|inf|mac|trn)[acdhimrtz]")
"""Families that quota L-1216C47A counts: "Standard (A, C, D, H, I, M, R, T, Z)"."""


class Use(NamedTuple):
    """How much there is, and how much of it is the workshop's."""

    all: int
    workshop: int


class Quota(NamedTuple):
    """One quota."""

    service: str
    code: str
    name: Text
    each: int
    """What a learner needs."""
    default: float
    """What an account has that never asked for more, where AWS does not tell."""
    used: Callable[[Asker], Answer]
    """A `Use`, if it could be counted."""


def _counted(service: str, operation: str, member: str) -> Callable[[Asker], Answer]:
    def count(asker: Asker) -> Answer:
        answer = asker.all(service, operation, member)
        return Answer(_use(answer.value, lambda _one: 1)) if answer.error is None else answer

    return count


def _use(things: Iterable[Any], weight: Callable[[Any], int]) -> Use:
    things = list(things)
    own = [one for one in things if owner_of(tags_of(one.get("Tags", [])))]
    return Use(sum(map(weight, things)), sum(map(weight, own)))


def _vcpus(asker: Asker) -> Answer:
    """Of running on-demand instances of the standard families, their vCPUs."""
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    answer = asker.all("ec2", "describe_instances", "Reservations", Filters=running)
    if answer.error is not None:
        return answer
    machines = [
        one
        for reservation in answer.value
        for one in reservation["Instances"]
        if _STANDARD.match(one["InstanceType"]) and one.get("InstanceLifecycle") != "spot"
    ]
    return Answer(_use(machines, _vcpus_of))


def _vcpus_of(machine: Any) -> int:
    cpu = machine.get("CpuOptions", {})
    return int(cpu.get("CoreCount", 1)) * int(cpu.get("ThreadsPerCore", 1))


def _addresses(asker: Asker) -> Answer:
    answer = asker.ask("ec2", "describe_addresses")
    if answer.error is not None:
        return answer
    return Answer(_use(answer.value["Addresses"], lambda _one: 1))


QUOTAS = (
    Quota("ec2", "L-1216C47A", _("vCPUs of instances"), 2, 5, _vcpus),
    Quota("vpc", "L-F678F1CE", _("VPCs"), 1, 5, _counted("ec2", "describe_vpcs", "Vpcs")),
    Quota("vpc", "L-A4707A72", _("internet gateways"), 1, 5,
          _counted("ec2", "describe_internet_gateways", "InternetGateways")),
    Quota("elasticloadbalancing", "L-53DA6B97", _("load balancers"), 1, 50,
          _counted("elbv2", "describe_load_balancers", "LoadBalancers")),
    Quota("ec2", "L-0263D0A3", _("Elastic IP addresses"), 0, 5, _addresses),
)  # fmt: skip
"""Quotas a class may run into. Each learner: two machines of one vCPU, a VPC with its gateway, a
load balancer. Their public addresses are lent by AWS and counted in no quota: no Elastic IP."""


def quota(asker: Asker, one: Quota, learners: int) -> Finding:
    """Whether there is room for so many learners."""
    used = one.used(asker)
    given = asker.ask(
        "service-quotas", "get_service_quota", ServiceCode=one.service, QuotaCode=one.code
    )
    if used.error is not None:
        return Finding(
            one.name,
            "warning",
            _("not told: {why}", why=used.error.message),
            _(
                "Look with `aws service-quotas get-service-quota --service-code {service} "
                "--quota-code {code} --region {region}{option}`.",
                service=one.service,
                code=one.code,
                region=asker.region,
                option=asker.option,
            ),
        )
    most = float(given.value["Quota"]["Value"]) if given.value else one.default
    return _judged(asker, one, used.value, most, learners, assumed=given.value is None)


def _judged(
    asker: Asker, one: Quota, used: Use, most: float, learners: int, *, assumed: bool
) -> Finding:
    # What learners have made already need not be made again.
    more = max(0, learners * one.each - used.workshop)
    said = _(
        "{used} of {most} in use, {more} more needed for {learners} learners",
        used=used.all,
        most=int(most),
        more=more,
        learners=learners,
    )
    if assumed:
        said = _("{said} (the quota was not told; this is AWS's default)", said=said)
    if used.all + more <= most:
        return Finding(one.name, "ready", said)
    return Finding(
        one.name,
        "missing",
        said,
        _(
            "Ask for more (AWS takes hours to days): `aws service-quotas "
            "request-service-quota-increase --service-code {service} --quota-code {code} "
            "--desired-value {wanted} --region {region}{option}`.",
            service=one.service,
            code=one.code,
            wanted=math.ceil(used.all + more),
            region=asker.region,
            option=asker.option,
        ),
    )
