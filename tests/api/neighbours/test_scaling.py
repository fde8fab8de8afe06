"""Application Auto Scaling and CloudWatch over boto3: targets, policies, alarms, what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecslab.model.scaling import Activity, ScalableTarget, Tracking
from tests.api.neighbours.conftest import Place, Settle

WEB: dict[str, Any] = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/web/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
ARN = "arn:aws:ecs:us-east-1:123456789012:service/web/web"


class Scaling:
    """The two clients, and a service to be scaled."""

    def __init__(self, place: Place) -> None:
        self.place = place
        place.ecs.services.add("web/web")
        self.client = place.client("application-autoscaling")
        self.watch = place.client("cloudwatch")

    def register(self, **more: Any) -> Any:
        return self.client.register_scalable_target(**{**WEB, **more})

    def put(self, name: str = "cpu", value: float = 50, **more: Any) -> Any:
        body = {"TargetValue": value, "PredefinedMetricSpecification": CPU, **more}
        return self.client.put_scaling_policy(
            **WEB,
            PolicyName=name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=body,
        )

    def alarms(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.watch.describe_alarms()["MetricAlarms"]
        return found


@pytest.fixture
def scaling(place: Place) -> Scaling:
    return Scaling(place)


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_service_of_ours_is_registered_with_its_limits_and_can_be_changed(
    scaling: Scaling,
) -> None:
    """What is not said again stays as it is."""
    scaling.register(MinCapacity=1, MaxCapacity=4)
    scaling.register(MaxCapacity=6, SuspendedState={"DynamicScalingInSuspended": True})
    (told,) = scaling.client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (told["MinCapacity"], told["MaxCapacity"]) == (1, 6)
    assert told["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_ECSService")
    assert scaling.place.neighbours.scalable() == (
        ScalableTarget(ARN, "service/web/web", 1, 6, in_suspended=True),
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"ResourceId": "service/web/none"}, "ECS service doesn't exist: service/web/none"),
        ({"ResourceId": "service/web"}, "Unsupported service namespace"),
        ({"MinCapacity": 5}, "Maximum capacity cannot be less than minimum capacity"),
        ({"MaxCapacity": None}, "MinCapacity and MaxCapacity are required"),
        (
            {
                "ServiceNamespace": "dynamodb",
                "ResourceId": "table/t",
                "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
            },
            "dynamodb:table:ReadCapacityUnits is not in this sandbox",
        ),
    ],
)
def test_a_target_that_cannot_be_scaled_is_refused(
    scaling: Scaling, asked: dict[str, Any], words: str
) -> None:
    """A service there is not, limits that contradict each other, other things than services."""
    whole = {"MinCapacity": 1, "MaxCapacity": 4, **asked}
    code, message = refused(
        scaling.register, **{key: value for key, value in whole.items() if value is not None}
    )
    assert code == "ValidationException"
    assert words in message
    assert scaling.place.neighbours.scalable() == ()


def test_a_policy_makes_two_alarms_that_compare_with_its_target(scaling: Scaling) -> None:
    """The lower one with nine tenths of it; a changed policy keeps its ARN and has new alarms."""
    scaling.register(MinCapacity=1, MaxCapacity=4)
    first = scaling.put(value=50)
    second = scaling.put(value=60, ScaleInCooldown=60, ScaleOutCooldown=30, DisableScaleIn=True)
    assert second["PolicyARN"] == first["PolicyARN"]
    high, low = scaling.alarms()
    assert [one["AlarmName"] for one in second["Alarms"]] == [high["AlarmName"], low["AlarmName"]]
    assert high["AlarmName"].startswith("TargetTracking-service/web/web-AlarmHigh-")
    assert low["AlarmName"].startswith("TargetTracking-service/web/web-AlarmLow-")
    assert (high["Threshold"], low["Threshold"]) == (60, 54)
    assert (high["EvaluationPeriods"], low["EvaluationPeriods"]) == (3, 15)
    (target,) = scaling.place.neighbours.scalable()
    assert target.policies == (
        Tracking(
            "cpu",
            first["PolicyARN"],
            "CPUUtilization",
            60,
            30,
            60,
            True,
            high["AlarmName"],
            low["AlarmName"],
        ),
    )


def test_what_nobody_would_act_on_is_refused(scaling: Scaling) -> None:
    """Step scaling, other metrics, schedules: with a sentence that says what there is."""
    scaling.register(MinCapacity=1, MaxCapacity=4)
    step = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": 1}]}
    code, message = refused(
        scaling.client.put_scaling_policy,
        **WEB,
        PolicyName="step",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=step,
    )
    assert (code, "TargetTrackingScaling" in message) == ("ValidationException", True)
    requests = {"PredefinedMetricType": "ALBRequestCountPerTarget", "ResourceLabel": "app/a/b"}
    assert "not measured" in refused(scaling.put, PredefinedMetricSpecification=requests)[1]
    action = {"MinCapacity": 2}
    assert "Scheduled actions are not in this sandbox" in refused(
        scaling.client.put_scheduled_action,
        **WEB,
        Schedule="rate(1 hour)",
        ScheduledActionName="a",
        ScalableTargetAction=action,
    )[1]  # fmt: skip
    assert scaling.alarms() == []


def test_what_is_not_there_is_told_with_aws_s_error(scaling: Scaling) -> None:
    """A policy for no target, and what is to be removed and is not there."""
    asked = (
        (scaling.put, {}),
        (scaling.client.deregister_scalable_target, WEB),
        (scaling.client.delete_scaling_policy, {**WEB, "PolicyName": "cpu"}),
    )
    for call, words in asked:
        code, message = refused(call, **words)
        assert code == "ObjectNotFoundException"
        assert "service/web/web" in message


def test_policies_and_alarms_go_with_their_target(scaling: Scaling) -> None:
    """And a policy's alarms with the policy."""
    scaling.register(MinCapacity=1, MaxCapacity=4)
    scaling.put("one")
    scaling.put("two")
    scaling.client.delete_scaling_policy(**WEB, PolicyName="one")
    assert len(scaling.alarms()) == 2
    scaling.client.deregister_scalable_target(**WEB)
    assert scaling.alarms() == []
    assert scaling.client.describe_scaling_policies(**WEB)["ScalingPolicies"] == []
    assert scaling.place.neighbours.scalable() == ()


def test_alarms_have_the_state_they_are_in(scaling: Scaling) -> None:
    """And can be asked for by it."""
    scaling.register(MinCapacity=1, MaxCapacity=4)
    high = scaling.put()["Alarms"][0]["AlarmName"]
    scaling.place.ecs.scaling.alarms[high] = ("ALARM", "Threshold Crossed", 1_700_000_000.0)
    (told,) = scaling.watch.describe_alarms(StateValue="ALARM")["MetricAlarms"]
    assert (told["AlarmName"], told["StateReason"]) == (high, "Threshold Crossed")


def test_activities_are_told_newest_first_and_page_by_page(scaling: Scaling) -> None:
    """Of one resource, or of all; of this region alone."""
    elsewhere = ARN.replace("us-east-1", "eu-west-1")
    scaling.place.ecs.scaling.done = [
        Activity(f"{n}", arn, f"service/web/{n}", n, n + 1, "because", 1e9 + n, 2e9, "Successful",
                 "done")
        for n, arn in enumerate((ARN, elsewhere, ARN))
    ]  # fmt: skip
    pages = scaling.client.get_paginator("describe_scaling_activities").paginate(
        ServiceNamespace="ecs", PaginationConfig={"PageSize": 1}
    )
    told = [one for page in pages for one in page["ScalingActivities"]]
    assert [one["ActivityId"] for one in told] == ["0", "2"]
    assert told[0]["Description"] == "Setting desired count to 1."
    assert told[0]["EndTime"].timestamp() == 2e9
    (one,) = scaling.client.describe_scaling_activities(
        ServiceNamespace="ecs", ResourceId="service/web/2"
    )["ScalingActivities"]
    assert (one["Cause"], one["StatusCode"]) == ("because", "Successful")


def test_what_was_measured_is_in_cloudwatch(scaling: Scaling) -> None:
    """By both operations, in any order of dimensions, however wide the span asked for."""
    now = int(datetime.now(timezone.utc).timestamp()) // 60 * 60
    scaling.place.ecs.scaling.series = {now - 60: 40.0, now: 60.0}
    named = [{"Name": "ServiceName", "Value": "web"}, {"Name": "ClusterName", "Value": "web"}]
    begin = datetime.fromtimestamp(now, timezone.utc)
    span = {"StartTime": begin - timedelta(hours=3), "EndTime": begin + timedelta(days=40)}
    metric = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": named}
    query = {"Id": "cpu", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Average"}}
    (found,) = scaling.watch.get_metric_data(MetricDataQueries=[query], **span)["MetricDataResults"]
    assert found["Values"] == [60, 40]
    assert [one.timestamp() for one in found["Timestamps"]] == [now, now - 60]
    told = scaling.watch.get_metric_statistics(
        **metric, **span, Period=60, Statistics=["Maximum", "Average"]
    )["Datapoints"]
    assert [(one["Average"], one["Unit"]) for one in told] == [(40, "Percent"), (60, "Percent")]
    (listed,) = scaling.watch.list_metrics(Namespace="AWS/ECS")["Metrics"]
    assert sorted(one["Name"] for one in listed["Dimensions"]) == ["ClusterName", "ServiceName"]


def test_targets_policies_and_alarms_survive_a_restart(settle: Settle, tmp_path: Path) -> None:
    """With their names and ARNs; ECS is not asked again, for its service may be gone by then."""
    first = Scaling(settle(tmp_path / "journal.jsonl"))
    first.register(MinCapacity=1, MaxCapacity=4)
    first.put()
    refused(first.register, ResourceId="service/web/none", MinCapacity=1, MaxCapacity=4)
    kept = first.place.neighbours.scalable()
    again = settle(tmp_path / "journal.jsonl")
    assert again.neighbours.scalable() == kept
    assert again.ecs.calls == []


def test_a_policy_may_track_memory_beside_one_that_tracks_cpu(scaling: Scaling) -> None:
    """Each with alarms of its own that look at its own metric."""
    scaling.register(MinCapacity=1, MaxCapacity=4)
    scaling.put("cpu")
    memory = {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"}
    scaling.put("memory", PredefinedMetricSpecification=memory)
    (target,) = scaling.place.neighbours.scalable()
    assert [one.metric for one in target.policies] == ["CPUUtilization", "MemoryUtilization"]
    looked_at = sorted(one["MetricName"] for one in scaling.alarms())
    assert looked_at == ["CPUUtilization"] * 2 + ["MemoryUtilization"] * 2
