"""What ECS adds to a task definition when it describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecslab.controlplane.need import required_attributes
from ecslab.model import fargate
from ecslab.model.task_definition import TaskDefinition

_EMPTY = ("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls")


def described(
    definition: TaskDefinition, given: Mapping[str, Any], revision: int
) -> dict[str, Any]:
    """The document as DescribeTaskDefinition shows it, with the defaults filled in.

    A member that was given stays as it was given, with the exceptions ECS makes: a port mapping is
    told with host port and protocol.
    """
    awsvpc = definition.network_mode == "awsvpc"
    attributes = [{"name": name} for name in required_attributes(definition)]
    return {
        "volumes": [],
        "placementConstraints": [],
        **given,
        "containerDefinitions": [_container(one, awsvpc) for one in given["containerDefinitions"]],
        "revision": revision,
        "status": "ACTIVE",
        "requiresAttributes": attributes,
        "compatibilities": compatibilities(definition),
    }


def _container(given: Mapping[str, Any], awsvpc: bool) -> dict[str, Any]:
    made = {"cpu": 0, "essential": True, **given}
    for name in _EMPTY:
        made.setdefault(name, [])
    made["portMappings"] = [_mapping(one, awsvpc) for one in made["portMappings"]]
    return made


def _mapping(given: Mapping[str, Any], awsvpc: bool) -> dict[str, Any]:
    made = {"protocol": "tcp", **given}
    if "containerPort" in given:
        made.setdefault("hostPort", given["containerPort"] if awsvpc else 0)
    return made


def compatibilities(definition: TaskDefinition) -> list[str]:
    """Launch types the definition was found fit for."""
    fit = ["EC2"]
    if "FARGATE" in (definition.requires_compatibilities or ()) or _fits_fargate(definition):
        fit.append("FARGATE")
    if "EXTERNAL" in (definition.requires_compatibilities or ()):
        fit.append("EXTERNAL")
    return fit


def _fits_fargate(definition: TaskDefinition) -> bool:
    if definition.network_mode != "awsvpc" or not definition.cpu or not definition.memory:
        return False
    if not (definition.cpu.isdecimal() and definition.memory.isdecimal()):
        return False
    if any(one.privileged or one.links for one in definition.container_definitions):
        return False
    return fargate.is_size(int(definition.cpu), int(definition.memory))
