"""The shape of requests, as botocore's model has it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ecslab.api import validate
from ecslab.model.errors import AwsError


def refused(operation: str, body: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as caught:
        validate.check(operation, body)
    assert caught.value.status == 400
    return caught.value.code, caught.value.message


def test_a_right_request_comes_through_unchanged() -> None:
    body = {
        "family": "web",
        "containerDefinitions": [
            {
                "name": "nginx",
                "image": "nginx:alpine",
                "memory": 128,
                "essential": False,
                "portMappings": [{"hostPort": 0, "containerPort": 80}],
                "dockerLabels": {"a": ""},
            }
        ],
    }
    assert validate.check("RegisterTaskDefinition", body) == body


def test_falsy_values_are_values_and_nulls_are_absent() -> None:
    body = {"taskDefinition": "", "count": 0, "enableECSManagedTags": False, "cluster": None}
    cleaned = validate.check("RunTask", body)
    assert cleaned == {"taskDefinition": "", "count": 0, "enableECSManagedTags": False}


def test_members_the_model_does_not_know_are_ignored_at_every_depth() -> None:
    body = {
        "taskDefinition": "x",
        "nonsense": 1,
        "overrides": {"containerOverrides": [{"name": "a", "Name": "b"}]},
    }
    assert validate.check("RunTask", body) == {
        "taskDefinition": "x",
        "overrides": {"containerOverrides": [{"name": "a"}]},
    }


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("count", "2", "STRING_VALUE can not be converted to an Integer"),
        ("count", True, "TRUE_VALUE can not be converted to an Integer"),
        ("count", 1.5, "NUMBER_VALUE can not be converted to an Integer"),
        ("count", 1 << 40, "NUMBER_VALUE is out of range for an Integer"),
        ("count", float("inf"), "NUMBER_VALUE can not be converted to an Integer"),
        ("cluster", 7, "NUMBER_VALUE can not be converted to a String"),
        ("cluster", ["a"], "Start of list found where not expected"),
        ("tags", {"key": "a"}, "Start of structure or map found where not expected"),
        ("tags", "a", "STRING_VALUE can not be converted to a list"),
        ("overrides", [], "Start of list found where not expected"),
        ("enableExecuteCommand", "true", "STRING_VALUE can not be converted to a Boolean"),
    ],
)
def test_a_wrong_type_is_a_serialization_exception(member: str, value: Any, message: str) -> None:
    told = refused("RunTask", {"taskDefinition": "x", member: value})
    assert told == ("SerializationException", message)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    count = validate.check("RunTask", {"taskDefinition": "x", "count": 2.0})["count"]
    assert (count, type(count)) == (2, int)


def test_a_missing_member_is_named() -> None:
    code, message = refused("RunTask", {"count": 1})
    assert code == "InvalidParameterException"
    assert "'taskDefinition'" in message


def test_a_member_missing_in_a_list_is_named_by_its_place() -> None:
    body = {"taskDefinition": "x", "placementStrategy": [{}], "capacityProviderStrategy": [{}]}
    code, message = refused("RunTask", body)
    assert code == "InvalidParameterException"
    assert "'capacityProviderStrategy.1.member.capacityProvider'" in message


def test_what_aws_says_about_a_missing_member_is_said() -> None:
    assert refused("DescribeTasks", {}) == ("InvalidParameterException", "Tasks cannot be empty.")
    assert refused("RegisterTaskDefinition", {"containerDefinitions": []}) == (
        "ClientException",
        "Family should not be null or empty.",
    )


def test_an_unknown_word_is_answered_with_the_known_ones() -> None:
    code, message = refused("RunTask", {"taskDefinition": "x", "launchType": "LAMBDA"})
    assert code == "InvalidParameterException"
    assert "Value 'LAMBDA' at 'launchType'" in message
    assert "EC2, FARGATE" in message


def test_register_task_definition_tells_bad_words_as_client_exception() -> None:
    code, message = refused(
        "RegisterTaskDefinition",
        {"family": "x", "containerDefinitions": [], "networkMode": "wifi"},
    )
    assert code == "ClientException"
    assert "'networkMode'" in message


def test_every_operation_of_the_model_can_be_compiled() -> None:
    codes = {name: _code(name) for name in validate.operation_names()}
    assert set(codes.values()) == {"", "InvalidParameterException", "ClientException"}


def test_a_check_costs_less_than_a_tenth_of_a_millisecond() -> None:
    body = {"cluster": "default", "taskDefinition": "web:1", "count": 1, "launchType": "EC2"}
    validate.check("RunTask", body)
    best = min(_timed(body) for _ in range(5))
    assert best < 0.0001


def _code(operation: str) -> str:
    try:
        validate.check(operation, {})
    except AwsError as error:
        return error.code
    return ""


def _timed(body: dict[str, Any]) -> float:
    started = time.perf_counter()
    for _ in range(200):
        validate.check("RunTask", body)
    return (time.perf_counter() - started) / 200
