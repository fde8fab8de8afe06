"""ExecuteCommand: whether a command may be run in a container, and the session it runs in."""

from __future__ import annotations

from typing import Any

from ecslab.controlplane import find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.state import State
from ecslab.model.errors import AwsError
from ecslab.model.task import Container, Task

Params = dict[str, Any]
_NOT_ENABLED = (
    "The execute command failed because execute command was not enabled when the task was run or "
    "the execute command agent isn’t running. Wait and try again or run a new task with execute "
    "command enabled and try again."
)


def execute(state: State, params: Params, context: Context) -> Outcome:
    """ExecuteCommand: the answer names a session; who opens it brings the command to life.

    The session's token is a secret of who asked; the address of its stream is filled in by who
    serves it.
    """
    cluster = find.cluster(state, params, context)
    if not params["interactive"]:
        raise find.invalid("Interactive is the only mode supported currently.")
    if not params["command"].strip():
        raise find.invalid("Command can not be blank.")
    task = find.task(state, cluster, params["task"], context)
    if task is None:
        raise find.invalid("The referenced task was not found.")
    if not task.execute_command or (task.status, task.desired) != ("RUNNING", "RUNNING"):
        raise find.invalid(_NOT_ENABLED)
    container = _container(task, params.get("container"))
    session = {
        "sessionId": f"ecs-execute-command-{context.ids.hex32()[:17]}",
        "streamUrl": "",
        "tokenValue": context.ids.hex32(),
    }
    return Outcome(
        {
            "clusterArn": cluster.arn,
            "taskArn": task.arn,
            "containerArn": container.arn,
            "containerName": container.name,
            "interactive": True,
            "session": session,
        }
    )


def _container(task: Task, name: str | None) -> Container:
    """The container meant; the only one needs no name."""
    if name is None and len(task.containers) > 1:
        names = ", ".join(one.name for one in task.containers)
        raise find.invalid(f"The task has several containers: name one of them ({names}).")
    for one in task.containers:
        if name in (None, one.name):
            if one.status != "RUNNING":
                raise AwsError(
                    "TargetNotConnectedException",
                    "The execute command failed due to an internal error. Try again later.",
                )
            return one
    raise find.invalid(f"The task has no container {name}.")
