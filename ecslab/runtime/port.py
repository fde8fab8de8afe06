"""What a container runtime must do: instructions in, events out.

`Runtime.submit` returns at once; what comes of it arrives as events through the `emit` callable
the runtime was made with, from any thread. The stub and Docker pass one contract suite
(``tests/runtime/test_contract.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ecslab.model.agent_messages import NetworkBinding, RunTask
from ecslab.model.lifecycle import HealthStatus

Address = tuple[str, int]


class Key(NamedTuple):
    """One container of one task."""

    task_arn: str
    name: str


@dataclass(frozen=True)
class ContainerSpec:
    """All a runtime needs to make a container.

    `definition` is the container definition and `volumes` the task's volumes, both in wire form.
    """

    definition: Mapping[str, Any]
    bindings: tuple[NetworkBinding, ...] = ()
    """Every port to open on `host_ip`; host ports are decided."""
    task_bindings: tuple[NetworkBinding, ...] = ()
    """Those of all containers of the task: who shares a network opens its ports together."""
    host_ip: str = "127.0.0.1"
    network_mode: str = "bridge"
    volumes: tuple[Mapping[str, Any], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    pid_mode: str = ""
    ipc_mode: str = ""
    family: str = ""
    revision: int = 0
    cluster_arn: str = ""

    @property
    def open_at(self) -> str:
        """The address its ports are open at: the instance's, or the task's own."""
        return self.task_bindings[0].bind_ip if self.task_bindings else self.host_ip

    @property
    def labels(self) -> dict[str, str]:
        """The Docker labels the definition gives."""
        return dict(self.definition.get("dockerLabels") or {})


# -- before a runtime is asked ---------------------------------------------------------------------


@dataclass(frozen=True)
class Prepare:
    """Get what a container needs from elsewhere before its image is pulled: secrets, files of
    variables, its log stream. Answer: `Prepared` or `PrepareFailed`.
    """

    key: Key
    order: RunTask


@dataclass(frozen=True)
class Prepared:
    """All is there; these variables are to be set."""

    key: Key
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # secrets among them


@dataclass(frozen=True)
class PrepareFailed:
    """Something is not to be had: the whole reason, as ECS shows it."""

    key: Key
    reason: str


# -- instructions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pull:
    """Get the image. Answer: `PullProgress`…, then `Pulled` or `PullFailed`."""

    key: Key
    image: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Create:
    """Make the container. Answer: `Created` or `CreateFailed`."""

    key: Key
    spec: ContainerSpec


@dataclass(frozen=True)
class Start:
    """Start it. Answer: `Started` or `StartFailed`, later `HealthChanged` and `Exited`."""

    key: Key


@dataclass(frozen=True)
class Stop:
    """Stop signal, at most `timeout` seconds, then SIGKILL. Answer: `Exited`."""

    key: Key
    timeout: float


@dataclass(frozen=True)
class Release:
    """The task ended: give back its network; stopped containers stay readable. No answer."""

    task_arn: str


@dataclass(frozen=True)
class Remove:
    """Remove every container of the task, running or not, and what was made for it. No answer."""

    task_arn: str


Instruction = Pull | Create | Start | Stop | Release | Remove


# -- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PullProgress:
    """How far a pull is, in the engine's words."""

    key: Key
    text: str


@dataclass(frozen=True)
class Pulled:
    """The image is there."""

    key: Key
    digest: str = ""


@dataclass(frozen=True)
class PullFailed:
    """The image cannot be had: why, in one sentence."""

    key: Key
    reason: str


@dataclass(frozen=True)
class Created:
    """The container exists."""

    key: Key
    runtime_id: str


@dataclass(frozen=True)
class CreateFailed:
    """The container could not be made."""

    key: Key
    reason: str


@dataclass(frozen=True)
class Started:
    """The container runs and its ports are open."""

    key: Key
    bindings: tuple[NetworkBinding, ...] = ()


@dataclass(frozen=True)
class StartFailed:
    """The container could not be started."""

    key: Key
    reason: str


@dataclass(frozen=True)
class Exited:
    """The container's process ended. 137 after SIGKILL, 143 after SIGTERM."""

    key: Key
    exit_code: int | None
    out_of_memory: bool = False
    reason: str = ""


@dataclass(frozen=True)
class HealthChanged:
    """Its health check spoke."""

    key: Key
    health: HealthStatus


@dataclass(frozen=True)
class RuntimeLost:
    """The engine does not answer any more; nothing of what ran may be relied upon."""

    reason: str


@dataclass(frozen=True)
class RuntimeBack:
    """The engine answers again."""


Event = (
    Prepared
    | PrepareFailed
    | PullProgress
    | Pulled
    | PullFailed
    | Created
    | CreateFailed
    | Started
    | StartFailed
    | Exited
    | HealthChanged
    | RuntimeLost
    | RuntimeBack
)


@dataclass(frozen=True)
class Found:
    """A container of an earlier run of the sandbox."""

    key: Key
    runtime_id: str
    running: bool
    exit_code: int | None = None
    bindings: tuple[NetworkBinding, ...] = ()
    health: HealthStatus = "UNKNOWN"


class Held(NamedTuple):
    """A container that is there now, and the host ports it keeps from others."""

    key: Key
    running: bool
    ports: tuple[tuple[str, int, str], ...] = ()
    """Address, port and protocol."""


class Line(NamedTuple):
    """What a container wrote. `at` in nanoseconds since the epoch, of this machine's clock."""

    at: int
    text: str


@dataclass(frozen=True)
class Look:
    """What can be seen of a container from outside. Moments as Docker writes them (RFC 3339)."""

    name: str
    image_id: str = ""
    address: str = ""
    created_at: str = ""
    started_at: str = ""


@dataclass(frozen=True)
class Meeting:
    """An address of this machine for containers."""

    host: str
    """As containers know it."""
    bind: str
    """Where to listen."""
    trusted: bool
    """Whether SDKs ask it for credentials."""


class Ran(NamedTuple):
    """A command that was run in a container. Its exit code; what it wrote, both streams."""

    exit_code: int | None
    """None where it had not ended when its output was cut."""
    output: str
    cut: bool = False
    """There was more than is kept."""


class Usage(NamedTuple):
    """What a container has used since its start, and has now.

    `cpu` in seconds of one processor, `memory` in bytes.
    """

    cpu: float
    memory: int


class Runtime(Protocol):
    """The hands of an instance's agent."""

    name: str
    """``docker`` or ``stub``."""
    simulated: bool
    """True where nothing is really run; every screen says so."""

    def submit(self, instruction: Instruction) -> None:
        """Take an instruction; returns at once."""

    def adopt(self) -> list[Found]:
        """What is left of an earlier run, found by its labels."""

    def held(self) -> list[Held]:
        """Every container there is now, as the engine tells; stopped ones among them."""

    def addresses(self) -> dict[Address, Address]:
        """Where host ports are really open, for those that had to go elsewhere."""

    def logs(self, key: Key, tail: int = 200) -> str:
        """What the container wrote, the last `tail` lines."""

    def meet(self) -> Meeting | None:
        """Let containers made from now on reach this machine; where. None where they cannot."""

    def lines(self, key: Key, after: int) -> list[Line]:
        """What the container wrote after that moment; nothing of one there is not."""

    def look(self, key: Key) -> Look | None:
        """What can be seen of it; None where it is not."""

    def stats(self, key: Key) -> Mapping[str, Any] | None:
        """What it uses now, in the form of Docker's ``/stats``; None where nothing runs."""

    def usage(self, key: Key) -> Usage | None:
        """What it has used so far; None where nothing runs. Unlike `stats` it does not wait."""

    def execute(self, key: Key, command: Sequence[str]) -> Ran:
        """Run a command in a running container and wait for its end.

        Raises LookupError, with the reason, where that cannot be.
        """

    def remove_all(self) -> None:
        """Remove everything this runtime made, and touch nothing else."""

    def close(self) -> None:
        """End its threads; containers stay as they are."""


Emit = Callable[[Event], None]
