"""Cluster operations."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import ClusterChanged, ClusterCreated, ClusterDeleted, Fact, TagsSet
from ecslab.controlplane.labels import checked_tags
from ecslab.controlplane.paging import page
from ecslab.controlplane.providers import associated
from ecslab.controlplane.settings import effective
from ecslab.controlplane.state import State
from ecslab.model.cluster import Cluster
from ecslab.model.errors import AwsError

Params = dict[str, Any]
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_EVERYTHING = ("SETTINGS", "CONFIGURATIONS", "TAGS")
_INSIGHTS = ("enabled", "disabled", "enhanced")


def create(state: State, params: Params, context: Context) -> Outcome:
    """CreateCluster. The same name again answers the cluster that is there (as ECS does)."""
    name = params.get("clusterName") or "default"
    if not _NAME.fullmatch(name):
        raise find.invalid(
            "Identifier is of unexpected length or contains invalid characters: a cluster name has "
            f"1 to 255 letters, numbers, hyphens and underscores, not {name!r}."
        )
    arn = context.place.cluster(name)
    existing = state.clusters.get(arn)
    if existing is not None and existing.status == "ACTIVE":
        return Outcome({"cluster": answers.cluster(state, existing, _EVERYTHING)})
    plain = Cluster(arn=arn, name=name, settings=_default_settings(state, context))
    cluster = associated(state, _changed(plain, params), params, context)
    tags = checked_tags(params.get("tags") or ())
    cause = "CreateCluster was called."
    facts: list[Fact] = [ClusterCreated(context.now, cause, cluster)]
    if tags or state.tags.get(arn):
        facts.append(TagsSet(context.now, cause, arn, tags))
    shown = replace(state, tags=state.tags.set(arn, tags))
    return Outcome({"cluster": answers.cluster(shown, cluster, _EVERYTHING)}, tuple(facts))


def _default_settings(state: State, context: Context) -> tuple[tuple[str, str], ...]:
    """The account settings that hold for the caller."""
    name = "containerInsights"
    return ((name, effective(state, name, context.principal)),)


def _changed(cluster: Cluster, params: Params) -> Cluster:
    """The cluster with the settings a call gives."""
    settings = dict(cluster.settings)
    for setting in params.get("settings") or ():
        name, value = setting.get("name"), setting.get("value")
        if name != "containerInsights" or value not in _INSIGHTS:
            raise find.invalid(
                f"The cluster setting {name!r} cannot be {value!r}: containerInsights takes "
                "enabled, disabled or enhanced."
            )
        settings[name] = value
    return replace(
        cluster,
        settings=tuple(settings.items()),
        configuration=params.get("configuration", cluster.configuration),
        service_connect_defaults=params.get(
            "serviceConnectDefaults", cluster.service_connect_defaults
        ),
    )


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeClusters; without names the cluster "default"."""
    names = params.get("clusters") or ["default"]
    if len(names) > 100:
        raise find.invalid("Clusters cannot have more than 100 items.")
    found, failures = [], []
    for name in names:
        arn = find.cluster_arn(name, context)
        cluster = state.clusters.get(arn)
        if cluster is None:
            failures.append(answers.failure(arn, "MISSING"))
        else:
            found.append(answers.cluster(state, cluster, answers.include_of(params)))
    return Outcome({"clusters": found, "failures": failures})


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListClusters: the ACTIVE ones."""
    active = (
        one.arn
        for one in state.clusters.values()
        if one.status == "ACTIVE" and find.here(one.arn, context)
    )
    return Outcome(page(active, params, "clusterArns"))


def update(state: State, params: Params, context: Context) -> Outcome:
    """UpdateCluster and UpdateClusterSettings."""
    cluster = _changed(find.cluster(state, params, context), params)
    fact = ClusterChanged(context.now, "The cluster's settings were updated.", cluster)
    return Outcome({"cluster": answers.cluster(state, cluster, _EVERYTHING)}, (fact,))


def delete(state: State, params: Params, context: Context) -> Outcome:
    """DeleteCluster. It must be empty; it is described as INACTIVE afterwards."""
    cluster = find.cluster(state, params, context)
    roster = state.index.rosters.get(cluster.arn)
    if roster is not None and roster.arns:
        raise AwsError(
            "ClusterContainsContainerInstancesException",
            "The Cluster cannot be deleted while Container Instances are active or draining.",
        )
    services = state.index.services.get(cluster.arn) or ()
    if any(state.services[arn].status != "INACTIVE" for arn in services):
        raise AwsError(
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
        )
    members = state.index.members.get(cluster.arn) or ()
    if any(state.tasks[arn].status != "STOPPED" for arn in members):
        raise AwsError(
            "ClusterContainsTasksException",
            "The Cluster cannot be deleted while Tasks are active.",
        )
    gone = replace(cluster, status="INACTIVE")
    fact = ClusterDeleted(context.now, "DeleteCluster was called.", cluster.arn)
    return Outcome({"cluster": answers.cluster(state, gone, _EVERYTHING)}, (fact,))
