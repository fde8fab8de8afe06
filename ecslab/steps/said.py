"""What AWS and botocore raise, said in one sentence with what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.progress import Stopped

_ = translator("steps")

_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess")
_UNKNOWN = (
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
)
_SLOW_DOWN = ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests")


class AwsRefusedError(EcslabError):
    """AWS answered with an error; `code` is its error code."""

    def __init__(self, message: Text | str, hint: Text | str | None, code: str) -> None:
        super().__init__(message, hint)
        self.code = code


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what botocore raises, and Ctrl-C, into an `EcslabError`."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped from None
    except EcslabError:
        raise
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        raise said from error


def sentence(error: Exception) -> EcslabError | None:
    """The sentence for an error of botocore; None for one that is not AWS's."""
    from botocore import exceptions as boto

    if isinstance(error, boto.ClientError):
        return _answer(dict(error.response.get("Error", {})), error.operation_name)
    if isinstance(error, (boto.TokenRetrievalError, boto.SSOTokenLoadError)):
        return _expired()
    if isinstance(error, (boto.NoCredentialsError, boto.PartialCredentialsError)):
        return EcslabError(
            _("No AWS credentials were found."),
            _("Set them up with `aws configure` (or name a profile), or use the sandbox."),
        )
    if isinstance(error, boto.ProfileNotFound):
        return EcslabError(
            _("There is no AWS profile of that name: {error}.", error=error),
            _("`aws configure list-profiles` lists those there are."),
        )
    if isinstance(error, boto.NoRegionError):
        return EcslabError(
            _("No AWS region is chosen."),
            _("Give one: ecslab.connect('aws', region='ap-northeast-1'), or set AWS_REGION."),
        )
    if isinstance(error, boto.ParamValidationError):
        return EcslabError(
            _("A parameter is not as the API takes it: {why}", why=_one_line(str(error))),
            _("Compare it with the API reference of this operation."),
        )
    if isinstance(error, (boto.HTTPClientError, boto.ConnectionError)):
        return _unreachable(error)
    if isinstance(error, boto.BotoCoreError):
        return EcslabError(_one_line(str(error)))
    return None


def _unreachable(error: Exception) -> EcslabError:
    endpoint = getattr(error, "kwargs", {}).get("endpoint_url", "AWS")
    return EcslabError(
        _("{endpoint} does not answer.", endpoint=endpoint),
        _("Sandbox: `ecslab sandbox start`. AWS: look at the network connection and the region."),
    )


def _answer(error: dict[str, Any], operation: str) -> EcslabError:
    code = error.get("Code", "?")
    if code in _EXPIRED:
        return _expired()
    text = _one_line(error.get("Message", ""))
    message = _("{operation}: {text} ({code})", operation=operation, text=text, code=code)
    return AwsRefusedError(message, _hint(code, text), code)


def _hint(code: str, text: str) -> Text | None:
    if code in _DENIED:
        return _("Your user or role lacks this permission: ask whoever runs the account.")
    if code in _UNKNOWN:
        return _("AWS does not know these credentials: check the profile and the region.")
    if code in _SLOW_DOWN:
        return _("Too many calls at once on this account: wait a moment and try again.")
    return next((hint for part, hint in _HINTS.items() if part in code or part in text), None)


_HINTS: dict[str, Text] = {
    "ClusterNotFoundException": _(
        "Create the cluster first: lab.create_cluster(). Names are case sensitive."
    ),
    "No Container Instances were found": _(
        "The cluster has no machine: create it with template='EC2', or wait until the instances "
        "have joined."
    ),
    "TaskDefinition not found": _("Register it first: lab.register_task_definition(...)."),
    "Unable to describe task definition": _(
        "Register it first: lab.register_task_definition(...)."
    ),
    "TaskDefinition is inactive": _("It was deregistered: register it again."),
    "Role is not valid": _("Leave the role out, or give the ARN of a role that exists."),
    "ClusterContainsTasksException": _("Stop its tasks first: lab.cleanup() does it in order."),
    "LimitExceeded": _("The account's quota is used up: clean up, or ask for a higher quota."),
}


def _expired() -> EcslabError:
    return EcslabError(
        _("The AWS login has expired."),
        _("Log in again (`aws sso login`, or fetch new keys), then run this cell again."),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
