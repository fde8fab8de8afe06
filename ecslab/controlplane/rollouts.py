"""Service deployments and service revisions: reading them, and stopping a deployment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ecslab.controlplane import answers, find, service_answers
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import Fact
from ecslab.controlplane.paging import cut
from ecslab.controlplane.schedule import roll_back
from ecslab.controlplane.service_facts import DeploymentFailed
from ecslab.controlplane.service_rules import unsupported
from ecslab.controlplane.services import found
from ecslab.controlplane.state import History, State
from ecslab.model.errors import AwsError
from ecslab.model.service import Revision, Rollout

Params = dict[str, Any]
MOST = 20
"""Service deployments, or revisions, that can be described at once (ECS API)."""


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListServiceDeployments: the newest first."""
    cluster = find.cluster(state, params, context)
    service = found(state, cluster, params["service"], context)
    history = state.histories.get(service.arn, History())
    chosen = {_sort_key(at, one): one for at, one in enumerate(_within(history, params))}
    keys, following = cut(sorted(chosen, reverse=True), params, descending=True)
    shown = [service_answers.brief(chosen[key]) for key in keys]
    return Outcome({"serviceDeployments": shown, **following})


def _sort_key(at: int, one: Rollout) -> str:
    return f"{int(one.created_at * 1000):015} {at:03} {one.arn}"


def _within(history: History, params: Params) -> Iterator[Rollout]:
    statuses = params.get("status") or ()
    span = params.get("createdAt") or {}
    after, before = span.get("after"), span.get("before")
    for one in history.rollouts:
        if statuses and one.status not in statuses:
            continue
        if after is not None and one.created_at < after:
            continue
        if before is None or one.created_at <= before:
            yield one


def describe(state: State, params: Params, context: Context) -> Outcome:
    """DescribeServiceDeployments."""
    arns = _some(params["serviceDeploymentArns"], "serviceDeploymentArns")
    known = service_answers.remembered(state, arns)
    shown, failures = [], []
    for arn in arns:
        one = known.get(arn)
        if isinstance(one, Rollout):
            shown.append(service_answers.rollout(state, one))
        else:
            failures.append(answers.failure(arn, "MISSING"))
    return Outcome({"serviceDeployments": shown, "failures": failures})


def describe_revisions(state: State, params: Params, context: Context) -> Outcome:
    """DescribeServiceRevisions."""
    arns = _some(params["serviceRevisionArns"], "serviceRevisionArns")
    known = service_answers.remembered(state, arns)
    shown, failures = [], []
    for arn in arns:
        one = known.get(arn)
        if isinstance(one, Revision):
            cluster_arn = state.services[one.service_arn].cluster_arn
            shown.append(service_answers.revision(state, one, cluster_arn))
        else:
            failures.append(answers.failure(arn, "MISSING"))
    return Outcome({"serviceRevisions": shown, "failures": failures})


def _some(arns: list[str], member: str) -> list[str]:
    if not 1 <= len(arns) <= MOST:
        raise find.invalid(f"{member} takes 1 to {MOST} ARNs, not {len(arns)}.")
    return list(dict.fromkeys(arns))


def stop(state: State, params: Params, context: Context) -> Outcome:
    """StopServiceDeployment: the service goes back to its last completed deployment."""
    arn = params["serviceDeploymentArn"]
    if params.get("stopType") == "ABORT":
        raise unsupported("The stop type ABORT is not in this sandbox: use ROLLBACK.")
    rollout = service_answers.remembered(state, [arn]).get(arn)
    if not isinstance(rollout, Rollout):
        raise AwsError("ServiceDeploymentNotFoundException", "Service deployment not found.")
    if not rollout.open or rollout.rollback_at is not None:
        raise AwsError(
            "ConflictException",
            f"The service deployment is {rollout.status}: only one that is IN_PROGRESS can be "
            "stopped.",
        )
    service = state.services[rollout.service_arn]
    if service.fallback is None or service.status != "ACTIVE":
        raise find.invalid(
            "The service has no completed deployment to roll back to. Update the service, or "
            "delete it."
        )
    cause = "StopServiceDeployment was called."
    reason = "ECS deployment was stopped by user."
    facts: list[Fact] = [DeploymentFailed(context.now, cause, service.arn, reason)]
    facts += roll_back(service, "ECS deployment stopped: rolling back to deploymentId", context)
    return Outcome({"serviceDeploymentArn": arn}, tuple(facts))
