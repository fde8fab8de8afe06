"""A real server on an ephemeral port, and boto3 clients that talk to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3
from botocore.config import Config
from waitress import wasyncore
from waitress.server import create_server


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The app's URL while it is served."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)

    def run() -> None:
        with suppress(OSError):  # its sockets are closed under it when the test is over
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        wasyncore.close_all(server._map, ignore_all=True)
        thread.join(2)


def client_at(url: str) -> Callable[..., Any]:
    """`client("ec2")`: boto3 against the URL, with made-up credentials, without retries."""

    def client(service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=url,
            aws_access_key_id="AKIDLEARNER",
            aws_secret_access_key="any",
            config=Config(retries={"max_attempts": 0}),
        )

    return client
