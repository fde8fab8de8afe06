"""Application Auto Scaling and its alarms: services of ours, limits that hold, true states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap
from ecslab.model.errors import AwsError
from ecslab.model.scaling import DIMENSION, LOW_SHARE, METRICS, Activity

_RESOURCE = re.compile(r"service/([\w-]+)/([\w-]+)")
_ROLE = (
    "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_ECSService"
)


def _refusal(code: str, text: str) -> Exception:
    from moto.core.exceptions import JsonRESTError

    return JsonRESTError(code, text)


def _invalid(text: str) -> Exception:
    return _refusal("ValidationException", text)


def _not_found(what: str, resource_id: str, dimension: str) -> Exception:
    return _refusal(
        "ObjectNotFoundException",
        f"{what} for service namespace: ecs, resource ID: {resource_id}, "
        f"scalable dimension: {dimension}",
    )


# -- targets --------------------------------------------------------------------------------------


def services_to_be_scaled_are_ours() -> None:
    """A target's service is looked for in moto's own ECS, which nobody can see here."""
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

    def exists(plain: Any, backend: Any, resource_id: str) -> bool:
        named = _RESOURCE.fullmatch(resource_id)
        if named is None:
            raise _invalid("Unsupported service namespace, resource type or scalable dimension")
        cluster, service = named.groups()
        if not world.once(lambda: _is_active(cluster, service, backend.region_name)):
            raise _invalid(f"ECS service doesn't exist: {resource_id}")
        return True

    wrap(ApplicationAutoscalingBackend, "_ecs_service_exists_for_target", exists)


def _is_active(cluster: str, service: str, region: str) -> bool:
    try:
        told = world.ecs("DescribeServices", {"cluster": cluster, "services": [service]}, region)
    except AwsError:
        return False  # there is no such cluster
    return any(one["status"] == "ACTIVE" for one in told["services"])


def what_is_not_scaled_is_refused() -> None:
    """Targets, policies and schedules are recorded that nobody acts on; here they are refused."""
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

    def register(plain: Any, backend: Any, namespace: str, r_id: str, dimension: str,
                 *args: Any, **kwargs: Any) -> Any:  # fmt: skip
        if dimension != DIMENSION:
            raise _invalid(f"{dimension} is not in this sandbox: it scales {DIMENSION}.")
        return plain(backend, namespace, r_id, dimension, *args, **kwargs)

    def put(plain: Any, backend: Any, **asked: Any) -> Any:
        if asked["policy_type"] not in (None, "TargetTrackingScaling"):
            kind = asked["policy_type"]
            raise _invalid(f"{kind} is not in this sandbox: it has TargetTrackingScaling.")
        _check_tracking(asked["policy_body"])
        return plain(backend, **asked)

    def schedule(plain: Any, backend: Any, **asked: Any) -> Any:
        raise _invalid("Scheduled actions are not in this sandbox: it has target tracking.")

    wrap(ApplicationAutoscalingBackend, "register_scalable_target", register)
    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", put)
    wrap(ApplicationAutoscalingBackend, "put_scheduled_action", schedule)


def _check_tracking(body: Mapping[str, Any] | None) -> None:
    if not body:
        raise _invalid("TargetTrackingScalingPolicyConfiguration is required.")
    kind = (body.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if kind not in METRICS:
        what = kind or "A customized metric"
        raise _invalid(f"{what} is not measured in this sandbox: it has {', '.join(METRICS)}.")
    if not body.get("TargetValue", 0) > 0:
        raise _invalid("TargetValue must be greater than 0.")


def limits_of_targets_are_checked() -> None:
    """A minimum above the maximum is taken, and a target without them; who scales is not said."""
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

    def register(plain: Any, backend: Any, namespace: str, r_id: str, dimension: str,
                 **asked: Any) -> Any:  # fmt: skip
        there = backend.targets.get(dimension, {}).get(r_id)
        low = _either(asked["min_capacity"], there, "min_capacity")
        high = _either(asked["max_capacity"], there, "max_capacity")
        if low is None or high is None:
            raise _invalid("MinCapacity and MaxCapacity are required to register a new target.")
        if min(low, high) < 0 or low > high:
            raise _invalid("Maximum capacity cannot be less than minimum capacity")
        made = plain(backend, namespace, r_id, dimension, **asked)
        made.role_arn = made.role_arn or _ROLE.format(account=world.account)
        made.suspended_state = made.suspended_state or {}
        if there is None:
            made.creation_time = world.time()
        return made

    wrap(ApplicationAutoscalingBackend, "register_scalable_target", register)


def _either(asked: int | None, there: Any, name: str) -> int | None:
    if asked is not None or there is None:
        return asked
    kept: int | None = getattr(there, name)
    return kept


def targets_not_found_are_told_as_such() -> None:
    """What is not there is called invalid; AWS has an error of its own for it."""
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

    def deregister(plain: Any, backend: Any, namespace: str, r_id: str, dimension: str) -> Any:
        if not backend._scalable_target_exists(r_id, dimension):
            raise _not_found("No scalable target found", r_id, dimension)
        return plain(backend, namespace, r_id, dimension)

    def delete(plain: Any, backend: Any, **asked: Any) -> Any:
        there = [one.policy_name for one in _policies_of(backend, asked["resource_id"])]
        if asked["policy_name"] not in there:
            where = f"{asked['scalable_dimension']}, policy name: {asked['policy_name']}"
            raise _not_found("No scaling policy found", asked["resource_id"], where)
        return plain(backend, **asked)

    wrap(ApplicationAutoscalingBackend, "deregister_scalable_target", deregister)
    wrap(ApplicationAutoscalingBackend, "delete_scaling_policy", delete)


def policies_go_with_their_target() -> None:
    """A policy stands without a target, and stays with its alarms when its target goes."""
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

    def put(plain: Any, backend: Any, **asked: Any) -> Any:
        named = asked["resource_id"], asked["scalable_dimension"]
        if not backend._scalable_target_exists(*named):
            raise _not_found("No scalable target registered", *named)
        return plain(backend, **asked)

    def deregister(plain: Any, backend: Any, namespace: str, r_id: str, dimension: str) -> None:
        plain(backend, namespace, r_id, dimension)
        for one in _policies_of(backend, r_id):
            backend.delete_scaling_policy(
                policy_name=one.policy_name,
                service_namespace=namespace,
                resource_id=r_id,
                scalable_dimension=dimension,
            )

    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", put)
    wrap(ApplicationAutoscalingBackend, "deregister_scalable_target", deregister)


def _policies_of(backend: Any, resource_id: str) -> list[Any]:
    return [one for one in backend.policies.values() if one.resource_id == resource_id]


# -- policies and alarms --------------------------------------------------------------------------


def alarms_of_policies_compare_with_their_target() -> None:
    """Both alarms compare with 6, and a changed policy leaves its old ones and its ARN behind."""
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend

    def put(plain: Any, backend: Any, **asked: Any) -> Any:
        same = [one for one in _policies_of(backend, asked["resource_id"])
                if one.policy_name == asked["policy_name"]]  # fmt: skip
        for old in same:
            old.delete_alarms(backend.account_id, backend.region_name)
        made = plain(backend, **asked)
        made.creation_time = world.time()
        for old in same:
            made.policy_arn, made.creation_time = old.policy_arn, old.creation_time
        value = float(made.target_tracking_scaling_policy_configuration["TargetValue"])
        for alarm, share in zip(made.alarms, (1.0, LOW_SHARE), strict=True):
            alarm.threshold = value * share
            alarm.alarm_actions = [made.policy_arn]
        return made

    wrap(ApplicationAutoscalingBackend, "put_scaling_policy", put)


# -- what happened --------------------------------------------------------------------------------


def activities_are_told() -> None:
    """DescribeScalingActivities is not there."""
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

    def describe(response: Any) -> str:
        import json

        response._validate_params()
        asked = response._get_param("ResourceId")
        most = response._get_int_param("MaxResults") or 50
        begin = int(response._get_param("NextToken") or 0)
        region = f":ecs:{response.region}:"
        told = [one for one in world.scaling.activities()
                if region in one.service_arn and asked in (None, one.resource_id)]  # fmt: skip
        page = [_activity(one) for one in told[begin : begin + most]]
        more = {"NextToken": str(begin + most)} if len(told) > begin + most else {}
        return json.dumps({"ScalingActivities": page, **more})

    ApplicationAutoScalingResponse.describe_scaling_activities = describe  # type: ignore[attr-defined]  # an operation more


def _activity(one: Activity) -> dict[str, Any]:
    ended = {} if one.ended is None else {"EndTime": one.ended}
    return {
        "ActivityId": one.id,
        "ServiceNamespace": "ecs",
        "ResourceId": one.resource_id,
        "ScalableDimension": DIMENSION,
        "Description": f"Setting desired count to {one.after}.",
        "Cause": one.cause,
        "StartTime": one.started,
        "StatusCode": one.status,
        "StatusMessage": one.message,
        **ended,
    }
