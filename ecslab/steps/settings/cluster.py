"""The cluster wizard."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Literal

from ecslab.locale import translator
from ecslab.steps.settings.problem import Problem, check_name

_ = translator("steps")

Template = Literal["FARGATE", "EC2", "WINDOWS"]


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
        asked = {"EC2": len(names), "FARGATE": 1, "WINDOWS": 0}
        return names[: asked[self.template]]

    def check(self) -> list[Problem]:
        """What keeps the cluster from being created; empty when nothing does."""
        if self.template == "WINDOWS":
            return [
                Problem(
                    "template",
                    _(
                        "EC2 Windows is left out: its images are large and start slowly, it cannot "
                        "run the Linux images of this workshop, and several features (links, host "
                        "networking, most Linux parameters) do not exist there. Choose EC2 Linux."
                    ),
                )
            ]
        problems = check_name(self.name, "name")
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
        problems += check_name(self.instance_role, "instance_role")
        return problems
