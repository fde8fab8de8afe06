"""CloudWatch's side of Service Auto Scaling: what was measured, and alarms that look at it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap


def alarms_of_policies_have_their_state() -> None:
    """No alarm is ever looked after: those of policies are OK for ever."""
    from moto.cloudwatch.responses import CloudWatchResponse

    def describe(plain: Any, response: Any) -> Any:
        for alarm in response.cloudwatch_backend.alarms.values():
            told = world.scaling.alarm(alarm.name)
            if told is not None:
                alarm.state_value, alarm.state_reason, at = told
                alarm.state_updated_timestamp = _moment(at)
        return plain(response)

    wrap(CloudWatchResponse, "describe_alarms", describe)
    wrap(CloudWatchResponse, "describe_alarms_for_metric", describe)


def metrics_are_listed_once() -> None:
    """A metric with two dimensions is listed as often as it has datapoints."""
    import moto.cloudwatch.models as models

    def same(plain: Any, ours: list[Any], theirs: list[Any]) -> bool:
        left, right = ({(one.name, one.value) for one in side} for side in (ours, theirs))
        return left == right

    wrap(models, "are_dimensions_same", same)


def metrics_of_services_are_told() -> None:
    """CloudWatch knows nothing of ECS; here it knows what was measured of services."""
    from moto.cloudwatch.models import CloudWatchBackend, MetricDatum
    from moto.core.common_models import CloudWatchMetricProvider

    class Services(CloudWatchMetricProvider):  # moto finds it among the subclasses
        @staticmethod
        def get_cloudwatch_metrics(account: str, region: str) -> list[MetricDatum]:
            return [
                MetricDatum("AWS/ECS", metric, value, _dimensions(arn), _moment(at), "Percent")
                for arn, metric, series in world.scaling.measured(region)
                for at, value in series.items()
            ]

    def get(plain: Any, backend: Any, queries: Any, start_time: datetime, end_time: datetime,
            *args: Any, **kwargs: Any) -> Any:  # fmt: skip
        for query in queries:
            # Dimensions are compared in the order they are told in.
            named = query.get("MetricStat", {}).get("Metric", {}).get("Dimensions")
            if named:
                named.sort(key=lambda one: one["Name"])
        span = _with_data(
            start_time, end_time, [one.timestamp for one in backend.get_all_metrics()]
        )
        return plain(backend, queries, *span, *args, **kwargs)

    _ORIGINS.append(Services)
    wrap(CloudWatchBackend, "get_metric_data", get)


_ORIGINS: list[type] = []
"""What moto finds metrics by: a class that nobody holds is forgotten."""
_HOUR = timedelta(hours=1)


def _with_data(start: datetime, end: datetime, there: list[datetime]) -> tuple[datetime, datetime]:
    """The part of a span where data are, by whole hours: moto walks through all of it."""
    if not there or start >= end:
        return start, end
    later = start + _HOUR * max(0, (min(there) - start) // _HOUR)
    sooner = min(end, max(there) + _HOUR)
    return (later, sooner) if later < sooner else (start, min(end, start + _HOUR))


def _dimensions(service_arn: str) -> list[dict[str, str]]:
    cluster, service = service_arn.split("/")[-2:]
    return [{"Name": "ClusterName", "Value": cluster}, {"Name": "ServiceName", "Value": service}]


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
