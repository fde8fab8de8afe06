"""The run task form."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as w

from ecslab.lab import Lab
from ecslab.locale import translator
from ecslab.steps import choices
from ecslab.steps.calls import Call, watching
from ecslab.steps.progress import Progress
from ecslab.steps.said import plainly
from ecslab.steps.settings import RunTaskSettings
from ecslab.steps.tasks import planned_calls
from ecslab.steps.things import RunResult
from ecslab.widgets import fields
from ecslab.widgets.form import Form
from ecslab.widgets.style import block

_ = translator("widgets")

LAUNCH_TYPES = (("EC2", "EC2"), ("Fargate", "FARGATE"))


class RunTaskForm(Form[RunTaskSettings]):
    """Run a task, as the console does; its lists offer what there is when the form is made."""

    title = _("Run new task")
    button_label = _("Run task")

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.look_button = fields.button(_("Look again"), "refresh", self.look)
        self._lists = {
            "task_definition": fields.choice(
                _("Task definition"), (), None, _("family:revision; yours come first.")
            ),
            "cluster": fields.choice(_("Cluster"), (), None),
        }
        super().__init__(
            {
                "launch_type": fields.toggles(_("Launch type"), LAUNCH_TYPES, "EC2"),
                **self._lists,
                "count": fields.number(
                    _("Number of tasks"), 1, _("Each one is placed on an instance by itself.")
                ),
            },
            lab.bench.pace,
        )
        self.look()

    def look(self) -> None:
        """Offer what clusters and task definitions there are now."""
        with plainly(), watching():
            offered = {
                "task_definition": choices.definitions(self._lab.bench),
                "cluster": choices.clusters(self._lab.bench),
            }
        for name, options in offered.items():
            control = self._lists[name].control
            before = control.value or (self._lab.cluster if name == "cluster" else None)
            control.options = options
            if options:
                control.value = before if before in options else options[0]

    def settings(self) -> RunTaskSettings:
        read = {name: field.value for name, field in self.fields.items()}
        return RunTaskSettings(
            cluster=read["cluster"] or "",
            task_definition=read["task_definition"] or "",
            launch_type=read["launch_type"],
            count=read["count"] or 0,
        )

    def planned(self, settings: RunTaskSettings) -> Sequence[Call]:
        return planned_calls(self._lab.bench, settings.request())

    def work(self, settings: RunTaskSettings, progress: Progress) -> RunResult:
        request = settings.request()
        definition, count = request.pop("taskDefinition"), request.pop("count")
        # RunTask's own lines are the outcome, so they are not said on the way.
        return self._lab.run_task(definition, count, progress=progress.quietly(), **request)

    def outcome(self, value: RunResult) -> str:
        css = "ecslab-problem" if value.refused else "ecslab-done"
        lines = [value.headline(), *value.lines()]
        return "".join(block(css, line) for line in lines)

    def _rows(self) -> list[w.Widget]:
        title, *rest = super()._rows()
        return [title, self.look_button, *rest]
