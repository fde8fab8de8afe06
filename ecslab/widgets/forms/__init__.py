"""The console-like forms: ``ecslab.forms.cluster(lab)``, each with a `submit()`."""

from ecslab.widgets.forms.cluster import ClusterForm as cluster  # noqa: N813  # reads as a verb's object: forms.cluster(lab)
from ecslab.widgets.forms.definition import TaskDefinitionForm as task_definition  # noqa: N813
from ecslab.widgets.forms.run import RunTaskForm as run_task  # noqa: N813

__all__ = ["cluster", "run_task", "task_definition"]
