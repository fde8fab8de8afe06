"""What one may do: the notebooks that cannot be done, and what would mend it."""

from __future__ import annotations

from typing import Any

from tests.iam.holding import learner_policy
from tests.steps.preflight.aws import (
    ACCOUNT,
    Aws,
    Refused,
    role,
    simulating,
)
from tests.steps.preflight.looking import DENIED, found, states, text


def test_with_the_learners_policies_all_notebooks_can_be_done(aws: Aws) -> None:
    """IAM's word on exactly the files the repository offers."""
    aws.says["iam.SimulatePrincipalPolicy"] = simulating(learner_policy())
    assert states(found(aws)) == {}


def test_notebooks_that_cannot_be_done_are_named_with_the_action_they_lack(aws: Aws) -> None:
    """Without load balancers it is the notebook on services, and no other but clean-up."""
    statements = [
        one
        for one in learner_policy()["Statement"]
        if one["Sid"] not in ("LoadBalancers", "TargetGroups", "TagsOfBalancers")
    ]
    aws.says["iam.SimulatePrincipalPolicy"] = simulating({"Statement": statements})
    seen = found(aws)
    assert states(seen) == {"permissions": "missing"}
    assert "notebooks 07, 10 cannot be done" in text(seen["permissions"])
    assert "elasticloadbalancing:CreateLoadBalancer" in text(seen["permissions"])
    assert "`aws iam attach-user-policy --user-name ken " in text(seen["permissions"])


def test_a_denied_role_is_simulated_by_its_own_arn_with_its_path(aws: Aws) -> None:
    """The session of IAM Identity Center does not tell the path."""
    name = "AWSReservedSSO_Learner_0123456789abcdef"
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/ken"
    path = "/aws-reserved/sso.amazonaws.com/"
    aws.says["sts.GetCallerIdentity"] = {"UserId": "A", "Account": ACCOUNT, "Arn": arn}
    aws.says["iam.GetRole"] = lambda asked: {"Role": role(asked["RoleName"], path)}
    found(aws)
    sources = {a["PolicySourceArn"] for name, a in aws.asked if "Simulate" in name}
    assert sources == {f"arn:aws:iam::{ACCOUNT}:role{path}{name}"}


def test_a_role_that_may_not_be_read_is_simulated_without_a_path(aws: Aws) -> None:
    """Most roles have none."""
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Learner/ken"
    aws.says["sts.GetCallerIdentity"] = {"UserId": "A", "Account": ACCOUNT, "Arn": arn}
    aws.says["iam.GetRole"] = DENIED
    aws.says["iam.SimulatePrincipalPolicy"] = simulating({"Statement": []})
    seen = found(aws)["permissions"]
    assert "`aws iam attach-role-policy --role-name Learner " in text(seen)


def test_a_policy_that_looks_for_mfa_is_told_with_how_to_bring_it(aws: Aws) -> None:
    """The device's ARN is named, for copying."""
    nothing: dict[str, Any] = {"Statement": []}
    aws.says["iam.SimulatePrincipalPolicy"] = simulating(
        nothing, MissingContextValues=["aws:MultiFactorAuthPresent"]
    )
    seen = found(aws)["permissions"]
    assert f"--serial-number arn:aws:iam::{ACCOUNT}:mfa/ken --token-code CODE" in text(seen)


def test_what_the_organization_forbids_is_its_own_sentence(aws: Aws) -> None:
    """No policy of the account helps."""
    nothing: dict[str, Any] = {"Statement": []}
    aws.says["iam.SimulatePrincipalPolicy"] = simulating(
        nothing, OrganizationsDecisionDetail={"AllowedByOrganizations": False}
    )
    assert "organization forbids" in text(found(aws)["permissions"])


def test_where_iam_does_not_tell_harmless_calls_are_tried(aws: Aws) -> None:
    """They are answered: reading works, and the rest is not known."""
    aws.says["iam.SimulatePrincipalPolicy"] = DENIED
    seen = found(aws)
    assert states(seen) == {"permissions": "warning"}
    launched = [asked for name, asked in aws.asked if name == "ec2.RunInstances"]
    assert [one["DryRun"] for one in launched] == [True]


def test_a_harmless_call_that_is_refused_takes_its_notebooks_away(aws: Aws) -> None:
    """A federated user has no policies IAM could simulate."""
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/ken"
    aws.says["sts.GetCallerIdentity"] = {"UserId": "A", "Account": ACCOUNT, "Arn": arn}
    aws.says["ec2.RunInstances"] = Refused("UnauthorizedOperation", "You are not authorized", 403)
    seen = found(aws)["permissions"]
    assert seen.state == "missing"
    assert "ec2:RunInstances" in text(seen)
    assert "02, 03, 04" in text(seen)
