"""What a load balancer answers itself: errors, fixed responses, redirects. Pure.

Source: the Application Load Balancer guide, "Troubleshoot your Application Load Balancers" (which
error stands for what), "Fixed-response actions" and "Redirect actions".
"""

from __future__ import annotations

from http import HTTPStatus

from ecslab.model.traffic import FixedResponse, Redirect
from ecslab.runtime.balancer.heads import Header
from ecslab.runtime.balancer.matching import Asked

Reply = tuple[int, list[Header], bytes]
"""Status, headers, body."""


def error(status: int) -> Reply:
    """The page of an error the load balancer itself makes."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return _reply(status, "text/html", page)


def fixed(action: FixedResponse) -> Reply:
    """The answer a rule gives."""
    return _reply(action.status, f"{action.content_type}; charset=utf-8", action.body)


def redirect(action: Redirect, asked: Asked, port: int) -> Reply:
    """Where a rule sends the client: `port` is where it came in."""
    words = {
        "#{protocol}": "HTTP",
        "#{host}": asked.host,
        "#{port}": str(port),
        "#{path}": asked.path.removeprefix("/"),
        "#{query}": asked.query,
    }

    def said(text: str) -> str:
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        return text

    scheme, query = said(action.protocol).lower(), said(action.query)
    location = f"{scheme}://{said(action.host)}:{said(action.port)}{said(action.path)}"
    status, headers, body = error(action.status)
    headers.append((b"location", (location + (f"?{query}" if query else "")).encode("latin-1")))
    return status, headers, body


def _reply(status: int, kind: str, text: str) -> Reply:
    body = text.encode("utf-8")
    headers = [
        (b"server", b"awselb/2.0"),
        (b"content-type", kind.encode("latin-1")),
        (b"content-length", str(len(body)).encode("ascii")),
    ]
    return status, headers, body
