"""The flow of the notebooks on target "aws": signed, paged, and clean afterwards."""

from __future__ import annotations

import ecslab
from tests.aws.account import inventory
from tests.aws.flow import STEPS, Bag
from tests.aws.front import Front
from tests.sandbox.serving import Served


def test_the_whole_flow_is_signed_paged_and_leaves_only_what_was_there(
    front: Front, account: Served
) -> None:
    before = inventory(account)
    lab = ecslab.connect("aws", consent=True, lang="en")
    bag: Bag = {}
    for step in STEPS:
        step(lab, bag)
    assert bag["cleaned"]
    assert inventory(account) == before
    assert {one.service for one in front.seen} >= {"ecs", "ec2", "cloudformation", "sts"}
    assert {one.operation for one in front.seen if one.paged} >= {
        "ListTaskDefinitions",
        "ListTasks",
        "DescribeLoadBalancers",
    }
    assert not any(one.attempt > 1 for one in front.seen)
