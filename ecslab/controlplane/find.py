"""Finding what a parameter names, by short name or ARN, and the errors when it is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ecslab.controlplane.context import Context
from ecslab.controlplane.state import Definition, State
from ecslab.model import arn as arns
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.errors import AwsError
from ecslab.model.service import Service
from ecslab.model.task import Task

REVISION = re.compile(r"[0-9]{1,9}")


def invalid(text: str) -> AwsError:
    """An InvalidParameterException."""
    return AwsError("InvalidParameterException", text)


def client_error(text: str) -> AwsError:
    """A ClientException."""
    return AwsError("ClientException", text)


def cluster_arn(name: str | None, context: Context) -> str:
    """The ARN a cluster parameter means; absent is the cluster "default"."""
    name = name or "default"
    return name if arns.is_arn(name) else context.place.cluster(name)


def cluster(state: State, params: Mapping[str, Any], context: Context) -> Cluster:
    """The ACTIVE cluster a call speaks of. Raises ClusterNotFoundException."""
    found = state.clusters.get(cluster_arn(params.get("cluster"), context))
    if found is None:
        raise AwsError("ClusterNotFoundException", "Cluster not found.")
    if found.status != "ACTIVE":
        raise AwsError("ClusterNotFoundException", "The referenced cluster was inactive.")
    return found


def definition(state: State, name: str, context: Context) -> Definition | None:
    """The task definition ``family``, ``family:revision`` or ARN means; the latest ACTIVE one
    where no revision is named.
    """
    if arns.is_arn(name):
        parts = arns.parse(name)
        if parts is None or parts.kind != "task-definition":
            return None
        if ":" in parts.path:
            return state.definitions.get(name)
        name = parts.path
    family, colon, revision = name.partition(":")
    if not colon:
        return latest(state, family, context)
    if not REVISION.fullmatch(revision):
        return None
    return state.definitions.get(context.place.task_definition(family, int(revision)))


def latest(state: State, family: str, context: Context) -> Definition | None:
    """The highest ACTIVE revision of a family."""
    for revision in range(newest(state, family, context), 0, -1):
        found = state.definitions.get(context.place.task_definition(family, revision))
        if found is not None and found.status == "ACTIVE":
            return found
    return None


def newest(state: State, family: str, context: Context) -> int:
    """The highest revision a family ever had, 0 if there is no such family."""
    return state.families.get(context.place.arn("task-definition", family), 0)


def here(arn: str, context: Context) -> bool:
    """Whether an ARN is of the region the call goes to."""
    return arn.startswith(f"arn:aws:ecs:{context.region}:")


def runnable(state: State, name: str, context: Context) -> Definition:
    """The task definition a task is to be made of. Raises as RunTask and StartTask do."""
    found = definition(state, name, context)
    if found is None:
        raise client_error("TaskDefinition not found.")
    if found.status != "ACTIVE":
        raise invalid("TaskDefinition is inactive")
    return found


def task(state: State, cluster: Cluster, name: str, context: Context) -> Task | None:
    """The task of the cluster that an id or ARN means."""
    arn = name if arns.is_arn(name) else context.place.arn("task", cluster.name, name)
    found = state.tasks.get(arn)
    return found if found is not None and found.cluster_arn == cluster.arn else None


def instance(
    state: State, cluster: Cluster, name: str, context: Context
) -> ContainerInstance | None:
    """The container instance of the cluster that an id or ARN means."""
    full = name if arns.is_arn(name) else instance_arn(cluster, name, context)
    found = state.instances.get(full)
    return found if found is not None and found.cluster_arn == cluster.arn else None


def service(state: State, cluster: Cluster, name: str, context: Context) -> Service | None:
    """The service of the cluster that a name or ARN means."""
    found = state.services.get(service_arn(cluster, name, context))
    return found if found is not None and found.cluster_arn == cluster.arn else None


def service_arn(cluster: Cluster, name: str, context: Context) -> str:
    """The ARN of a service, given by name or ARN."""
    return name if arns.is_arn(name) else context.place.arn("service", cluster.name, name)


def instance_arn(cluster: Cluster, id_: str, context: Context) -> str:
    """The ARN of a container instance."""
    return context.place.arn("container-instance", cluster.name, id_)
