"""The sandbox's own questions, beside AWS's: ``/_ecslab/…``, JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ecslab.model.errors import EcslabError
from ecslab.model.version import VERSION
from ecslab.sandbox.probe import HEADER

Environ = dict[str, Any]
Words = Mapping[str, str]
"""The words of the query, each once."""
Question = Callable[[Words], dict[str, Any]]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def routes(asks: Mapping[str, Question], acts: Mapping[str, Question]) -> dict[str, App]:
    """WSGI apps by path. `asks` are read with GET; `acts` change something: POST with our header,

    which a web page of another origin cannot send.
    """
    made = {f"/_ecslab/{name}": _app(question, "GET") for name, question in asks.items()}
    made |= {f"/_ecslab/{name}": _app(question, "POST") for name, question in acts.items()}
    return made


def _app(question: Question, method: str) -> App:
    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != method:
            return _json(start_response, "405 Method Not Allowed", {"error": f"Use {method}."})
        if method == "POST" and not environ.get("HTTP_" + HEADER.upper().replace("-", "_")):
            return _json(start_response, "403 Forbidden", {"error": f"{HEADER} is missing."})
        words = {k: v[-1] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
        try:
            return _json(start_response, "200 OK", question(words))
        except EcslabError as error:
            return _json(start_response, "409 Conflict", {"error": str(error)})

    return app


def _json(start_response: Callable[..., Any], status: str, answer: dict[str, Any]) -> list[bytes]:
    body = json.dumps({"ecslab": VERSION, **answer}).encode() + b"\n"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]
