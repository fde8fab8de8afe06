"""The default roles, made on moto's IAM: with AWS's own policies, once, and not without consent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import boto3
import pytest
from moto import mock_aws

from ecslab.lab.preflight import make_roles
from ecslab.model.errors import EcslabError
from ecslab.steps.preflight import roles

MANAGED = "arn:aws:iam::aws:policy/service-role"
MOTOS = "AWSServiceRoleForecs"
"""What moto calls ECS's own role."""


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account."""
    for name, value in (("AWS_ACCESS_KEY_ID", "AKIAPREFLIGHT0000001"),
                        ("AWS_SECRET_ACCESS_KEY", "planted"), ("ECSLAB_LANG", "en"),
                        ("AWS_DEFAULT_REGION", "us-east-1")):  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ECSLAB_TARGET", raising=False)
    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        yield


def trusted(name: str) -> Any:
    """Who may take a role on."""
    document = boto3.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    document = json.loads(document) if isinstance(document, str) else document
    return [one["Principal"] for one in document["Statement"]]


def attached(name: str) -> list[str]:
    """The policies of a role."""
    found = boto3.client("iam").list_attached_role_policies(RoleName=name)
    return [one["PolicyArn"] for one in found["AttachedPolicies"]]


def test_they_are_made_once_as_the_developer_guide_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Trust, policy, instance profile; what is made is shown before, and the second time is not."""
    monkeypatch.setattr(roles, "LINKED_ROLE", MOTOS)
    shown: list[Sequence[str]] = []
    made = make_roles(None, None, lambda names: not shown.append(names))
    assert shown == [["ecsInstanceRole", "ecsTaskExecutionRole", MOTOS]]
    assert made == shown[0]
    assert trusted("ecsInstanceRole") == [{"Service": "ec2.amazonaws.com"}]
    assert attached("ecsInstanceRole") == [f"{MANAGED}/AmazonEC2ContainerServiceforEC2Role"]
    assert trusted("ecsTaskExecutionRole") == [{"Service": "ecs-tasks.amazonaws.com"}]
    assert attached("ecsTaskExecutionRole") == [f"{MANAGED}/AmazonECSTaskExecutionRolePolicy"]
    profile = boto3.client("iam").get_instance_profile(InstanceProfileName="ecsInstanceRole")
    assert [one["RoleName"] for one in profile["InstanceProfile"]["Roles"]] == ["ecsInstanceRole"]
    linked = boto3.client("iam").get_role(RoleName=MOTOS)["Role"]
    assert linked["Path"] == "/aws-service-role/ecs.amazonaws.com/"
    assert make_roles(None, None, lambda names: pytest.fail(f"asked for {names}")) == []


def test_half_of_them_are_completed() -> None:
    """A run that was cut off is taken up again."""
    boto3.client("iam").create_role(RoleName="ecsInstanceRole", AssumeRolePolicyDocument="{}")
    make_roles(None, None, lambda _names: True)
    assert attached("ecsInstanceRole")
    boto3.client("iam").get_instance_profile(InstanceProfileName="ecsInstanceRole")


def test_without_consent_nothing_is_made() -> None:
    """Saying no leaves the account as it is."""
    assert make_roles(None, None, lambda _names: False) == []
    assert boto3.client("iam").list_roles()["Roles"] == []


def test_who_is_nobody_cannot_make_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The preflight's own sentence is the error."""
    with pytest.raises(EcslabError, match="no-such-profile"):
        make_roles("no-such-profile", None, lambda _names: True)
