"""How a real account is connected to: whose login, which region, how patiently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

import ecslab
from ecslab.lab import aws_session as module
from ecslab.lab.aws_session import aws_session
from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.steps.login import Login, login
from ecslab.steps.said import NotAwsError

CONFIG = """
[profile plain]
region = eu-west-1
[profile work]
region = ap-northeast-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = learner
[sso-session corp]
sso_region = ap-northeast-1
sso_start_url = https://corp.awsapps.com/start
[profile broken]
region = ap-northeast-1
credential_process = sh -c 'echo "SecretAccessKey: PLANTEDnHbTz0Xq" >&2; exit 1'
"""
KEYS = "[plain]\naws_access_key_id = AKIAPLAIN0000000000\naws_secret_access_key = PLANTED\n"


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with these profiles, and no AWS variable."""
    for name, text in (("config", CONFIG), ("credentials", KEYS)):
        (tmp_path / name).write_text(text)
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE", "REGION",
                 "DEFAULT_REGION", "DEFAULT_PROFILE", "ENDPOINT_URL"):  # fmt: skip
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.5)
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    set_language("en")


def refused(**settings: Any) -> str:
    with pytest.raises(EcslabError) as error:
        ecslab.connect("aws", consent=True, **settings)
    assert error.value.hint
    assert "PLANTED" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_comes_from_either_variable(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "eu-north-1")
    assert aws_session().region_name == "eu-north-1"
    assert aws_session("plain", "us-west-2").region_name == "us-west-2"


def test_the_region_comes_from_the_profile_else() -> None:
    assert aws_session("plain").region_name == "eu-west-1"


def test_without_a_region_it_says_how_to_give_one() -> None:
    assert "set AWS_REGION" in refused()


def test_without_credentials_it_says_how_to_get_them() -> None:
    assert "`aws configure`" in refused(region="us-east-1")


def test_a_profile_that_is_not_there_is_named() -> None:
    assert "nobody" in refused(profile="nobody")


def test_a_login_of_sso_that_is_none_says_the_command_with_the_profile() -> None:
    text = refused(profile="work")
    assert "The AWS login has expired." in text
    assert "`aws sso login --profile work`" in text


def test_credentials_that_cannot_be_fetched_are_told_without_what_was_printed() -> None:
    assert "could not be fetched" in refused(profile="broken")


def test_a_region_that_is_none_is_told_from_a_network_that_is_away() -> None:
    text = refused(profile="plain", region="ap-northeast-9")
    assert "There is no region ap-northeast-9" in text


def test_a_proxy_that_is_away_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://yui:PLANTED@127.0.0.1:9")
    text = refused(profile="plain")
    assert "The proxy" in text
    assert "127.0.0.1:9" in text
    assert "HTTPS_PROXY" in text


def test_the_login_is_known_for_the_sentences() -> None:
    aws_session("plain")
    assert login() == Login("plain", "shared-credentials-file")


def test_clients_are_patient() -> None:
    config = aws_session("plain").client("ecs").meta.config
    assert config.retries == {"mode": "adaptive", "total_max_attempts": module.ATTEMPTS}
    assert config.read_timeout == module.READ_TIMEOUT < 60
    assert config.user_agent_extra.startswith("ecslab/")


def test_calls_that_make_something_carry_a_token_unless_they_have_one() -> None:
    client = aws_session("plain").client("ecs")
    sent: list[str] = []
    client.meta.events.register_last(
        "before-parameter-build.ecs",
        lambda params, **_rest: sent.append(params.get("clientToken", "")),
    )
    request = {"serviceName": "web", "taskDefinition": "web"}
    with Stubber(client) as stub:
        for more in ({}, {}, {"clientToken": "mine"}):
            stub.add_response("create_service", {})
            client.create_service(**request, **more)
    assert len(set(sent)) == 3
    assert all(sent)
    assert sent[2] == "mine"


@pytest.mark.parametrize(("status", "refused"), [(200, True), (403, True), (503, False)])
def test_a_page_is_no_answer_unless_aws_itself_is_out_of_order(status: int, refused: bool) -> None:
    page = {"headers": {"content-type": "text/html; charset=utf-8"}, "status_code": status}
    try:
        module._refuse_pages(page)
    except NotAwsError:
        assert refused
    else:
        assert not refused
