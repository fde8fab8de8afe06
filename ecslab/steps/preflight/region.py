"""The region: chosen, enabled, and with machines of the workshop's type."""

from __future__ import annotations

from ecslab.locale import translator
from ecslab.model.finding import Finding
from ecslab.steps.preflight.asking import Asker

_ = translator("steps")

NAME = _("AWS region")
TYPE = "t2.micro"
OTHER = "t3.micro"
ZONES = 2
"""A load balancer wants two."""


def not_chosen(asker: Asker) -> Finding:
    """Nothing says which region to use."""
    return Finding(
        NAME,
        "missing",
        _("none is chosen"),
        _(
            "Choose one: `aws configure set region ap-northeast-1{option}`, or "
            "`ecslab doctor --target aws --region ap-northeast-1`.",
            option=asker.option,
        ),
    )


def not_enabled(region: str, option: str) -> Finding:
    """The account has to opt in first."""
    return Finding(
        NAME,
        "missing",
        _("{region} is not enabled for this account", region=region),
        _(
            "Enable it: `aws account enable-region --region-name {region}{option}` (minutes to "
            "hours), or take another: `ecslab doctor --target aws --region us-east-1`.",
            region=region,
            option=option,
        ),
    )


def misspelled(region: str, known: list[str]) -> Finding | None:
    """There is no such region, as far as this version of boto3 knows."""
    if region in known:
        return None
    return Finding(
        NAME,
        "missing",
        _("there is no region {region} that this kit knows of", region=region),
        _(
            "Tokyo is ap-northeast-1, N. Virginia us-east-1: "
            "`ecslab doctor --target aws --region ap-northeast-1`."
        ),
    )


def region(asker: Asker) -> Finding:
    """In which zones the workshop's machines are offered."""
    wanted = {"LocationType": "availability-zone"}
    answer = asker.all(
        "ec2",
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        **wanted,
        Filters=[{"Name": "instance-type", "Values": [TYPE, OTHER]}],
    )
    if answer.error is not None:
        return Finding(
            NAME,
            "warning",
            _("{region}; what it offers was not told: {why}", region=asker.region,
              why=answer.error.message),
            _("Look with `aws ec2 describe-instance-type-offerings --region {region}{option}`.",
              region=asker.region, option=asker.option),
        )  # fmt: skip
    zones = _zones(answer.value, TYPE)
    if len(zones) >= ZONES:
        said = _("{region}, {type} in {zones}", region=asker.region, type=TYPE,
                 zones=", ".join(zones))  # fmt: skip
        return Finding(NAME, "ready", said)
    said = _("{region} offers {type} in {count} zones, not in two", region=asker.region,
             type=TYPE, count=len(zones))  # fmt: skip
    if len(_zones(answer.value, OTHER)) >= ZONES:
        return Finding(
            NAME,
            "warning",
            said,
            _('Take {other} instead: `lab.create_cluster(instance_type="{other}")`.', other=OTHER),
        )
    return Finding(
        NAME,
        "missing",
        said,
        _("Take another region: `ecslab doctor --target aws --region us-east-1`."),
    )


def _zones(offerings: list[dict[str, str]], instance_type: str) -> list[str]:
    return sorted(one["Location"] for one in offerings if one["InstanceType"] == instance_type)
