"""``healthcheck`` ⇄ healthCheck, within the limits of ECS"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("test", "command"),
    [
        ("curl -f localhost", ["CMD-SHELL", "curl -f localhost"]),
        ("[CMD, 'true']", ["CMD", "true"]),
        ("[CMD-SHELL, 'exit $$X']", ["CMD-SHELL", "exit $X"]),
    ],
)
def test_the_test_is_the_command(test, command):
    trip = ServiceTrip(f"healthcheck: {{test: {test}}}")
    assert trip.container == {"healthCheck": {"command": command}}
    assert trip.service == {"healthcheck": {"test": command}}
    assert trip.said == []


def test_times_are_seconds():
    trip = ServiceTrip(
        """
        healthcheck:
          test: [CMD, 'true']
          interval: 1m30s
          timeout: 10s
          retries: 3
          start_period: 0s
        """
    )
    assert trip.container == {
        "healthCheck": {
            "command": ["CMD", "true"],
            "interval": 90,
            "timeout": 10,
            "retries": 3,
            "startPeriod": 0,
        }
    }
    assert trip.service["healthcheck"]["interval"] == "90s"
    assert trip.said == []


@pytest.mark.parametrize(
    ("key", "written", "member", "value"),
    [
        ("interval", "1s", "interval", 5),
        ("interval", "6m", "interval", 300),
        ("timeout", "1s", "timeout", 2),
        ("timeout", "2m", "timeout", 60),
        ("retries", "0", "retries", 1),
        ("retries", "30", "retries", 10),
        ("start_period", "10m", "startPeriod", 300),
    ],
)
def test_what_is_beyond_a_limit_is_brought_to_it_and_named(key, written, member, value):
    trip = ServiceTrip(f"healthcheck:\n  test: [CMD, a]\n  {key}: {written}")
    assert trip.container["healthCheck"][member] == value
    assert trip.where(f"healthcheck-{key}-limits") == (
        "adapted", 7, f"services.web.healthcheck.{key}",
    )  # fmt: skip


@pytest.mark.parametrize("check", ["{disable: true}", "{test: [NONE]}", "{test: NONE}"])
def test_there_is_nothing_to_switch_off(check):
    trip = ServiceTrip(f"healthcheck: {check}")
    if "test: NONE" not in check:
        assert trip.container == {}
        assert trip.where("healthcheck-none") == ("adapted", 5, "services.web.healthcheck")


def test_times_without_a_test_are_lost():
    trip = ServiceTrip("healthcheck: {interval: 10s}")
    assert trip.container == {}
    assert trip.where("healthcheck-no-test") == ("dropped", 5, "services.web.healthcheck")


def test_the_start_interval_has_no_form():
    trip = ServiceTrip("healthcheck: {test: [CMD, a], start_interval: 1s}")
    assert trip.where("healthcheck-start-interval")[2] == "services.web.healthcheck.start_interval"


def test_a_check_of_ecs_comes_back():
    check = {"command": ["CMD", "$x"], "interval": 5, "startPeriod": 0}
    assert from_ecs(healthCheck=check) == {
        "healthcheck": {"test": ["CMD", "$x"], "interval": "5s", "start_period": "0s"}
    }
