"""Servers that answer the ECS API: ours and its peers, started, asked over raw HTTP, stopped.

The requests are made once and sent as bytes, so that the client's own cost (boto3 spends a
millisecond a call) does not hide the servers' differences.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / ".cache" / "benchmarks"
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/{service}/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=0"
)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Peer:
    """A running server and one kept connection to it."""

    def __init__(self, name: str, port: int, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.port = port
        self.process = process
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def headers(self, service: str, target: str) -> dict[str, str]:
        """Those of a request of AWS's JSON protocol."""
        return {
            "X-Amz-Target": target,
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": AUTHORIZATION.format(service=service),
            "X-Amz-Date": "20260101T000000Z",
        }

    def send(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """One request; its answer's body. Raises RuntimeError on any status but 200."""
        self._connection.request("POST", "/", body, dict(headers))
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.name}: {answer.status} {told[:300]!r}")
        return told

    def ecs(self, operation: str, **params: Any) -> dict[str, Any]:
        """One ECS call."""
        target = f"AmazonEC2ContainerServiceV20141113.{operation}"
        answer: dict[str, Any] = json.loads(
            self.send(json.dumps(params).encode(), self.headers("ecs", target))
        )
        return answer

    def rate(self, operation: str, bodies: list[dict[str, Any]]) -> float:
        """Calls a second: each of `bodies` sent once, one after the other."""
        headers = self.headers("ecs", f"AmazonEC2ContainerServiceV20141113.{operation}")
        encoded = [json.dumps(body).encode() for body in bodies]
        before = time.perf_counter()
        for body in encoded:
            self.send(body, headers)
        return len(encoded) / (time.perf_counter() - before)

    def memory(self) -> float:
        """MiB it holds now (resident), with its children."""
        listed = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid), "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
        ).stdout
        return sum(int(word) for word in listed.split()) / 1024

    def boto3(self, service: str) -> Any:
        """A boto3 client, for what is prepared and not measured."""
        import boto3

        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )


def environment(package: str) -> Path:
    """The Python of an environment of its own with `package` in it; made on first use."""
    folder = ENVIRONMENTS / package
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", package], check=True)
        (folder / "ready").touch()
    return python


@contextlib.contextmanager
def running(name: str, line: list[str], **variables: str) -> Iterator[tuple[Peer, float]]:
    """The peer while it runs, and the seconds until its first ECS answer.

    ``{port}`` in the command line or a variable becomes its port.
    """
    port = free_port()
    words = [word.format(port=port) for word in line]
    more = {key: value.format(port=port) for key, value in variables.items()}
    with tempfile.TemporaryFile() as log:
        before = time.perf_counter()
        process = subprocess.Popen(
            words, stdout=log, stderr=log, cwd=ROOT, env={**os.environ, **more}
        )
        try:
            first_answer(name, port, process)
            yield Peer(name, port, process), time.perf_counter() - before
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def first_answer(name: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait for an answer to ListClusters."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with status {process.returncode}")
        with contextlib.suppress(OSError, http.client.HTTPException, RuntimeError):
            Peer(name, port, process).ecs("ListClusters")
            return
        time.sleep(0.005)
    raise RuntimeError(f"{name} did not answer within a minute")


@contextlib.contextmanager
def ours() -> Iterator[tuple[Peer, float]]:
    """The sandbox, with simulated containers, at real time."""
    with tempfile.TemporaryDirectory() as state:
        words = ["serve", "--port", "{port}", "--state", state, "--runtime", "stub"]
        with running("ecslab", [sys.executable, "-m", "ecslab", "sandbox", *words]) as found:
            yield found


@contextlib.contextmanager
def moto() -> Iterator[tuple[Peer, float]]:
    """The server that moto brings, in the version that is installed here."""
    with running("moto", [sys.executable, "-m", "moto.server", "-p", "{port}"]) as found:
        yield found


@contextlib.contextmanager
def ministack() -> Iterator[tuple[Peer, float]]:
    """ministack, without Docker: its tasks are records, as moto's are."""
    python = environment("ministack")
    with running(
        "ministack",
        [str(python.parent / "ministack")],
        GATEWAY_PORT="{port}",
        DOCKER_HOST="unix:///nonexistent.sock",
    ) as found:
        yield found
