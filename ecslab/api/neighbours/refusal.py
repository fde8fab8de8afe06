"""Error answers for requests moto cannot take, in the protocol of the asking service."""

from __future__ import annotations

import json
import uuid
from typing import Any
from xml.sax.saxutils import escape

_EC2 = (
    "<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>"
    "<RequestID>{id}</RequestID></Response>"
)
_QUERY = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
    "<RequestId>{id}</RequestId></ErrorResponse>"
)


def refusal(
    environ: dict[str, Any], text: str, code: str = "UnsupportedOperation"
) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and body of a 400 that says `text`."""
    if environ.get("HTTP_X_AMZ_TARGET") or "json" in environ.get("CONTENT_TYPE", ""):
        kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": text})
    else:
        form = _EC2 if "/ec2/" in environ.get("HTTP_AUTHORIZATION", "") else _QUERY
        kind = "text/xml"
        body = form.format(code=code, text=escape(text), id=uuid.uuid4())
    content = body.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(content)))]
    return "400 Bad Request", headers, content
