"""Registering a task definition from the command line, with the standard AWS settings."""

from __future__ import annotations

from typing import Any

from ecslab.steps import definition
from ecslab.steps.bench import Bench
from ecslab.steps.progress import Progress
from ecslab.steps.said import plainly


def register(task_definition: dict[str, Any]) -> tuple[str, str]:
    """Register it; "family:revision" and its ARN. One that is there already is given back.

    The ``AWS_*`` variables and profiles say where. Raises EcslabError.
    """
    with plainly():
        from ecslab.lab.aws_session import aws_session

        bench = Bench(aws_session())
        made = definition.register(bench, task_definition, Progress().quietly())
    return f"{made.family}:{made.revision}", made.arn
