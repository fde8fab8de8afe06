"""Services, their deployments and revisions in the words of the API. Times in epoch seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ecslab.controlplane.answers import Wire, share, tags_of
from ecslab.controlplane.load import weight
from ecslab.controlplane.state import History, State, Tally
from ecslab.model.service import (
    Breaker,
    Deployment,
    Door,
    Limits,
    Revision,
    Rollout,
    Service,
)


def service(state: State, one: Service, with_tags: bool = False) -> Wire:
    """A service as DescribeServices shows it."""
    settings = one.settings
    revision = _latest(state, one)
    tallies = _tallies(state, one)
    made: Wire = {
        "serviceArn": one.arn,
        "serviceName": one.name,
        "clusterArn": one.cluster_arn,
        "loadBalancers": [_door(door) for door in revision.doors],
        "serviceRegistries": [],
        "status": one.status,
        "desiredCount": settings.desired,
        "runningCount": sum(tally.running for tally in tallies.values()),
        "pendingCount": sum(tally.pending for tally in tallies.values()),
        **_capacity(revision),
        "taskDefinition": revision.definition_arn,
        "deploymentConfiguration": limits(settings.limits),
        "deployments": [_deployment(one, this, tallies) for this in one.deployments],
        "events": [
            {"id": event.id, "createdAt": event.at, "message": event.message}
            for event in one.events
        ],
        "createdAt": one.created_at,
        "createdBy": one.created_by,
        "placementConstraints": list(settings.constraints),
        "placementStrategy": list(settings.strategies or ()),
        "schedulingStrategy": one.scheduling,
        "deploymentController": {"type": "ECS"},
        "enableECSManagedTags": settings.managed_tags,
        "propagateTags": settings.propagate_tags,
        "enableExecuteCommand": settings.execute_command,
        "availabilityZoneRebalancing": "DISABLED",
        **_current(state, one),
    }
    if revision.doors:
        made["healthCheckGracePeriodSeconds"] = int(settings.grace)
    if one.role_arn:
        made["roleArn"] = one.role_arn
    if with_tags:
        made["tags"] = tags_of(state, one.arn)
    return made


def _latest(state: State, one: Service) -> Revision:
    """What its newest deployment brings; of a service that is gone, what it brought last."""
    if one.deployments:
        return one.primary.revision
    return state.histories[one.arn].revisions[-1]


def _current(state: State, one: Service) -> Wire:
    if not one.deployments:
        return {}
    return {
        "currentServiceDeployment": one.primary.rollout_arn,
        "currentServiceRevisions": [
            {
                "arn": this.revision.arn,
                "requestedTaskCount": _wanted(one, this),
                **_counts(
                    _tally(_tallies(state, one), this), "runningTaskCount", "pendingTaskCount"
                ),
            }
            for this in one.deployments
        ],
    }


def _tallies(state: State, one: Service) -> dict[str, Tally]:
    """Deployment id → tasks of it that run or are on their way up."""
    found: dict[str, Tally] = {}
    for (id_, _displaced), crew in state.index.crews.get(one.arn, {}).items():
        weights = [weight(state.tasks[arn]) for arn in crew.tasks]
        old = found.get(id_, Tally())
        found[id_] = Tally(
            old.running + sum(running for running, _pending in weights),
            old.pending + sum(pending for _running, pending in weights),
        )
    return found


def _tally(tallies: dict[str, Tally], one: Deployment) -> Tally:
    return tallies.get(one.id, Tally())


def _counts(tally: Tally, running: str, pending: str) -> Wire:
    return {running: tally.running, pending: tally.pending}


def _wanted(one: Service, this: Deployment) -> int:
    return one.settings.desired if this.status == "PRIMARY" else 0


def _deployment(one: Service, this: Deployment, tallies: dict[str, Tally]) -> Wire:
    revision = this.revision
    return {
        "id": this.id,
        "status": this.status,
        "taskDefinition": revision.definition_arn,
        "desiredCount": _wanted(one, this),
        **_counts(_tally(tallies, this), "runningCount", "pendingCount"),
        "failedTasks": this.failed,
        "createdAt": this.created_at,
        "updatedAt": this.updated_at,
        **_capacity(revision),
        "rolloutState": this.rollout,
        "rolloutStateReason": this.rollout_reason,
    }


def _capacity(revision: Revision) -> Wire:
    made: Wire = {}
    if revision.strategy:
        made["capacityProviderStrategy"] = [share(one) for one in revision.strategy]
    else:
        made["launchType"] = revision.launch_type
    if revision.platform_version:
        made["platformVersion"] = revision.platform_version
        made["platformFamily"] = "Linux"
    if revision.network is not None:
        made["networkConfiguration"] = revision.network
    return made


def _door(door: Door) -> Wire:
    return {
        "targetGroupArn": door.group_arn,
        "containerName": door.container,
        "containerPort": door.port,
    }


def limits(one: Limits) -> Wire:
    """A deployment configuration."""
    return {
        "deploymentCircuitBreaker": _breaker(one.breaker),
        "maximumPercent": one.maximum_percent,
        "minimumHealthyPercent": one.minimum_percent,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    }


def _breaker(one: Breaker) -> Wire:
    made: Wire = {"enable": one.enable, "rollback": one.rollback}
    if one != Breaker(one.enable, one.rollback):
        made["resetOnHealthyTask"] = one.reset_on_healthy_task
        made["thresholdConfiguration"] = {"type": one.kind, "value": one.value}
    return made


# -- service deployments and revisions ------------------------------------------------------------


def brief(one: Rollout) -> Wire:
    """A service deployment as ListServiceDeployments shows it."""
    made: Wire = {
        "serviceDeploymentArn": one.arn,
        "serviceArn": one.service_arn,
        "clusterArn": one.cluster_arn,
        "createdAt": one.created_at,
        "startedAt": one.created_at,
        "targetServiceRevisionArn": one.target,
        "status": one.status,
    }
    if one.finished_at is not None:
        made["finishedAt"] = one.finished_at
    if one.status_reason:
        made["statusReason"] = one.status_reason
    return made


def rollout(state: State, one: Rollout) -> Wire:
    """A service deployment as DescribeServiceDeployments shows it."""
    owner = state.services[one.service_arn]
    made = brief(one)
    del made["targetServiceRevisionArn"]
    made |= {
        "updatedAt": one.updated_at,
        "sourceServiceRevisions": [_summary(state, owner, arn, 0) for arn in one.sources],
        "targetServiceRevision": _summary(
            state, owner, one.target, owner.settings.desired if one.open else 0
        ),
        "deploymentConfiguration": limits(one.limits),
        "deploymentCircuitBreaker": _watching(owner, one),
    }
    if one.stopped_at is not None:
        made["stoppedAt"] = one.stopped_at
    if one.rollback_at is not None:
        made["rollback"] = {
            "reason": one.rollback_reason,
            "startedAt": one.rollback_at,
            "serviceRevisionArn": one.rollback_to,
        }
    return made


def _summary(state: State, owner: Service, arn: str, wanted: int) -> Wire:
    id_ = f"ecs-svc/{arn.rsplit('/', 1)[-1]}"
    tally = _tallies(state, owner).get(id_, Tally())
    counts = _counts(tally, "runningTaskCount", "pendingTaskCount")
    return {"arn": arn, "requestedTaskCount": wanted, **counts}


def _watching(owner: Service, one: Rollout) -> Wire:
    """The circuit breaker of a service deployment; while it is under way, as it counts now."""
    breaker = one.limits.breaker
    if not breaker.enable:
        return {"status": "DISABLED", "failureCount": 0, "threshold": 0}
    now = owner.deployments[0] if one.open and owner.deployments else None
    status = "TRIGGERED" if one.tripped else "MONITORING" if one.open else "MONITORING_COMPLETE"
    return {
        "status": status,
        "failureCount": now.failed if now and not one.tripped else one.failed,
        "threshold": breaker.threshold(owner.settings.desired) if now else one.threshold,
    }


def revision(state: State, one: Revision, service_cluster: str) -> Wire:
    """A service revision as DescribeServiceRevisions shows it."""
    definition = state.definitions.get(one.definition_arn)
    containers = definition.value.container_definitions if definition else ()
    made: Wire = {
        "serviceRevisionArn": one.arn,
        "serviceArn": one.service_arn,
        "clusterArn": service_cluster,
        "taskDefinition": one.definition_arn,
        **_capacity(one),
        "loadBalancers": [_door(door) for door in one.doors],
        "serviceRegistries": [],
        "containerImages": [
            {"containerName": container.name, "image": container.image} for container in containers
        ],
        "guardDutyEnabled": False,
        "createdAt": one.created_at,
    }
    return made


def remembered(state: State, arns: Iterable[str]) -> dict[str, Any]:
    """ARN → the service deployment or revision that is remembered under it."""
    found: dict[str, Any] = {}
    wanted = set(arns)
    for service_arn in {owner_of(state, arn) for arn in wanted}:
        history = state.histories.get(service_arn, History())
        found |= {one.arn: one for one in history.rollouts if one.arn in wanted}
        found |= {one.arn: one for one in history.revisions if one.arn in wanted}
    return found


def owner_of(state: State, arn: str) -> str:
    """The ARN of the service that a service deployment's or revision's ARN belongs to."""
    head, _slash, path = arn.partition("/")
    service_path = path.rpartition("/")[0]
    return f"{head.rpartition(':')[0]}:service/{service_path}"
