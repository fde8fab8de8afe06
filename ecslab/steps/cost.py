"""What the learner's things cost on AWS: an hour, and so far, at list prices.

Looked up are the things that cost by the hour: instances (with their disk and public address),
Fargate tasks, load balancers. Clusters, task definitions and standalone tasks on instances are free
of charge. Traffic and logs are left out: a lesson makes next to none.
"""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecslab.locale import Text, translator
from ecslab.model.prices import AS_OF, PriceList
from ecslab.steps import mine
from ecslab.steps.balancer import owned_balancers
from ecslab.steps.bench import Bench
from ecslab.steps.cluster import describe_instances
from ecslab.steps.observe import seconds
from ecslab.steps.shown import LEFT

_ = translator("steps")


@dataclass(frozen=True)
class Charge:
    """One thing that costs: USD an hour, and for how many hours it did so far."""

    what: str
    hourly: float
    hours: float

    @property
    def so_far(self) -> float:
        """USD until now."""
        return self.hourly * self.hours


@dataclass(frozen=True)
class Cost:
    """What all of it costs."""

    charges: tuple[Charge, ...]
    region: str
    as_of: str = AS_OF
    billed: bool = True
    """False where it only would cost: in a sandbox."""
    session_hours: float = 3.0

    @property
    def hourly(self) -> float:
        """USD an hour, as long as it is there."""
        return sum(charge.hourly for charge in self.charges)

    @property
    def so_far(self) -> float:
        """USD until now, of what is there now."""
        return sum(charge.so_far for charge in self.charges)

    def headline(self) -> Text:
        """One sentence on it."""
        if not self.charges:
            return _("Nothing of yours costs anything now.")
        said = {
            "hourly": self.hourly,
            "so_far": self.so_far,
            "date": self.as_of,
            "region": self.region,
        }
        if not self.billed:
            return _(
                "On AWS this would cost {hourly:.3f} USD an hour, {so_far:.3f} USD so far, at list "
                "prices of {date} for {region}",
                **said,
            )
        return _(
            "{hourly:.3f} USD an hour, {so_far:.3f} USD so far, at AWS's list prices of {date} "
            "for {region}",
            **said,
        )

    def after(self, seconds: float) -> Cost:
        """The same things so many seconds later."""
        hours = seconds / 3600
        later = tuple(replace(one, hours=one.hours + hours) for one in self.charges)
        return replace(self, charges=later)

    def warning(self) -> Text | None:
        """What runs longer than a session; None if nothing does."""
        late = [one for one in self.charges if one.hours > self.session_hours]
        if not late:
            return None
        return _(
            "⚠ Longer than a session ({session:g} h): {things}. lab.cleanup() removes them.",
            session=self.session_hours,
            things=", ".join(f"{one.what} {one.hours:.1f} h" for one in late),
        )

    def _said(self) -> list[str]:
        return [str(one) for one in (self.headline(), self.warning()) if one is not None]

    def __str__(self) -> str:
        lines = [
            f"  {charge.what}: {charge.hourly:.4f} × {charge.hours:.2f} h = {charge.so_far:.4f}"
            for charge in self.charges
        ]
        return "\n".join([*self._said(), *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{html.escape(line)}</p>" for line in self._said())
        if not self.charges:
            return said
        heads = (_("USD an hour"), _("hours"), _("USD so far"))
        head = "".join(f"<th>{html.escape(str(text))}</th>" for text in heads)
        rows = "".join(
            f"<tr><td {LEFT}>{html.escape(charge.what)}</td><td>{charge.hourly:.4f}</td>"
            f"<td>{charge.hours:.2f}</td><td>{charge.so_far:.4f}</td></tr>"
            for charge in self.charges
        )
        return f"{said}<table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>"


def cost(bench: Bench, now: float | None = None) -> Cost:
    """What the learner's things cost; `now` in seconds since the epoch.

    Things whose price is not in the list are left out.
    """
    at = time.time() if now is None else now
    prices = bench.prices
    charges: list[Charge] = []
    for name in [name for name, is_mine in mine.clusters(bench) if is_mine]:
        charges += _instances(bench, name, prices, at)
        charges += _fargate(bench, name, prices, at)
    charges += _balancers(bench, prices, at)
    return Cost(tuple(charges), prices.region, prices.as_of, bench.billed, bench.session_hours)


def _instances(bench: Bench, cluster: str, prices: PriceList, at: float) -> Iterator[Charge]:
    ids = [one["ec2InstanceId"] for one in describe_instances(bench, cluster)]
    if not ids:
        return
    answer = bench.client("ec2").describe_instances(InstanceIds=ids)
    for one in [i for reservation in answer["Reservations"] for i in reservation["Instances"]]:
        hourly = prices.machine(one["InstanceType"])
        if hourly is not None:
            name = f"{one['InstanceId']} ({one['InstanceType']})"
            yield Charge(name, hourly, _hours(one["LaunchTime"], at))


def _fargate(bench: Bench, cluster: str, prices: PriceList, at: float) -> Iterator[Charge]:
    ecs = bench.client("ecs")
    pages = ecs.get_paginator("list_tasks").paginate(cluster=cluster, launchType="FARGATE")
    arns = [arn for page in pages for arn in page["taskArns"]]
    for start in range(0, len(arns), 100):
        part = arns[start : start + 100]
        for task in ecs.describe_tasks(cluster=cluster, tasks=part)["tasks"]:
            hourly = prices.fargate(int(task["cpu"]), int(task["memory"])) + prices.public_ipv4
            name = f"Fargate {mine.short(task['taskArn'])[:8]} ({task['cpu']}/{task['memory']})"
            yield Charge(name, hourly, _hours(task.get("pullStartedAt", task["createdAt"]), at))


def _balancers(bench: Bench, prices: PriceList, at: float) -> Iterator[Charge]:
    for one in owned_balancers(bench):
        hours = _hours(one["CreatedTime"], at)
        yield Charge(one["LoadBalancerName"], prices.load_balancer, hours)


def _hours(since: object, at: float) -> float:
    began = seconds(since)  # type: ignore[arg-type]  # boto3's timestamps
    return max(0.0, at - (at if began is None else began)) / 3600
