"""The task definition form."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from ecslab.locale import translator
from ecslab.model import fargate
from ecslab.steps.settings.container import ContainerSettings
from ecslab.steps.settings.problem import Problem, check_name

_ = translator("steps")

MAX_CONTAINERS = 10  # RegisterTaskDefinition: "Too many containers."


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
    """CPU units and MiB of the whole task; Fargate asks for both."""

    def shown(self) -> tuple[str, ...]:
        """The fields this launch type asks for: Fargate sets the network, and sells sizes."""
        hidden = ("cpu", "memory") if self.launch_type == "EC2" else ("network_mode",)
        return tuple(f.name for f in fields(self) if f.name not in hidden)

    def check(self) -> list[Problem]:
        """What is wrong with the definition itself; containers check themselves."""
        problems = check_name(self.family, "family") + self._check_size()
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
        for number, container in enumerate(self.containers):
            problems += [
                Problem(f"containers.{number}.{p.field}", p.message) for p in container.check()
            ]
        return problems

    def _check_size(self) -> list[Problem]:
        if self.launch_type == "EC2":
            return []
        cpu, memory = (int(t) if t.isdecimal() else 0 for t in (self.cpu, self.memory))
        if fargate.is_size(cpu, memory):
            return []
        sizes = ", ".join(map(str, fargate.SIZES.get(cpu, fargate.SIZES[256])))
        return [
            Problem(
                "memory",
                _("Fargate sells {cpu} CPU units with {sizes} MiB.", cpu=cpu or 256, sizes=sizes),
            )
        ]

    def request(self) -> dict[str, Any]:
        """The input of RegisterTaskDefinition."""
        on_fargate = self.launch_type == "FARGATE"
        request: dict[str, Any] = {
            "family": self.family,
            "containerDefinitions": [c.request() for c in self.containers],
            "requiresCompatibilities": [self.launch_type],
        }
        optional = {
            "taskRoleArn": self.task_role,
            "executionRoleArn": self.execution_role,
            "networkMode": "awsvpc" if on_fargate else self.network_mode,
            "cpu": self.cpu if on_fargate else "",
            "memory": self.memory if on_fargate else "",
        }
        request.update({name: value for name, value in optional.items() if value})
        return request
