"""The "add container" form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ecslab.locale import translator
from ecslab.steps.settings.problem import Problem, check_name

_ = translator("steps")

_IMAGE = re.compile(r"[^\s]{1,255}")
MIN_MEMORY = 6  # MiB, Docker's own minimum (API_ContainerDefinition, memory)


@dataclass(frozen=True)
class PortSettings:
    """One row of a container's port mappings; host port 0 lets ECS choose."""

    container: int
    host: int = 0
    protocol: str = "tcp"


@dataclass(frozen=True)
class ContainerSettings:
    """The "add container" form. Memory in MiB; `memory` is the hard limit."""

    name: str
    image: str
    memory: int | None = None
    memory_reservation: int | None = None
    cpu: int | None = None
    ports: tuple[PortSettings, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    essential: bool = True

    def check(self) -> list[Problem]:
        """What RegisterTaskDefinition would refuse, field by field."""
        problems = check_name(self.name, "name")
        if not _IMAGE.fullmatch(self.image):
            problems.append(
                Problem("image", _("Enter an image such as nginx:alpine, without spaces."))
            )
        problems += self._check_memory()
        if self.cpu is not None and self.cpu < 0:
            problems.append(Problem("cpu", _("Enter CPU units, 0 or more; 1024 are one vCPU.")))
        if not all(name for name, _value in self.environment):
            problems.append(Problem("environment", _("Every variable needs a name.")))
        return problems + self._check_ports()

    def _check_ports(self) -> list[Problem]:
        problems = [
            Problem(
                "ports",
                _(
                    "Ports go from 1 to 65535; host port 0 lets ECS choose one "
                    "({host}:{container} was entered).",
                    host=port.host,
                    container=port.container,
                ),
            )
            for port in self.ports
            if not (1 <= port.container <= 65535 and 0 <= port.host <= 65535)
        ]
        hosts = [(port.host, port.protocol) for port in self.ports if port.host]
        for host, protocol in sorted({one for one in hosts if hosts.count(one) > 1}):
            problems.append(
                Problem(
                    "ports",
                    _("Host port {host}/{protocol} is there twice.", host=host, protocol=protocol),
                )
            )
        return problems

    def _check_memory(self) -> list[Problem]:
        if self.memory is None and self.memory_reservation is None:
            return [
                Problem(
                    "memory",
                    _("Enter a hard limit, a soft limit, or both: ECS places a task by them."),
                )
            ]
        problems = [
            Problem(name, _("A container needs at least {least} MiB.", least=MIN_MEMORY))
            for name in ("memory", "memory_reservation")
            if (value := getattr(self, name)) is not None and value < MIN_MEMORY
        ]
        if self.memory and self.memory_reservation and self.memory < self.memory_reservation:
            problems.append(
                Problem(
                    "memory_reservation",
                    _("The soft limit must not be greater than the hard limit."),
                )
            )
        return problems

    def request(self) -> dict[str, Any]:
        """The member of ``containerDefinitions`` this is."""
        definition: dict[str, Any] = {"name": self.name, "image": self.image}
        if self.cpu is not None:
            definition["cpu"] = self.cpu
        if self.memory is not None:
            definition["memory"] = self.memory
        if self.memory_reservation is not None:
            definition["memoryReservation"] = self.memory_reservation
        definition["essential"] = self.essential
        if self.ports:
            definition["portMappings"] = [
                {
                    "containerPort": port.container,
                    **({"hostPort": port.host} if port.host else {}),
                    "protocol": port.protocol,
                }
                for port in self.ports
            ]
        if self.environment:
            definition["environment"] = [{"name": n, "value": v} for n, v in self.environment]
        return definition
