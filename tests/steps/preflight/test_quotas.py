"""Whether there is room for a class: what to ask for where there is not."""

from __future__ import annotations

from typing import Any

from tests.steps.preflight.aws import (
    Aws,
    quotas,
)
from tests.steps.preflight.looking import DENIED, found, states, text


def machine(kind: str, cores: int, **more: Any) -> dict[str, Any]:
    cpu = {"CoreCount": cores, "ThreadsPerCore": 1}
    return {"InstanceId": "i-1", "InstanceType": kind, "CpuOptions": cpu, **more}


def test_a_class_too_large_for_the_quota_is_told_what_to_ask_for(aws: Aws) -> None:
    """Twenty learners need forty vCPUs beside the four in use; GPUs and Spot do not count."""
    aws.says["servicequotas.GetServiceQuota"] = quotas(L1216C47A=32.0)
    spot = machine("m5.large", 8, InstanceLifecycle="spot")
    used = [machine("m5.xlarge", 4), spot, machine("g5.xlarge", 16), machine("inf1.xlarge", 16)]
    aws.says["ec2.DescribeInstances"] = {"Reservations": [{"Instances": used}]}
    seen = found(aws, learners=20)
    assert states(seen) == {"vCPUs of instances": "missing"}
    assert "4 of 32 in use, 40 more needed for 20 learners" in text(seen["vCPUs of instances"])
    assert (
        "--service-code ec2 --quota-code L-1216C47A --desired-value 44 --region us-east-1"
        in text(seen["vCPUs of instances"])
    )


def test_what_learners_have_made_already_is_not_needed_again(aws: Aws) -> None:
    """Three of five VPCs are the workshop's: five learners need two more."""
    aws.says["servicequotas.GetServiceQuota"] = quotas(LF678F1CE=5.0)
    tag = [{"Key": "ecslab:learner", "Value": "ecslab-ken-1"}]
    aws.says["ec2.DescribeVpcs"] = {"Vpcs": [{"VpcId": "vpc-1", "Tags": tag}] * 3}
    assert states(found(aws, learners=5)) == {}
    aws.says["ec2.DescribeVpcs"] = {"Vpcs": [{"VpcId": "vpc-1"}] * 3}
    assert states(found(aws, learners=5)) == {"VPCs": "missing"}


def test_a_quota_that_is_not_told_is_taken_as_awss_default(aws: Aws) -> None:
    """Five VPCs a region."""
    aws.says["servicequotas.GetServiceQuota"] = DENIED
    assert states(found(aws, learners=2)) == {}
    seen = found(aws, learners=6)
    assert seen["VPCs"].state == "missing"
    assert "AWS's default" in text(seen["VPCs"])


def test_use_that_may_not_be_counted_is_a_warning(aws: Aws) -> None:
    """The others are still told."""
    aws.says["ec2.DescribeVpcs"] = DENIED
    assert states(found(aws)) == {"VPCs": "warning"}


def test_no_elastic_ip_is_needed_however_many_learn(aws: Aws) -> None:
    """Machines have addresses that AWS lends."""
    aws.says["servicequotas.GetServiceQuota"] = quotas(L0263D0A3=0.0)
    assert states(found(aws, learners=30)) == {}
