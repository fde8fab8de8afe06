"""What ECS adds to a task definition when it describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecslab.controlplane.definition_rules import fits_fargate
from ecslab.controlplane.need import required_attributes
from ecslab.model.task_definition import TaskDefinition

_EMPTY = ("portMappings", "environment", "mountPoints", "volumesFrom", "systemControls")


def described(
    definition: TaskDefinition, given: Mapping[str, Any], revision: int
) -> dict[str, Any]:
    """The document as DescribeTaskDefinition shows it, with the defaults filled in.

    A member that was given stays as it was given, with the exceptions ECS makes: a port mapping is
    told with host port and protocol.
    """
    same = definition.network_mode in ("awsvpc", "host")
    attributes = [{"name": name} for name in required_attributes(definition)]
    return {
        "volumes": [],
        "placementConstraints": [],
        **given,
        "containerDefinitions": [_container(one, same) for one in given["containerDefinitions"]],
        "revision": revision,
        "status": "ACTIVE",
        "requiresAttributes": attributes,
        "compatibilities": compatibilities(definition),
    }


def _container(given: Mapping[str, Any], same: bool) -> dict[str, Any]:
    made = {"cpu": 0, "essential": True, **given}
    for name in _EMPTY:
        made.setdefault(name, [])
    made["portMappings"] = [_mapping(one, same) for one in made["portMappings"]]
    return made


def _mapping(given: Mapping[str, Any], same: bool) -> dict[str, Any]:
    """With host and awsvpc a container port is its own host port; else 0 leaves it open."""
    made = {"protocol": "tcp", **given}
    if "containerPort" in given:
        made.setdefault("hostPort", given["containerPort"] if same else 0)
    return made


def compatibilities(definition: TaskDefinition) -> list[str]:
    """Launch types the definition was found fit for."""
    asked = definition.requires_compatibilities or ()
    fit = ["EC2"]
    if "FARGATE" in asked or fits_fargate(definition):
        fit.append("FARGATE")
    return fit + [one for one in ("EXTERNAL", "MANAGED_INSTANCES") if one in asked]
