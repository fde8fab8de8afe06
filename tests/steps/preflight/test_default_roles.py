"""The default roles, there or not: a sentence, and what makes them."""

from __future__ import annotations

from tests.iam.holding import learner_policy
from tests.steps.preflight.aws import (
    Aws,
    Refused,
    profile,
    simulating,
)
from tests.steps.preflight.looking import DENIED, found, states, text


def test_default_roles_that_are_not_there_are_told_with_what_makes_them(aws: Aws) -> None:
    """The workshop does without; ECS's own role comes with the first cluster."""
    aws.says["iam.GetRole"] = Refused("NoSuchEntity", "not found", 404)
    seen = found(aws)
    names = ["ecsInstanceRole", "ecsTaskExecutionRole", "AWSServiceRoleForECS"]
    assert states(seen) == dict.fromkeys(names, "optional")
    assert all("--make-roles" in text(seen[name]) for name in names)


def test_a_role_without_its_instance_profile_is_not_complete(aws: Aws) -> None:
    """Machines take a role on through a profile."""
    aws.says["iam.GetInstanceProfile"] = profile()
    seen = found(aws)
    assert states(seen) == {"ecsInstanceRole": "optional"}
    assert "profile" in text(seen["ecsInstanceRole"])


def test_ecss_own_role_that_nobody_may_make_is_missing(aws: Aws) -> None:
    """Then the first cluster would fail."""
    aws.says["iam.GetRole"] = Refused("NoSuchEntity", "not found", 404)
    rest = [one for one in learner_policy()["Statement"] if one["Sid"] != "RolesOfServices"]
    aws.says["iam.SimulatePrincipalPolicy"] = simulating({"Statement": rest})
    seen = found(aws)["AWSServiceRoleForECS"]
    assert seen.state == "missing"
    assert "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com" in text(seen)


def test_roles_that_may_not_be_looked_at_are_a_warning(aws: Aws) -> None:
    """They may be there."""
    aws.says["iam.GetRole"] = DENIED
    assert set(states(found(aws)).values()) == {"warning"}
