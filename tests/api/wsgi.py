"""The app without a server: a request as a WSGI server would hand it over."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

TARGET = "AmazonEC2ContainerServiceV20141113."


def ask(
    app: Callable[..., Iterable[bytes]], body: bytes, target: str, **environ: Any
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to a POST."""
    heard: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        heard.update(status=int(status.split()[0]), headers=dict(headers))

    answer = app(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "HTTP_HOST": "127.0.0.1:4510",
            "HTTP_X_AMZ_TARGET": target,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            **environ,
        },
        start_response,
    )
    return heard["status"], heard["headers"], b"".join(answer)
