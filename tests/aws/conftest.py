"""An account that is a sandbox behind a front of AWS, and a learner who has it as target "aws"."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import botocore.endpoint
import botocore.retries.bucket
import pytest

from ecslab import sandbox
from ecslab.lab import aws_session, connecting
from ecslab.steps import easing
from tests.aws.account import furnish, inventory
from tests.aws.front import KEY, REGION, SECRET, TOKEN, Front, fronted
from tests.conftest import point_at
from tests.sandbox.serving import Served

FASTER = 50
"""The kit waits so many times shorter than on AWS, as the sandbox does everything faster."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses of the kit and of botocore, as fast as the sandbox."""
    monkeypatch.setattr(connecting, "AWS_PACE", 4.0 / FASTER)
    monkeypatch.setattr(connecting, "OUTAGE", 60.0 / FASTER)
    monkeypatch.setattr(easing, "CALM", 60.0 / FASTER)
    monkeypatch.setattr(easing, "MOST", 2.0)
    monkeypatch.setattr(aws_session, "READ_TIMEOUT", 1.0)
    clock = SimpleNamespace(sleep=lambda s: time.sleep(max(0.01, s / FASTER)), time=time.time)
    monkeypatch.setattr(botocore.endpoint, "time", clock)
    bucket = botocore.retries.bucket
    waited = bucket.TokenBucket._sleep_amount
    monkeypatch.setattr(bucket.Clock, "current_time", lambda _self: time.time() * FASTER)
    monkeypatch.setattr(
        bucket.TokenBucket, "_sleep_amount", lambda self, amount: waited(self, amount) / FASTER
    )
    connecting._shared.cache_clear()


@pytest.fixture(scope="package")
def account(stub_server: Served) -> Iterator[Served]:
    """A sandbox in which another learner is at work; at the end it holds what it held before."""
    with pytest.MonkeyPatch.context() as patch:
        sandbox.reset(stub_server.port)
        point_at(stub_server, patch)
        furnish(stub_server, patch)
        before = inventory(stub_server)
        yield stub_server
        assert inventory(stub_server) == before


def port_of_ours() -> int:
    """A free port that no connection is given as its own while the front is shut."""
    while True:
        port = random.randrange(20000, 30000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture
def front(account: Served, monkeypatch: pytest.MonkeyPatch, quick: None) -> Iterator[Front]:
    """AWS, as far as the kit can tell: the standard variables lead there, and nothing else."""
    with fronted(account.port, port_of_ours()) as opened:
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_DEFAULT_REGION", "ECSLAB_LANG"):
            monkeypatch.delenv(name, raising=False)
        variables = {
            "AWS_ENDPOINT_URL": opened.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": TOKEN,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "ECSLAB_TARGET": "aws",
            "ECSLAB_LEARNER": "yui",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("ECSLAB_PORT", raising=False)
        yield opened
        assert opened.complaints == []
