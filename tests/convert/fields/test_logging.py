"""``logging`` ⇄ logConfiguration"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("driver", "options"),
    [
        ("awslogs", {"awslogs-group": "/ecs/web", "awslogs-region": "ap-northeast-1"}),
        ("json-file", {"max-size": "10m", "max-file": "3"}),
        ("fluentd", {"tag": "$x"}),
    ],
)
def test_driver_and_options_are_the_same(driver, options):
    written = {name: text.replace("$", "$$") for name, text in options.items()}
    trip = ServiceTrip(f"logging: {{driver: {driver}, options: {written}}}")
    assert trip.container == {"logConfiguration": {"logDriver": driver, "options": options}}
    assert trip.service == {"logging": {"driver": driver, "options": options}}
    assert trip.said == []


def test_a_driver_needs_no_options_and_none_are_a_value():
    assert ServiceTrip("logging: {driver: journald}").container == {
        "logConfiguration": {"logDriver": "journald"}
    }
    assert ServiceTrip("logging: {driver: journald, options: {}}").container == {
        "logConfiguration": {"logDriver": "journald", "options": {}}
    }


def test_without_a_driver_it_is_dockers_own():
    trip = ServiceTrip("logging: {options: {max-size: 10m}}")
    assert trip.container["logConfiguration"]["logDriver"] == "json-file"
    assert trip.where("logging-driver") == ("adapted", 5, "services.web.logging")


@pytest.mark.parametrize("driver", ["loki", "none", "local"])
def test_a_driver_ecs_has_not_is_lost(driver):
    trip = ServiceTrip(f"logging: {{driver: {driver}}}")
    assert trip.container == {}
    assert trip.where("logging-driver-unknown") == ("dropped", 5, "services.web.logging")


def test_an_option_without_a_value_has_an_empty_one():
    trip = ServiceTrip("logging:\n  driver: syslog\n  options:\n    tag:")
    assert trip.where("empty-value") == ("adapted", 8, "services.web.logging.options.tag")


def test_secret_options_stand_in_ecs_own_words():
    log = {"logDriver": "splunk", "secretOptions": [{"name": "t", "valueFrom": "arn:x"}]}
    assert from_ecs(logConfiguration=log) == {
        "logging": {"driver": "splunk"},
        "x-ecs": {"logConfiguration": {"secretOptions": log["secretOptions"]}},
    }
