"""Rules of a task definition as a whole: family, number of containers, sizes, constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecslab.controlplane.query import QueryError, parse
from ecslab.model.task_definition import TaskDefinition
from ecslab.model.task_size import cpu_units, memory_mib

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
"""What families, containers and volumes can be called (ECS API)."""
MOST_CONTAINERS = 10
MOST_CONSTRAINTS = 10
CPU = range(128, 196608 + 1)
"""CPU units a task can ask for (ECS API, RegisterTaskDefinition.cpu)."""


def family(definition: TaskDefinition) -> Iterator[str]:
    """It has a name, of letters, digits, hyphens and underscores."""
    if not definition.family:
        yield "Family should not be null or empty."
    elif not NAME.fullmatch(definition.family):
        yield "Family contains invalid characters."


def container_list(definition: TaskDefinition) -> Iterator[str]:
    """One to ten containers."""
    if not definition.container_definitions:
        yield "Container list cannot be empty."
    if len(definition.container_definitions) > MOST_CONTAINERS:
        yield "Too many containers."


def sizes(definition: TaskDefinition) -> Iterator[str]:
    """CPU and memory of the task are sizes ECS can read and give."""
    if definition.cpu is not None and cpu_units(definition.cpu) not in CPU:
        yield "Invalid 'cpu' setting for task."
    if definition.memory is not None and not memory_mib(definition.memory):
        yield "Invalid 'memory' setting for task."


def sums(definition: TaskDefinition) -> Iterator[str]:
    """The containers fit into the task."""
    containers = definition.container_definitions
    cpu = cpu_units(definition.cpu) if definition.cpu else None
    memory = memory_mib(definition.memory) if definition.memory else None
    if memory is not None:
        for one in containers:
            if (one.memory or 0) > memory:
                said = f"The 'memory' setting for container '{one.name}'"
                yield f"{said} is greater than for the task."
        if sum(one.memory_reservation or 0 for one in containers) > memory:
            yield (
                "The sum of all container 'memoryReservation' values cannot be greater than the "
                "value of the task 'memory'."
            )
    if cpu is not None and sum(one.cpu or 0 for one in containers) > cpu:
        yield (
            "The sum of all container 'cpu' values cannot be greater than the value of the task "
            "'cpu'."
        )


def essential(definition: TaskDefinition) -> Iterator[str]:
    """When an essential container ends, so does the task: there must be one."""
    if all(one.essential is False for one in definition.container_definitions):
        yield "At least one container in a task definition must be essential."


def constraints(definition: TaskDefinition) -> Iterator[str]:
    """Up to ten constraints, each in the cluster query language."""
    given = definition.placement_constraints or ()
    if len(given) > MOST_CONSTRAINTS:
        yield f"At most {MOST_CONSTRAINTS} placement constraints can be given, not {len(given)}."
    for one in given:
        if one.type != "memberOf":
            yield f"constraint.type '{one.type}' is not supported."
        try:
            parse(one.expression or "")
        except QueryError as error:
            yield f"Invalid expression: {error}"
