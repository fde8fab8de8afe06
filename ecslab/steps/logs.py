"""What a task's containers write, read from CloudWatch Logs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.logs import LogSettings, awslogs_of
from ecslab.steps.bench import Bench
from ecslab.steps.shown import headed
from ecslab.steps.tasks import describe
from ecslab.steps.things import Task

_ = translator("steps")


@dataclass(frozen=True)
class Line:
    """One line, and the container that wrote it."""

    at: float
    container: str
    text: str


@dataclass(frozen=True)
class Logs:
    """What the containers of a task wrote, oldest first."""

    task: str
    written: tuple[Line, ...]

    def headline(self) -> Text:
        """One sentence on it."""
        if not self.written:
            return _("The task {id} has written nothing yet.", id=self.task[:8])
        return _("The task {id} wrote:", id=self.task[:8])

    def lines(self) -> list[str]:
        """A line each, with its time, and its container where there are several."""
        several = len({line.container for line in self.written}) > 1
        return [
            f"{_clock(line.at)}  {f'{line.container}: ' if several else ''}{line.text}"
            for line in self.written
        ]

    def __str__(self) -> str:
        return "\n".join([str(self.headline()), *(f"  {line}" for line in self.lines())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.headline(), self.lines())


def _clock(at: float) -> str:
    return datetime.datetime.fromtimestamp(at).strftime("%H:%M:%S")


def logs(bench: Bench, task: Task, container: str | None, count: int) -> Logs:
    """The last `count` lines of each container (or the one named) with the log driver awslogs.

    Raises EcslabError where none has it, or where there is no such container.
    """
    now = describe(bench, [task])[0]
    streams = dict(_streams(bench, now))
    if container is not None and container not in {one["name"] for one in now["containers"]}:
        names = ", ".join(one["name"] for one in now["containers"])
        raise EcslabError(
            _("The task {id} has no container {name!r}.", id=task.id[:8], name=container),
            _("There are: {all}.", all=names),
        )
    if not streams or container not in (None, *streams):
        raise EcslabError(
            _("No container of the task {id} writes to CloudWatch Logs.", id=task.id[:8])
            if container is None
            else _("The container {name} does not write to CloudWatch Logs.", name=container),
            _(
                "Give it the log driver awslogs in the task definition (awslogs-group, "
                "awslogs-region, awslogs-stream-prefix) and run it again."
            ),
        )
    chosen = [container] if container else list(streams)
    found = [line for name in chosen for line in _read(bench, name, *streams[name], count)]
    return Logs(task.id, tuple(sorted(found, key=lambda line: line.at)))


def _streams(bench: Bench, task: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Container → its log group and stream, of those that have one."""
    answer = bench.client("ecs").describe_task_definition(taskDefinition=task["taskDefinitionArn"])
    made = {one["name"]: one for one in task["containers"]}
    for one in answer["taskDefinition"]["containerDefinitions"]:
        settings = awslogs_of(one)
        if settings is not None:
            yield one["name"], _place(settings, made[one["name"]], task)


def _place(
    settings: LogSettings, container: Mapping[str, Any], task: Mapping[str, Any]
) -> tuple[str, str]:
    id_ = task["taskArn"].rsplit("/", 1)[-1]
    return settings.group, settings.stream(container["name"], id_, container.get("runtimeId", ""))


def _read(bench: Bench, container: str, group: str, stream: str, count: int) -> list[Line]:
    """The last lines of a stream; none where it is not there (yet)."""
    from botocore.exceptions import ClientError

    if not stream:
        return []
    request = {"logGroupName": group, "logStreamName": stream, "limit": count}
    try:
        events = bench.client("logs").get_log_events(**request, startFromHead=False)["events"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []
    return [Line(one["timestamp"] / 1000, container, one["message"]) for one in events]
