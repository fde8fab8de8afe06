"""What a service is held to when it is created or updated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ecslab.controlplane.context import Context
from ecslab.controlplane.find import invalid
from ecslab.controlplane.state import Definition
from ecslab.model.errors import AwsError
from ecslab.model.load_balancer import TargetGroup
from ecslab.model.service import Breaker, Door, Limits, Scheduling, ThresholdKind
from ecslab.model.task_definition import TaskDefinition

Params = Mapping[str, Any]
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
MOST_TASKS = 5000
"""Tasks of one service (service quotas)."""
MOST_GRACE = 2_147_483_647
_MISSING_HERE = {
    "serviceRegistries": "Service discovery (Cloud Map)",
    "serviceConnectConfiguration": "Service Connect",
    "volumeConfigurations": "EBS volumes that are configured at launch",
    "vpcLatticeConfigurations": "VPC Lattice",
    "gatewayConnectors": "gateways",
    "monitoring": "monitoring of services",
}
_NOT_OF_DEPLOYMENTS = {
    "alarms": "Deployment alarms",
    "bakeTimeInMinutes": "A bake time",
    "lifecycleHooks": "Lifecycle hooks",
    "linearConfiguration": "A linear deployment",
    "canaryConfiguration": "A canary deployment",
    "earlySuccessCriteria": "Early success criteria",
}


def unsupported(text: str) -> AwsError:
    """What ECS has and this sandbox has not."""
    return AwsError("UnsupportedFeatureException", text)


def check_name(name: str) -> None:
    """The name of a service."""
    if not _NAME.fullmatch(name):
        raise invalid(
            "Identifier is of unexpected length or contains invalid characters: a service name has "
            f"1 to 255 letters, numbers, hyphens and underscores, not {name!r}."
        )


def check_features(params: Params) -> None:
    """Refuse by name what is not in this sandbox."""
    for member, what in _MISSING_HERE.items():
        if params.get(member):
            raise unsupported(f"{what} cannot be used in this sandbox: leave out {member}.")
    controller = (params.get("deploymentController") or {}).get("type") or "ECS"
    if controller != "ECS":
        raise unsupported(
            f"The deployment controller {controller} is not in this sandbox: use ECS."
        )
    if params.get("availabilityZoneRebalancing") == "ENABLED":
        raise unsupported(
            "Availability Zone rebalancing is not in this sandbox: leave out "
            "availabilityZoneRebalancing."
        )


def desired_count(params: Params, scheduling: Scheduling) -> int:
    """The desired count of a new service."""
    count: int | None = params.get("desiredCount")
    if scheduling == "DAEMON":
        if count is not None:
            raise invalid("Daemon services do not support a desired count: leave out desiredCount.")
        return 0
    if count is None:
        raise invalid("You must specify a desired count for a service that uses REPLICA.")
    return checked_count(count)


def checked_count(count: int) -> int:
    """A desired count within its bounds."""
    if not 0 <= count <= MOST_TASKS:
        raise invalid(f"desiredCount must be between 0 and {MOST_TASKS}, not {count}.")
    return count


def limits(given: Mapping[str, Any] | None, scheduling: Scheduling, old: Limits | None) -> Limits:
    """The deployment configuration; what is left out stays as it was, or takes ECS's default."""
    old = old or (Limits() if scheduling == "REPLICA" else Limits(0, 100))
    if not given:
        return old
    for member, what in _NOT_OF_DEPLOYMENTS.items():
        if given.get(member):
            raise unsupported(f"{what} cannot be used in this sandbox: leave out {member}.")
    if (given.get("strategy") or "ROLLING") != "ROLLING":
        raise unsupported(
            f"The deployment strategy {given['strategy']} is not in this sandbox: use ROLLING."
        )
    made = Limits(
        given.get("minimumHealthyPercent", old.minimum_percent),
        given.get("maximumPercent", old.maximum_percent),
        _breaker(given.get("deploymentCircuitBreaker"), old.breaker),
    )
    _check_percents(made, scheduling)
    return made


def _check_percents(made: Limits, scheduling: Scheduling) -> None:
    minimum, maximum = made.minimum_percent, made.maximum_percent
    if not 0 <= minimum <= 100:
        raise invalid(f"minimumHealthyPercent must be between 0 and 100, not {minimum}.")
    if scheduling == "DAEMON" and maximum != 100:
        raise invalid(f"The maximumPercent of a daemon service must be 100, not {maximum}.")
    if not 100 <= maximum <= 1000:
        raise invalid(f"maximumPercent must be between 100 and 1000, not {maximum}.")
    if (minimum, maximum) == (100, 100):
        raise invalid(
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block "
            "deployments."
        )


def _breaker(given: Mapping[str, Any] | None, old: Breaker) -> Breaker:
    if given is None:
        return old
    threshold = given.get("thresholdConfiguration") or {}
    kind: ThresholdKind = threshold.get("type", "BOUNDED_PERCENT")
    value: int = threshold.get("value", 50)
    if value < 1 or (kind != "COUNT" and value > 100):
        most = "" if kind == "COUNT" else " and at most 100"
        raise invalid(f"The threshold {kind} must be at least 1{most}, not {value}.")
    return Breaker(
        given["enable"],
        given["rollback"],
        given.get("resetOnHealthyTask", True),
        kind,
        value,
    )


def grace(params: Params, has_doors: bool) -> float | None:
    """healthCheckGracePeriodSeconds; None where it is not given."""
    seconds = params.get("healthCheckGracePeriodSeconds")
    if seconds is None:
        return None
    if not 0 <= seconds <= MOST_GRACE:
        raise invalid(
            f"healthCheckGracePeriodSeconds must be between 0 and {MOST_GRACE}, not {seconds}."
        )
    if seconds and not has_doors:
        raise invalid(
            "Health check grace period is only valid for services configured to use load balancers"
        )
    return float(seconds)


# -- load balancers -------------------------------------------------------------------------------


def doors(params: Params, definition: Definition, context: Context) -> tuple[Door, ...]:
    """The target groups of a service, each with the container port behind it."""
    made = [_door(one, definition, context) for one in params.get("loadBalancers") or ()]
    if len(made) > 5:
        raise invalid(f"A service can have at most 5 target groups, not {len(made)}.")
    return tuple(made)


def _door(given: Mapping[str, Any], definition: Definition, context: Context) -> Door:
    if given.get("advancedConfiguration"):
        raise unsupported("advancedConfiguration of a load balancer is not in this sandbox.")
    arn, container = given.get("targetGroupArn"), given.get("containerName")
    port = given.get("containerPort")
    if not arn:
        raise unsupported(
            "Classic Load Balancers are not in this sandbox: name a target group (targetGroupArn)."
        )
    if not container:
        raise invalid("Container name can not be blank.")
    if port is None:
        raise invalid("Container port can not be blank.")
    _check_port(definition.value, container, port, definition)
    if context.outside is not None:
        _check_group(context.outside.target_group(arn), arn, definition.value)
    return Door(arn, container, port)


def _check_port(value: TaskDefinition, container: str, port: int, definition: Definition) -> None:
    named = next((one for one in value.container_definitions if one.name == container), None)
    if named is None:
        raise invalid(f"The container {container} does not exist in the task definition.")
    if not any(mapping.container_port == port for mapping in named.port_mappings or ()):
        raise invalid(f"The container {container} did not have a container port {port} defined.")


def _check_group(group: TargetGroup | None, arn: str, value: TaskDefinition) -> None:
    if group is None:
        raise invalid(
            "Unable to assume role and validate the specified targetGroupArn. Please verify that "
            "the ECS service role being passed has the proper permissions."
        )
    if not group.load_balancer_arns:
        raise invalid(
            f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        )
    mode = value.network_mode or "bridge"
    fit = "ip" if mode == "awsvpc" else "instance"
    if group.target_type != fit:
        raise invalid(
            f"The provided target group {arn} has target type {group.target_type}, which is "
            f"incompatible with the {mode} network mode specified in the task definition."
        )
