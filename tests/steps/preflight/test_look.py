"""Each thing the preflight finds, good and bad: a sentence, and a command that mends it."""

from __future__ import annotations

import datetime
import itertools
import re
import threading
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.credentials import RefreshableCredentials

from ecslab.model.finding import Finding
from ecslab.steps import login
from ecslab.steps.preflight import look
from tests.iam.holding import learner_policy
from tests.steps.preflight.aws import (
    ACCOUNT,
    USER,
    Aws,
    Refused,
    profile,
    quotas,
    role,
    simulating,
    zones,
)

COMMAND = re.compile(r"`(aws|ecslab|python3|curl|sudo|lab)[ .][^`]+`")
DENIED = Refused("AccessDenied", "User is not authorized to perform: that", 403)


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """How an earlier test was logged in is forgotten."""
    monkeypatch.setattr(login, "_now", login.Login("", "env"))


@pytest.fixture
def aws() -> Aws:
    """An account in which all is well."""
    return Aws()


def found(aws: Aws, learners: int = 1) -> dict[str, Finding]:
    """By their English names."""
    findings = look(aws.open, learners)
    for one in findings:
        said = f"{one.detail} {one.remedy}"
        assert "planted" not in said
        assert "{" not in said, "something was not filled in"
        if one.state != "ready":
            for lang in ("en", "ja"):
                remedy = one.remedy if isinstance(one.remedy, str) else one.remedy.render(lang)
                assert COMMAND.search(remedy), f"{one.name} names no command: {remedy}"
            assert re.search("[ぁ-ん]", remedy), f"{one.name} is not Japanese: {remedy}"
    return {(n if isinstance(n := one.name, str) else n.render("en")): one for one in findings}


def states(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: one.state for name, one in findings.items() if one.state != "ready"}


def text(finding: Finding) -> str:
    return f"{finding.detail} {finding.remedy}"


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


# -- who one is ----------------------------------------------------------------------------------


def test_the_root_user_is_advised_against_and_not_simulated(aws: Aws) -> None:
    """IAM has no policies of it to look at."""
    root = f"arn:aws:iam::{ACCOUNT}:root"
    aws.says["sts.GetCallerIdentity"] = {"UserId": "A", "Account": ACCOUNT, "Arn": root}
    seen = found(aws)
    assert states(seen) == {"AWS identity": "warning"}
    assert "root user" in text(seen["AWS identity"])
    assert "iam.SimulatePrincipalPolicy" not in [name for name, _asked in aws.asked]


def test_no_credentials_are_one_finding_with_how_to_get_some(
    monkeypatch: pytest.MonkeyPatch, aws: Aws
) -> None:
    """Nothing else is asked."""
    aws.says["sts.GetCallerIdentity"] = boto.NoCredentialsError()
    seen = found(aws)
    assert states(seen) == {"AWS credentials": "missing"}
    assert "`aws configure`" in text(seen["AWS credentials"])


def test_a_profile_that_is_not_there_is_named() -> None:
    """It is not even a session."""

    def no_session() -> Any:
        raise boto.ProfileNotFound(profile="nope")

    (one,) = look(no_session)
    assert one.state == "missing"
    assert "nope" in str(one.detail)
    assert "`aws configure list-profiles`" in str(one.remedy)


@pytest.mark.parametrize(
    ("kept", "command"),
    [
        (login.Login("work", "sso"), "`aws sso login --profile work`"),
        (login.Login("", "login"), "`aws login`"),
        (login.Login("mfa", "assume-role", mfa=True), "aws sts get-session-token --serial-number"),
        (login.Login("", "env"), "aws sts get-session-token --serial-number"),
        (login.Login("old", "shared-credentials-file"), "`aws configure --profile old`"),
    ],
)
def test_an_expired_login_is_told_with_how_to_log_in_again(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, kept: login.Login, command: str
) -> None:
    """SSO, MFA, keys in the environment, keys in a file: each its own command."""
    monkeypatch.setattr(login, "_now", kept)
    aws.says["sts.GetCallerIdentity"] = Refused("ExpiredToken", "The security token is expired")
    seen = found(aws)
    assert states(seen) == {"AWS credentials": "missing"}
    assert command in text(seen["AWS credentials"])


def test_an_sso_token_that_cannot_be_had_is_an_expired_login(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Botocore says so itself, before AWS is asked."""
    monkeypatch.setattr(login, "_now", login.Login("work", "sso"))
    aws.says["sts.GetCallerIdentity"] = boto.UnauthorizedSSOTokenError()
    assert "`aws sso login --profile work`" in text(found(aws)["AWS credentials"])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("SignatureDoesNotMatch", "The canonical string: planted"),
        ("InvalidClientTokenId", "The security token included in the request is invalid."),
    ],
)
def test_keys_that_are_wrong_are_to_be_entered_again(aws: Aws, code: str, message: str) -> None:
    """And what was signed is not repeated."""
    aws.says["sts.GetCallerIdentity"] = Refused(code, message, 403)
    seen = found(aws)
    assert states(seen) == {"AWS credentials": "missing"}
    assert "`aws configure`" in text(seen["AWS credentials"])


def test_no_network_is_a_finding_of_its_own(aws: Aws) -> None:
    """With a look at whether AWS answers at all."""
    aws.says["sts.GetCallerIdentity"] = boto.EndpointConnectionError(
        endpoint_url="https://sts.us-east-1.amazonaws.com/"
    )
    seen = found(aws)
    assert states(seen) == {"network": "missing"}
    assert "curl -sI https://sts.amazonaws.com" in text(seen["network"])


def test_what_nobody_expected_is_a_finding_too(aws: Aws) -> None:
    """The preflight never raises."""
    aws.says["sts.GetCallerIdentity"] = RuntimeError("boom")
    seen = found(aws)
    assert states(seen) == {"AWS credentials": "missing"}
    assert "RuntimeError: boom" in text(seen["AWS credentials"])


@pytest.mark.parametrize(("minutes", "state"), [(20, "warning"), (200, "ready")])
def test_a_login_that_ends_soon_is_told(aws: Aws, minutes: int, state: str) -> None:
    """Within the hour it would end in the middle of the workshop."""
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    temporary = RefreshableCredentials("A", "planted", "planted", until, dict, "env")
    aws.session._session._credentials = temporary
    seen = found(aws)["AWS credentials"]
    assert seen.state == state
    assert f"in {minutes - 1} minutes" in str(seen.detail)


# -- the clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "state", "said"),
    [
        (20.0, "ready", "within a minute"),
        (120.0, "warning", "120 s ahead"),
        (-120.0, "warning", "120 s behind"),
        (900.0, "missing", "refuses"),
    ],
)
def test_a_clock_that_is_off_is_told(aws: Aws, ahead: float, state: str, said: str) -> None:
    """By the date of the answer: botocore hides it until AWS refuses."""
    aws.ahead = ahead
    clock = found(aws)["clock"]
    assert clock.state == state
    assert said in re.sub(r"1(19|20|21) s", "120 s", text(clock))


def test_a_signature_refused_for_the_clock_tells_of_the_clock_alone(aws: Aws) -> None:
    """The refusal carries AWS's date."""
    aws.ahead = -1200.0
    aws.says["sts.GetCallerIdentity"] = Refused(
        "SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1", 403
    )
    seen = found(aws)
    assert states(seen) == {"clock": "missing"}
    assert "timedatectl" in text(seen["clock"])


# -- the region ----------------------------------------------------------------------------------


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


# -- permissions ---------------------------------------------------------------------------------


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


# -- quotas --------------------------------------------------------------------------------------


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


# -- roles ---------------------------------------------------------------------------------------


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
