"""Heads of requests and answers as a load balancer passes them on. Pure.

Sources: RFC 9110 section 7.6.1 for what concerns one connection only; the Application Load
Balancer guide, "HTTP headers and Application Load Balancers", for what it adds.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ecslab.runtime.balancer.matching import Asked

Header = tuple[bytes, bytes]

_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer "
    b"transfer-encoding upgrade".split()
)
_OWN = frozenset(
    b"expect x-forwarded-for x-forwarded-proto x-forwarded-port x-amzn-trace-id".split()
)
"""Headers of a request that the load balancer answers for itself."""


def asked(method: bytes, target: bytes, headers: Iterable[Header], source: str) -> Asked:
    """The request as rules look at it."""
    named = tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in headers)
    # An absolute target (`GET http://…`) names the host itself.
    url = urlsplit(target.decode("latin-1"), scheme="http")
    host = url.netloc or next((v for k, v in named if k == "host"), "")
    return Asked(
        method=method.decode("ascii"),
        path=url.path or "/",
        query=url.query,
        host=_without_port(host),
        source=source,
        headers=named,
    )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return host.partition(":")[0]


def wants_upgrade(headers: Iterable[Header]) -> bool:
    """Does the client ask for another protocol (WebSocket)?"""
    named = [(k.lower(), v.lower()) for k, v in headers]
    says = any(k == b"connection" and b"upgrade" in v for k, v in named)
    return says and any(k == b"upgrade" and v == b"websocket" for k, v in named)


def for_target(
    headers: Iterable[Header], source: str, here: str, port: int, trace_id: str, *, upgrade: bool
) -> list[Header]:
    """The headers a target gets: the client's, and who and where the client was.

    `here` is the host where a client named none (HTTP/1.0).
    """
    headers = list(headers)
    kept = _end_to_end(headers)
    before = [v for k, v in kept if k.lower() == b"x-forwarded-for"]
    traced = [v for k, v in kept if k.lower() == b"x-amzn-trace-id"]
    chunked = any(k.lower() == b"transfer-encoding" for k, _ in headers)
    hosted = any(k.lower() == b"host" for k, _ in kept)
    return [
        *([] if hosted else [(b"Host", here.encode("ascii"))]),
        *((k, v) for k, v in kept if k.lower() not in _OWN),
        (b"X-Forwarded-For", b", ".join([*before, source.encode("ascii")])),
        (b"X-Forwarded-Proto", b"http"),
        (b"X-Forwarded-Port", str(port).encode("ascii")),
        (b"X-Amzn-Trace-Id", traced[0] if traced else trace_id.encode("ascii")),
        *([(b"Transfer-Encoding", b"chunked")] if chunked else []),
        *([(b"Connection", b"upgrade"), (b"Upgrade", b"websocket")] if upgrade else []),
        *([(b"Connection", b"close")] if not upgrade else []),
    ]


def for_client(headers: Iterable[Header]) -> list[Header]:
    """The headers a client gets: the target's, but for what concerns the target's connection."""
    return _end_to_end(headers)


def _end_to_end(headers: Iterable[Header]) -> list[Header]:
    headers = list(headers)
    spoken = [v for k, v in headers if k.lower() == b"connection"]
    named = {name.strip().lower() for v in spoken for name in v.split(b",")} | _HOP_BY_HOP
    return [(k, v) for k, v in headers if k.lower() not in named]
