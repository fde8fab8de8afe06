"""Capacity provider operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.capacity import provider_named
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import ClusterChanged, Fact, ProviderSet, TagsSet
from ecslab.controlplane.labels import checked_tags
from ecslab.controlplane.launching import strategy
from ecslab.controlplane.paging import cut
from ecslab.controlplane.service_rules import unsupported
from ecslab.controlplane.state import State
from ecslab.model.arn import last
from ecslab.model.capacity_provider import FARGATE_PROVIDERS, CapacityProvider
from ecslab.model.cluster import Cluster
from ecslab.model.errors import AwsError

Params = dict[str, Any]
_NAME = re.compile(r"(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}", re.I)
MOST_ASSOCIATED = 20


def create(state: State, params: Params, context: Context) -> Outcome:
    """CreateCapacityProvider for an Auto Scaling group."""
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise find.invalid(
            "A capacity provider name has 1 to 255 letters, numbers, hyphens and underscores and "
            f"does not begin with aws, ecs or fargate, as {name!r} does not keep to."
        )
    if provider_named(state, name, context) is not None:
        raise find.invalid(f"The capacity provider {name} already exists.")
    if params.get("managedInstancesProvider"):
        raise unsupported("Managed Instances are not in this sandbox: use an Auto Scaling group.")
    group = params.get("autoScalingGroupProvider")
    if not group:
        raise find.invalid("autoScalingGroupProvider must be given.")
    _check_management(group)
    tags = checked_tags(params.get("tags") or ())
    arn = context.place.arn("capacity-provider", name)
    made = CapacityProvider(arn, name, group["autoScalingGroupArn"])
    cause = "CreateCapacityProvider was called."
    facts: list[Fact] = [ProviderSet(context.now, cause, made)]
    if tags or state.tags.get(arn):
        facts.append(TagsSet(context.now, cause, arn, tags))
    shown = replace(state, tags=state.tags.set(arn, tags))
    return Outcome({"capacityProvider": _wire(shown, made, True)}, tuple(facts))


def _check_management(group: Params) -> None:
    """The sandbox never changes the size of a group by itself; it does not say it would."""
    scaling = group.get("managedScaling") or {}
    for word, value in (
        ("managedScaling", scaling.get("status")),
        ("managedTerminationProtection", group.get("managedTerminationProtection")),
        ("managedDraining", group.get("managedDraining")),
    ):
        if value == "ENABLED":
            raise unsupported(f"{word} is not in this sandbox: set it to DISABLED.")


def update(state: State, params: Params, context: Context) -> Outcome:
    """UpdateCapacityProvider: what could be updated is not managed here, so nothing changes."""
    known = _own(state, params["name"], context)
    _check_management(params.get("autoScalingGroupProvider") or {})
    after = replace(known, update_status="UPDATE_COMPLETE")
    fact = ProviderSet(context.now, "UpdateCapacityProvider was called.", after)
    return Outcome({"capacityProvider": _wire(state, after, True)}, (fact,))


def delete(state: State, params: Params, context: Context) -> Outcome:
    """DeleteCapacityProvider: no cluster may be associated with it."""
    known = _own(state, params["capacityProvider"], context)
    for cluster in state.clusters.values():
        if cluster.status == "ACTIVE" and known.name in cluster.capacity_providers:
            raise find.invalid(
                "The capacity provider cannot be deleted because it is associated with cluster: "
                f"{cluster.name}. Remove the capacity provider from the cluster and try again."
            )
    gone = replace(known, status="INACTIVE", update_status="DELETE_COMPLETE")
    fact = ProviderSet(context.now, "DeleteCapacityProvider was called.", gone)
    return Outcome({"capacityProvider": _wire(state, gone, True)}, (fact,))


def _own(state: State, name: str, context: Context) -> CapacityProvider:
    if last(name) in FARGATE_PROVIDERS:
        raise find.invalid(f"The capacity provider {last(name)} is reserved: it stays as it is.")
    known = provider_named(state, name, context)
    if known is None:
        raise find.invalid(f"The specified capacity provider {last(name)!r} was not found.")
    return known


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeCapacityProviders: those named, or all."""
    with_tags = "TAGS" in answers.include_of(params)
    known = {one.name: one for one in _all(state, context)}
    asked = params.get("capacityProviders")
    names, following = (asked, {}) if asked else cut(sorted(known), params, most=10)
    found, failures = [], []
    for name in dict.fromkeys(map(last, names or ())):
        one = known.get(name)
        if one is None:
            arn = context.place.arn("capacity-provider", name)
            failures.append(answers.failure(arn, "MISSING"))
        else:
            found.append(_wire(state, one, with_tags))
    return Outcome({"capacityProviders": found, "failures": failures, **following})


def _all(state: State, context: Context) -> Iterable[CapacityProvider]:
    for name in FARGATE_PROVIDERS:
        yield CapacityProvider(context.place.arn("capacity-provider", name), name, "")
    for one in state.providers.values():
        if find.here(one.arn, context):
            yield one


def _wire(state: State, one: CapacityProvider, with_tags: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "capacityProviderArn": one.arn,
        "name": one.name,
        "status": one.status,
        "type": one.name if one.name in FARGATE_PROVIDERS else "EC2_AUTOSCALING",
        "tags": answers.tags_of(state, one.arn) if with_tags else [],
    }
    if one.name not in FARGATE_PROVIDERS:
        made["updateStatus"] = one.update_status
        made["autoScalingGroupProvider"] = {
            "autoScalingGroupArn": one.group_arn,
            "managedScaling": {"status": "DISABLED"},
            "managedTerminationProtection": "DISABLED",
            "managedDraining": "DISABLED",
        }
    return made


# -- providers of a cluster -----------------------------------------------------------------------


def put(state: State, params: Params, context: Context) -> Outcome:
    """PutClusterCapacityProviders: both lists are replaced."""
    cluster = find.cluster(state, params, context)
    after = associated(state, cluster, params, context)
    gone = set(cluster.capacity_providers) - set(after.capacity_providers)
    _check_unused(state, cluster, gone)
    fact = ClusterChanged(context.now, "PutClusterCapacityProviders was called.", after)
    shown = answers.cluster(state, after, ("SETTINGS", "CONFIGURATIONS", "TAGS"))
    return Outcome({"cluster": shown}, (fact,))


def associated(state: State, cluster: Cluster, params: Params, context: Context) -> Cluster:
    """The cluster with the providers and the default strategy a call gives."""
    names = tuple(dict.fromkeys(map(last, params.get("capacityProviders") or ())))
    if len(names) > MOST_ASSOCIATED:
        raise find.invalid(
            f"A cluster can have at most {MOST_ASSOCIATED} capacity providers, not {len(names)}."
        )
    for name in names:
        if name not in FARGATE_PROVIDERS and provider_named(state, name, context) is None:
            raise find.invalid(
                "The specified capacity provider is not in an ACTIVE state. Specify a valid "
                f"capacity provider and try again: {name}."
            )
    given = params.get("defaultCapacityProviderStrategy") or ()
    return replace(
        cluster,
        capacity_providers=names,
        default_strategy=strategy(state, given, names, context),
    )


def _check_unused(state: State, cluster: Cluster, names: set[str]) -> None:
    tasks = (state.tasks[arn] for arn in state.index.members.get(cluster.arn) or ())
    used = {task.capacity_provider for task in tasks if task.status != "STOPPED"}
    services = (state.services[arn] for arn in state.index.services.get(cluster.arn) or ())
    for service in services:
        for deployment in service.deployments:
            used |= {share.provider for share in deployment.revision.strategy}
    if names & used:
        raise AwsError(
            "ResourceInUseException",
            "The specified capacity provider is in use and cannot be removed: "
            f"{', '.join(sorted(names & used))}.",
        )
