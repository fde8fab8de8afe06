"""Is a request signed by who it says? Signature Version 4, computed again with botocore.

Source: IAM user guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ecslab.api.classroom.roster import Member, Roster

Environ = dict[str, Any]
WINDOW = 15 * 60.0
"""Seconds a signature holds: as AWS says for most services, 5 to 15 minutes."""
_FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([\w-]+)/([\w-]+)/aws4_request,\s*"
    r"SignedHeaders=([\w;.-]+),\s*Signature=([0-9a-f]{64})"
)
_TIME = "%Y%m%dT%H%M%SZ"
_ALWAYS = ("host", "x-amz-date")
_IF_THERE = ("x-amz-target",)


class UnverifiedError(Exception):
    """Nobody of the class signed it; `kind` is "missing", "unknown", "wrong" or "expired"."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def verify(environ: Environ, body: bytes, roster: Roster, now: float) -> Member:
    """Who signed the request. Raises `UnverifiedError`."""
    form = _FORM.fullmatch(environ.get("HTTP_AUTHORIZATION", "").strip())
    if form is None:
        raise UnverifiedError("missing", "The request must be signed with the token of a learner.")
    key, day, region, service, names, signature = form.groups()
    member = roster.find(key)
    if member is None:
        raise UnverifiedError("unknown", "The security token included in the request is invalid.")
    signed = names.split(";")
    moment = _header(environ, "x-amz-date")
    if _lacking(environ, signed) or not _fresh(moment, day, now):
        kind = "wrong" if _lacking(environ, signed) else "expired"
        text = "Signature expired: {} is not within 15 minutes of the current time."
        raise UnverifiedError(kind, _WRONG if kind == "wrong" else text.format(moment))
    if not _body_is(environ, body):
        raise UnverifiedError("wrong", _WRONG)
    kind_of = S3SigV4Auth if service == "s3" else SigV4Auth
    auth = kind_of(Credentials(member.access_key, member.secret_key), service, region)
    request = _request(environ, body, signed, moment)
    right = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    if not hmac.compare_digest(right, signature):
        raise UnverifiedError("wrong", _WRONG)
    return member


_WRONG = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method."
)


def _lacking(environ: Environ, signed: list[str]) -> bool:
    there = [name for name in _IF_THERE if _header(environ, name)]
    return any(name not in signed for name in (*_ALWAYS, *there))


def _fresh(moment: str, day: str, now: float) -> bool:
    try:
        at = datetime.strptime(moment, _TIME).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return False
    return moment[:8] == day and abs(now - at) <= WINDOW


def _body_is(environ: Environ, body: bytes) -> bool:
    """Where the body's hash was signed as a header, it must be this body's."""
    told = _header(environ, "x-amz-content-sha256")
    return not told or told == hashlib.sha256(body).hexdigest()


def _request(environ: Environ, body: bytes, signed: list[str], moment: str) -> Any:
    target = environ.get("REQUEST_URI") or _target(environ)
    path = target if target.startswith("/") else f"/{target.partition('://')[2].partition('/')[2]}"
    url = f"http://{_header(environ, 'host')}{path}"
    headers = {name: _header(environ, name) for name in signed}
    request = AWSRequest(environ["REQUEST_METHOD"], url, headers=headers, data=body)
    request.context["timestamp"] = moment
    return request


def _target(environ: Environ) -> str:
    query = environ.get("QUERY_STRING", "")
    return quote(environ.get("PATH_INFO", "/"), safe="/~") + (f"?{query}" if query else "")


def _header(environ: Environ, name: str) -> str:
    key = name.upper().replace("-", "_")
    if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        return str(environ.get(key, ""))
    return str(environ.get(f"HTTP_{key}", ""))
