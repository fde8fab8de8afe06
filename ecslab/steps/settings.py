"""What the console's forms ask for, as values that check themselves.

A form fills one of these and shows what `check()` says beside the field it is about; it knows no
rule of ECS itself. `request()` is what the API is called with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from ecslab.locale import Text, translator

_ = translator("steps")

Template = Literal["FARGATE", "EC2", "WINDOWS"]

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_IMAGE = re.compile(r"[^\s]{1,255}")
MAX_CONTAINERS = 10  # RegisterTaskDefinition: "Too many containers."
MIN_MEMORY = 6  # MiB, Docker's own minimum (API_ContainerDefinition, memory)


class Problem(NamedTuple):
    """One thing that is wrong with one field, in one sentence."""

    field: str
    message: Text


def _check_name(name: str, field_name: str) -> list[Problem]:
    if _NAME.fullmatch(name):
        return []
    if not name:
        return [Problem(field_name, _("Enter a name."))]
    return [
        Problem(
            field_name,
            _("Up to 255 letters (a–z, A–Z), digits, hyphens and underscores are allowed."),
        )
    ]


@dataclass(frozen=True)
class ClusterSettings:
    """The cluster wizard: a template, a name and, for EC2, the machines."""

    name: str
    template: Template = "EC2"
    instance_type: str = "t2.micro"
    instances: int = 2
    instance_role: str = "ecsInstanceRole"

    def shown(self) -> tuple[str, ...]:
        """The fields this template asks for: Fargate needs a name and nothing else."""
        names = tuple(f.name for f in fields(self) if f.name != "template")
        return names if self.template == "EC2" else names[:1]

    def check(self) -> list[Problem]:
        """What keeps the cluster from being created; empty when nothing does."""
        if self.template == "WINDOWS":
            return [
                Problem(
                    "template",
                    _(
                        "EC2 Windows is left out: its images are large and start slowly, it cannot "
                        "run the Linux images of this workshop, and several features (links, "
                        "awsvpc, most Linux parameters) do not exist there. Choose EC2 Linux."
                    ),
                )
            ]
        problems = _check_name(self.name, "name")
        if self.template == "EC2":
            problems += self._check_machines()
        return problems

    def _check_machines(self) -> list[Problem]:
        problems = []
        if not re.fullmatch(r"[a-z][a-z0-9-]*\.[a-z0-9-]+", self.instance_type):
            problems.append(
                Problem("instance_type", _("An instance type looks like t2.micro or m5.large."))
            )
        if not 1 <= self.instances <= 10:
            problems.append(
                Problem("instances", _("Enter a number from 1 to 10; this workshop uses 2."))
            )
        problems += _check_name(self.instance_role, "instance_role")
        return problems


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
        problems = _check_name(self.name, "name")
        if not _IMAGE.fullmatch(self.image):
            problems.append(
                Problem("image", _("Enter an image such as nginx:alpine, without spaces."))
            )
        problems += self._check_memory()
        for port in self.ports:
            if not (1 <= port.container <= 65535 and 0 <= port.host <= 65535):
                problems.append(
                    Problem(
                        "ports",
                        _(
                            "Ports go from 1 to 65535; host port 0 lets ECS choose one "
                            "({host}:{container} was entered).",
                            host=port.host,
                            container=port.container,
                        ),
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

    def request(self) -> dict[str, object]:
        """The member of ``containerDefinitions`` this is."""
        definition: dict[str, object] = {"name": self.name, "image": self.image}
        if self.cpu is not None:
            definition["cpu"] = self.cpu
        if self.memory is not None:
            definition["memory"] = self.memory
        if self.memory_reservation is not None:
            definition["memoryReservation"] = self.memory_reservation
        definition["essential"] = self.essential
        if self.ports:
            definition["portMappings"] = [
                {"containerPort": p.container, "hostPort": p.host, "protocol": p.protocol}
                for p in self.ports
            ]
        if self.environment:
            definition["environment"] = [{"name": n, "value": v} for n, v in self.environment]
        return definition


@dataclass(frozen=True)
class TaskDefinitionSettings:
    """The task definition form. Roles are names or ARNs; "" means none."""

    family: str
    containers: tuple[ContainerSettings, ...] = ()
    launch_type: Literal["EC2", "FARGATE"] = "EC2"
    task_role: str = ""
    execution_role: str = ""
    network_mode: str = ""
    cpu: str = ""
    memory: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    def check(self) -> list[Problem]:
        """What is wrong with the definition itself; containers check themselves."""
        problems = _check_name(self.family, "family")
        if not self.containers:
            problems.append(Problem("containers", _("Add at least one container.")))
        if len(self.containers) > MAX_CONTAINERS:
            problems.append(
                Problem(
                    "containers",
                    _("A task definition holds at most {most} containers.", most=MAX_CONTAINERS),
                )
            )
        names = [c.name for c in self.containers]
        doubles = sorted({name for name in names if names.count(name) > 1})
        if doubles:
            problems.append(
                Problem(
                    "containers",
                    _("Two containers are called {name}: names must differ.", name=doubles[0]),
                )
            )
        if self.containers and not any(c.essential for c in self.containers):
            problems.append(Problem("containers", _("At least one container must be essential.")))
        for container in self.containers:
            problems += [Problem("containers", p.message) for p in container.check()]
        return problems

    def request(self) -> dict[str, object]:
        """The input of RegisterTaskDefinition."""
        request: dict[str, object] = {
            "family": self.family,
            "containerDefinitions": [c.request() for c in self.containers],
            "requiresCompatibilities": [self.launch_type],
        }
        optional = {
            "taskRoleArn": self.task_role,
            "executionRoleArn": self.execution_role,
            "networkMode": self.network_mode,
            "cpu": self.cpu,
            "memory": self.memory,
        }
        request.update({name: value for name, value in optional.items() if value})
        return request


@dataclass(frozen=True)
class RunTaskSettings:
    """The run task form."""

    cluster: str
    task_definition: str
    launch_type: Literal["EC2", "FARGATE"] = "EC2"
    count: int = 1
    group: str = ""

    def check(self) -> list[Problem]:
        """What keeps the task from being run."""
        problems = []
        if not self.cluster:
            problems.append(Problem("cluster", _("Choose a cluster; create one first.")))
        if not self.task_definition:
            problems.append(
                Problem("task_definition", _("Choose a task definition; register one first."))
            )
        if not 1 <= self.count <= 10:
            problems.append(Problem("count", _("RunTask starts 1 to 10 tasks at a time.")))
        return problems

    def request(self) -> dict[str, object]:
        """The input of RunTask."""
        request: dict[str, object] = {
            "cluster": self.cluster,
            "taskDefinition": self.task_definition,
            "launchType": self.launch_type,
            "count": self.count,
        }
        if self.group:
            request["group"] = self.group
        return request
