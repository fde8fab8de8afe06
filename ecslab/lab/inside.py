"""Looking into tasks, as a part of `Lab`."""

from __future__ import annotations

from collections.abc import Iterable

from ecslab.lab.base import LabBase
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps import tasks
from ecslab.steps.calls import watching
from ecslab.steps.executing import Executed, execute
from ecslab.steps.logs import Logs, logs
from ecslab.steps.progress import Progress
from ecslab.steps.said import plainly
from ecslab.steps.things import Task

_ = translator("lab")

Tasks = Task | Iterable[Task]


class InsideTasks(LabBase):
    """See `Lab`."""

    def logs(self, task: Tasks, container: str | None = None, *, count: int = 50) -> Logs:
        """The last lines the containers of a task (or one of them) wrote to CloudWatch Logs.

        Containers with the log driver awslogs do; a task that has stopped can still be read.
        """
        with plainly(), watching():
            return logs(self.bench, one_of(task), container, count)

    def exec(
        self,
        task: Tasks,
        command: str,
        container: str | None = None,
        *,
        timeout: float = 60.0,
        progress: Progress | None = None,
    ) -> Executed:
        """Run a command in a container of a running task, and show what it wrote.

        The task must have been run with ``enableExecuteCommand=True``. Ctrl-C, or `timeout`
        seconds, end the wait; long output is cut.
        """
        shown = self._progress(progress)
        with plainly():
            return execute(self.bench, one_of(task), command, container, timeout, shown)

    def interrupt(self, task: Tasks, *, progress: Progress | None = None) -> Task:
        """Let Fargate Spot take the task's capacity back, as it does when others pay more.

        The task's containers are told with SIGTERM; its service replaces it. On a real account
        AWS Fault Injection Service does that.
        """
        with plainly():
            return tasks.interrupt(self.bench, one_of(task), self._progress(progress))


def list_of(task: Tasks) -> list[Task]:
    """The task, or all of several."""
    return [task] if isinstance(task, Task) else list(task)


def one_of(task: Tasks) -> Task:
    """The task, or the first of several."""
    several = list_of(task)
    if not several:
        raise EcslabError(
            _("There is no task: none was placed."),
            _("Look at the result of lab.run_task: it says why for each instance."),
        )
    return several[0]
