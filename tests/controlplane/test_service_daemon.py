"""DAEMON services: one task on every instance that is fit for it."""

from collections import Counter

import pytest

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from tests.controlplane.fleet import fleet, replayed


def daemon(instances=3, definition=None, **params):
    w = fleet(instances, **(definition or {}))
    w.call(
        "CreateService",
        serviceName="web",
        taskDefinition="web",
        schedulingStrategy="DAEMON",
        **params,
    )
    w.settle()
    return w


def homes(w):
    return Counter(w.state.tasks[arn].instance_arn for arn in w.live())


def active(w):
    return {one.arn for one in w.state.instances.values() if one.status == "ACTIVE"}


def test_every_instance_has_one_task():
    w = daemon()
    assert homes(w) == dict.fromkeys(active(w), 1)
    assert w.service()["desiredCount"] == 3
    w.pass_time(45)
    assert w.events()[-1] == "(service web) has reached a steady state."


def test_an_instance_that_joins_gets_one_and_one_that_goes_takes_it_along():
    w = daemon()
    w.join()
    w.settle()
    assert homes(w) == dict.fromkeys(active(w), 1)
    w.report(m.InstanceTerminated("i-00000000000000001", w.now))
    w.settle()
    assert homes(w) == dict.fromkeys(active(w), 1)
    assert w.service()["desiredCount"] == 3


def test_an_instance_being_drained_has_none():
    w = daemon()
    (home, *_rest) = sorted(active(w))
    w.call("UpdateContainerInstancesState", containerInstances=[home], status="DRAINING")
    w.settle()
    assert home not in homes(w)
    assert w.service()["desiredCount"] == 2


def test_only_instances_that_meet_the_constraint_have_one_even_if_that_changes():
    constraint = {"type": "memberOf", "expression": "attribute:kind == web"}
    w = daemon(placementConstraints=[constraint])
    assert w.live() == []
    (home, *_rest) = sorted(active(w))
    attribute = {"name": "kind", "value": "web", "targetId": home}
    w.call("PutAttributes", attributes=[attribute])
    w.settle()
    assert homes(w) == {home: 1}
    w.call("DeleteAttributes", attributes=[attribute])
    w.settle()
    assert w.live() == []


def test_a_task_that_dies_is_replaced_on_its_instance():
    w = daemon()
    first = w.live()[0]
    home = w.state.tasks[first].instance_arn
    w.moved(first, "STOPPED")
    w.settle()
    assert homes(w)[home] == 1
    assert first not in w.live()


def test_by_default_all_old_tasks_go_before_new_ones_come():
    w = daemon()
    w.pass_time(45)
    w.register()
    w.update(taskDefinition="web")
    assert len(w.live()) == 0
    w.settle()
    assert homes(w) == dict.fromkeys(active(w), 1)
    assert {w.state.tasks[arn].definition_arn[-1] for arn in w.live()} == {"2"}


def test_a_minimum_rolls_it_out_in_steps():
    w = daemon(4, deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 100})
    w.pass_time(45)
    w.register()
    w.update(taskDefinition="web")
    assert len(w.live()) == 2
    w.settle()
    assert Counter(w.state.tasks[arn].definition_arn[-1] for arn in w.live()) == {"1": 2, "2": 2}
    w.pass_time(45)
    assert Counter(w.state.tasks[arn].definition_arn[-1] for arn in w.live()) == {"2": 4}


def test_an_instance_without_room_is_told_of_and_filled_when_there_is_room():
    w = fleet(2, container={"memory": 600})
    (other,) = w.run()
    w.settle()
    w.call("CreateService", serviceName="web", taskDefinition="web", schedulingStrategy="DAEMON")
    w.settle()
    assert len(w.live()) == 1
    assert "insufficient memory" in w.events()[-1]
    w.call("StopTask", task=other)
    w.settle()
    assert homes(w) == dict.fromkeys(active(w), 1)


def test_its_count_is_not_set_by_hand_and_its_strategy_is_its_own():
    w = daemon()
    with pytest.raises(AwsError, match="desired count"):
        w.update(desiredCount=1)
    with pytest.raises(AwsError, match="placement strategy"):
        w.update(placementStrategy=[{"type": "random"}])
    with pytest.raises(AwsError, match="must be 100"):
        w.update(deploymentConfiguration={"maximumPercent": 200})


def test_it_is_deleted_without_force():
    w = daemon()
    w.call("DeleteService", service="web")
    w.settle()
    assert w.service()["status"] == "INACTIVE"
    assert w.live() == []


def test_it_rests():
    w = daemon()
    w.pass_time(100)
    assert cp.reconcile(w.state, w.context()) == ()
    assert replayed(w) == w.state
    cp.check(w.state)
