"""The task definition form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ecslab.lab import Lab
from ecslab.locale import translator
from ecslab.model import fargate
from ecslab.steps.calls import Call
from ecslab.steps.definition import planned_calls
from ecslab.steps.progress import Progress
from ecslab.steps.settings import TaskDefinitionSettings
from ecslab.steps.things import TaskDefinition
from ecslab.widgets import fields
from ecslab.widgets.containers import Containers
from ecslab.widgets.form import Form

_ = translator("widgets")

LAUNCH_TYPES = (("EC2", "EC2"), ("Fargate", "FARGATE"))
NETWORK_MODES = ("bridge", "host", "awsvpc", "none")


class TaskDefinitionForm(Form[TaskDefinitionSettings]):
    """Register a task definition, as the console does; the values are the hands-on's."""

    title = _("Create a task definition")
    button_label = _("Create")
    pages = (_("JSON"),)

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.containers = Containers()
        role = _(
            "The hands-on names ecsTaskExecutionRole here and as the task role; nginx needs "
            "neither, so both may stay empty."
        )
        super().__init__(
            {
                "launch_type": fields.toggles(_("Launch type"), LAUNCH_TYPES, "EC2"),
                "family": fields.text(
                    _("Task definition name"),
                    lab.names.family(),
                    _("The family; each time it is registered it gets the next revision: 1, 2, …"),
                ),
                "task_role": fields.text(
                    _("Task role"),
                    help_text=_("What the program in the container may do on AWS."),
                    placeholder=str(_("none")),
                ),
                "network_mode": fields.choice(
                    _("Network mode"),
                    [(str(_("<default>")), ""), *((mode, mode) for mode in NETWORK_MODES)],
                    "",
                    _("The default is bridge: Docker's own network on the instance."),
                ),
                "execution_role": fields.text(
                    _("Task execution role"), help_text=role, placeholder=str(_("none"))
                ),
                "cpu": fields.choice(_("Task CPU (units)"), list(map(str, fargate.SIZES)), "256"),
                "memory": fields.choice(_("Task memory (MiB)"), _memories(), "512"),
                "containers": self.containers,
            },
            lab.bench.pace,
        )

    def settings(self) -> TaskDefinitionSettings:
        return TaskDefinitionSettings(**{name: field.value for name, field in self.fields.items()})

    def arrange(self, settings: TaskDefinitionSettings) -> None:
        shown = settings.shown()
        for name, field in self.fields.items():
            field.show(name in shown)

    def planned(self, settings: TaskDefinitionSettings) -> Sequence[Call]:
        return planned_calls(self._lab.bench, settings.request())

    def texts(self, settings: TaskDefinitionSettings) -> Mapping[object, str]:
        (call,) = self.planned(settings)
        return {self.pages[0]: json.dumps(call.params, indent=2, ensure_ascii=False)}

    def work(self, settings: TaskDefinitionSettings, progress: Progress) -> TaskDefinition:
        return self._lab.register_task_definition(**settings.request(), progress=progress)


def _memories() -> list[str]:
    return [
        str(size) for size in sorted({size for all_ in fargate.SIZES.values() for size in all_})
    ]
