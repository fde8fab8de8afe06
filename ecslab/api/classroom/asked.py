"""What a request asks for: service, operation and parameters, whichever protocol it speaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Environ = dict[str, Any]
_SCOPE = re.compile(r"Credential=[^/,\s]*/\d{8}/[^/,\s]*/([^/,\s]*)/aws4_request")
_RPC = re.compile(r"/service/(\w+)/operation/(\w+)")
_TARGETS = {
    "ecs": "AmazonEC2ContainerServiceV20141113",
    "ssm": "AmazonSSM",
    "secretsmanager": "secretsmanager",
    "logs": "Logs_20140328",
    "application-autoscaling": "AnyScaleFrontendService",
    "servicequotas": "ServiceQuotasV20190624",
    "monitoring": "GraniteServiceVersion20100801",
}
"""Services of JSON's (or CBOR's) protocol, and what their X-Amz-Target begins with."""


@dataclass(frozen=True)
class Asked:
    """One request. `params` is JSON's object or a form's fields; `raw` all of it as text."""

    service: str
    operation: str
    params: dict[str, Any]
    raw: str

    @property
    def action(self) -> str:
        """As a policy names it."""
        return f"{self.service}:{self.operation}"

    def values(self, name: str) -> list[str]:
        """The strings under a parameter; of a form also ``Name.member.N`` and ``Name.N``."""
        if name in self.params:
            return list(strings(self.params[name]))
        head = f"{name}."
        return [str(value) for key, value in self.params.items() if key.startswith(head)]


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def asked(environ: Environ, body: bytes) -> Asked:
    """Read a signed request. What two readers could read differently has no operation, and nobody

    may ask for that: a target of another service than was signed for, a field that comes twice.
    """
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = scope[1].lower() if scope else ""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    path, query = environ.get("PATH_INFO", "/"), environ.get("QUERY_STRING", "")
    text = body.decode("utf-8", "replace")
    raw = f"{path}?{query}\n{text}"
    if target or service in _TARGETS:
        head, _dot, operation = target.partition(".")
        if _TARGETS.get(service) == head and not query:
            told = _object(body)
            # What is escaped in JSON is found as what it stands for.
            return Asked(service, operation, told, "\n".join([raw, *strings(told)]))
        rpc = _RPC.fullmatch(path)
        operation = rpc[2] if rpc and not target and rpc[1] == _TARGETS.get(service) else ""
        return Asked(service, operation, {}, raw)
    pairs = [*_fields(query), *_fields(text)]
    fields = dict(pairs)
    form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    sound = len(fields) == len(pairs) and path in ("", "/") and (form or not body)
    operation = fields.get("Action", "") if sound else ""
    return Asked(service, operation, dict(fields), "\n".join([raw, *fields.values()]))


def _fields(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
