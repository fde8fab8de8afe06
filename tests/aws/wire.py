"""Requests of the AWS protocols, told apart, and the error answers AWS gives in each of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs

SCOPE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/"
    r"(?P<service>[^/]+)/aws4_request, ?SignedHeaders=(?P<signed>[^,]+), ?Signature=(?P<sig>\w+)"
)


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    """By their names in small letters."""
    body: bytes

    @property
    def service(self) -> str:
        """The service of the signature's scope."""
        found = SCOPE.match(self.headers.get("authorization", ""))
        return found["service"] if found else ""

    @property
    def operation(self) -> str:
        """As the API names it."""
        if "x-amz-target" in self.headers:
            return self.headers["x-amz-target"].rpartition(".")[2]
        named = parse_qs(self.body.decode("utf-8", "replace")).get("Action")
        return named[0] if named else f"{self.method} {self.path}"

    @property
    def protocol(self) -> str:
        """json, ec2 or query."""
        if "x-amz-target" in self.headers:
            return "json"
        return "ec2" if self.service == "ec2" else "query"

    @property
    def call(self) -> str:
        """What is the same for all attempts of one call."""
        return self.headers.get("amz-sdk-invocation-id", "")

    @property
    def attempt(self) -> int:
        """Which attempt of the call this is, from 1."""
        found = re.search(r"attempt=(\d+)", self.headers.get("amz-sdk-request", ""))
        return int(found[1]) if found else 1


class Answer(NamedTuple):
    """An answer to send."""

    status: int
    kind: str
    body: bytes


class Refusal(NamedTuple):
    """How one protocol says one thing."""

    status: int
    code: str
    message: str


NOT_ALLOWED = (
    "User: arn:aws:sts::123456789012:assumed-role/learner/yui is not authorized to perform: "
    "{action} on resource: * because no identity-based policy allows the {action} action"
)
STRING = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details. The "
    "Canonical String for this request should have been 'POST / content-type:x host:aws "
    "x-amz-security-token:{token} host;x-amz-security-token'"
)
STALE = "The security token included in the request is expired"
STRANGE = "The security token included in the request is invalid."
NOBODY = "AWS was not able to validate the provided access credentials"
LATE = "Signature expired: 20261125T100000Z is now earlier than 20261125T101000Z (20261125T101500Z"
# Kind -> how json, query and ec2 say it; from answers of AWS, and the APIs' "Common errors".
SAID: dict[str, dict[str, Refusal]] = {
    "throttled": {
        "json": Refusal(400, "ThrottlingException", "Rate exceeded"),
        "query": Refusal(400, "Throttling", "Rate exceeded"),
        "ec2": Refusal(503, "RequestLimitExceeded", "Request limit exceeded."),
    },
    "denied": {
        "json": Refusal(400, "AccessDeniedException", NOT_ALLOWED),
        "query": Refusal(403, "AccessDenied", NOT_ALLOWED),
        "ec2": Refusal(
            403,
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. Encoded authorization failure "
            "message: {token}",
        ),
    },
    "expired": {
        "json": Refusal(400, "ExpiredTokenException", STALE),
        "query": Refusal(403, "ExpiredToken", STALE),
        "ec2": Refusal(400, "RequestExpired", "Request has expired."),
    },
    "invalid": {
        "json": Refusal(400, "UnrecognizedClientException", STRANGE),
        "query": Refusal(403, "InvalidClientTokenId", STRANGE),
        "ec2": Refusal(401, "AuthFailure", NOBODY),
    },
    "unsigned": {
        "json": Refusal(400, "InvalidSignatureException", STRING),
        "query": Refusal(403, "SignatureDoesNotMatch", STRING),
        "ec2": Refusal(403, "SignatureDoesNotMatch", STRING),
    },
    "clock": {
        "json": Refusal(400, "InvalidSignatureException", LATE),
        "query": Refusal(403, "SignatureDoesNotMatch", LATE),
        "ec2": Refusal(401, "AuthFailure", NOBODY),
    },
    "500": {
        "json": Refusal(500, "ServerException", "Service Unavailable. Please try again later."),
        "query": Refusal(500, "InternalFailure", "We encountered an internal error."),
        "ec2": Refusal(500, "InternalError", "An internal error has occurred"),
    },
    "503": {
        "json": Refusal(503, "ServiceUnavailableException", "Service is unable to handle request."),
        "query": Refusal(503, "ServiceUnavailable", "Service is unable to handle request."),
        "ec2": Refusal(503, "Unavailable", "The service is unavailable. Please try again shortly."),
    },
}  # fmt: skip
PAGES = {
    "front": Answer(503, "text/html", b"<html><b>Http/1.1 Service Unavailable</b></html>"),
    "portal": Answer(200, "text/html", b"<html><title>Hotel Wi-Fi</title>Please log in</html>"),
}  # fmt: skip
"""Pages instead of an API's answer: AWS's own when its front is out of order, and a hotel's."""


def refusal(kind: str, request: Request, token: str) -> Answer:
    """The answer of `kind` to this request; `token` is the session's, which some of them repeat."""
    if kind in PAGES:
        return PAGES[kind]
    status, code, message = SAID[kind][request.protocol]
    text = message.format(action=f"{request.service}:{request.operation}", token=token)
    if request.protocol == "json":
        body = json.dumps({"__type": code, "message": text})
        return Answer(status, "application/x-amz-json-1.1", body.encode())
    error = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    if request.protocol == "ec2":
        body = f"<Response><Errors>{error}</Errors><RequestID>0</RequestID></Response>"
    else:
        body = f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>"
    return Answer(status, "text/xml", body.encode())
