"""The deciding mind of ECS, pure: calls and reports become facts, facts make the state.

Time, names and chance are arguments (`Context`). The log of facts is the persistence: replaying it
through `evolve` restores the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ecslab.controlplane import (
    attributes,
    clusters,
    definitions,
    executing,
    instances,
    labels,
    protecting,
    providers,
    rollouts,
    running,
    services,
    settings,
    tasks,
)
from ecslab.controlplane.checking import check
from ecslab.controlplane.context import Context, Ids, Outcome, Outside
from ecslab.controlplane.evolve import evolve
from ecslab.controlplane.facts import Fact
from ecslab.controlplane.interfaces import interfaces
from ecslab.controlplane.observing import observe
from ecslab.controlplane.ordering import orders, resume
from ecslab.controlplane.placement import place
from ecslab.controlplane.reconcile import next_wakeup, reconcile
from ecslab.controlplane.records import fact_from_json, fact_to_json
from ecslab.controlplane.state import State
from ecslab.controlplane.story import story
from ecslab.model.errors import AwsError

Handler = Callable[[State, dict[str, Any], Context], Outcome]

OPERATIONS: Mapping[str, Handler] = {
    "CreateCluster": clusters.create,
    "DescribeClusters": clusters.describe,
    "ListClusters": clusters.list_,
    "UpdateCluster": clusters.update,
    "UpdateClusterSettings": clusters.update,
    "DeleteCluster": clusters.delete,
    "RegisterTaskDefinition": definitions.register,
    "DescribeTaskDefinition": definitions.describe,
    "ListTaskDefinitions": definitions.list_,
    "ListTaskDefinitionFamilies": definitions.list_families,
    "DeregisterTaskDefinition": definitions.deregister,
    "DeleteTaskDefinitions": definitions.delete,
    "RunTask": running.run,
    "StartTask": running.start,
    "StopTask": tasks.stop,
    "DescribeTasks": tasks.describe,
    "ListTasks": tasks.list_,
    "ListContainerInstances": instances.list_,
    "DescribeContainerInstances": instances.describe,
    "DeregisterContainerInstance": instances.deregister,
    "UpdateContainerInstancesState": instances.update_state,
    "CreateService": services.create,
    "DescribeServices": services.describe,
    "ListServices": services.list_,
    "ListServicesByNamespace": services.list_by_namespace,
    "UpdateService": services.update,
    "DeleteService": services.delete,
    "ListServiceDeployments": rollouts.list_,
    "DescribeServiceDeployments": rollouts.describe,
    "DescribeServiceRevisions": rollouts.describe_revisions,
    "StopServiceDeployment": rollouts.stop,
    "ExecuteCommand": executing.execute,
    "UpdateTaskProtection": protecting.update,
    "GetTaskProtection": protecting.get,
    "CreateCapacityProvider": providers.create,
    "DescribeCapacityProviders": providers.describe,
    "UpdateCapacityProvider": providers.update,
    "DeleteCapacityProvider": providers.delete,
    "PutClusterCapacityProviders": providers.put,
    "TagResource": labels.tag,
    "UntagResource": labels.untag,
    "ListTagsForResource": labels.list_,
    "PutAttributes": attributes.put,
    "DeleteAttributes": attributes.delete,
    "ListAttributes": attributes.list_,
    "PutAccountSetting": settings.put,
    "PutAccountSettingDefault": settings.put_default,
    "ListAccountSettings": settings.list_,
    "DeleteAccountSetting": settings.delete,
}
"""The operations of the ECS API that are here, by name."""


def handle(state: State, operation: str, params: dict[str, Any], context: Context) -> Outcome:
    """Answer one call. `params` is the wire form, checked against the API's shapes before.

    Raises `AwsError` as ECS would. Nothing has changed until the facts of the outcome were applied
    with `evolve`. The answer is to be read, not changed: it shares parts with the state.
    """
    handler = OPERATIONS.get(operation)
    if handler is None:
        raise AwsError("UnsupportedFeatureException", f"{operation} is not in this sandbox.")
    return handler(state, params, context)


__all__ = [
    "OPERATIONS",
    "Context",
    "Fact",
    "Handler",
    "Ids",
    "Outcome",
    "Outside",
    "State",
    "check",
    "evolve",
    "fact_from_json",
    "fact_to_json",
    "handle",
    "interfaces",
    "next_wakeup",
    "observe",
    "orders",
    "place",
    "reconcile",
    "resume",
    "story",
]
