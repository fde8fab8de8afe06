"""Instances being drained: their service tasks move, others stay."""

import pytest

from tests.controlplane.fleet import fleet


def drained(desired=2, instances=2, **params):
    """A steady service, and the instance of its first task being drained."""
    w = fleet(instances)
    w.create(desiredCount=desired, **params)
    w.settle()
    w.pass_time(45)
    first = w.live()[0]
    home = w.state.tasks[first].instance_arn
    drain(w, home)
    return w, home, first


def drain(w, home, status="DRAINING"):
    w.call("UpdateContainerInstancesState", containerInstances=[home], status=status)


def homes(w):
    return [w.state.tasks[arn].instance_arn for arn in w.live()]


def test_a_running_task_moves_once_its_replacement_counts():
    w, home, first = drained()
    w.settle()
    assert first in w.live()
    assert len(w.live()) == 3
    w.pass_time(41)
    assert first not in w.live()
    assert home not in homes(w)
    assert len(w.live()) == 2
    assert w.task(first)["stopCode"] == "ServiceSchedulerInitiated"


def test_a_pending_task_goes_at_once():
    w = fleet(2)
    w.create(desiredCount=2)
    first = w.live()[0]
    home = w.state.tasks[first].instance_arn
    drain(w, home)
    assert w.task(first)["desiredStatus"] == "STOPPED"
    assert set(homes(w)) == set(w.state.instances) - {home}


def test_with_a_maximum_of_100_percent_the_task_goes_first_if_the_minimum_lets_it():
    limits = {"minimumHealthyPercent": 50, "maximumPercent": 100}
    w, _home, first = drained(deploymentConfiguration=limits)
    assert first not in w.live()
    assert len(w.live()) == 2


def test_a_task_that_runs_for_less_than_40_seconds_is_no_less_careful_to_move():
    w = fleet(2)
    w.create(desiredCount=1)
    w.settle()
    w.pass_time(5)
    (first,) = w.live()
    drain(w, w.state.tasks[first].instance_arn)
    w.settle()
    assert first in w.live()
    assert len(w.live()) == 2


def test_an_instance_that_is_active_again_keeps_what_it_still_has():
    w, home, first = drained()
    drain(w, home, "ACTIVE")
    w.settle()
    w.pass_time(60)
    assert first in w.live()
    assert len(w.live()) == 2


def test_with_no_other_instance_a_task_stays_where_it_is():
    w, _home, first = drained(desired=1, instances=1)
    w.settle()
    w.pass_time(100)
    assert w.live() == [first]
    assert "No Container Instances were found in your cluster" in w.events()[-2]


def test_a_standalone_task_stays():
    w = fleet(2)
    (arn,) = w.run()
    w.settle()
    drain(w, w.state.tasks[arn].instance_arn)
    w.settle()
    w.pass_time(100)
    assert w.task(arn)["lastStatus"] == "RUNNING"


@pytest.mark.parametrize("desired", [1, 4])
def test_a_service_is_steady_only_when_nothing_is_left_to_move(desired):
    w, home, _first = drained(desired=desired, instances=3)
    w.settle()
    before = len(w.events())
    w.pass_time(60)
    assert w.events()[-1] == "(service web) has reached a steady state."
    assert len(w.events()) > before
    assert home not in homes(w)
