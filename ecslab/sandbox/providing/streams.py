"""Log streams of containers with the awslogs driver, in CloudWatch Logs.

Source: developer guide, "Send Amazon ECS logs to CloudWatch": a stream is named
prefix/container/task; without a prefix it has the name of the container's runtime id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.model.errors import AwsError
from ecslab.sandbox.providing.asking import Neighbourhood, NotThereError

_THERE = "ResourceAlreadyExistsException"
_ON_EC2 = (
    "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: "
    "failed to create Cloudwatch log stream: {why}"
)
_ON_FARGATE = (
    "ResourceInitializationError: failed to validate logger args: create stream has been retried "
    "1 times: failed to create Cloudwatch log stream: {why} : exit status 1"
)


@dataclass(frozen=True)
class Stream:
    """Where a container's lines go."""

    group: str
    region: str
    name: str = ""
    """Empty where the runtime id is its name."""
    create_group: bool = False


def stream_of(definition: Mapping[str, Any], task_arn: str) -> Stream | None:
    """The log stream of a container; None where it logs elsewhere."""
    logs = definition.get("logConfiguration") or {}
    options = logs.get("options") or {}
    if logs.get("logDriver") != "awslogs" or not options.get("awslogs-group"):
        return None
    prefix = options.get("awslogs-stream-prefix")
    task_id = task_arn.rpartition("/")[2]
    return Stream(
        group=options["awslogs-group"],
        region=options.get("awslogs-region") or task_arn.split(":")[3],
        name=f"{prefix}/{definition['name']}/{task_id}" if prefix else "",
        create_group=str(options.get("awslogs-create-group")).lower() == "true",
    )


def make(stream: Stream, ask: Neighbourhood, *, fargate: bool) -> None:
    """Make the stream, and its group if that was asked for. Raises NotThereError."""
    try:
        if stream.create_group:
            _create(ask, "CreateLogGroup", {"logGroupName": stream.group}, stream.region)
        if stream.name:
            create(stream, ask)
        else:
            _check_group(stream, ask)
    except AwsError as error:
        text = _ON_FARGATE if fargate else _ON_EC2
        raise NotThereError(text.format(why=error)) from error


def create(stream: Stream, ask: Neighbourhood) -> None:
    """Make the stream, unless it is there. Raises AwsError."""
    params = {"logGroupName": stream.group, "logStreamName": stream.name}
    _create(ask, "CreateLogStream", params, stream.region)


def _create(ask: Neighbourhood, operation: str, params: dict[str, Any], region: str) -> None:
    try:
        ask.ask("logs", operation, params, region)
    except AwsError as error:
        if error.code != _THERE:
            raise


def _check_group(stream: Stream, ask: Neighbourhood) -> None:
    params = {"logGroupNamePrefix": stream.group}
    told = ask.ask("logs", "DescribeLogGroups", params, stream.region)
    if stream.group not in (one["logGroupName"] for one in told["logGroups"]):
        why = "The specified log group does not exist."
        raise AwsError("ResourceNotFoundException", why)
