"""Tasks that fail to start: the throttle, and the circuit breaker with and without rollback."""

from typing import Any

import pytest

from ecslab.model import agent_messages as m
from ecslab.model.service import Breaker, throttle
from tests.controlplane.fleet import fleet, replayed

IMPAIRED = "(service web) is unable to consistently start tasks successfully."


def breaking(desired=1, rollback=False, fate="pull", **breaker: Any):
    """A steady service of web:1 with a circuit breaker; web:2 fails."""
    w = fleet(4)
    given = {"enable": True, "rollback": rollback, **breaker}
    w.create(
        desiredCount=desired,
        deploymentConfiguration={"deploymentCircuitBreaker": given},
    )
    w.settle()
    w.pass_time(45)
    w.register()
    w.fate = lambda order: fate if order.revision == 2 else "up"
    return w


def starts(w):
    """When tasks were created, in seconds since the first."""
    created = sorted({task.created_at for task in w.state.tasks.values()})
    return [at - created[0] for at in created]


# -- throttle -------------------------------------------------------------------------------------


def test_the_waits_grow_to_27_minutes():
    waits = [throttle(rounds) for rounds in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
    assert waits[-1] == 27 * 60


def test_starts_that_fail_are_tried_again_after_growing_waits():
    w = fleet()
    w.fate = lambda order: "pull"
    w.create(desiredCount=1)
    w.settle()
    w.pass_time(80)
    assert starts(w) == [0, 5, 15, 35, 75]
    assert w.events().count(IMPAIRED) == 1


def test_tasks_that_fail_together_are_one_round():
    w = fleet(4)
    w.fate = lambda order: "pull"
    w.create(desiredCount=4)
    w.settle()
    w.pass_time(16)
    assert starts(w) == [0, 5, 15]


def test_a_task_that_reached_running_does_not_throttle():
    w = fleet()
    crashes = iter(["crash"] * 20)
    w.fate = lambda order: next(crashes, "up")
    w.create(desiredCount=1)
    w.settle()
    assert len(w.state.tasks) == 21
    assert IMPAIRED not in w.events()


def test_one_task_that_runs_ends_the_throttle():
    w = fleet()
    fates = iter(["pull", "pull", "pull", "crash", "pull"])
    w.fate = lambda order: next(fates, "up")
    w.create(desiredCount=1)
    w.settle()
    w.pass_time(45)
    assert starts(w) == [0, 5, 15, 35, 40]


def test_a_new_task_definition_starts_at_once():
    w = fleet()
    w.fate = lambda order: "pull"
    w.create(desiredCount=1)
    w.settle()
    w.pass_time(100)
    w.fate = lambda order: "up"
    w.register()
    w.update(taskDefinition="web")
    w.settle()
    assert w.service()["runningCount"] == 1


def test_a_want_of_room_throttles_too():
    w = fleet(1, container={"memory": 2000})
    w.create(desiredCount=1)
    w.pass_time(40)
    assert IMPAIRED in w.events()
    assert len([one for one in w.events() if "unable to place" in one]) == 1


# -- circuit breaker ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desired", "threshold"), [(0, 3), (1, 3), (6, 3), (7, 4), (25, 13), (400, 200), (800, 200)]
)
def test_the_threshold_is_half_of_the_desired_count_within_3_and_200(desired, threshold):
    assert Breaker(enable=True).threshold(desired) == threshold


@pytest.mark.parametrize(
    ("kind", "value", "desired", "threshold"),
    [
        ("COUNT", 2, 100, 2),
        ("UNBOUNDED_PERCENT", 50, 1000, 500),
        ("UNBOUNDED_PERCENT", 10, 3, 1),
        ("BOUNDED_PERCENT", 100, 10, 10),
    ],
)
def test_other_thresholds_are_taken_as_they_are(kind, value, desired, threshold):
    assert Breaker(enable=True, kind=kind, value=value).threshold(desired) == threshold


def test_without_rollback_the_deployment_fails_and_starts_nothing_more():
    w = breaking()
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(600)
    failed, old = w.service()["deployments"]
    assert failed["failedTasks"] == 3
    assert failed["rolloutState"] == "FAILED"
    assert failed["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
    assert (old["status"], old["runningCount"]) == ("ACTIVE", 1)
    text = f"(service web) (deployment {failed['id']}) deployment failed: tasks failed to start."
    assert text in w.events()
    assert len([t for t in w.state.tasks.values() if t.definition_arn.endswith(":2")]) == 3


def test_with_rollback_the_last_completed_deployment_comes_back():
    w = breaking(rollback=True)
    good = w.service()["deployments"][0]["id"]
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(20)
    assert f"(service web) rolling back to deployment {good}." in w.events()
    w.pass_time(100)
    (only,) = w.service()["deployments"]
    assert (only["id"], only["rolloutState"]) == (good, "COMPLETED")
    assert w.service()["taskDefinition"].endswith(":1")
    assert len(w.live()) == 1
    assert replayed(w) == w.state


def test_while_it_rolls_back_the_deployment_says_so():
    w = breaking(desired=2, rollback=True)
    good = w.service()["deployments"][0]["id"]
    w.call("StopTask", task=w.live()[0])
    w.update(taskDefinition="web", desiredCount=4)
    w.settle()
    w.pass_time(16)
    primary = w.service()["deployments"][0]
    assert (primary["id"], primary["rolloutState"]) == (good, "IN_PROGRESS")
    assert primary["rolloutStateReason"] == (
        f"ECS deployment circuit breaker: rolling back to deploymentId {good}."
    )


def test_a_first_deployment_has_nothing_to_roll_back_to():
    w = fleet()
    w.fate = lambda order: "pull"
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    w.create(desiredCount=1, deploymentConfiguration=breaker)
    w.settle()
    w.pass_time(600)
    assert w.service()["deployments"][0]["rolloutState"] == "FAILED"
    assert len(w.state.tasks) == 3


def test_a_crash_loop_trips_it_although_its_tasks_run_for_a_moment():
    w = breaking(rollback=True, fate="crash")
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(60)
    assert w.service()["taskDefinition"].endswith(":1")


@pytest.mark.parametrize(("reset", "left"), [(True, 0), (False, 2)])
def test_a_task_that_was_healthy_once_resets_the_count_unless_it_is_to_add_up(reset, left):
    w = fleet(container={"healthCheck": {"command": ["CMD", "true"]}})
    given = {"enable": True, "rollback": False, "resetOnHealthyTask": reset}
    breaker = {"deploymentCircuitBreaker": given}
    w.create(desiredCount=2, deploymentConfiguration=breaker)
    w.settle()
    for _crash in range(2):
        w.moved(w.live()[-1], "STOPPED")
        w.settle()
    assert w.service()["deployments"][0]["failedTasks"] == 2
    w.report(m.ContainerHealthChange(w.live()[0], "main", "HEALTHY", w.now))
    assert w.service()["deployments"][0]["failedTasks"] == left


def test_failed_health_checks_trip_it():
    w = fleet(4, container={"healthCheck": {"command": ["CMD", "false"]}})
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
    w.create(desiredCount=1, deploymentConfiguration=breaker)
    w.settle()
    for _task in range(4):
        for arn in w.live():
            w.report(m.ContainerHealthChange(arn, "main", "UNHEALTHY", w.now))
            w.settle()
    assert w.service()["deployments"][0]["rolloutState"] == "FAILED"


def test_tasks_that_cannot_be_placed_trip_it():
    w = breaking()
    w.register(container={"memory": 2000})
    w.update(taskDefinition="web")
    w.pass_time(60)
    assert w.service()["deployments"][0]["rolloutState"] == "FAILED"


def test_stopping_tasks_by_hand_does_not_trip_it():
    w = breaking(fate="up")
    w.update(taskDefinition="web", desiredCount=2)
    w.settle()
    for _stop in range(5):
        w.call("StopTask", task=w.live()[-1])
        w.settle()
    assert w.service()["deployments"][0]["failedTasks"] == 0


def test_a_completed_deployment_is_no_longer_watched():
    w = breaking(fate="up")
    w.fate = lambda order: "pull"
    w.call("StopTask", task=w.live()[0])
    w.settle()
    w.pass_time(100)
    (only,) = w.service()["deployments"]
    assert (only["rolloutState"], only["failedTasks"]) == ("COMPLETED", 0)


def test_a_failed_deployment_is_mended_by_the_next_one():
    w = breaking()
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(60)
    w.register()
    w.update(taskDefinition="web")
    w.settle()
    w.pass_time(60)
    (only,) = w.service()["deployments"]
    assert (only["rolloutState"], only["runningCount"]) == ("COMPLETED", 1)
