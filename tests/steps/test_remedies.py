"""Each refusal of AWS has a sentence with what to do, in both languages, and without a secret."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from botocore.exceptions import ClientError

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.steps import login
from ecslab.steps.login import Login
from ecslab.steps.remedies import scrubbed
from ecslab.steps.said import sentence

TOKEN = "IQoJb3JpZ2luX2VjPLANTED//////////wEaDmFwLW5vcnRoZWFzdC0x"
ARN = "arn:aws:sts::123456789012:assumed-role/learner/yui"


def said(code: str, message: str = "No.", operation: str = "RunTask", status: int = 400) -> str:
    """The sentence for an answer of AWS."""
    return str(told(code, message, operation, status))


def told(code: str, message: str, operation: str = "RunTask", status: int = 400) -> EcslabError:
    meta = {"HTTPStatusCode": status, "HTTPHeaders": {"date": formatdate(time.time())}}
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}
    found = sentence(ClientError(response, operation))
    assert found is not None
    return found


CASES = [
    ("ThrottlingException", "Rate exceeded", "wait a moment", "少し待って"),
    ("RequestLimitExceeded", "Request limit exceeded.", "wait a moment", "少し待って"),
    ("VcpuLimitExceeded", "You have requested more vCPU capacity.", "Service Quotas", "vCPU"),
    ("VpcLimitExceeded", "The maximum number of VPCs has been reached.", "no VPC left", "VPC"),
    ("AddressLimitExceeded", "x", "no public address left", "パブリック IP"),
    ("ServiceQuotaExceededException", "x", "quota", "クォータ"),
    ("TooManyLoadBalancers", "x", "quota", "クォータ"),
    ("InsufficientInstanceCapacity", "x", "another type", "別のタイプ"),
    ("PendingVerification", "x", "AWS Support", "AWS サポート"),
    ("OptInRequired", "x", "another region", "別のリージョン"),
    ("UnrecognizedClientException", "x", "has to be enabled", "有効化が必要"),
    (
        "InvalidParameterException",
        "Unable to assume the service linked role. Please verify that it exists.",
        "create-service-linked-role",
        "create-service-linked-role",
    ),
    ("ClusterNotFoundException", "Cluster not found.", "lab.create_cluster()", "クラスター"),
]


@pytest.mark.parametrize(("code", "message", "english", "japanese"), CASES)
def test_a_refusal_says_what_to_do(code: str, message: str, english: str, japanese: str) -> None:
    set_language("en")
    assert english in said(code, message)
    set_language("ja")
    assert japanese in said(code, message)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_permission_that_lacks_is_named_with_the_policy_that_has_it(lang: str) -> None:
    set_language(lang)
    why = f"User: {ARN} is not authorized to perform: ecs:RunTask on resource: *"
    for text in (
        said("AccessDeniedException", why),
        said("UnauthorizedOperation", "You are not authorized.", "RunTask").replace("ec2", "ecs"),
    ):
        assert "ecs:RunTask" in text
        assert "iam/README.md" in text


def test_what_the_organization_forbids_is_not_asked_of_the_policy() -> None:
    set_language("en")
    why = f"User: {ARN} is not authorized to perform: ecs:RunTask with an explicit deny in a service control policy"  # noqa: E501
    assert "organization forbids ecs:RunTask" in said("AccessDeniedException", why)
    assert "iam/" not in said("AccessDeniedException", why)


@pytest.mark.parametrize("status", [500, 503])
def test_trouble_of_awss_own_is_called_so(status: int) -> None:
    set_language("en")
    assert "AWS has trouble of its own" in said("InternalFailure", "x", status=status)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("RequestTimeTooSkewed", "The difference between the request time and now is too large."),
        ("RequestInTheFuture", "x"),
        ("SignatureDoesNotMatch", "Signature expired: 2026 is now earlier than 2026"),
        ("InvalidSignatureException", "Signature not yet current: 2026 is still later than 2026"),
    ],
)
def test_a_wrong_clock_is_told_from_wrong_credentials(code: str, message: str) -> None:
    set_language("en")
    assert "its clock is wrong" in said(code, message)


@pytest.mark.parametrize("code", ["AuthFailure", "RequestExpired", "UnrecognizedClientException"])
def test_a_wrong_clock_is_seen_by_the_time_aws_answers_with(code: str) -> None:
    set_language("en")
    response = {
        "Error": {"Code": code, "Message": "AWS was not able to validate the credentials"},
        "ResponseMetadata": {"HTTPHeaders": {"date": formatdate(time.time() + 900)}},
    }
    assert "its clock is wrong" in str(sentence(ClientError(response, "RunInstances")))


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch", "InvalidSignatureException"])
def test_a_wrong_signature_does_not_repeat_what_was_signed(code: str) -> None:
    set_language("en")
    message = f"The Canonical String should have been 'x-amz-security-token:{TOKEN}'"
    text = said(code, message)
    assert "the secret key does not fit" in text
    assert TOKEN not in text


@pytest.mark.parametrize(
    "text",
    [
        f"headers: x-amz-security-token:{TOKEN} host;x",
        f"AWS_SESSION_TOKEN={TOKEN}",
        f'"SecretAccessKey": "{TOKEN}"',
        f"Encoded authorization failure message: {TOKEN}",
        f"Failed to connect to proxy http://yui:{TOKEN.replace('/', '')}@proxy:8080",
    ],
)
def test_secrets_in_awss_words_are_left_out(text: str) -> None:
    assert TOKEN not in scrubbed(text)
    assert TOKEN.replace("/", "") not in scrubbed(text)
    assert "****" in scrubbed(text)


def test_endless_words_are_shortened_and_lines_are_one() -> None:
    assert len(scrubbed("word\n" * 1000)) < 700
    assert "\n" not in scrubbed("a\n\n b")


@pytest.mark.parametrize(
    ("how", "what"),
    [
        (Login("sub", "sso"), "`aws sso login --profile sub`"),
        (Login("", "sso"), "`aws sso login`"),
        (Login("sub", "login"), "`aws login --profile sub`"),
        (Login("sub", "assume-role", mfa=True), "MFA"),
        (Login("", "env"), "AWS_SESSION_TOKEN"),
        (Login("sub", "shared-credentials-file"), "~/.aws/credentials"),
        (Login("", ""), "~/.aws/credentials"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_expired_login_says_how_this_one_is_renewed(
    lang: str, how: Login, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_now", how)
    set_language(lang)
    for code in ("ExpiredToken", "ExpiredTokenException", "RequestExpired"):
        assert what in said(code)
