"""Room for tasks, whatever it is made of: instances, those of one provider, or Fargate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ecslab.controlplane.context import Context
from ecslab.controlplane.need import Need
from ecslab.controlplane.placement import Home, Placement, Refusal, place
from ecslab.controlplane.state import Roster, State
from ecslab.model.capacity_provider import FARGATE_PROVIDERS, CapacityProvider
from ecslab.model.network import Subnet
from ecslab.model.service import Share
from ecslab.model.task import Claim


@dataclass(frozen=True)
class Launch:
    """What a call or a service says about where its tasks run."""

    kind: str = "EC2"
    """EC2 or FARGATE; "" where the shares decide."""
    shares: tuple[Share, ...] = ()
    platform_version: str = ""
    subnets: tuple[str, ...] = ()
    public: bool = False
    """Whether the network interface has a public address (Fargate)."""

    @property
    def on_fargate(self) -> bool:
        """Whether no instance is needed."""
        if self.shares:
            return self.shares[0].provider in FARGATE_PROVIDERS
        return self.kind == "FARGATE"


def find_homes(
    state: State,
    cluster_arn: str,
    need: Need,
    launch: Launch,
    count: int,
    context: Context,
    there: Mapping[str, int] | None = None,
) -> Placement:
    """Homes for up to `count` tasks; `there` says how many each provider has already."""
    if not launch.shares:
        if launch.on_fargate:
            return Placement(_on_fargate(state, cluster_arn, need, launch, count, context, ""))
        return place(state, cluster_arn, need, count, context.rng)
    homes: list[Home] = []
    refusals: list[Refusal] = []
    for provider, some in allot(launch.shares, count, there or {}).items():
        placement = _of_provider(state, cluster_arn, need, launch, provider, some, context)
        homes += placement.homes
        refusals += placement.refusals
    return Placement(tuple(homes), tuple(refusals))


def allot(shares: tuple[Share, ...], count: int, there: Mapping[str, int]) -> dict[str, int]:
    """Provider → how many of `count` new tasks it gets: bases first, then by weight.

    Source: developer guide, "capacity provider strategy": the base is the least a provider has,
    the weight is its share of those beyond the bases.
    """
    has = {share.provider: there.get(share.provider, 0) for share in shares}
    given = dict.fromkeys(has, 0)
    weighted = [share for share in shares if share.weight]
    for _task in range(count):
        below = [share for share in shares if has[share.provider] < share.base]
        if below:
            chosen = below[0]
        elif weighted:
            chosen = min(weighted, key=lambda one: (has[one.provider] - one.base + 1) / one.weight)
        else:
            break
        has[chosen.provider] += 1
        given[chosen.provider] += 1
    return {provider: some for provider, some in given.items() if some}


def _of_provider(
    state: State,
    cluster_arn: str,
    need: Need,
    launch: Launch,
    provider: str,
    count: int,
    context: Context,
) -> Placement:
    if provider in FARGATE_PROVIDERS:
        return Placement(_on_fargate(state, cluster_arn, need, launch, count, context, provider))
    known = provider_named(state, provider, context)
    group = known.group if known else ""
    roster = state.index.rosters.get(cluster_arn, Roster())
    members = [arn for arn in roster.arns if state.instances[arn].auto_scaling_group == group]
    if not members:
        arn = context.place.arn("capacity-provider", provider)
        return Placement((), (Refusal(arn, "EMPTY CAPACITY PROVIDER"),))
    found = place(state, cluster_arn, replace(need, auto_scaling_group=group), count, context.rng)
    homes = tuple(replace(home, provider=provider) for home in found.homes)
    return Placement(homes, found.refusals)


def provider_named(state: State, name: str, context: Context) -> CapacityProvider | None:
    """The ACTIVE capacity provider of one's own that a name or ARN means."""
    arn = name if name.startswith("arn:") else context.place.arn("capacity-provider", name)
    found = state.providers.get(arn)
    return found if found is not None and found.status == "ACTIVE" else None


def _on_fargate(
    state: State,
    cluster_arn: str,
    need: Need,
    launch: Launch,
    count: int,
    context: Context,
    provider: str,
) -> tuple[Home, ...]:
    """There is always room; the tasks of a group are spread over the zones of the subnets."""
    kept = state.index.zones.get((cluster_arn, need.group))
    subnets = [_subnet(name, context) for name in launch.subnets] or [Subnet("")]
    counts = {one.id: kept.get(one.availability_zone, 0) if kept else 0 for one in subnets}
    claim = Claim(need.group, need.cpu, need.memory)
    homes = []
    for _task in range(count):
        subnet = min(subnets, key=lambda one: counts[one.id])
        for one in subnets:
            counts[one.id] += one.availability_zone == subnet.availability_zone
        homes.append(Home(None, claim, subnet.availability_zone, subnet.id, provider))
    return tuple(homes)


def _subnet(name: str, context: Context) -> Subnet:
    found = context.outside.subnet(name) if context.outside else None
    return found or Subnet(name)
