"""A sandbox server in a process of its own, as a learner has it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ecslab import sandbox
from ecslab.lab.sandbox_session import session_at
from ecslab.sandbox.probe import SlowError

USER_DATA = "#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n"
IMAGE = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
"""The parameter that names the image for container instances."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """`ecslab sandbox serve` under test: started, killed, started again on the same folder."""

    program: tuple[str, ...] = ("-m", "ecslab")
    """What Python runs."""

    def __init__(self, state: Path, *words: str) -> None:
        self.state = state
        self.words = words
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> sandbox.Status:
        """Start it and wait for its first answer."""
        line = [sys.executable, *self.program, "sandbox", "serve", "--port", str(self.port)]
        log = (self.state.parent / f"{self.state.name}.log").open("ab")
        self.process = subprocess.Popen(
            [*line, "--state", str(self.state), *self.words],
            stdout=log,
            stderr=log,
            env={**os.environ, "ECSLAB_LANG": "en"},
        )
        until = time.monotonic() + 30
        while (found := self._status()) is None:
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.02)
        return found

    def _status(self) -> sandbox.Status | None:
        try:
            return sandbox.status(self.port)
        except SlowError:
            return None  # it listens already, on a machine that is busy

    def log(self) -> str:
        """What it wrote so far."""
        return (self.state.parent / f"{self.state.name}.log").read_text()

    def kill(self) -> None:
        """SIGKILL: no chance to clear away."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As `ecslab sandbox stop` does it."""
        if self.process is not None and self.process.poll() is None:
            sandbox.stop(self.port)
            self.process.wait(20)

    def client(self, service: str = "ecs", **more: Any) -> Any:
        """A boto3 client that talks to it."""
        url = sandbox.endpoint(self.port)
        return session_at(url, sandbox.REGION, "learner", "any").client(service, **more)


def until(ask: Any, seconds: float = 60) -> Any:
    """What `ask` gives once it gives something true; a loaded machine has the time it needs."""
    end = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.03)
    return found


def launch(served: Served, count: int = 1, user_data: str = USER_DATA) -> list[str]:
    """EC2 instances with the ECS-optimized image, as the console or aws-cli launches them."""
    image = served.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    made = served.client("ec2").run_instances(
        ImageId=image,
        InstanceType="t2.micro",
        MinCount=count,
        MaxCount=count,
        UserData=user_data,
    )
    return [one["InstanceId"] for one in made["Instances"]]


def joined(ecs: Any, cluster: str = "web", count: int = 1) -> list[str] | None:
    """The container instances of a cluster, once there are so many."""
    arns: list[str] = ecs.list_container_instances(cluster=cluster)["containerInstanceArns"]
    return arns if len(arns) >= count else None


def connected(ecs: Any, cluster: str = "web", count: int = 1) -> list[str] | None:
    """The same, once so many have an agent that is connected: before, no task goes there."""
    arns = joined(ecs, cluster, count)
    if not arns:
        return None
    told = ecs.describe_container_instances(cluster=cluster, containerInstances=arns)
    there = [one for one in told["containerInstances"] if one["agentConnected"]]
    return arns if len(there) >= count else None
