"""Container instance operations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ecslab.controlplane import answers, find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import Fact, InstanceStatusChanged
from ecslab.controlplane.leaving import instance_leaves
from ecslab.controlplane.paging import page
from ecslab.controlplane.query import QueryError, parse
from ecslab.controlplane.state import State
from ecslab.model.cluster import Cluster

Params = dict[str, Any]


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListContainerInstances; `filter` is written in the cluster query language."""
    cluster = find.cluster(state, params, context)
    status = params.get("status")
    roster = state.index.rosters.get(cluster.arn)
    found = [state.instances[arn] for arn in (roster.arns if roster else ())]
    if status:
        found = [one for one in found if one.status == status]
    if params.get("filter"):
        try:
            member = parse(params["filter"])
        except QueryError as error:
            raise find.invalid(f"Invalid filter: {error}") from error
        found = [one for one in found if member(one, state.index.loads[one.arn])]
    return Outcome(page((one.arn for one in found), params, "containerInstanceArns"))


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeContainerInstances: up to 100 ids or ARNs."""
    cluster = find.cluster(state, params, context)
    names = params["containerInstances"]
    if not names:
        raise find.invalid("Container instances cannot be empty.")
    if len(names) > 100:
        raise find.invalid("instanceIds can have at most 100 items.")
    include = answers.include_of(params)
    found, failures = [], []
    for name in names:
        instance = find.instance(state, cluster, name, context)
        if instance is None:
            failures.append(_missing(cluster, name, context))
        else:
            found.append(answers.instance(state, instance, include))
    return Outcome({"containerInstances": found, "failures": failures})


def deregister(state: State, params: Params, context: Context) -> Outcome:
    """DeregisterContainerInstance: it must have no tasks, unless force is given."""
    cluster = find.cluster(state, params, context)
    instance = find.instance(state, cluster, params["containerInstance"], context)
    if instance is None or instance.status == "INACTIVE":
        raise find.invalid("The specified container instance does not exist.")
    if state.index.loads[instance.arn].tasks and not params.get("force"):
        raise find.invalid("Found running tasks on the instance.")
    facts = instance_leaves(state, instance, context.now, terminated=False)
    shown = replace(instance, status="INACTIVE")
    return Outcome({"containerInstance": answers.instance(state, shown)}, facts)


def update_state(state: State, params: Params, context: Context) -> Outcome:
    """UpdateContainerInstancesState: ACTIVE or DRAINING, up to 10 instances.

    Draining leaves standalone tasks alone (ECS API); new ones do not come.
    """
    cluster = find.cluster(state, params, context)
    status, names = params["status"], params["containerInstances"]
    if status not in ("ACTIVE", "DRAINING"):
        raise find.invalid(f"A container instance can be set ACTIVE or DRAINING, not {status}.")
    if not 1 <= len(names) <= 10:
        raise find.invalid(f"Between 1 and 10 container instances can be named, not {len(names)}.")
    shown: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    facts: list[Fact] = []
    cause = "UpdateContainerInstancesState was called."
    for name in dict.fromkeys(names):
        instance = find.instance(state, cluster, name, context)
        if instance is None:
            failures.append(_missing(cluster, name, context))
        elif instance.status == "INACTIVE":
            failures.append(answers.failure(instance.arn, "INACTIVE"))
        else:
            if instance.status != status:
                facts.append(InstanceStatusChanged(context.now, cause, instance.arn, status))
            shown.append(answers.instance(state, replace(instance, status=status)))
    return Outcome({"containerInstances": shown, "failures": failures}, tuple(facts))


def _missing(cluster: Cluster, name: str, context: Context) -> dict[str, Any]:
    arn = name if name.startswith("arn:") else find.instance_arn(cluster, name, context)
    return answers.failure(arn, "MISSING")
