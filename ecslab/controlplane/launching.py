"""Where the tasks of a call or a service are to run: launch type, strategy, platform, subnets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.controlplane.capacity import Launch, provider_named
from ecslab.controlplane.context import Context
from ecslab.controlplane.defaults import compatibilities
from ecslab.controlplane.find import invalid
from ecslab.controlplane.state import Definition, Roster, State
from ecslab.model import fargate
from ecslab.model.arn import last
from ecslab.model.capacity_provider import FARGATE_PROVIDERS
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import SUBNET
from ecslab.model.errors import AwsError
from ecslab.model.service import Share
from ecslab.model.task_definition import TaskDefinition
from ecslab.model.task_size import cpu_units, memory_mib

Params = Mapping[str, Any]
PLATFORMS = ("1.3.0", "1.4.0")
LATEST = PLATFORMS[-1]
MOST_SHARES = 20
MOST_WEIGHT = 1000
MOST_BASE = 100_000


def launch(
    state: State, cluster: Cluster, definition: Definition, params: Params, context: Context
) -> Launch:
    """The capacity a call asks for. Raises as RunTask and CreateService do."""
    kind, shares = params.get("launchType"), params.get("capacityProviderStrategy")
    if kind and shares:
        raise invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. "
            "Remove one and try again."
        )
    if kind not in (None, "EC2", "FARGATE"):
        raise AwsError(
            "UnsupportedFeatureException",
            f"Launch type {kind} is not in this sandbox: use the launch type EC2 or FARGATE.",
        )
    made = Launch(kind or "EC2")
    if shares:
        made = Launch("", strategy(state, shares, cluster.capacity_providers, context))
    elif not kind and cluster.default_strategy:
        made = Launch("", cluster.default_strategy)
    return _checked(made, definition, params, context)


def _checked(made: Launch, definition: Definition, params: Params, context: Context) -> Launch:
    word = "FARGATE" if made.on_fargate else "EC2"
    if word not in compatibilities(definition.value):
        raise invalid(f"Task definition does not support launch_type {word}.")
    version = _platform(params.get("platformVersion"), made.on_fargate)
    if made.on_fargate:
        _check_fargate(definition.value, params)
    named, public = _network(definition, params, made.on_fargate)
    _check_subnets(named, context)
    return Launch(made.kind, made.shares, version, named, public)


def _platform(asked: str | None, on_fargate: bool) -> str:
    if not on_fargate:
        if asked:
            raise invalid("The platform version must be null when specifying an EC2 launch type.")
        return ""
    if asked in (None, "", "LATEST"):
        return LATEST
    if asked not in PLATFORMS:
        raise AwsError(
            "PlatformUnknownException",
            f"The platform version {asked} does not exist: use LATEST, {', '.join(PLATFORMS)}.",
        )
    return asked


def _check_fargate(definition: TaskDefinition, params: Params) -> None:
    for member, word in (
        ("placementConstraints", "constraints"),
        ("placementStrategy", "strategies"),
    ):
        if params.get(member):
            raise invalid(f"Placement {word} are not supported with FARGATE launch type.")
    overrides = params.get("overrides") or {}
    if overrides.get("cpu") or overrides.get("memory"):
        cpu = cpu_units(overrides.get("cpu") or definition.cpu or "")
        memory = memory_mib(overrides.get("memory") or definition.memory or "")
        if cpu is None or memory is None or not fargate.is_size(cpu, memory):
            raise invalid(
                f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
                "See the Amazon ECS documentation for the valid values."
            )


# -- capacity provider strategies -----------------------------------------------------------------


def strategy(
    state: State, given: Iterable[Params], associated: tuple[str, ...], context: Context
) -> tuple[Share, ...]:
    """A capacity provider strategy over the providers of a cluster."""
    shares = tuple(_share(one) for one in given)
    if len(shares) > MOST_SHARES:
        raise invalid(
            f"A strategy can have at most {MOST_SHARES} capacity providers, not {len(shares)}."
        )
    names = [share.provider for share in shares]
    if len(set(names)) < len(names):
        raise invalid("A capacity provider strategy names each capacity provider once.")
    if not set(names) <= set(associated):
        raise invalid(
            "The specified capacity provider strategy cannot contain a capacity provider that is "
            "not associated with the cluster. Associate the capacity provider with the cluster "
            "and try again."
        )
    if sum(name in FARGATE_PROVIDERS for name in names) not in (0, len(names)):
        raise invalid(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto "
            "Scaling groups and Fargate providers. Specify one or the other and try again."
        )
    if sum(share.base > 0 for share in shares) > 1:
        raise invalid("Only one capacity provider of a strategy can have a base.")
    if shares and not any(share.weight for share in shares):
        raise invalid("At least one capacity provider of a strategy needs a weight above 0.")
    for name in names:
        if name not in FARGATE_PROVIDERS and provider_named(state, name, context) is None:
            raise invalid(f"The capacity provider {name} is not ACTIVE.")
    return shares


def _share(given: Params) -> Share:
    weight, base = given.get("weight", 0), given.get("base", 0)
    if not 0 <= weight <= MOST_WEIGHT:
        raise invalid(f"The weight must be between 0 and {MOST_WEIGHT}, not {weight}.")
    if not 0 <= base <= MOST_BASE:
        raise invalid(f"The base must be between 0 and {MOST_BASE}, not {base}.")
    return Share(last(given["capacityProvider"]), weight, base)


# -- networks -------------------------------------------------------------------------------------


def _network(
    definition: Definition, params: Params, on_fargate: bool
) -> tuple[tuple[str, ...], bool]:
    """The subnets a call names, and whether a public address is wanted."""
    network = (params.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    if definition.value.network_mode != "awsvpc":
        if network is not None:
            raise invalid(
                "Network Configuration is not valid for the given networkMode of this task "
                "definition."
            )
        return (), False
    if not network:
        raise invalid(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    if not network["subnets"]:
        raise invalid("subnets can not be empty.")
    public = network.get("assignPublicIp") == "ENABLED"
    if public and not on_fargate:
        raise invalid("Assign public IP is not supported for this launch type.")
    return tuple(network["subnets"]), public


def _check_subnets(named: tuple[str, ...], context: Context) -> None:
    if context.outside is None:
        return
    for name in named:
        if context.outside.subnet(name) is None:
            raise invalid(
                f"Error retrieving subnet information for [{name}]: The subnet ID '{name}' does "
                "not exist (ErrorCode: InvalidSubnetID.NotFound)"
            )


def zones(state: State, cluster_arn: str, named: tuple[str, ...]) -> frozenset[str] | None:
    """The zones of the subnets, as far as instances of the cluster show; None if one is unknown."""
    if not named:
        return None
    roster = state.index.rosters.get(cluster_arn, Roster())
    there = [state.instances[arn] for arn in roster.arns]
    known = {one.attribute.get(SUBNET): one.zone for one in there}
    found = {known.get(subnet) for subnet in named}
    return None if None in found else frozenset(zone or "" for zone in found)
