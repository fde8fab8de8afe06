"""From a request of AWS's JSON 1.1 protocol to an ECS operation, and its answer back.

botocore's ECS model knows this one protocol (`"protocols": ["json"]`, boto3 1.44), and so do
aws-cli v1 and v2 and the other SDKs: POST, `X-Amz-Target: AmazonEC2ContainerServiceV20141113.Op`.
"""

from __future__ import annotations

import datetime
import json
import logging
import time
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import orjson

from ecslab.api import errors, validate
from ecslab.model.errors import AwsError

TARGET_PREFIX = "AmazonEC2ContainerServiceV20141113"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Who calls, as the request's signature says it. Nothing is verified."""

    access_key: str = ""
    region: str = "us-east-1"
    user_agent: str = ""


@dataclass(frozen=True)
class Call:
    """One call that was answered: for the log and for `lab.calls`."""

    operation: str
    params: dict[str, Any]
    caller: Caller
    status: int
    error: str
    """The code of the error answer, or the empty string."""
    milliseconds: float
    at: float
    """Seconds since the epoch when it came in."""


@dataclass(frozen=True)
class Answer:
    """What goes back over HTTP."""

    status: int
    body: bytes
    request_id: str
    error: str = ""


Ecs = Callable[[str, dict[str, Any], Caller], dict[str, Any]]
"""operation, members (wire form, checked), caller -> the answer's members. Raises AwsError."""


def dispatch(
    ecs: Ecs,
    operations: Collection[str],
    target: str,
    body: bytes,
    caller: Caller,
    record: Callable[[Call], None] | None = None,
) -> Answer:
    """Answer one ECS request; every outcome is an `Answer`, nothing is raised.

    `operations` are the names `ecs` knows; any other name of the ECS API is answered with
    UnsupportedFeatureException, any other target with UnknownOperationException.
    """
    at, started = time.time(), time.perf_counter()
    request_id = str(uuid.uuid4())
    operation, params = target.rpartition(".")[2], {}
    try:
        _check_name(target, operation, operations)
        params = validate.check(operation, _parse(body))
        answer = _encode(200, ecs(operation, params, caller), request_id)
    except AwsError as error:
        answer = _encode(error.status, errors.members(error), request_id, error.code)
    except Exception:  # noqa: BLE001  the border: whatever fails inside is told as AWS tells it
        _log.exception("%s failed (reference %s)", operation, request_id)
        failed = errors.server_error(request_id)
        answer = _encode(failed.status, errors.members(failed), request_id, failed.code)
    if record is not None:
        spent = (time.perf_counter() - started) * 1000
        record(Call(operation, params, caller, answer.status, answer.error, spent, at))
    return answer


def _check_name(target: str, operation: str, operations: Collection[str]) -> None:
    if not target.startswith(f"{TARGET_PREFIX}.") or operation not in validate.operation_names():
        raise errors.unknown_operation(operation if "." in target else target)
    if operation not in operations:
        raise errors.not_in_sandbox(operation)


def _parse(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_no_constant) if body else {}
    except (ValueError, RecursionError):
        raise errors.serialization("The body of the request is not JSON.") from None


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not JSON")


def _encode(status: int, members: dict[str, Any], request_id: str, error: str = "") -> Answer:
    return Answer(status, _json_bytes(members), request_id, error)


def _json_bytes(members: dict[str, Any]) -> bytes:
    """As JSON. The standard library writes what orjson does not take: integers above 64 bits and

    halves of surrogate pairs, which a client may have sent and is to read again.
    """
    try:
        return orjson.dumps(members, _plain, orjson.OPT_PASSTHROUGH_DATETIME)
    except TypeError:
        return json.dumps(members, separators=(",", ":"), default=_plain).encode()


def _plain(value: object) -> object:
    """Values JSON has no word for: moments go as seconds since the epoch, as in AWS's JSON 1.1."""
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} has no JSON form")
