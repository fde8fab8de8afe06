"""``restart`` and ``deploy.restart_policy`` ⇄ restartPolicy"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs

ON_FAILURE = {"enabled": True, "ignoredExitCodes": [0]}


@pytest.mark.parametrize(
    ("written", "policy"),
    [
        ("'no'", {"enabled": False}),
        ("always", {"enabled": True}),
        ("on-failure", ON_FAILURE),
    ],
)
def test_a_word_is_a_policy(written, policy):
    trip = ServiceTrip(f"restart: {written}")
    assert trip.container == {"restartPolicy": policy}
    assert trip.service == {"restart": written.strip("'")}
    assert trip.said == []


@pytest.mark.parametrize(
    ("written", "policy", "code"),
    [
        ("unless-stopped", {"enabled": True}, "restart-unless-stopped"),
        ("on-failure:3", ON_FAILURE, "restart-attempts"),
    ],
)
def test_what_ecs_has_no_word_for_is_named(written, policy, code):
    trip = ServiceTrip(f"restart: {written}")
    assert trip.container == {"restartPolicy": policy}
    assert trip.where(code) == ("adapted", 5, "services.web.restart")


@pytest.mark.parametrize(
    "keys", ["restart: sometimes", "deploy: {restart_policy: {condition: always}}"]
)
def test_an_unknown_word_is_lost(keys):
    trip = ServiceTrip(keys)
    assert trip.container == {}
    assert trip.where("restart")[0] == "dropped"


@pytest.mark.parametrize(
    ("condition", "policy"),
    [("any", {"enabled": True}), ("none", {"enabled": False}), ("on-failure", ON_FAILURE)],
)
def test_a_window_is_the_period(condition, policy):
    trip = ServiceTrip(f"deploy: {{restart_policy: {{condition: {condition}, window: 120s}}}}")
    assert trip.container == {"restartPolicy": {**policy, "restartAttemptPeriod": 120}}
    assert trip.service == {
        "deploy": {"restart_policy": {"condition": condition, "window": "120s"}}
    }
    assert trip.said == []


@pytest.mark.parametrize(("window", "period"), [("5s", 60), ("1h", 1800), ("60.5s", 61)])
def test_a_window_is_brought_within_the_limits(window, period):
    trip = ServiceTrip(f"deploy: {{restart_policy: {{window: {window}}}}}")
    assert trip.container["restartPolicy"]["restartAttemptPeriod"] == period
    assert trip.said[0].path == "services.web.deploy.restart_policy.window"


def test_deploy_takes_the_place_of_restart():
    trip = ServiceTrip(
        "restart: 'no'\ndeploy: {restart_policy: {delay: 5s, max_attempts: 3, condition: any}}"
    )
    assert trip.container == {"restartPolicy": {"enabled": True}}
    assert sorted(trip.codes) == [
        "restart-delay", "restart-deploy", "restart-max-attempts", "restart-twice",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "policy",
    [{"enabled": True, "ignoredExitCodes": [0, 1]}, {"enabled": False, "ignoredExitCodes": []}],
)
def test_other_exit_codes_stand_in_ecs_own_words(policy):
    assert from_ecs(restartPolicy=policy)["x-ecs"] == {
        "restartPolicy": {"ignoredExitCodes": policy["ignoredExitCodes"]}
    }
