"""A new revision takes the place of the old one, within the limits of the deployment."""

import pytest

from ecslab.model.service import Limits
from tests.controlplane.fleet import fleet, replayed


def rolling(desired=4, minimum=100, maximum=200, instances=4, definition=None, **params):
    """A steady service of web:1, and web:2 registered."""
    w = fleet(instances, **(definition or {}))
    configuration = {"minimumHealthyPercent": minimum, "maximumPercent": maximum}
    w.create(desiredCount=desired, deploymentConfiguration=configuration, **params)
    w.settle()
    w.pass_time(45)
    w.register(**(definition or {}))
    return w


def counts(w):
    """(running of the old revision, running of the new one)."""
    found = {1: 0, 2: 0}
    for arn in w.live():
        task = w.state.tasks[arn]
        if task.status == "RUNNING":
            found[int(task.definition_arn.rsplit(":", 1)[1])] += 1
    return found[1], found[2]


@pytest.mark.parametrize(
    ("desired", "minimum", "maximum", "floor", "ceiling"),
    [
        (4, 100, 200, 4, 8),
        (4, 50, 100, 2, 4),
        (3, 50, 150, 2, 4),
        (1, 50, 150, 1, 1),
        (5, 67, 133, 4, 6),
        (0, 100, 200, 0, 0),
        (3, 33, 133, 1, 3),
    ],
)
def test_the_minimum_is_rounded_up_and_the_maximum_down(desired, minimum, maximum, floor, ceiling):
    limits = Limits(minimum, maximum)
    assert (limits.floor(desired), limits.ceiling(desired)) == (floor, ceiling)


def test_the_defaults_are_100_and_200():
    w = fleet()
    shown = w.create()["deploymentConfiguration"]
    assert (shown["minimumHealthyPercent"], shown["maximumPercent"]) == (100, 200)


def test_new_tasks_come_first_and_old_ones_go_once_the_new_count():
    w = rolling()
    w.update(taskDefinition="web")
    w.settle()
    assert counts(w) == (4, 4)
    w.pass_time(39)
    assert counts(w) == (4, 4)
    w.pass_time(2)
    assert counts(w) == (0, 4)


def test_a_task_that_nobody_checks_counts_40_seconds_after_it_runs():
    w = fleet()
    w.create()
    w.settle()
    w.pass_time(39.5, step=0.5)
    assert w.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    w.pass_time(0.5, step=0.5)
    assert w.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_without_room_above_old_tasks_make_room_as_far_as_the_minimum_allows():
    w = rolling(minimum=50, maximum=100)
    w.update(taskDefinition="web")
    assert counts(w)[0] == 2
    w.settle()
    assert counts(w) == (2, 2)
    w.pass_time(41)
    assert counts(w) == (0, 4)


def test_a_maximum_of_150_percent_rolls_in_steps():
    w = rolling(minimum=100, maximum=150)
    w.update(taskDefinition="web")
    w.settle()
    assert counts(w) == (4, 2)
    w.pass_time(41)
    assert counts(w) == (2, 4)
    w.pass_time(41)
    assert counts(w) == (0, 4)


def test_never_more_than_the_maximum_never_fewer_than_the_minimum():
    w = rolling(desired=7, minimum=60, maximum=130, instances=8)
    w.update(taskDefinition="web")
    seen = []
    for _second in range(200):
        w.settle()
        w.pass_time(1)
        alive = [w.state.tasks[arn] for arn in w.live()]
        seen.append((len(alive), sum(task.status == "RUNNING" for task in alive)))
    assert max(alive for alive, _running in seen) <= 9  # 130 % of 7 is 9.1
    assert min(running for _alive, running in seen) >= 5  # 60 % of 7 is 4.2
    assert counts(w) == (0, 7)


def test_where_old_tasks_hold_the_port_they_make_room_if_the_minimum_is_zero():
    ports = {"ports": [{"containerPort": 80, "hostPort": 80}]}
    w = rolling(desired=1, minimum=0, instances=1, definition=ports)
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(60)
    assert counts(w) == (0, 1)
    assert any("is already using a port required by your task" in one for one in w.events())


def test_where_they_must_stay_the_deployment_waits_and_says_why():
    ports = {"ports": [{"containerPort": 80, "hostPort": 80}]}
    w = rolling(desired=1, instances=1, definition=ports)
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(300)
    assert counts(w) == (1, 0)
    assert [d["status"] for d in w.service()["deployments"]] == ["PRIMARY", "ACTIVE"]


def test_limits_that_allow_no_move_are_told_once():
    w = rolling(desired=1, minimum=50, maximum=100)
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(100)
    said = [one for one in w.events() if "was unable to stop or start tasks" in one]
    assert said == [
        "(service web) was unable to stop or start tasks during a deployment because of the "
        "service deployment configuration. Update the minimumHealthyPercent or maximumPercent "
        "value and try again."
    ]
    assert counts(w) == (1, 0)


def test_the_old_deployment_is_active_until_its_last_task_is_gone():
    w = rolling()
    old = w.service()["deployments"][0]["id"]
    w.update(taskDefinition="web")
    w.settle()
    primary, active = w.service()["deployments"]
    assert (primary["status"], active["status"], active["id"]) == ("PRIMARY", "ACTIVE", old)
    assert (primary["desiredCount"], active["desiredCount"]) == (4, 0)
    w.pass_time(41)
    (only,) = w.service()["deployments"]
    assert only["id"] == primary["id"]
    assert only["rolloutState"] == "COMPLETED"
    assert only["rolloutStateReason"] == f"ECS deployment {only['id']} completed."


def test_the_same_task_definition_makes_no_deployment_unless_forced():
    w = rolling()
    old = w.service()["deployments"][0]["id"]
    w.update(taskDefinition="web:1")
    assert w.service()["deployments"][0]["id"] == old
    w.update(forceNewDeployment=True)
    assert w.service()["deployments"][0]["id"] != old
    w.settle()
    w.pass_time(45)
    assert counts(w) == (4, 0)
    assert len(w.service()["deployments"]) == 1


def test_a_deployment_overtaken_by_the_next_leaves_no_task_behind():
    w = rolling()
    w.update(taskDefinition="web:2")
    w.register()
    w.update(taskDefinition="web:3")
    w.settle()
    w.pass_time(100)
    definitions = {w.state.tasks[arn].definition_arn[-5:] for arn in w.live()}
    assert definitions == {"web:3"}
    assert len(w.live()) == 4
    assert replayed(w) == w.state


def test_scaling_during_a_deployment_holds_for_the_new_revision():
    w = rolling()
    w.update(taskDefinition="web:2")
    w.settle()
    w.update(desiredCount=2)
    w.settle()
    w.pass_time(60)
    assert counts(w) == (0, 2)


def test_settings_change_without_a_deployment():
    w = rolling()
    old = w.service()["deployments"][0]["id"]
    w.update(enableExecuteCommand=True, placementStrategy=[{"type": "random"}])
    service = w.service()
    assert service["deployments"][0]["id"] == old
    assert service["enableExecuteCommand"]
    assert service["placementStrategy"] == [{"type": "random"}]
