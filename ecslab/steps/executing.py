"""Commands run in a task's container, as ECS Exec runs them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Bench
from ecslab.steps.progress import Progress
from ecslab.steps.tasks import describe
from ecslab.steps.things import Task

_ = translator("steps")


@dataclass(frozen=True)
class Executed:
    """A command that was run in a container, and what it wrote."""

    task: str
    container: str
    command: str
    output: str
    exit_code: int | None = None
    """None where it is not told: AWS does not for a command of ECS Exec."""
    cut: bool = False
    """There was more output than is kept."""

    def headline(self) -> Text:
        """Where it ran."""
        where = f"{self.task[:8]}/{self.container}"
        return _("{command} in {where}:", command=self.command, where=where)

    def ending(self) -> str:
        """What is to be said below its output; "" mostly."""
        if self.cut:
            return str(_("… there is more: the rest is left out."))
        if self.exit_code:
            return str(_("It ended with exit code {code}.", code=self.exit_code))
        return "" if self.output.strip() else str(_("It wrote nothing."))

    def __str__(self) -> str:
        lines = (str(self.headline()), self.output.rstrip("\n"), self.ending())
        return "\n".join(line for line in lines if line)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        told = f"<p>{html.escape(str(self.headline()))}</p>"
        if self.output.strip():
            told += f"<pre>{html.escape(self.output)}</pre>"
        return told + (f"<p>{html.escape(self.ending())}</p>" if self.ending() else "")


def execute(
    bench: Bench,
    task: Task,
    command: str,
    container: str | None,
    timeout: float,
    progress: Progress,
) -> Executed:
    """Run a command in a container of a task and wait for its end, at most `timeout` seconds.

    Raises EcslabError with ECS's own words where it may not be run, and where it does not end.
    """
    progress.check()
    name = container or _only(describe(bench, [task])[0])
    ecs = bench.client("ecs")
    try:
        answer = ecs.execute_command(
            cluster=task.cluster, task=task.arn, container=name, command=command, interactive=True
        )
    except ecs.exceptions.TargetNotConnectedException as error:
        raise _not_connected(bench, error) from error
    session = answer["session"]
    output, exit_code, cut = bench.converse(
        session["streamUrl"], session["tokenValue"], progress, timeout
    )
    return Executed(task.id, name, command, output, exit_code, cut)


def _only(task: Mapping[str, Any]) -> str:
    names = [one["name"] for one in task.get("containers", ())]
    if len(names) != 1:
        raise EcslabError(
            _("The task has several containers: say which one."),
            _("Add container=NAME; there are: {all}.", all=", ".join(names)),
        )
    return str(names[0])


def _not_connected(bench: Bench, error: Exception) -> EcslabError:
    if bench.simulated:
        return EcslabError(
            _("Simulated containers run no commands: there is no process in them."),
            _("With Docker they do: start it, then `ecslab sandbox stop` and connect again."),
        )
    return EcslabError(
        _("ECS cannot reach the container: {why}", why=error),
        _("Its agent may still be starting; the task's role needs the ssmmessages permissions."),
    )
