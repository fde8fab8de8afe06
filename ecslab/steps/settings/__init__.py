"""What the console's forms ask for, as values that check themselves.

A form fills one of these and shows what `check()` says beside the field it is about; it knows no
rule of ECS itself. `request()` is what the API is called with.
"""

from ecslab.steps.settings.cluster import ClusterSettings, Template
from ecslab.steps.settings.container import ContainerSettings, PortSettings
from ecslab.steps.settings.definition import TaskDefinitionSettings
from ecslab.steps.settings.problem import Problem
from ecslab.steps.settings.run import RunTaskSettings

__all__ = [
    "ClusterSettings",
    "ContainerSettings",
    "PortSettings",
    "Problem",
    "RunTaskSettings",
    "TaskDefinitionSettings",
    "Template",
]
