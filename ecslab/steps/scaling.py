"""Auto scaling of services: a target to keep, limits, what was measured and done."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.scaling import COOLDOWN, DIMENSION, HIGH_PERIODS, LOW_PERIODS, METRICS, MINUTE
from ecslab.steps.bench import Bench
from ecslab.steps.calls import watching
from ecslab.steps.observe import seconds
from ecslab.steps.progress import Progress
from ecslab.steps.services import Service, find_service
from ecslab.steps.shown import headed

_ = translator("steps")

CPU = "ECSServiceAverageCPUUtilization"
POLICY = "cpu"
"""The name of the policy; a service has one of it."""
PAST = datetime.timedelta(hours=3)
AHEAD = datetime.timedelta(days=30)
"""A sandbox whose time runs faster is ahead of this machine's."""
SHOWN = 5
"""Activities that are shown, and minutes of measurements beside them."""


@dataclass(frozen=True)
class Scaling:
    """How a service is scaled, as it was when it was last looked at. CPU in percent."""

    service: str
    desired: int
    running: int
    minimum: int
    maximum: int
    target: float
    cpu: tuple[float, ...] = ()
    """Averages of the latest minutes, newest first."""
    activities: tuple[tuple[float, str], ...] = ()
    """When it began and what was done, newest first."""

    @property
    def above(self) -> int:
        """Minutes above the target, up to now, of those that count."""
        return _streak(self.cpu[:HIGH_PERIODS], lambda value: value > self.target)

    @property
    def below(self) -> int:
        """Minutes below nine tenths of the target, up to now, of those that count."""
        return _streak(self.cpu[:LOW_PERIODS], lambda value: value < 0.9 * self.target)

    def headline(self) -> Text:
        """One sentence on it."""
        return _(
            "{service}: {running} of {desired} tasks run (between {minimum} and {maximum}), "
            "CPU {cpu}, target {target:g} %",
            service=self.service,
            running=self.running,
            desired=self.desired,
            minimum=self.minimum,
            maximum=self.maximum,
            cpu=percent(self.cpu[0]) if self.cpu else "–",
            target=self.target,
        )

    def lines(self) -> list[str]:
        """The measurements, how near a change is, and what was done."""
        measured = ", ".join(percent(one) for one in self.cpu[:SHOWN]) or "–"
        return [
            str(_("CPU of the latest minutes: {values}", values=measured)),
            str(_("more tasks after {limit} minutes above the target: {count} now",
                  limit=HIGH_PERIODS, count=self.above)),
            str(_("fewer tasks after {limit} minutes below {low:g} %: {count} now",
                  limit=LOW_PERIODS, low=0.9 * self.target, count=self.below)),
            *(f"{_clock(at)}  {said}" for at, said in self.activities[:SHOWN]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return "\n".join([str(self.headline()), *(f"  {line}" for line in self.lines())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.headline(), self.lines())


def percent(value: float) -> str:
    """Without digits nobody reads."""
    return f"{value:.0f} %"


def _streak(values: tuple[float, ...], holds: Any) -> int:
    count = 0
    for value in values:
        if not holds(value):
            break
        count += 1
    return count


def _clock(at: float) -> str:
    return datetime.datetime.fromtimestamp(at).strftime("%H:%M:%S")


def autoscale(
    bench: Bench,
    service: Service,
    limits: tuple[int, int],
    cpu: float,
    cooldown: float,
    progress: Progress,
) -> Scaling:
    """Let Application Auto Scaling keep the CPU of a service near `cpu` percent of what its tasks
    reserve, with a count between the limits. Run twice it changes what is there.
    """
    _check(limits, cpu, cooldown)
    _check_reserved(bench, _found(bench, service))
    what = _what(service)
    client = bench.client("application-autoscaling")
    progress.check()
    client.register_scalable_target(**what, MinCapacity=limits[0], MaxCapacity=limits[1])
    client.put_scaling_policy(
        **what,
        PolicyName=POLICY,
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": cpu,
            "PredefinedMetricSpecification": {"PredefinedMetricType": CPU},
            "ScaleOutCooldown": int(cooldown),
            "ScaleInCooldown": int(cooldown),
        },
    )
    low, high = limits
    progress.say(_("✓ {service} is scaled between {minimum} and {maximum} tasks, at {cpu:g} % CPU.",
                   service=service.name, minimum=low, maximum=high, cpu=cpu))  # fmt: skip
    with watching():
        return scaling(bench, service)


def _check(limits: tuple[int, int], cpu: float, cooldown: float) -> None:
    low, high = limits
    if not 0 <= low <= high or high < 1:
        raise EcslabError(
            _("Between {minimum} and {maximum} there is no number of tasks to keep.",
              minimum=low, maximum=high),
            _("Give a minimum that is not above the maximum, such as minimum=1, maximum=4."),
        )  # fmt: skip
    if not 0 < cpu <= 100:
        raise EcslabError(
            _("A target of {cpu:g} % CPU cannot be kept.", cpu=cpu),
            _("Give a number between 1 and 100, such as cpu=50."),
        )
    if cooldown < 0:
        raise EcslabError(
            _("A cooldown of {seconds:g} seconds cannot be waited for.", seconds=cooldown),
            _("Give 0 or more seconds, such as cooldown={usual}.", usual=COOLDOWN),
        )


def _check_reserved(bench: Bench, described: Mapping[str, Any]) -> None:
    name = described["taskDefinition"]
    answer = bench.client("ecs").describe_task_definition(taskDefinition=name)
    definition = answer["taskDefinition"]
    if definition.get("cpu") or any(one.get("cpu") for one in definition["containerDefinitions"]):
        return
    raise EcslabError(
        _("The tasks of {service} reserve no CPU: there is nothing to take a percentage of.",
          service=described["serviceName"]),
        _('Give a container of {definition} CPU units ("cpu": 128) and update the service.',
          definition=name.rsplit("/", 1)[-1]),
    )  # fmt: skip


def scaling(bench: Bench, service: Service) -> Scaling:
    """How a service is scaled now; raises EcslabError where it is not."""
    described = _found(bench, service)
    client = bench.client("application-autoscaling")
    named = {"ServiceNamespace": "ecs", "ScalableDimension": DIMENSION}
    resource = _resource(service.cluster, service.name)
    targets = client.describe_scalable_targets(**named, ResourceIds=[resource])["ScalableTargets"]
    policies = client.describe_scaling_policies(**named, ResourceId=resource)["ScalingPolicies"]
    policy = next((one for one in policies if _tracks(one, CPU)), None)
    if not targets or policy is None:
        raise EcslabError(
            _("The service {name} is not scaled on its CPU.", name=service.name),
            _("Scale it: lab.autoscale(service, minimum=1, maximum=4, cpu=50)."),
        )
    done = client.describe_scaling_activities(ServiceNamespace="ecs", ResourceId=resource)
    return Scaling(
        service=service.name,
        desired=described["desiredCount"],
        running=described["runningCount"],
        minimum=targets[0]["MinCapacity"],
        maximum=targets[0]["MaxCapacity"],
        target=float(policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]),
        cpu=_measured(bench, service),
        activities=tuple(
            (seconds(one["StartTime"]) or 0.0, one.get("StatusMessage") or one["Description"])
            for one in done["ScalingActivities"]
        ),
    )


def _measured(bench: Bench, service: Service) -> tuple[float, ...]:
    now = datetime.datetime.now(datetime.timezone.utc)
    names = (("ClusterName", service.cluster), ("ServiceName", service.name))
    metric = {
        "Namespace": "AWS/ECS",
        "MetricName": METRICS[CPU],
        "Dimensions": [{"Name": name, "Value": value} for name, value in names],
    }
    stat = {"Metric": metric, "Period": MINUTE, "Stat": "Average"}
    answer = bench.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "cpu", "MetricStat": stat}],
        StartTime=now - PAST,
        EndTime=now + AHEAD,
        ScanBy="TimestampDescending",
    )
    return tuple(answer["MetricDataResults"][0]["Values"])


def unscale(bench: Bench, service: Service, progress: Progress) -> None:
    """Let nobody change the count of a service any more; harmless where nobody does.

    An account may forbid to look: then whatever scales it is not the learner's.
    """
    from botocore.exceptions import ClientError

    client = bench.client("application-autoscaling")
    try:
        with watching():
            there = client.describe_scalable_targets(
                ServiceNamespace="ecs", ResourceIds=[_resource(service.cluster, service.name)]
            )
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return
    for one in there["ScalableTargets"]:
        named = {"ResourceId": one["ResourceId"], "ScalableDimension": one["ScalableDimension"]}
        try:
            client.deregister_scalable_target(ServiceNamespace="ecs", **named)
        except client.exceptions.ObjectNotFoundException:
            continue
        progress.say(_("✓ {service} is not scaled by itself any more.", service=service.name))


def scaled(bench: Bench, cluster: str) -> list[tuple[str, int, int]]:
    """The services of a cluster that are scaled: name, minimum, maximum."""
    pages = bench.client("application-autoscaling").get_paginator("describe_scalable_targets")
    begin = _resource(cluster, "")
    return [
        (one["ResourceId"].removeprefix(begin), one["MinCapacity"], one["MaxCapacity"])
        for page in pages.paginate(ServiceNamespace="ecs", ScalableDimension=DIMENSION)
        for one in page["ScalableTargets"]
        if one["ResourceId"].startswith(begin)
    ]


def _tracks(policy: Mapping[str, Any], metric: str) -> bool:
    body = policy.get("TargetTrackingScalingPolicyConfiguration") or {}
    asked = body.get("PredefinedMetricSpecification") or {}
    return bool(asked.get("PredefinedMetricType") == metric)


def _found(bench: Bench, service: Service) -> Mapping[str, Any]:
    found = find_service(bench, service.cluster, service.name)
    if found is None or found["status"] != "ACTIVE":
        raise EcslabError(
            _("There is no service {name} in the cluster {cluster}.", name=service.name,
              cluster=service.cluster),
            _("Create one: lab.create_service(definition)."),
        )  # fmt: skip
    return found


def _what(service: Service) -> dict[str, str]:
    return {
        "ServiceNamespace": "ecs",
        "ResourceId": _resource(service.cluster, service.name),
        "ScalableDimension": DIMENSION,
    }


def _resource(cluster: str, name: str) -> str:
    return f"service/{cluster}/{name}"
