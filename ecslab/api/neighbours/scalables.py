"""Scalable targets and their policies, read in process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ecslab.model.scaling import COOLDOWN, DIMENSION, METRICS, ScalableTarget, Tracking


def read(account: str) -> tuple[ScalableTarget, ...]:
    """All services of the account that are to be scaled, in all regions."""
    from moto.applicationautoscaling.models import applicationautoscaling_backends

    return tuple(
        _target(region, account, one, backend.policies.values())
        for region, backend in list(dict.items(applicationautoscaling_backends[account]))
        for one in backend.targets.get(DIMENSION, {}).values()
    )


def _target(region: str, account: str, told: Any, policies: Iterable[Any]) -> ScalableTarget:
    suspended = told.suspended_state or {}
    return ScalableTarget(
        # The resource id is what the service's ARN ends with.
        service_arn=f"arn:aws:ecs:{region}:{account}:{told.resource_id}",
        resource_id=told.resource_id,
        minimum=told.min_capacity,
        maximum=told.max_capacity,
        in_suspended=bool(suspended.get("DynamicScalingInSuspended")),
        out_suspended=bool(suspended.get("DynamicScalingOutSuspended")),
        policies=tuple(_policies(told.resource_id, policies)),
    )


def _policies(resource_id: str, policies: Iterable[Any]) -> Iterator[Tracking]:
    for one in policies:
        if one.resource_id == resource_id and one.scalable_dimension == DIMENSION:
            yield _tracking(one)


def _tracking(told: Any) -> Tracking:
    body = told.target_tracking_scaling_policy_configuration
    high, low = told.alarms
    return Tracking(
        name=told.policy_name,
        arn=told.policy_arn,
        metric=METRICS[body["PredefinedMetricSpecification"]["PredefinedMetricType"]],
        value=float(body["TargetValue"]),
        out_cooldown=float(body.get("ScaleOutCooldown", COOLDOWN)),
        in_cooldown=float(body.get("ScaleInCooldown", COOLDOWN)),
        grows_only=bool(body.get("DisableScaleIn")),
        high_alarm=high.name,
        low_alarm=low.name,
    )
