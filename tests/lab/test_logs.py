"""lab.logs: what a task's containers wrote to CloudWatch Logs."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.model.logs import LogSettings, awslogs_of
from ecslab.sandbox import Status
from ecslab.steps.things import Task

GROUP = "/ecs/web"
OPTIONS = {
    "awslogs-group": GROUP,
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": "ecs",
}
LOGGED = {"logConfiguration": {"logDriver": "awslogs", "options": OPTIONS}}


@pytest.fixture
def lab(stub_sandbox: Status) -> Iterator[Lab]:
    """A lab with a cluster of two t2.micro, and a log group."""
    made = ecslab.connect("sandbox", lang="en")
    made.create_cluster()
    made.client("logs").create_log_group(logGroupName=GROUP)
    yield made
    ecslab.set_language(None)


def run(lab: Lab, **containers: dict[str, object]) -> Task:
    """A running task of these containers."""
    definitions = [
        {"name": name, "image": "nginx:alpine", "memory": 64, **more}
        for name, more in containers.items()
    ]
    made = lab.register_task_definition(containerDefinitions=definitions)
    task: Task = lab.wait(lab.run_task(made))[0]
    return task


def write(lab: Lab, task: Task, container: str, *lines: str) -> None:
    """Put lines where the log driver of a container puts them."""
    logs, stream = lab.client("logs"), f"ecs/{container}/{task.id}"
    there = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=stream)
    if not there["logStreams"]:
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    now = int(time.time() * 1000)
    events = [{"timestamp": now + at, "message": text} for at, text in enumerate(lines)]
    logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def test_lines_are_read_while_a_task_runs_and_after_it_stopped(lab: Lab) -> None:
    task = run(lab, nginx=LOGGED)
    write(lab, task, "nginx", "hello", "world")
    texts = [line.text for line in lab.logs(task).written]
    assert texts[-2:] == ["hello", "world"]
    assert "hello" in str(lab.logs(task))
    lab.wait(lab.stop_task(task), until="STOPPED")
    assert "world" in [line.text for line in lab.logs(task).written]


def test_lines_of_several_containers_are_told_apart(lab: Lab) -> None:
    task = run(lab, web=LOGGED, side=LOGGED)
    write(lab, task, "web", "from web")
    write(lab, task, "side", "from side")
    assert {line.container for line in lab.logs(task).written} == {"web", "side"}
    assert "side: from side" in str(lab.logs(task))
    assert {line.container for line in lab.logs(task, "side").written} == {"side"}


def test_a_task_that_wrote_nothing_yet_says_so() -> None:
    from ecslab.steps.logs import Logs

    ecslab.set_language("en")
    assert str(Logs("0123456789", ()).headline()) == "The task 01234567 has written nothing yet."
    ecslab.set_language(None)


@pytest.mark.parametrize(
    ("container", "text"),
    [
        (None, "No container of the task"),
        ("nginx", "The container nginx does not write"),
        ("other", "has no container 'other'"),
    ],
)
def test_what_is_not_kept_cannot_be_read_and_the_hint_says_how(
    lab: Lab, container: str | None, text: str
) -> None:
    task = run(lab, nginx={})
    with pytest.raises(EcslabError, match=text):
        lab.logs(task, container)


@pytest.mark.parametrize(
    "configuration",
    [None, {}, {"logDriver": "json-file"}, {"logDriver": "awslogs", "options": {}}],
)
def test_other_containers_write_nowhere_else(configuration: object) -> None:
    assert awslogs_of({"logConfiguration": configuration}) is None


def test_a_stream_is_named_after_prefix_container_and_task_or_the_containers_id() -> None:
    assert LogSettings("g", "p").stream("web", "task", "id") == "p/web/task"
    assert LogSettings("g").stream("web", "task", "id") == "id"
