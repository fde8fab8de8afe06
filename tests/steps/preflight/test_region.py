"""The region: a sentence for each thing that can be wrong, and a command that mends it."""

from __future__ import annotations

from botocore import exceptions as boto

from tests.steps.preflight.aws import (
    USER,
    Aws,
    Refused,
    zones,
)
from tests.steps.preflight.looking import DENIED, found, states, text


def test_no_region_is_told_with_who_one_is() -> None:
    """Who one is can be asked anywhere."""
    aws = Aws(region=None)
    seen = found(aws)
    assert states(seen) == {"AWS region": "missing"}
    assert USER in text(seen["AWS identity"])


def test_a_region_that_is_misspelled_is_named(aws: Aws) -> None:
    """Its endpoint does not answer; that is not the network's fault."""
    strange = Aws(region="ap-northwest-1")
    strange.says["sts.GetCallerIdentity"] = boto.EndpointConnectionError(endpoint_url="x")
    seen = found(strange)
    assert states(seen) == {"AWS region": "missing"}
    assert "ap-northwest-1" in text(seen["AWS region"])


def test_a_region_that_is_not_enabled_is_told_from_wrong_keys() -> None:
    """AWS knows the keys in another region."""
    aws = Aws(region="ap-east-1")
    answers = iter([Refused("InvalidClientTokenId", status=403), aws.says["sts.GetCallerIdentity"]])
    aws.says["sts.GetCallerIdentity"] = lambda _asked: next(answers)  # type: ignore[return-value]  # as good() has it
    seen = found(aws)
    assert states(seen) == {"AWS region": "missing"}
    assert "aws account enable-region --region-name ap-east-1" in text(seen["AWS region"])


def test_machines_in_one_zone_are_too_few(aws: Aws) -> None:
    """A load balancer wants two zones."""
    aws.says["ec2.DescribeInstanceTypeOfferings"] = zones("us-east-1a")
    assert states(found(aws)) == {"AWS region": "missing"}


def test_another_type_is_named_where_the_region_has_it(aws: Aws) -> None:
    """Newer regions have no t2."""
    aws.says["ec2.DescribeInstanceTypeOfferings"] = zones("a", "b", kind="t3.micro")
    seen = found(aws)
    assert states(seen) == {"AWS region": "warning"}
    assert 'instance_type="t3.micro"' in text(seen["AWS region"])


def test_a_region_that_may_not_be_asked_is_a_warning(aws: Aws) -> None:
    """It may be all right."""
    aws.says["ec2.DescribeInstanceTypeOfferings"] = DENIED
    assert states(found(aws)) == {"AWS region": "warning"}
