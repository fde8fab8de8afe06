"""Which runtime a sandbox has: Docker where an engine answers, else the stub."""

from __future__ import annotations

import uuid
from pathlib import Path

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.runtime.port import Emit, Runtime
from ecslab.runtime.stub import Capacity, StubRuntime
from ecslab.sandbox import engine
from ecslab.sandbox.clock import Clock
from ecslab.sandbox.process import Options

_ = translator("sandbox")


def choose(
    options: Options, emit: Emit, clock: Clock, capacity: Capacity
) -> tuple[Runtime, Text | str]:
    """The runtime, and why it is this one; "" where nothing is to be said.

    `capacity` is what a host has, for the stub. Raises EcslabError where Docker was asked for and
    is not there.
    """
    if options.runtime == "stub":
        return StubRuntime(emit, clock, capacity=capacity), _(
            "Containers are simulated, as asked for."
        )
    if engine.engine_version() is not None:
        return _docker(options, emit, clock), ""
    if options.runtime == "docker":
        raise EcslabError(
            _("No Docker engine answers on this machine."),
            _("Start Docker, or leave out `--runtime docker` to simulate containers."),
        )
    return StubRuntime(emit, clock, capacity=capacity), _(
        "No Docker engine answers here: containers are simulated."
    )


def _docker(options: Options, emit: Emit, clock: Clock) -> Runtime:
    from ecslab.runtime.docker import DockerRuntime

    return DockerRuntime(
        emit,
        clock,
        sandbox=_name_of(options.state),
        allow_privileged=options.allow_privileged,
        allow_mounts=(options.workspace, *options.allow_mounts),
    )


def _name_of(folder: Path) -> str:
    """The name this sandbox's containers carry; it stays with the folder."""
    file = folder / "name"
    if not file.exists():
        file.write_text(uuid.uuid4().hex[:12], encoding="ascii")
    return file.read_text(encoding="ascii").strip()
