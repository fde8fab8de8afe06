"""Who one is, and what keeps AWS from saying so: a sentence, and a command that mends it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.credentials import RefreshableCredentials

from ecslab.steps import login
from ecslab.steps.preflight import look
from tests.steps.preflight.aws import (
    ACCOUNT,
    Aws,
    Refused,
)
from tests.steps.preflight.looking import found, states, text


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
