"""The rules a task definition is held to when it is registered.

A rule reads a definition and yields a complaint for each breach, in the order of reading; ECS
answers with the first (boto3#3283 asks for all). Where ECS's own wording is known it is used to the
letter; elsewhere the sentence is ours, in its manner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ecslab.controlplane.definition_rules import container, fargate, ports, task, together
from ecslab.controlplane.find import client_error
from ecslab.model.task_definition import TaskDefinition

Rule = Callable[[TaskDefinition], Iterator[str]]

RULES: tuple[Rule, ...] = (
    task.family,
    task.container_list,
    container.names,
    container.images,
    task.sizes,
    container.sizes,
    task.sums,
    task.essential,
    task.constraints,
    ports.numbers,
    ports.modes,
    ports.twice,
    together.links,
    together.volumes,
    together.volumes_from,
    together.dependencies,
    together.modes,
    container.health_checks,
    container.logs,
    container.limits,
    container.secrets,
    container.kernel,
    fargate.rules,
)


def check(definition: TaskDefinition) -> None:
    """Raise ClientException for the first rule the definition breaks."""
    for rule in RULES:
        for complaint in rule(definition):
            raise client_error(complaint)


def fits_fargate(definition: TaskDefinition) -> bool:
    """Whether a definition that `check` accepted would run on Fargate as it is."""
    return not any(True for _complaint in fargate.complaints(definition))


__all__ = ["RULES", "check", "fits_fargate"]
