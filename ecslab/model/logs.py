"""Where CloudWatch Logs keeps what containers write (log driver awslogs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LogSettings:
    """The options of the log driver awslogs that decide where lines go."""

    group: str
    prefix: str = ""

    def stream(self, container: str, task_id: str, runtime_id: str) -> str:
        """The name of a container's log stream: PREFIX/CONTAINER/TASK, or the container's id."""
        return f"{self.prefix}/{container}/{task_id}" if self.prefix else runtime_id


def awslogs_of(container: Mapping[str, Any]) -> LogSettings | None:
    """Where a container definition (wire form) sends its lines; None if not to CloudWatch Logs."""
    configuration = container.get("logConfiguration") or {}
    options = configuration.get("options") or {}
    if configuration.get("logDriver") != "awslogs" or not options.get("awslogs-group"):
        return None
    return LogSettings(
        group=options["awslogs-group"],
        prefix=options.get("awslogs-stream-prefix", ""),
    )
