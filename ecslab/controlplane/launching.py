"""Where the tasks of a call or a service are to run: launch type, platform version, subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecslab.controlplane.find import invalid
from ecslab.controlplane.state import Definition, Roster, State
from ecslab.model.container_instance import SUBNET
from ecslab.model.errors import AwsError

Params = Mapping[str, Any]


def check_launch_type(params: Params) -> None:
    """Raise for capacity that is not in this sandbox."""
    if params.get("capacityProviderStrategy"):
        if params.get("launchType"):
            raise invalid(
                "Specifying both a launch type and capacity provider strategy is not supported. "
                "Remove one and try again."
            )
        raise invalid("This sandbox has no capacity providers: name a launch type instead.")
    kind = params.get("launchType") or "EC2"
    if kind != "EC2":
        raise AwsError(
            "UnsupportedFeatureException",
            f"Launch type {kind} is not in this sandbox: use the launch type EC2.",
        )
    if params.get("platformVersion"):
        raise invalid("The platform version must be null when specifying an EC2 launch type.")


def subnets(definition: Definition, params: Params) -> tuple[str, ...]:
    """The subnets a call names; none where the task has no network interface of its own."""
    network = (params.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    if definition.value.network_mode != "awsvpc":
        if network is not None:
            raise invalid(
                "Network Configuration is not valid for the given networkMode of this task "
                "definition."
            )
        return ()
    if not network:
        raise invalid(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    if not network["subnets"]:
        raise invalid("subnets can not be empty.")
    if network.get("assignPublicIp") == "ENABLED":
        raise invalid("Assign public IP is not supported for this launch type.")
    return tuple(network["subnets"])


def zones(state: State, cluster_arn: str, named: tuple[str, ...]) -> frozenset[str] | None:
    """The zones of the subnets, as far as instances of the cluster show; None if one is unknown."""
    if not named:
        return None
    roster = state.index.rosters.get(cluster_arn, Roster())
    there = [state.instances[arn] for arn in roster.arns]
    known = {one.attribute.get(SUBNET): one.zone for one in there}
    found = {known.get(subnet) for subnet in named}
    return None if None in found else frozenset(zone or "" for zone in found)
