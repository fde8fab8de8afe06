"""A look as a whole: everything is told, little is asked, and side by side."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from tests.steps.preflight.aws import (
    ACCOUNT,
    USER,
    Aws,
)
from tests.steps.preflight.looking import found, states


def test_an_account_in_which_all_is_well_is_ready(aws: Aws) -> None:
    """Identity, clock, region, permissions, quotas and roles: all are told."""
    seen = found(aws)
    assert states(seen) == {}
    assert list(seen) == [
        "clock", "AWS credentials", "AWS identity", "AWS region", "permissions",
        "vCPUs of instances", "VPCs", "internet gateways", "load balancers",
        "Elastic IP addresses", "ecsInstanceRole", "ecsTaskExecutionRole", "AWSServiceRoleForECS",
    ]  # fmt: skip
    assert str(seen["AWS identity"].detail) == f"{USER}, account {ACCOUNT} (class)"


def test_it_changes_nothing_and_asks_little(aws: Aws) -> None:
    """Reads alone, and fewer than sixty of them."""
    found(aws)
    names = [name.split(".")[1] for name, _asked in aws.asked]
    assert all(name.startswith(("Get", "List", "Describe", "Simulate")) for name in names)
    assert len(names) < 60


@pytest.mark.parametrize(
    "names",
    [
        ("iam.ListAccountAliases", "ec2.DescribeInstanceTypeOfferings", "iam.GetInstanceProfile"),
        ("servicequotas.GetServiceQuota",) * 4,
        ("iam.SimulatePrincipalPolicy",) * 4,
    ],
)
def test_questions_are_asked_side_by_side(aws: Aws, names: tuple[str, ...]) -> None:
    """So a look takes seconds, however many there are: the first of each wait for one another."""
    meeting = threading.Barrier(len(names), timeout=20)
    for name in set(names):
        aws.says[name] = _meets(meeting, names.count(name), aws.says[name])
    assert states(found(aws)) == {}
    assert not meeting.broken


def _meets(meeting: threading.Barrier, times: int, says: Any) -> Any:
    left = itertools.count(times, -1)

    def answer(asked: Any) -> Any:
        if next(left) > 0:
            meeting.wait()
        return says(asked) if callable(says) else says

    return answer
