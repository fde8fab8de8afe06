"""Which roles tasks may assume: those that are there and trust ECS tasks."""

from __future__ import annotations

import json

import pytest

from tests.api.neighbours.conftest import Place

TASKS, EC2 = "ecs-tasks.amazonaws.com", "ec2.amazonaws.com"


def trust(*services: str, effect: str = "Allow") -> str:
    principal = {"Service": services[0] if len(services) == 1 else list(services)}
    statement = {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("policy", "may"),
    [
        (trust(TASKS), True),
        (trust(EC2, TASKS), True),
        (trust(EC2), False),
        (trust(TASKS, effect="Deny"), False),
    ],
)
def test_a_role_must_trust_ecs_tasks(place: Place, policy: str, may: bool) -> None:
    iam = place.client("iam")
    arn = iam.create_role(RoleName="mine", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    assert place.neighbours.tasks_may_assume(arn) is may
    iam.delete_role(RoleName="mine")
    assert not place.neighbours.tasks_may_assume(arn)


def test_a_role_that_is_not_there_cannot_be_assumed(place: Place) -> None:
    assert not place.neighbours.tasks_may_assume("arn:aws:iam::123456789012:role/nobody")
