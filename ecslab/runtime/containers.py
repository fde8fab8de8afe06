"""One container of a task, as its agent sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ecslab.model.agent_messages import NetworkBinding, RunTask
from ecslab.model.lifecycle import HealthStatus
from ecslab.runtime.port import ContainerSpec

State = Literal[
    "NONE",
    "PREPARING",
    "PULLING",
    "PULLED",
    "CREATING",
    "CREATED",
    "STARTING",
    "RUNNING",
    "STOPPING",
    "STOPPED",
]

RESTART_PERIOD = 60.0
"""Seconds a container must have run before it is restarted (API_ContainerRestartPolicy)."""
STOP_TIMEOUT = 30.0
"""Seconds between the signal and the kill (ECS_CONTAINER_STOP_TIMEOUT)."""


class Need(NamedTuple):
    """Another container, and what of it is waited for."""

    name: str
    condition: str


@dataclass
class Container:
    """What the agent knows of a container. `since` is when it entered STARTING or RUNNING."""

    name: str
    spec: ContainerSpec
    needs: tuple[Need, ...] = ()
    state: State = "NONE"
    since: float = 0.0
    exit_code: int | None = None
    reason: str = ""
    runtime_id: str = ""
    digest: str = ""
    health: HealthStatus = "UNKNOWN"
    bindings: tuple[NetworkBinding, ...] = ()
    restarts: int = field(default=0)

    @property
    def image(self) -> str:
        """The image's name."""
        return str(self.spec.definition.get("image", ""))

    @property
    def labels(self) -> dict[str, str]:
        """The Docker labels of the definition."""
        return self.spec.labels

    @property
    def essential(self) -> bool:
        """Whether the task ends with it; true unless said otherwise."""
        return self.spec.definition.get("essential") is not False

    @property
    def start_timeout(self) -> float | None:
        """Seconds others wait for it, None for as long as it takes."""
        value = self.spec.definition.get("startTimeout")
        return None if value is None else float(value)

    @property
    def stop_timeout(self) -> float:
        """Seconds between the stop signal and the kill."""
        value = self.spec.definition.get("stopTimeout")
        return STOP_TIMEOUT if value is None else float(value)

    @property
    def alive(self) -> bool:
        """Whether there may be a process of it."""
        return self.state in ("CREATING", "STARTING", "RUNNING", "STOPPING")

    @property
    def ran(self) -> bool:
        """Whether it was started at least once."""
        return self.state in ("RUNNING", "STOPPING") or (
            self.state == "STOPPED" and self.exit_code is not None
        )

    @property
    def known_status(self) -> str:
        """The status ECS shows."""
        if self.state == "CREATED":
            return "CREATED"
        if self.state in ("RUNNING", "STOPPING"):
            return "RUNNING"
        return "STOPPED" if self.state == "STOPPED" else "PENDING"

    def may_restart(self, code: int | None, now: float) -> bool:
        """Whether its restart policy starts it again after this exit."""
        policy = self.spec.definition.get("restartPolicy") or {}
        if not policy.get("enabled") or code in (policy.get("ignoredExitCodes") or ()):
            return False
        period = policy.get("restartAttemptPeriod")
        return now - self.since >= (RESTART_PERIOD if period is None else float(period))


def containers_of(order: RunTask) -> dict[str, Container]:
    """The containers of a task in the order of its definition, ports decided."""
    definition: dict[str, Any] = dict(order.definition)
    dynamic = list(order.dynamic_ports)
    mode = str(definition.get("networkMode") or "bridge")
    made = {}
    containers = list(definition.get("containerDefinitions") or ())
    where = order.own_ip if mode == "awsvpc" else order.host_ip
    bound = [_bindings(container, mode, where, dynamic) for container in containers]
    for container, bindings in zip(containers, bound, strict=True):
        spec = ContainerSpec(
            definition=container,
            bindings=bindings,
            task_bindings=tuple(dict.fromkeys(b for of_one in bound for b in of_one)),
            host_ip=order.host_ip,
            network_mode=mode,
            volumes=tuple(definition.get("volumes") or ()),
            environment=order.environment,
            pid_mode=str(definition.get("pidMode") or ""),
            ipc_mode=str(definition.get("ipcMode") or ""),
            family=order.family,
            revision=order.revision,
            cluster_arn=order.cluster_arn,
        )
        made[container["name"]] = Container(container["name"], spec, _needs(container))
    return made


def _bindings(
    container: dict[str, Any], mode: str, where: str, dynamic: list[NetworkBinding]
) -> tuple[NetworkBinding, ...]:
    """The host port of each mapping: as written, or the next the control plane chose for it.

    Where a task has an address of its own, or its instance's network, every port is open as it is.
    """
    if mode == "none" or not where:
        return ()
    bindings = []
    for mapping in container.get("portMappings") or ():
        inside, protocol = mapping.get("containerPort"), mapping.get("protocol") or "tcp"
        if inside is None:
            continue
        host = mapping.get("hostPort") or (inside if mode in ("host", "awsvpc") else 0)
        if not host:
            chosen = next(
                (b for b in dynamic if (b.container_port, b.protocol) == (inside, protocol)), None
            )
            if chosen is None:
                continue
            dynamic.remove(chosen)
            host = chosen.host_port
        bindings.append(NetworkBinding(where, inside, host, protocol))
    return tuple(bindings)


def _needs(container: dict[str, Any]) -> tuple[Need, ...]:
    """Dependencies as written, and those that links and volumesFrom imply."""
    needs = {
        d["containerName"]: Need(d["containerName"], d.get("condition", "START"))
        for d in container.get("dependsOn") or ()
    }
    implied = [str(link).partition(":")[0] for link in container.get("links") or ()]
    implied += [str(v.get("sourceContainer")) for v in container.get("volumesFrom") or ()]
    for name in implied:
        needs.setdefault(name, Need(name, "START"))
    return tuple(needs.values())


def cycle_in(containers: Iterable[Container]) -> list[str]:
    """Names of containers that can never start, since they wait for each other or for one there
    is not; [] where every order can be kept.
    """
    left = {c.name: {n.name for n in c.needs} for c in containers}
    for name, needs in left.items():
        missing = needs - left.keys()
        if missing:
            return [name, *sorted(missing)]
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    return list(left)
