"""What AWS and botocore raise reaches a learner as one sentence with what to do next."""

from __future__ import annotations

import boto3
import botocore.session
import pytest
from botocore import exceptions as boto
from botocore.stub import Stubber

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.steps.progress import Stopped
from ecslab.steps.said import AwsRefusedError, plainly


@pytest.fixture
def ecs():
    """A client that answers what a test tells it to; nobody is asked."""
    client = boto3.client(
        "ecs", "us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    with Stubber(client) as stub:
        client.answers = stub
        yield client


def refused(ecs, code, message="No.\n  Really."):
    ecs.answers.add_client_error("list_clusters", code, message)
    with pytest.raises(EcslabError) as error, plainly():
        ecs.list_clusters()
    return error.value


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("AccessDeniedException", "No.", "lacks this permission"),
        ("UnrecognizedClientException", "No.", "check the profile and the region"),
        ("ThrottlingException", "Rate exceeded", "wait a moment"),
        ("ClusterNotFoundException", "Cluster not found.", "lab.create_cluster()"),
        ("ClientException", "TaskDefinition not found.", "lab.register_task_definition"),
        ("ClientException", "Role is not valid", "Leave the role out"),
        ("ClusterContainsTasksException", "Tasks are active.", "lab.cleanup()"),
        ("LimitExceededException", "Too many.", "quota"),
    ],
)
def test_a_refusal_says_what_was_refused_and_what_to_do(ecs, code, message, hint):
    set_language("en")
    error = refused(ecs, code, message)
    assert isinstance(error, AwsRefusedError)
    assert error.code == code
    assert f"ListClusters: {message} ({code})" in str(error)
    assert hint in str(error.hint)


def test_an_unknown_refusal_is_told_in_its_own_words_on_one_line(ecs):
    error = refused(ecs, "OddException")
    assert str(error) == "ListClusters: No. Really. (OddException)"
    assert error.hint is None


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_an_expired_login_is_called_so(ecs, code):
    set_language("ja")
    assert "ログインの有効期限が切れています" in str(refused(ecs, code))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (boto.NoCredentialsError(), "aws configure"),
        (boto.PartialCredentialsError(provider="env", cred_var="x"), "No AWS credentials"),
        (boto.ProfileNotFound(profile="nobody"), "nobody"),
        (boto.NoRegionError(), "No AWS region is chosen"),
        (boto.EndpointConnectionError(endpoint_url="http://x"), "http://x does not answer"),
        (boto.ConnectTimeoutError(endpoint_url="http://x"), "ecslab sandbox start"),
        (boto.ParamValidationError(report="a\n  b"), "as the API takes it: "),
        (boto.SSOTokenLoadError(error_msg="x"), "login has expired"),
        (boto.DataNotFoundError(data_path="x"), "Unable to load data for: x"),
    ],
)
def test_what_botocore_itself_finds_wrong_is_a_sentence(error, said):
    set_language("en")
    with pytest.raises(EcslabError) as raised, plainly():
        raise error
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_profile_that_is_missing_is_a_sentence():
    with pytest.raises(EcslabError, match="no-such-profile"), plainly():
        botocore.session.Session(profile="no-such-profile").get_scoped_config()


def test_ctrl_c_is_a_stop_not_an_error():
    with pytest.raises(Stopped), plainly():
        raise KeyboardInterrupt


def test_a_bug_of_ours_is_not_dressed_up():
    with pytest.raises(ZeroDivisionError), plainly():
        _ = 1 / 0
