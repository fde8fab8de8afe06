"""The door of a class: who comes in, what they may, and what they see of the answer."""

from __future__ import annotations

import io
import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from ecslab.api.classroom import control_key
from ecslab.api.classroom.asked import Asked, asked
from ecslab.api.classroom.policy import OwnerOf, Policy
from ecslab.api.classroom.roster import Member, Roster
from ecslab.api.classroom.sight import Sight
from ecslab.api.classroom.signature import UnverifiedError, verify
from ecslab.api.neighbours.refusal import refusal

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Any], Iterable[bytes]]

_CONTROL = "/_ecslab/"
_OPEN = ("/_ecslab/status", "/_ecslab/addresses", "/_ecslab/session")
"""The sandbox's own questions anybody may ask; a session has a token of its own."""
_INSIDE = ("/v2/", "/v3/", "/v4/")
"""What tasks reach from inside; from other machines nobody does."""
_CODES = {
    "missing": ("MissingAuthenticationTokenException", "MissingAuthenticationToken"),
    "unknown": ("UnrecognizedClientException", "InvalidClientTokenId"),
    "wrong": ("InvalidSignatureException", "SignatureDoesNotMatch"),
    "expired": ("InvalidSignatureException", "SignatureDoesNotMatch"),
    "denied": ("AccessDeniedException", "AccessDenied"),
}
"""What AWS calls it: services of the JSON protocol, the others. EC2 has words of its own."""
_EC2 = {"unknown": "AuthFailure", "denied": "UnauthorizedOperation"}
_IDENTITY = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    "<GetCallerIdentityResult><Arn>{arn}</Arn><UserId>{key}:{name}</UserId>"
    "<Account>{account}</Account></GetCallerIdentityResult><ResponseMetadata>"
    "<RequestId>{id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def send(self, start_response: Any) -> list[bytes]:
        """As WSGI has it."""
        kept = [one for one in self.headers if one[0].lower() != "content-length"]
        start_response(self.status, [*kept, ("Content-Length", str(len(self.body)))])
        return [self.body]


class Door:
    """A WSGI app in front of the sandbox's own."""

    def __init__(
        self,
        app: WsgiApp,
        roster: Roster,
        account: str,
        owner_of: OwnerOf,
        *,
        limit: int,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._roster, self._account = app, roster, account
        self._limit, self._now = limit, now
        prefixes = [one.prefix for one in roster.members]
        others = {one: tuple(p for p in prefixes if p != one) for one in prefixes}
        self._policies = {one: Policy(one, others[one], owner_of) for one in prefixes}
        self._sights = {one: Sight(one, others[one]) for one in prefixes}
        self.requests: dict[str, int] = dict.fromkeys(prefixes, 0)
        """How many requests came from whom."""

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = str(environ.get("PATH_INFO", "/"))
        if path.startswith(_CONTROL):
            return self._control(path, environ, start_response)
        if path.startswith(_INSIDE):
            return self._inside(environ, start_response)
        if path in ("", "/", "/favicon.ico") and _is_person(environ):
            return self._app(environ, start_response)
        return self._aws(environ, start_response)

    # -- AWS ---------------------------------------------------------------------------------------

    def _aws(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if ".localhost" in environ.get("HTTP_HOST", ""):
            text = "Ask for this address itself, not for a name below it."
            return _refused(environ, "denied", text).send(start_response)
        length = str(environ.get("CONTENT_LENGTH") or "0")
        size = int(length) if length.isdecimal() else 0
        if size > self._limit:
            return _refused(environ, "denied", "The request is too large.").send(start_response)
        body = environ["wsgi.input"].read(size) if size else b""
        try:
            member = verify(environ, body, self._roster, self._now())
        except UnverifiedError as error:
            _log.warning("refused: %s", error.kind)
            return _refused(environ, error.kind, str(error)).send(start_response)
        self.requests[member.prefix] += 1
        environ["wsgi.input"] = io.BytesIO(body)
        return self._answer(member, asked(environ, body), environ).send(start_response)

    def _answer(self, member: Member, wanted: Asked, environ: Environ) -> Answer:
        if wanted.action == "sts:GetCallerIdentity":
            return self._identity(member)
        if member.instructor:
            return self._inner(environ)
        policy = self._policies[member.prefix]
        refused = policy.refusal(wanted)
        if refused is not None:
            text = (
                f"User: {member.arn(self._account)} is not authorized to perform: "
                f"{refused.action} on resource: {refused.resource}"
            )
            return _refused(environ, "denied", text)
        return self._seen(member, wanted, self._inner(environ))

    def _seen(self, member: Member, wanted: Asked, answer: Answer) -> Answer:
        if not answer.status.startswith("200"):
            return answer
        sight = self._sights[member.prefix]
        if wanted.service == "ecs":
            own = self._policies[member.prefix].own
            return Answer(
                answer.status, answer.headers, sight.ecs(wanted.operation, answer.body, own)
            )
        return Answer(answer.status, answer.headers, sight.neighbour(answer.body))

    def _inner(self, environ: Environ) -> Answer:
        told: list[Any] = []
        chunks = self._app(environ, lambda *args: told.extend(args[:2]))
        return Answer(told[0], told[1], b"".join(chunks))

    def _identity(self, member: Member) -> Answer:
        arn, key = member.arn(self._account), member.access_key
        body = _IDENTITY.format(
            arn=arn, key=key, name=member.prefix, account=self._account, id=uuid.uuid4()
        )
        return Answer("200 OK", [("Content-Type", "text/xml")], body.encode())

    # -- the sandbox's own -------------------------------------------------------------------------

    def _control(self, path: str, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if path not in _OPEN and not self._may_control(path, environ):
            text = "Only the instructor of this class may do that: set ECSLAB_TOKEN."
            body = json.dumps({"ecslab": "class", "error": text}).encode()
            headers = [("Content-Type", "application/json")]
            return Answer("403 Forbidden", headers, body).send(start_response)
        return self._app(environ, start_response)

    def _may_control(self, path: str, environ: Environ) -> bool:
        query = environ.get("QUERY_STRING", "")
        key = control_key.signer(
            environ.get("HTTP_" + control_key.HEADER.upper().replace("-", "_"), ""),
            environ["REQUEST_METHOD"],
            f"{path}?{query}" if query else path,
            self._secret_of,
            self._now(),
        )
        member = self._roster.find(key) if key else None
        if member is None:
            return False
        # A learner may ask about, and interrupt, an own task; its ARN names the cluster.
        task = parse_qs(query).get("task", [""])[-1]
        about_task = path in (f"{_CONTROL}interrupt", f"{_CONTROL}story")
        return member.instructor or (about_task and self._policies[member.prefix].own(task))

    def _secret_of(self, key: str) -> str | None:
        member = self._roster.find(key)
        return member.secret_key if member else None

    def _inside(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if not str(environ.get("REMOTE_ADDR", "")).startswith("127."):
            return Answer("404 Not Found", [("Content-Type", "text/plain")], b"").send(
                start_response
            )
        return self._app(environ, start_response)


def _is_person(environ: Environ) -> bool:
    asks = environ.get("HTTP_AUTHORIZATION") or environ.get("QUERY_STRING")
    target = environ.get("HTTP_X_AMZ_TARGET")
    return environ.get("REQUEST_METHOD") in ("GET", "HEAD") and not (asks or target)


def _refused(environ: Environ, kind: str, text: str) -> Answer:
    json_code, query_code = _CODES[kind]
    speaks_json = bool(environ.get("HTTP_X_AMZ_TARGET"))
    code = json_code if speaks_json else query_code
    if "/ec2/" in environ.get("HTTP_AUTHORIZATION", ""):
        code = _EC2.get(kind, code)
    status, headers, body = refusal(environ, text, code)
    return Answer(status if speaks_json else "403 Forbidden", headers, body)
