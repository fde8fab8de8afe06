"""No call of the kit's own code is forgotten, whether a notebook comes by it or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest
from botocore import xform_name

from ecslab.steps.preflight.table import INSTRUCTOR, LEARNER, STACKS
from tests.iam.holding import ROOT, TABLE

SERVICES = {
    "application-autoscaling": "application-autoscaling",
    "autoscaling": "autoscaling",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "ec2": "ec2",
    "ecs": "ecs",
    "elbv2": "elasticloadbalancing",
    "iam": "iam",
    "logs": "logs",
    "service-quotas": "servicequotas",
    "ssm": "ssm",
    "resourcegroupstaggingapi": "tag",
    "secretsmanager": "secretsmanager",
    "sts": "sts",
}
"""API → what IAM calls it."""
LEFT_OUT = {
    "sts:GetCallerIdentity": "needs no permission",
    "ssm:GetParameter": "`ecslab local` reads a learner's own secrets: no notebook has any",
    "secretsmanager:GetSecretValue": "the same",
}
"""Calls that no policy of the workshop allows, and why."""


@cache
def operations() -> dict[str, set[str]]:
    """What boto3 calls an operation → the actions it may be, by service."""
    found: dict[str, set[str]] = {}
    for api, service in SERVICES.items():
        model = botocore.session.get_session().get_service_model(api)
        for name in model.operation_names:
            found.setdefault(xform_name(name), set()).add(f"{service}:{name}")
    return found


def called(source: str) -> Iterator[str]:
    """Names of methods that are called, and words handed to one: a paginator, a preflight."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


def made() -> set[str]:
    """What the rooms that have boto3 call, in boto3's words."""
    files = [path for room in ("steps", "lab") for path in (ROOT / "ecslab" / room).rglob("*.py")]
    return {name for path in files for name in called(path.read_text("utf-8"))} & set(operations())


@pytest.mark.parametrize("name", sorted(made()))
def test_what_the_code_calls_a_policy_allows(name: str) -> None:
    """Or it is left out with a reason."""
    grants = (*LEARNER, *STACKS, *INSTRUCTOR)
    granted = [action.name for grant in grants for action in grant.actions]
    assert any(
        one in LEFT_OUT or any(fnmatchcase(one, pattern) for pattern in granted)
        for one in operations()[name]
    ), f"{sorted(operations()[name])}: add it to {TABLE}, then run: python tools/policy.py"


def test_the_calls_of_the_code_are_found() -> None:
    """Else the test above would look at nothing."""
    assert {"run_task", "list_clusters", "describe_stacks", "get_service_quota"} <= made()
