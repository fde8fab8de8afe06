"""Service operations."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ecslab.controlplane import answers, find, roles, service_answers
from ecslab.controlplane import service_rules as rules
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import Fact, TagsSet, TokenUsed
from ecslab.controlplane.labels import checked_tags
from ecslab.controlplane.launching import launch
from ecslab.controlplane.need import need_of
from ecslab.controlplane.paging import page
from ecslab.controlplane.revising import first_deployment, next_deployment
from ecslab.controlplane.service_facts import (
    DeploymentStarted,
    ServiceChanged,
    ServiceCreated,
    ServiceStatusChanged,
)
from ecslab.controlplane.state import Definition, State
from ecslab.model.cluster import Cluster
from ecslab.model.errors import AwsError
from ecslab.model.service import Scheduling, Service, Settings

Params = dict[str, Any]


def create(state: State, params: Params, context: Context) -> Outcome:
    """CreateService."""
    cluster = find.cluster(state, params, context)
    rules.check_name(params["serviceName"])
    rules.check_features(params)
    again = _repeated(state, cluster, params, context)
    if again is not None:
        return again
    if not params.get("taskDefinition"):
        raise find.invalid("TaskDefinition can not be blank.")
    definition = find.runnable(state, params["taskDefinition"], context)
    scheduling: Scheduling = params.get("schedulingStrategy") or "REPLICA"
    launched = launch(state, cluster, definition, params, context)
    if scheduling == "DAEMON" and (launched.on_fargate or launched.shares):
        raise find.invalid(
            "A daemon service runs on the instances of its cluster: use the launch type EC2."
        )
    doors = rules.doors(params, definition, context)
    settings = _settings(params, Settings(limits=rules.limits(None, scheduling, None)), scheduling)
    settings = replace(
        settings,
        desired=rules.desired_count(params, scheduling),
        grace=rules.grace(params, bool(doors)) or 0.0,
    )
    _check_placement(definition, settings, scheduling)
    tags = checked_tags(params.get("tags") or ())
    service = Service(
        arn=context.place.arn("service", cluster.name, params["serviceName"]),
        name=params["serviceName"],
        cluster_arn=cluster.arn,
        created_at=context.now,
        settings=settings,
        created_by=context.principal,
        scheduling=scheduling,
        role_arn=roles.of_service(params.get("role"), doors, definition.value, context),
    )
    service, rollout = first_deployment(service, definition, doors, launched, params, context)
    cause = "CreateService was called."
    facts: list[Fact] = [ServiceCreated(context.now, cause, service, rollout)]
    if tags or state.tags.get(service.arn):
        facts.append(TagsSet(context.now, cause, service.arn, tags))
    if params.get("clientToken"):
        facts.append(_token(cluster, params, service, context))
    shown = replace(state, tags=state.tags.set(service.arn, tags))
    return Outcome({"service": service_answers.service(shown, service, True)}, tuple(facts))


def _repeated(state: State, cluster: Cluster, params: Params, context: Context) -> Outcome | None:
    """The answer of the call this one repeats; raises where the name is taken otherwise."""
    arn = context.place.arn("service", cluster.name, params["serviceName"])
    known = state.services.get(arn)
    if known is None or known.status == "INACTIVE":
        return None
    if known.status == "DRAINING":
        raise find.invalid("Unable to Start a service that is still Draining.")
    token = params.get("clientToken")
    used = state.tokens.get((cluster.arn, _token_key(token))) if token else None
    if used is None or used.fingerprint != _fingerprint(params):
        raise find.invalid("Creation of service was not idempotent.")
    return Outcome({"service": service_answers.service(state, known, True)})


def _token(cluster: Cluster, params: Params, service: Service, context: Context) -> TokenUsed:
    token = params["clientToken"]
    if len(token) > 64:
        raise find.invalid(f"clientToken can have at most 64 characters, not {len(token)}.")
    cause = "CreateService was called."
    key, print_ = _token_key(token), _fingerprint(params)
    return TokenUsed(context.now, cause, cluster.arn, key, print_, (service.arn,), ())


def _token_key(token: str) -> str:
    """Tokens of CreateService do not meet those of RunTask."""
    return f"CreateService {token}"


def _fingerprint(params: Params) -> str:
    return json.dumps(params, sort_keys=True, default=str)


def _settings(params: Params, old: Settings, scheduling: Scheduling) -> Settings:
    """The settings a call gives, over the old ones."""
    strategies = params.get("placementStrategy")
    if scheduling == "DAEMON" and strategies:
        raise find.invalid("A daemon service takes no placement strategy.")
    return replace(
        old,
        limits=rules.limits(params.get("deploymentConfiguration"), scheduling, old.limits),
        constraints=tuple(params.get("placementConstraints", old.constraints)),
        strategies=old.strategies if strategies is None else tuple(strategies),
        execute_command=params.get("enableExecuteCommand", old.execute_command),
        managed_tags=params.get("enableECSManagedTags", old.managed_tags),
        propagate_tags=params.get("propagateTags", old.propagate_tags),
    )


def _check_placement(definition: Definition, settings: Settings, scheduling: Scheduling) -> None:
    """Raise for constraints and strategies that cannot be read."""
    given: Params = {"placementConstraints": settings.constraints}
    if settings.strategies is not None:
        given["placementStrategy"] = settings.strategies
    need = need_of(definition.value, "", {}, given)
    if scheduling == "DAEMON" and need.distinct:
        raise find.invalid("A daemon service does not take the constraint distinctInstance.")


# -- updating and deleting ------------------------------------------------------------------------


def update(state: State, params: Params, context: Context) -> Outcome:
    """UpdateService; what its tasks are made of changes by a new deployment."""
    cluster = find.cluster(state, params, context)
    service = found(state, cluster, params["service"], context)
    if service.status != "ACTIVE":
        raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
    rules.check_features(params)
    settings = _settings(params, service.settings, service.scheduling)
    if params.get("desiredCount") is not None:
        if service.scheduling == "DAEMON":
            rules.desired_count(params, "DAEMON")
        settings = replace(settings, desired=rules.checked_count(params["desiredCount"]))
    deployment, rollout, definition = next_deployment(state, service, params, context)
    doors = (deployment or service.primary).revision.doors
    grace = rules.grace(params, bool(doors))
    settings = replace(settings, grace=settings.grace if grace is None else grace)
    _check_placement(definition, settings, service.scheduling)
    cause = "UpdateService was called."
    facts: list[Fact] = []
    after = service
    if settings != service.settings:
        facts.append(ServiceChanged(context.now, cause, service.arn, settings))
        after = replace(after, settings=settings)
    if deployment is not None and rollout is not None:
        rollout = replace(rollout, limits=settings.limits)
        facts.append(DeploymentStarted(context.now, cause, service.arn, deployment, rollout))
        older = tuple(replace(one, status="ACTIVE") for one in service.deployments)
        after = replace(after, deployments=(deployment, *older))
    return Outcome({"service": service_answers.service(state, after, True)}, tuple(facts))


def delete(state: State, params: Params, context: Context) -> Outcome:
    """DeleteService: it drains, and is INACTIVE once its tasks are gone."""
    cluster = find.cluster(state, params, context)
    service = found(state, cluster, params["service"], context)
    if service.status == "INACTIVE":
        raise AwsError("ServiceNotFoundException", "Service not found.")
    if service.status == "DRAINING":
        return Outcome({"service": service_answers.service(state, service, True)})
    replica = service.scheduling == "REPLICA"
    if replica and service.settings.desired and not params.get("force"):
        raise find.invalid("The service cannot be stopped while it is scaled above 0.")
    cause = "DeleteService was called."
    settings = replace(service.settings, desired=0)
    facts: list[Fact] = [ServiceStatusChanged(context.now, cause, service.arn, "DRAINING")]
    if settings != service.settings:
        facts.append(ServiceChanged(context.now, cause, service.arn, settings))
    after = replace(service, status="DRAINING", settings=settings)
    return Outcome({"service": service_answers.service(state, after, True)}, tuple(facts))


# -- reading --------------------------------------------------------------------------------------


def found(state: State, cluster: Cluster, name: str, context: Context) -> Service:
    """The service of the cluster that a name or ARN means. Raises ServiceNotFoundException."""
    service = find.service(state, cluster, name, context)
    if service is None:
        raise AwsError("ServiceNotFoundException", "Service not found.")
    return service


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeServices: up to 10 names or ARNs; INACTIVE ones too."""
    cluster = find.cluster(state, params, context)
    names = params["services"]
    if not names:
        raise find.invalid("Services cannot be empty.")
    if len(names) > 10:
        raise find.invalid("Services cannot have more than 10 items.")
    with_tags = "TAGS" in answers.include_of(params)
    shown, failures = [], []
    for name in names:
        service = find.service(state, cluster, name, context)
        if service is None:
            failures.append(answers.failure(find.service_arn(cluster, name, context), "MISSING"))
        else:
            shown.append(service_answers.service(state, service, with_tags))
    return Outcome({"services": shown, "failures": failures})


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListServices: those that are ACTIVE, 10 a page unless more are asked for."""
    cluster = find.cluster(state, params, context)
    kind, scheduling = params.get("launchType"), params.get("schedulingStrategy")
    members = state.index.services.get(cluster.arn) or ()
    chosen = [
        one.arn
        for one in (state.services[arn] for arn in members)
        if one.status == "ACTIVE"
        and kind in (None, one.primary.revision.launch_type)
        and scheduling in (None, one.scheduling)
    ]
    return Outcome(page(chosen, params, "serviceArns", usual=10))


def list_by_namespace(state: State, params: Params, context: Context) -> Outcome:
    """ListServicesByNamespace: there is no Cloud Map here, so there are no namespaces."""
    raise rules.unsupported(
        "Cloud Map namespaces are not in this sandbox: use ListServices instead."
    )
