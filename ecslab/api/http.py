"""The one HTTP door: ECS to us, everything else of AWS to the neighbours.

Only this machine may come in: the Host must be a loopback name (against DNS rebinding) and so must
an Origin, if a browser sends one. The server that carries this app binds loopback itself.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ecslab.api import errors, home
from ecslab.api.dispatch import TARGET_PREFIX, Answer, Call, Caller, Ecs, dispatch
from ecslab.model.errors import AwsError

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

ECS_LIMIT = 1 << 20
"""Bytes an ECS request may have. AWS allows a task definition 64 KiB."""
NEIGHBOUR_LIMIT = 32 << 20
"""Bytes any other request may have (templates, uploads)."""

_log = logging.getLogger(__name__)
_scope = re.compile(r"Credential=([^/,\s]*)/\d{8}/([^/,\s]*)/([^/,\s]*)/aws4_request")


def make_app(
    ecs: Ecs,
    neighbours: WsgiApp,
    *,
    operations: Collection[str],
    routes: Mapping[str, WsgiApp] | None = None,
    record: Callable[[Call], None] | None = None,
    region: str = "us-east-1",
    accepts: Callable[[str], bool] | None = None,
) -> WsgiApp:
    """The WSGI app of the sandbox.

    `ecs` answers the ECS `operations` (it is called from many threads); `neighbours` takes every
    other AWS request; `routes` maps exact paths, or prefixes that end in "/", to WSGI apps of the
    server's own (`/_ecslab/status`); `record` hears of each ECS call; `region` is for
    unsigned requests; `accepts` says which hosts requests may be for (default: this machine's).
    """
    own = dict(routes or {})

    def app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        refusal = _refusal(environ, accepts or is_loopback)
        if refusal:
            return _text(start_response, "403 Forbidden", refusal)
        path = environ.get("PATH_INFO", "/")
        route = _route(own, path)
        if route is not None:
            return route(environ, start_response)
        target, caller, service = _who(environ, region)
        if target.startswith(f"{TARGET_PREFIX}.") or service == "ecs":
            answer = _answer_ecs(ecs, operations, target, environ, caller, record)
            return _json(start_response, answer)
        if not service and not target and _is_person(environ, path):
            return home.page(environ, start_response)
        return _answer_neighbour(neighbours, environ, start_response)

    return app


def _refusal(environ: Environ, accepts: Callable[[str], bool]) -> str:
    host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
    if not accepts(f"//{host}"):
        return f"Host {host[:100]!r} is refused: this endpoint is for this machine only."
    origin = environ.get("HTTP_ORIGIN", "")
    if origin and not is_loopback(origin):
        return f"Origin {origin[:100]!r} is refused: this endpoint is for this machine only."
    return ""


def is_loopback(url: str) -> bool:
    """Is the host of this URL (or of `//host:port`) a name or address of this machine alone?"""
    try:
        name = urlsplit(url).hostname or ""
        if name == "localhost" or name.endswith(".localhost"):
            return True
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _route(routes: Mapping[str, WsgiApp], path: str) -> WsgiApp | None:
    if path in routes:
        return routes[path]
    return next(
        (app for at, app in routes.items() if at.endswith("/") and path.startswith(at)), None
    )


def _who(environ: Environ, region: str) -> tuple[str, Caller, str]:
    """The target, the caller and the service of the signature's scope ("" if unsigned)."""
    scope = _scope.search(environ.get("HTTP_AUTHORIZATION", ""))
    key, signed_region, service = scope.groups() if scope else ("", "", "")
    caller = Caller(key, signed_region or region, environ.get("HTTP_USER_AGENT", ""))
    return environ.get("HTTP_X_AMZ_TARGET", ""), caller, service.lower()


def _is_person(environ: Environ, path: str) -> bool:
    return environ.get("REQUEST_METHOD") in ("GET", "HEAD") and path in ("", "/", "/favicon.ico")


def _answer_ecs(
    ecs: Ecs,
    operations: Collection[str],
    target: str,
    environ: Environ,
    caller: Caller,
    record: Callable[[Call], None] | None,
) -> Answer:
    try:
        body = _body(environ, ECS_LIMIT)
    except AwsError as error:
        return _plain_error(error)
    return dispatch(ecs, operations, target, body, caller, record)


def _answer_neighbour(
    neighbours: WsgiApp, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    if _length(environ) > NEIGHBOUR_LIMIT:
        return _json(start_response, _plain_error(errors.too_large(NEIGHBOUR_LIMIT)))
    return neighbours(environ, start_response)


def _plain_error(error: AwsError) -> Answer:
    import json

    body = json.dumps(errors.members(error)).encode()
    return Answer(error.status, body, str(uuid.uuid4()), error.code)


def _body(environ: Environ, limit: int) -> bytes:
    length = _length(environ)
    if length > limit:
        raise errors.too_large(limit)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _length(environ: Environ) -> int:
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0


def _json(start_response: StartResponse, answer: Answer) -> Iterable[bytes]:
    reason = {200: "OK", 400: "Bad Request", 413: "Content Too Large"}.get(answer.status, "Error")
    headers = [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("Content-Length", str(len(answer.body))),
        ("x-amzn-RequestId", answer.request_id),
    ]
    start_response(f"{answer.status} {reason}", headers)
    return [answer.body]


def _text(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    body = text.encode() + b"\n"
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
    ]
    start_response(status, headers)
    return [body]
