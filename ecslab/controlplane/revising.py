"""New revisions of a service, and the deployments that bring them out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ecslab.controlplane import find
from ecslab.controlplane import service_rules as rules
from ecslab.controlplane.answers import share
from ecslab.controlplane.capacity import Launch
from ecslab.controlplane.context import Context
from ecslab.controlplane.launching import launch
from ecslab.controlplane.state import Definition, State
from ecslab.model.arn import last
from ecslab.model.service import Deployment, Door, Revision, Rollout, Service

Params = dict[str, Any]
_MAKES_A_REVISION = (
    "taskDefinition",
    "networkConfiguration",
    "loadBalancers",
    "platformVersion",
    "capacityProviderStrategy",
)


def first_deployment(
    service: Service,
    definition: Definition,
    doors: tuple[Door, ...],
    launched: Launch,
    params: Params,
    context: Context,
) -> tuple[Service, Rollout]:
    """A new service with its first deployment, and that as it is remembered."""
    revision = Revision(
        arn=_revision_arn(service, context),
        service_arn=service.arn,
        definition_arn=definition.arn,
        created_at=context.now,
        launch_type=launched.kind,
        strategy=launched.shares,
        platform_version=launched.platform_version,
        network=params.get("networkConfiguration"),
        doors=doors,
    )
    deployment, rollout = _deploy(service, revision, (), context)
    return replace(service, deployments=(deployment,)), rollout


def next_deployment(
    state: State, service: Service, params: Params, context: Context
) -> tuple[Deployment | None, Rollout | None, Definition]:
    """The deployment an update calls for, if it does; and the task definition from now on."""
    old = service.primary.revision
    definition = state.definitions[old.definition_arn]
    if params.get("taskDefinition"):
        definition = find.runnable(state, params["taskDefinition"], context)
    new = replace(old, definition_arn=definition.arn)
    if any(params.get(member) is not None for member in _MAKES_A_REVISION):
        new = _changed(state, service, new, definition, params, context)
    if new == old and not params.get("forceNewDeployment"):
        return None, None, definition
    new = replace(new, arn=_revision_arn(service, context), created_at=context.now)
    sources = tuple(one.revision.arn for one in service.deployments)
    return *_deploy(service, new, sources, context), definition


def _changed(
    state: State,
    service: Service,
    revision: Revision,
    definition: Definition,
    params: Params,
    context: Context,
) -> Revision:
    network = params.get("networkConfiguration", revision.network)
    shares = params.get("capacityProviderStrategy")
    if shares is None:
        shares = [share(one) for one in revision.strategy]
    elif not params.get("forceNewDeployment"):
        raise find.invalid(
            "A new deployment must be forced (forceNewDeployment) for the capacity provider "
            "strategy of a service to change."
        )
    asked = {
        "launchType": None if shares else revision.launch_type or "EC2",
        "capacityProviderStrategy": shares,
        "platformVersion": params.get("platformVersion") or revision.platform_version or None,
        "networkConfiguration": network,
    }
    cluster = state.clusters[service.cluster_arn]
    launched = launch(state, cluster, definition, asked, context)
    kept = [
        {"targetGroupArn": one.group_arn, "containerName": one.container, "containerPort": one.port}
        for one in revision.doors
    ]
    given = params.get("loadBalancers")
    doors = rules.doors({"loadBalancers": kept if given is None else given}, definition, context)
    return replace(
        revision,
        launch_type=launched.kind,
        strategy=launched.shares,
        platform_version=launched.platform_version,
        network=network,
        doors=doors,
    )


def _deploy(
    service: Service, revision: Revision, sources: tuple[str, ...], context: Context
) -> tuple[Deployment, Rollout]:
    limits, desired = service.settings.limits, service.settings.desired
    rollout = Rollout(
        arn=_arn(service, "service-deployment", context.ids.hex32()[-21:], context),
        service_arn=service.arn,
        cluster_arn=service.cluster_arn,
        target=revision.arn,
        created_at=context.now,
        updated_at=context.now,
        sources=sources,
        limits=limits,
        threshold=limits.breaker.threshold(desired) if limits.breaker.enable else 0,
    )
    deployment = Deployment(
        revision=revision,
        rollout_arn=rollout.arn,
        created_at=context.now,
        updated_at=context.now,
        rollout_reason=f"ECS deployment {revision.deployment_id} in progress.",
    )
    return deployment, rollout


def _revision_arn(service: Service, context: Context) -> str:
    """Its last part are the 19 digits that the deployment has too."""
    digits = f"{int(context.ids.hex32(), 16) % 10**19:019}"
    return _arn(service, "service-revision", digits, context)


def _arn(service: Service, kind: str, name: str, context: Context) -> str:
    return context.place.arn(kind, last(service.cluster_arn), service.name, name)
