"""The scheduler keeps what was asked for: counts, zones, instances."""

import sys
from collections import Counter

import pytest

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from tests.controlplane.fleet import fleet, replayed


def steady(w, **params):
    """A service that came to rest."""
    w.create(**params)
    w.settle()
    w.pass_time(45)
    assert w.events()[-1] == "(service web) has reached a steady state."
    return w


def test_a_task_that_dies_is_replaced():
    w = steady(fleet())
    first, second = w.live()
    w.moved(first, "STOPPED", reason="Essential container in task exited")
    w.settle()
    assert first not in w.live()
    assert second in w.live()
    assert len(w.live()) == 2
    assert w.service()["runningCount"] == 2


def test_a_task_stopped_by_hand_is_replaced():
    w = steady(fleet())
    w.call("StopTask", task=w.live()[0])
    w.settle()
    assert w.service()["runningCount"] == 2


def test_a_task_of_somebody_else_is_not():
    w = steady(fleet())
    (other,) = w.run()
    w.settle()
    w.call("StopTask", task=other)
    w.settle()
    assert len(w.live()) == 2


def test_tasks_are_spread_over_zones():
    w = fleet(4)
    w.create(desiredCount=6)
    zones = Counter(w.state.tasks[arn].availability_zone for arn in w.live())
    assert sorted(zones.values()) == [3, 3]


def test_a_placement_strategy_of_its_own_is_kept():
    w = fleet(4)
    w.create(desiredCount=4, placementStrategy=[{"type": "binpack", "field": "memory"}])
    assert len({w.state.tasks[arn].instance_arn for arn in w.live()}) == 1


def test_distinct_instances_hold_one_task_each():
    w = fleet(3)
    w.create(desiredCount=4, placementConstraints=[{"type": "distinctInstance"}])
    assert len({w.state.tasks[arn].instance_arn for arn in w.live()}) == 3
    assert "was unable to place a task" in w.events()[-1]


def test_scaling_out_starts_only_what_is_missing():
    w = steady(fleet())
    before = w.live()
    w.update(desiredCount=3)
    w.settle()
    assert set(before) < set(w.live())
    assert len(w.live()) == 3
    assert len(w.service()["deployments"]) == 1


def test_scaling_in_takes_from_the_fullest_zone_and_names_the_deployment_as_reason():
    w = steady(fleet(4), desiredCount=5)
    before = w.live()
    w.update(desiredCount=2)
    w.settle()
    assert len(w.live()) == 2
    zones = Counter(w.state.tasks[arn].availability_zone for arn in w.live())
    assert sorted(zones.values()) == [1, 1]
    gone = w.task(next(arn for arn in before if arn not in w.live()))
    deployment = w.service()["deployments"][0]["id"]
    assert gone["stopCode"] == "ServiceSchedulerInitiated"
    assert gone["stoppedReason"] == f"Scaling activity initiated by (deployment {deployment})"


def test_scaling_to_zero_stops_all():
    w = steady(fleet())
    w.update(desiredCount=0)
    w.settle()
    service = w.service()
    assert (service["runningCount"], service["pendingCount"]) == (0, 0)
    assert w.events()[-1] == "(service web) has reached a steady state."


def test_tasks_that_do_not_run_yet_are_the_first_to_go():
    w = steady(fleet())
    ran = w.live()
    w.update(desiredCount=4)
    w.update(desiredCount=2)
    assert w.live() == ran


def test_a_lost_instance_is_survived():
    w = steady(fleet(3), desiredCount=3)
    home = w.state.tasks[w.live()[0]].instance_arn
    w.report(m.InstanceTerminated(w.state.instances[home].ec2_instance_id, w.now))
    w.settle()
    assert len(w.live()) == 3
    assert home not in {w.state.tasks[arn].instance_arn for arn in w.live()}


def test_a_service_waits_for_its_first_instance():
    w = fleet(0)
    w.create()
    (said,) = w.events()
    assert said == (
        "(service web) was unable to place a task because no container instance met all of its "
        "requirements. Reason: No Container Instances were found in your cluster. For more "
        "information, see the Troubleshooting section of the Amazon ECS Developer Guide."
    )
    w.join()
    w.settle()
    assert w.service()["runningCount"] == 2


def test_room_that_a_stopped_task_leaves_is_taken_at_once():
    w = fleet(1, container={"memory": 600})
    (other,) = w.run()
    w.settle()
    w.create(desiredCount=1)
    assert w.live() == []
    w.call("StopTask", task=other)
    w.settle()
    assert len(w.live()) == 1


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        ({"container": {"memory": 2000}}, "has insufficient memory available."),
        ({"container": {"cpu": 2000}}, "has insufficient CPU units available."),
        (
            {"ports": [{"containerPort": 22, "hostPort": 22}]},
            "is already using a port required by your task.",
        ),
        ({"taskRoleArn": "arn:aws:iam::1:role/r"}, "is missing an attribute required by your task"),
    ],
)
def test_the_closest_instance_and_what_it_lacks_are_named(definition, says):
    w = fleet(1, **definition)
    w.create(desiredCount=1)
    (said,) = w.events()
    instance = w.call("ListContainerInstances")["containerInstanceArns"][0].rsplit("/")[-1]
    assert f"The closest matching (container-instance {instance}) {says}" in said


def test_at_rest_there_is_nothing_to_do_and_only_time_to_wait_for():
    w = steady(fleet())
    assert cp.reconcile(w.state, w.context()) == ()
    assert not w.state.index.attention
    assert (
        cp.next_wakeup(w.state)
        == w.state.services[w.service()["serviceArn"]].said_at("steady") + 6 * 3600
    )


def calls(action):
    """How many functions an action calls: its cost, whatever else the machine does."""
    counted = Counter()
    sys.setprofile(lambda _frame, event, _arg: counted.update([event]))
    try:
        action()
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


def look(w):
    assert cp.reconcile(w.state, w.context()) == ()
    cp.next_wakeup(w.state)


def test_a_look_with_nothing_to_do_costs_the_same_however_much_there_is():
    costs = []
    for services in (1, 20):
        w = fleet(8)
        for number in range(services):
            w.create(f"s{number}", desiredCount=1)
        w.settle()
        w.pass_time(45)
        costs.append(
            calls(lambda w=w: (cp.reconcile(w.state, w.context()), cp.next_wakeup(w.state)))
        )
    assert costs[0] == costs[1]


def test_what_one_service_does_costs_the_same_however_many_others_there_are():
    costs = []
    for services in (2, 20):
        w = fleet(8)
        for number in range(services):
            w.create(f"s{number}", desiredCount=1)
        w.settle()
        w.pass_time(45)
        victim = w.live("s0")[0]
        costs.append(calls(lambda w=w, victim=victim: w.moved(victim, "STOPPED")))
    assert costs[1] < costs[0] * 1.5


def test_the_log_gives_the_same_state():
    w = steady(fleet())
    w.update(desiredCount=1, forceNewDeployment=True)
    w.settle()
    w.pass_time(60)
    assert replayed(w) == w.state
    cp.check(w.state)


def test_two_services_wanting_the_same_port_share_the_instances():
    w = fleet(2, ports=[{"containerPort": 80, "hostPort": 80}])
    w.create("a", desiredCount=1)
    w.create("b", desiredCount=1)
    homes = {w.state.tasks[arn].instance_arn for arn in (*w.live("a"), *w.live("b"))}
    assert len(homes) == 2
    cp.check(w.state)
