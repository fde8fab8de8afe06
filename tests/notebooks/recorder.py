"""The sandbox's server, which writes down every AWS call it is asked: one JSON object a line.

Run as a program in place of ``python -m ecslab``; the first argument names the file.
"""

from __future__ import annotations

import io
import json
import re
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.sandbox.serving import Served

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
_SCOPE = re.compile(r"Credential=[^/]*/\d{8}/([^/]*)/([^/]*)/aws4_request")


def asked(environ: dict[str, Any], body: bytes) -> dict[str, Any] | None:
    """Service (as a signature names it), region, operation and members; None for no AWS call."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return None
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        operation, members = target.rpartition(".")[2], json.loads(body or b"{}")
    else:
        members = dict(parse_qsl(body.decode(), keep_blank_values=True))
        operation = members.pop("Action", "")
    named = {"service": scope[2], "region": scope[1], "operation": operation}
    return {**named, "members": members}


def recording(app: App, path: str) -> App:
    """`app`, with every call noted before it is answered."""
    lock = threading.Lock()

    def noted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        call = asked(environ, body)
        if call is not None:
            with lock, open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps(call) + "\n")
        return app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    return noted


class Recorded(Served):
    """A sandbox whose calls are written down."""

    def __init__(self, state: Path, *words: str) -> None:
        super().__init__(state, *words)
        self.file = state.parent / f"{state.name}-calls.jsonl"
        self.file.touch()
        self.program = ("-c", _AS_PROGRAM, str(self.file))

    def calls(self) -> list[dict[str, Any]]:
        """All calls so far."""
        return [json.loads(line) for line in self.file.read_text("utf-8").splitlines()]


_AS_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); "
    "from tests.notebooks.recorder import main; raise SystemExit(main())"
)


def main() -> int:
    """Serve as `ecslab sandbox serve` does."""
    from ecslab import cli
    from ecslab.sandbox import server

    plain = server.make_app
    path, *words = sys.argv[1:]
    server.make_app = lambda *given, **more: recording(plain(*given, **more), path)
    return cli.main(words)
