"""The policies: short enough, made of the table, and no wider than what is called."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest

from ecslab.steps import stack
from ecslab.steps.preflight.table import INSTRUCTOR, LEARNER, STACKS, Action
from tests.iam import holding
from tests.iam.evaluator import allows
from tools import check, policy
from tools.iam import policies
from tools.iam.requests import read
from tools.iam.stack import PARAMETERS, TYPES

AT = "us-east-1:123456789012"
ACTIONS = [action for grant in (*LEARNER, *STACKS) for action in grant.actions]
RECORDED = ("notebook", "stack", "beside")
"""Who is seen when notebooks run."""
VIA = {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}
NO_CALLS = ("iam:PassRole", "cloudformation:TagResource")
"""Actions that are no operation of an API."""
APIS = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}


@cache
def operations(api: str) -> list[str]:
    """The operations of an API."""
    return list(botocore.session.get_session().get_service_model(api).operation_names)


@cache
def made() -> dict[str, set[str]]:
    """What the notebooks are recorded to make: action → notebooks."""
    found: dict[str, set[str]] = {}
    for notebook, actions in holding.record().items():
        for action in actions:
            found.setdefault(action, set()).add(notebook)
    return found


@pytest.mark.parametrize("name", policies.POLICIES)
def test_a_policy_is_short_enough_for_iam(name: str) -> None:
    """A managed policy has at most 6,144 characters, white space not counted."""
    text = (holding.ROOT / "iam" / name).read_text("utf-8")
    assert 100 < len("".join(text.split())) <= 6144


def test_the_files_are_what_the_table_and_the_record_make() -> None:
    """Else it says which command brings them up to date."""
    assert policy.main(["--check"]) == 0
    assert ("tools/policy.py", "--check") in [one.command for one in check.checks()]


def test_an_action_nobody_grants_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    """A new call that the table lacks fails the check with a sentence."""
    monkeypatch.setattr(policies, "needs", lambda _calls: {"ecs:PutAttributes": ["03"]})
    assert policy.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "A notebook calls ecs:PutAttributes" in said
    assert "python tools/policy.py" in said


@pytest.mark.parametrize("action", ACTIONS, ids=lambda one: f"{one.by}-{one.name}")
def test_every_action_is_made_by_whom_the_table_says(action: Action) -> None:
    """No action is granted that nobody makes: seen in a notebook, or named with its reason."""
    seen = [one for one in made() if fnmatchcase(one, action.name)]
    # What the preflight asks for, say, CloudFormation may ask for too, by another row.
    by = {one.by for one in ACTIONS if any(fnmatchcase(name, one.name) for name in seen)}
    assert bool(seen) == bool((by or {action.by}) & set(RECORDED)), f"{action}; {holding.TABLE}"
    assert action.why


@pytest.mark.parametrize("action", sorted({one.name for one in ACTIONS}))
def test_every_action_is_one_of_an_api(action: str) -> None:
    """A name that AWS does not know would grant nothing."""
    if action in NO_CALLS:
        return
    service, name = action.split(":")
    assert [one for one in operations(APIS.get(service, service)) if fnmatchcase(one, name)]


def test_every_type_of_the_template_says_what_cloudformation_calls_for_it() -> None:
    """A new resource in the stack needs its row."""
    template = json.loads(stack.template("ecslab-test", {"ecslab:learner": "ecslab-test"}))
    assert {one["Type"] for one in template["Resources"].values()} == set(TYPES)
    kinds = {one["Type"] for one in template["Parameters"].values()}
    assert kinds - {"String", "Number"} == set(PARAMETERS)


LEARNERS_OWN = [
    ("ecs:RunTask", f"arn:aws:ecs:{AT}:task-definition/ecslab-ken-1:1",
     {"ecs:cluster": f"arn:aws:ecs:{AT}:cluster/ecslab-ken-1"}),
    ("ecs:StopTask", f"arn:aws:ecs:{AT}:task/ecslab-ken-1/abc", {}),
    ("ec2:CreateVpc", "*", VIA),
    ("ec2:RunInstances", "*", {"ec2:InstanceType": "t2.micro"}),
    ("ec2:TerminateInstances", f"arn:aws:ec2:{AT}:instance/i-1",
     {"aws:ResourceTag/ecslab:learner": "ecslab-ken-1"}),
    ("iam:PassRole", "arn:aws:iam::1:role/ecsInstanceRole-ecslab-ken-1",
     {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", "arn:aws:iam::1:role/ecsTaskExecutionRole",
     {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
    ("iam:CreateServiceLinkedRole",
     "arn:aws:iam::1:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
     {"iam:AWSServiceName": "ecs.amazonaws.com"}),
]  # fmt: skip
OTHERS = [
    ("ecs:RunTask", f"arn:aws:ecs:{AT}:task-definition/ecslab-ken-1:1",
     {"ecs:cluster": f"arn:aws:ecs:{AT}:cluster/production"}),
    ("ecs:RunTask", f"arn:aws:ecs:{AT}:task-definition/shop:1",
     {"ecs:cluster": f"arn:aws:ecs:{AT}:cluster/ecslab-ken-1"}),
    ("ecs:StopTask", f"arn:aws:ecs:{AT}:task/production/abc", {}),
    ("ecs:DeleteCluster", f"arn:aws:ecs:{AT}:cluster/production", {}),
    ("ecs:TagResource", f"arn:aws:ecs:{AT}:service/production/web", {}),
    ("ec2:CreateVpc", "*", {}),
    ("ec2:DeleteVpc", f"arn:aws:ec2:{AT}:vpc/vpc-1", {}),
    ("ec2:RunInstances", "*", {"ec2:InstanceType": "p5.48xlarge"}),
    ("ec2:TerminateInstances", f"arn:aws:ec2:{AT}:instance/i-1", {}),
    ("ec2:TerminateInstances", f"arn:aws:ec2:{AT}:instance/i-1",
     {"aws:ResourceTag/ecslab:learner": "somebody"}),
    ("iam:PassRole", "arn:aws:iam::1:role/Admin", {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", "arn:aws:iam::1:role/ecsTaskExecutionRole",
     {"iam:PassedToService": "lambda.amazonaws.com"}),
    ("iam:AttachRolePolicy", "arn:aws:iam::1:role/ecsInstanceRole-ecslab-ken-1",
     {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("iam:CreateRole", "arn:aws:iam::1:role/Admin", VIA),
    ("iam:CreateServiceLinkedRole", "arn:aws:iam::1:role/aws-service-role/x/y",
     {"iam:AWSServiceName": "rds.amazonaws.com"}),
    ("cloudformation:DeleteStack", f"arn:aws:cloudformation:{AT}:stack/production/1", {}),
    ("elasticloadbalancing:DeleteLoadBalancer",
     f"arn:aws:elasticloadbalancing:{AT}:loadbalancer/app/shop/1", {}),
    ("ssm:GetParameters", f"arn:aws:ssm:{AT}:parameter/production/password", {}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "resource", "context"), LEARNERS_OWN)
def test_a_learner_may_do_this(action: str, resource: str, context: dict[str, str]) -> None:
    """What the workshop does with the learner's own things."""
    assert allows(holding.learner_policy(), action, resource, context)


@pytest.mark.parametrize(("action", "resource", "context"), OTHERS)
def test_a_learner_may_not_do_this(action: str, resource: str, context: dict[str, str]) -> None:
    """What is somebody else's, or more than the workshop needs."""
    assert not allows(holding.learner_policy(), action, resource, context)


def test_one_learners_policy_leaves_another_learners_things_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """``--prefix`` narrows all names to one learner's."""
    assert policy.main(["--prefix", "ecslab-ken-"]) == 0
    printed = capsys.readouterr().out
    first = json.JSONDecoder().raw_decode(printed)[0]
    for cluster, may in (("ecslab-ken-1", True), ("ecslab-eva-1", False)):
        arn = f"arn:aws:ecs:{AT}:cluster/{cluster}"
        assert allows(first, "ecs:DeleteCluster", arn, {}) == may


def test_the_instructor_may_make_the_default_roles_and_no_others() -> None:
    """What `ecslab doctor --make-roles` does."""
    made_of = policies.document(INSTRUCTOR)
    assert allows(made_of, "iam:CreateRole", "arn:aws:iam::1:role/ecsTaskExecutionRole", {})
    assert not allows(made_of, "iam:CreateRole", "arn:aws:iam::1:role/Admin", {})


def test_a_call_that_is_not_allowed_is_told_with_what_to_do() -> None:
    """So is one that the record lacks, and one that is in it and was not made."""
    call = {"service": "ecs", "region": "us-east-1", "operation": "PutAttributes", "members": {}}
    said = list(holding.complaints("00-start", read([call])))
    assert said == [
        "00-start calls ecs:PutAttributes on *, which the learner's policy does not allow. "
        "Add it to ecslab/steps/preflight/table.py, then run: python tools/policy.py",
        "00-start calls ecs:PutAttributes; iam/calls.json says otherwise. "
        "Run: python tools/policy.py --record",
    ]
    missing = list(holding.complaints("08-when-things-break", []))
    assert (
        "08-when-things-break does not call ec2:TerminateInstances; iam/calls.json says otherwise. "
        "Run: python tools/policy.py --record"
    ) in missing
