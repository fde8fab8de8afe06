"""A task definition's Compose file, and the local circumstances as an override file beside it.

The base says what the task definition means, and converts back to it. The override says what holds
on one's own machine alone: where logs go, the network, who gives credentials and metadata, the
values of secrets (as variables, never as text). ``ecs-cli local create`` made the same two files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

NETWORK = "ecs-local-network"
METADATA = "http://169.254.170.2/v3"
CREDENTIALS = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
TYPE = "ecs-local.task-definition-input.type"
VALUE = "ecs-local.task-definition-input.value"


def override(
    task_definition: Mapping[str, Any],
    services: Sequence[str],
    *,
    input_type: str,
    value: str,
    use_role: bool = False,
) -> dict[str, Any]:
    """The override document; `services` are the base's, in the order of the containers.

    input_type, value: ``local`` and a file's path, or ``remote`` and an ARN; kept as labels
    use_role: credentials of the task role, in place of those of the person who runs it
    """
    containers = list(task_definition["containerDefinitions"])
    shared = _who_shares(task_definition, containers, services)
    role = str(task_definition.get("taskRoleArn") or "").rpartition("/")[2]
    variables = {
        CREDENTIALS: f"/role/{role}" if use_role and role else "/creds",
        "ECS_CONTAINER_METADATA_URI": METADATA,
    }
    labels = {TYPE: input_type, VALUE: value.replace("$", "$$")}
    made: dict[str, Any] = {}
    for service, container in zip(services, containers, strict=True):
        made[service] = {
            "environment": [
                *(f"{name}={text}" for name, text in variables.items()),
                *(f"{name}=${{{variable}}}" for name, variable in _secrets(service, container)),
            ],
            "labels": dict(labels),
            "logging": {"driver": "json-file"},
            **_network(task_definition, container, service, shared),
        }
    return {"services": made, "networks": {NETWORK: {"external": True}}}


def secret_sources(task_definition: Mapping[str, Any], services: Sequence[str]) -> dict[str, str]:
    """Variable of the override → the ``valueFrom`` that gives its value."""
    made = {}
    for service, container in zip(services, task_definition["containerDefinitions"], strict=True):
        sources = {one["name"]: one["valueFrom"] for one in container.get("secrets") or ()}
        for name, variable in _secrets(service, container):
            made[variable] = sources[name]
    return made


def _secrets(service: str, container: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name in the container, variable that carries it)."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", service)
    return [
        (one["name"], f"ECSLAB_SECRET_{plain}_{one['name']}".upper())
        for one in container.get("secrets") or ()
    ]


def _who_shares(
    task_definition: Mapping[str, Any],
    containers: Sequence[Mapping[str, Any]],
    services: Sequence[str],
) -> str | None:
    """The service whose network the others of an awsvpc task share, so that localhost is one.

    None where Compose cannot say it: two containers with ports, or one that waits for another.
    """
    if task_definition.get("networkMode") != "awsvpc" or len(containers) < 2:
        return None
    open_ones = [at for at, one in enumerate(containers) if one.get("portMappings")]
    holder = open_ones[0] if open_ones else 0
    if len(open_ones) > 1 or any(containers[holder].get(key) for key in ("dependsOn", "links")):
        return None
    return services[holder]


def _network(
    task_definition: Mapping[str, Any],
    container: Mapping[str, Any],
    service: str,
    shared: str | None,
) -> dict[str, Any]:
    if task_definition.get("networkMode") in ("host", "none") or container.get("disableNetworking"):
        return {}
    if shared is not None and service != shared:
        return {"network_mode": f"service:{shared}"}
    return {"networks": [NETWORK]}
