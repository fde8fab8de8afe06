"""The run task form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ecslab.locale import translator
from ecslab.steps.settings.problem import Problem

_ = translator("steps")


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
        if self.launch_type == "FARGATE":
            problems.append(
                Problem(
                    "launch_type",
                    _(
                        "A Fargate task needs subnets and a security group, which this form does "
                        "not ask for: choose EC2, or give lab.run_task() a networkConfiguration."
                    ),
                )
            )
        return problems

    def request(self) -> dict[str, Any]:
        """The input of RunTask."""
        request: dict[str, Any] = {
            "cluster": self.cluster,
            "taskDefinition": self.task_definition,
            "count": self.count,
            "launchType": self.launch_type,
        }
        if self.group:
            request["group"] = self.group
        return request
