"""The rules a task definition is held to when it is registered."""

from __future__ import annotations

import re

from ecslab.controlplane.find import client_error
from ecslab.model.task_definition import TaskDefinition

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


def check(definition: TaskDefinition) -> None:
    """Raise ClientException for the first rule the definition breaks."""
    if not definition.family:
        raise client_error("Family can not be blank.")
    if not _NAME.fullmatch(definition.family):
        raise client_error("Family contains invalid characters.")
    if not definition.container_definitions:
        raise client_error("Container list cannot be empty.")
