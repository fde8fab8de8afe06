"""The cluster wizard: a template, and what it asks for."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as w

from ecslab.lab import Lab
from ecslab.locale import Text, translator
from ecslab.model.resources import INSTANCE_TYPES
from ecslab.steps.calls import Call
from ecslab.steps.cluster import planned_calls
from ecslab.steps.progress import Progress
from ecslab.steps.settings import ClusterSettings
from ecslab.steps.things import Cluster
from ecslab.widgets import fields
from ecslab.widgets.form import Form
from ecslab.widgets.style import block

_ = translator("widgets")

TEMPLATES = (("Fargate", "FARGATE"), ("EC2 Linux", "EC2"), ("EC2 Windows", "WINDOWS"))


class ClusterForm(Form[ClusterSettings]):
    """Create a cluster, as the console's wizard does; the values are the hands-on's."""

    title = _("Create a cluster")
    button_label = _("Create")

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        meant = ClusterSettings(lab.names.cluster)
        self._about = w.HTML()
        template = fields.toggles(_("Cluster template"), TEMPLATES, meant.template)
        # The sentence on the template stands between the choice and what is wrong with it.
        template.box.children = (template.control, self._about, *template.box.children[1:])
        super().__init__(
            {
                "template": template,
                "name": fields.text(
                    _("Cluster name"),
                    meant.name,
                    _("Made of your name, so that it meets nobody else's on the same account."),
                ),
                "instance_type": fields.suggesting(
                    _("EC2 instance type"),
                    list(INSTANCE_TYPES),
                    meant.instance_type,
                    _("How large a machine is. A t2.micro has 1 vCPU and 1 GiB of memory."),
                ),
                "instances": fields.number(
                    _("Number of instances"), meant.instances, _("How many such machines.")
                ),
                "instance_role": fields.text(
                    _("Container instance IAM role"),
                    meant.instance_role,
                    _(
                        "What the machines may do: join the cluster, fetch images. A role of this "
                        "name and the cluster's is made with them."
                    ),
                ),
            },
            lab.bench.pace,
        )

    def settings(self) -> ClusterSettings:
        read = {name: field.value for name, field in self.fields.items()}
        read["instances"] = read["instances"] or 0
        return ClusterSettings(**read)

    def arrange(self, settings: ClusterSettings) -> None:
        shown = settings.shown()
        for name, field in self.fields.items():
            field.show(name == "template" or name in shown)
        self._about.value = block("ecslab-help", _about(settings))

    def planned(self, settings: ClusterSettings) -> Sequence[Call]:
        return planned_calls(self._lab.bench, settings)

    def work(self, settings: ClusterSettings, progress: Progress) -> Cluster:
        return self._lab.create_cluster(
            settings.name,
            template=settings.template,
            instance_type=settings.instance_type,
            instances=settings.instances,
            instance_role=settings.instance_role,
            progress=progress,
        )


def _about(settings: ClusterSettings) -> Text | str:
    if settings.template == "FARGATE":
        return _(
            "AWS finds the machines, so there is nothing to ask but a name: {few} field in place "
            "of the {many} of EC2 Linux.",
            few=len(settings.shown()),
            many=len(ClusterSettings(settings.name, "EC2").shown()),
        )
    if settings.template == "EC2":
        return _("Containers run on EC2 instances that you choose. The hands-on takes this one.")
    return ""
