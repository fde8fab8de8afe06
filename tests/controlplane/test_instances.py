"""Container instances: joining, described, listed, drained, deregistered."""

import pytest

from ecslab.model import agent_messages as m
from tests.controlplane.world import NETWORK, world

EC2 = "i-00000000000000001"


def ready(instances=1, **definition):
    w = world(instances)
    w.register(**definition)
    return w


def listed(w, **params):
    return w.call("ListContainerInstances", **params)["containerInstanceArns"]


def described(w, arn, **params):
    (found,) = w.call("DescribeContainerInstances", containerInstances=[arn], **params)[
        "containerInstances"
    ]
    return found


def resources(found, kind="remainingResources"):
    return {
        one["name"]: one.get("stringSetValue", one["integerValue"])
        for one in found[kind]
        if one["type"] in ("INTEGER", "STRINGSET")
    }


def drain(w, *arns, status="DRAINING", **params):
    return w.call(
        "UpdateContainerInstancesState", containerInstances=list(arns), status=status, **params
    )


# -- joining --------------------------------------------------------------------------------------


def test_a_t2_micro_joins_with_what_it_has():
    w = world()
    (arn,) = listed(w)
    found = described(w, arn)
    assert found["ec2InstanceId"] == EC2
    assert (found["status"], found["agentConnected"]) == ("ACTIVE", True)
    assert found["registeredAt"] == w.now
    assert resources(found) == {
        "CPU": 1024,
        "MEMORY": 993,
        "PORTS": ["22", "2375", "2376", "51678", "51679"],
        "PORTS_UDP": [],
    }
    assert resources(found, "registeredResources") == resources(found)
    attributes = {one["name"]: one.get("value") for one in found["attributes"]}
    assert attributes["ecs.instance-type"] == "t2.micro"
    assert attributes["ecs.capability.task-eni"] is None


def test_an_instance_registers_once():
    w = world()
    facts = len(w.log)
    w.join(ec2_instance_id=EC2)
    assert len(w.log) == facts


def test_an_instance_joins_no_cluster_that_is_not_there():
    w = world(0)
    w.report(m.InstanceRegistered("nowhere", EC2, w.now, 1024, 993))
    assert len(w.state.instances) == 0


def test_an_instance_that_left_can_join_again_as_a_new_one():
    w = world()
    (old,) = listed(w)
    w.call("DeregisterContainerInstance", containerInstance=old)
    new = w.join(ec2_instance_id=EC2)
    assert new != old
    assert listed(w) == [new]


# -- remaining resources --------------------------------------------------------------------------


def test_a_task_takes_its_soft_limit_its_cpu_and_its_named_ports():
    w = ready(
        container={"memoryReservation": 100, "cpu": 256},
        ports=[
            {"containerPort": 80, "hostPort": 80},
            {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
        ],
    )
    w.run()
    (arn,) = listed(w)
    found = described(w, arn)
    assert resources(found) == {
        "CPU": 768,
        "MEMORY": 893,
        "PORTS": ["22", "80", "2375", "2376", "51678", "51679"],
        "PORTS_UDP": ["53"],
    }
    assert resources(found, "registeredResources")["MEMORY"] == 993
    assert (found["runningTasksCount"], found["pendingTasksCount"]) == (0, 1)


def test_dynamic_ports_are_not_among_the_reserved_ones():
    w = ready(ports=[{"containerPort": 80}])
    w.run()
    (arn,) = listed(w)
    assert resources(described(w, arn))["PORTS"] == ["22", "2375", "2376", "51678", "51679"]


def test_a_task_gives_back_what_it_took_when_it_has_stopped_and_not_before():
    w = ready(ports=[{"containerPort": 80, "hostPort": 80}])
    (arn,) = listed(w)
    before = resources(described(w, arn))
    (task,) = w.run()
    w.up(task)
    w.call("StopTask", task=task)
    assert resources(described(w, arn)) != before
    w.moved(task, "STOPPED")
    assert resources(described(w, arn)) == before


def test_an_instance_counts_what_runs_and_what_waits():
    w = ready()
    running, _waiting, stopping = w.run(count=3)
    w.up(running)
    w.up(stopping)
    w.moved(stopping, "STOPPING")
    (arn,) = listed(w)
    found = described(w, arn)
    assert (found["runningTasksCount"], found["pendingTasksCount"]) == (1, 1)


# -- DescribeContainerInstances, ListContainerInstances -------------------------------------------


def test_instances_are_described_by_id_or_arn_and_what_is_missing_is_a_failure():
    w = world()
    (arn,) = listed(w)
    answer = w.call(
        "DescribeContainerInstances", containerInstances=[arn.rsplit("/", 1)[-1], "abc"]
    )
    assert [one["containerInstanceArn"] for one in answer["containerInstances"]] == [arn]
    missing = "arn:aws:ecs:us-east-1:123456789012:container-instance/default/abc"
    assert answer["failures"] == [{"arn": missing, "reason": "MISSING"}]


def test_one_to_a_hundred_instances_can_be_described():
    w = world()
    assert w.refused("DescribeContainerInstances", containerInstances=[]) == (
        "InvalidParameterException",
        "Container instances cannot be empty.",
    )
    assert w.refused(
        "DescribeContainerInstances", containerInstances=[f"i{n}" for n in range(101)]
    ) == ("InvalidParameterException", "instanceIds can have at most 100 items.")


def test_tags_and_health_are_told_only_when_asked_for():
    w = world(0)
    arn = w.join(tags=(("team", "a"),))
    plain = described(w, arn)
    assert plain["tags"] == []
    assert "healthStatus" not in plain
    asked = described(w, arn, include=["TAGS", "CONTAINER_INSTANCE_HEALTH"])
    assert asked["tags"] == [{"key": "team", "value": "a"}]
    assert asked["healthStatus"] == {"overallStatus": "OK"}


def test_instances_are_listed_by_status():
    w = world(3)
    first, *rest = listed(w)
    drain(w, first)
    assert listed(w) == [first, *rest]
    assert listed(w, status="DRAINING") == [first]
    assert listed(w, status="ACTIVE") == rest


def test_instances_are_listed_by_an_expression():
    w = ready(2)
    (task,) = w.run()
    home = w.task(task)["containerInstanceArn"]
    assert listed(w, filter="task:group == family:web") == [home]
    assert home not in listed(w, filter="not(task:group == family:web)")


def test_an_expression_that_cannot_be_read_is_refused_with_the_place():
    code, message = world().refused("ListContainerInstances", filter="attribute:a = 1")
    assert code == "InvalidParameterException"
    assert "position" in message


# -- draining -------------------------------------------------------------------------------------


def test_a_draining_instance_keeps_its_tasks_and_gets_no_new_ones():
    w = ready(2)
    tasks = w.run(count=2)
    home = w.task(tasks[0])["containerInstanceArn"]
    (shown,) = drain(w, home)["containerInstances"]
    assert shown["status"] == "DRAINING"
    assert w.task(tasks[0])["desiredStatus"] == "RUNNING"
    homes = {w.task(arn)["containerInstanceArn"] for arn in w.run(count=5)}
    assert home not in homes


def test_a_draining_instance_is_not_among_the_reasons():
    w = ready(2, container={"memory": 900})
    first, second = listed(w)
    drain(w, first)
    w.run()
    failures = w.call("RunTask", taskDefinition="web")["failures"]
    assert failures == [{"arn": second, "reason": "RESOURCE:MEMORY"}]


def test_start_task_does_not_start_on_a_draining_instance():
    w = ready()
    (arn,) = listed(w)
    drain(w, arn)
    answer = w.call("StartTask", taskDefinition="web", containerInstances=[arn])
    assert answer == {"tasks": [], "failures": [{"arn": arn, "reason": "INACTIVE"}]}


def test_an_instance_can_be_active_again():
    w = ready()
    (arn,) = listed(w)
    drain(w, arn)
    drain(w, arn, status="ACTIVE")
    assert len(w.run()) == 1


def test_setting_the_same_status_again_changes_nothing():
    w = world()
    (arn,) = listed(w)
    drain(w, arn)
    facts = len(w.log)
    drain(w, arn)
    assert len(w.log) == facts


def test_instances_that_are_missing_or_gone_are_failures():
    w = world(2)
    gone, there = listed(w)
    w.call("DeregisterContainerInstance", containerInstance=gone)
    answer = drain(w, gone, "abc", there)
    assert [one["containerInstanceArn"] for one in answer["containerInstances"]] == [there]
    assert [one["reason"] for one in answer["failures"]] == ["INACTIVE", "MISSING"]


@pytest.mark.parametrize("count", [0, 11])
def test_one_to_ten_instances_can_be_set_at_once(count):
    code, _message = world().refused(
        "UpdateContainerInstancesState",
        containerInstances=[f"i{n}" for n in range(count)],
        status="DRAINING",
    )
    assert code == "InvalidParameterException"


@pytest.mark.parametrize("status", ["DEREGISTERING", "REGISTERING", "REGISTRATION_FAILED"])
def test_an_instance_can_be_set_to_active_or_draining_only(status):
    w = world()
    code, message = w.refused(
        "UpdateContainerInstancesState", containerInstances=listed(w), status=status
    )
    assert code == "InvalidParameterException"
    assert status in message


# -- leaving --------------------------------------------------------------------------------------


def test_an_instance_without_tasks_is_deregistered():
    w = world()
    (arn,) = listed(w)
    answer = w.call("DeregisterContainerInstance", containerInstance=arn)["containerInstance"]
    assert answer["status"] == "INACTIVE"
    assert listed(w) == []
    assert described(w, arn)["status"] == "INACTIVE"


def test_what_is_deregistered_already_does_not_exist():
    w = world()
    (arn,) = listed(w)
    w.call("DeregisterContainerInstance", containerInstance=arn)
    for name in (arn, "abc"):
        code, _message = w.refused("DeregisterContainerInstance", containerInstance=name)
        assert code == "InvalidParameterException"


def test_force_stops_what_lives_there():
    w = ready()
    (task,) = w.run()
    w.up(task)
    (arn,) = listed(w)
    w.call("DeregisterContainerInstance", containerInstance=arn, force=True)
    told = w.task(task)
    assert told["lastStatus"] == "STOPPED"
    assert told["stoppedReason"] == "Container instance deregistration forced by user."
    assert m.ForgetTask(task) in w.orders


def test_a_terminated_instance_leaves_and_is_described_for_an_hour():
    w = world()
    (arn,) = listed(w)
    w.report(m.InstanceTerminated(EC2, w.now))
    found = described(w, arn)
    assert (found["status"], found["agentConnected"]) == ("INACTIVE", False)
    assert listed(w) == []
    w.wait(3601)
    answer = w.call("DescribeContainerInstances", containerInstances=[arn])
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]


def test_a_stopped_instance_stays_active_and_its_agent_is_not_connected():
    w = world()
    (arn,) = listed(w)
    w.report(m.AgentConnected(EC2, False, w.now))
    found = described(w, arn, include=["CONTAINER_INSTANCE_HEALTH"])
    assert (found["status"], found["agentConnected"]) == ("ACTIVE", False)
    assert found["healthStatus"] == {"overallStatus": "IMPAIRED"}
    w.report(m.AgentConnected(EC2, True, w.now))
    assert described(w, arn)["agentConnected"] is True


def test_reports_about_instances_nobody_knows_change_nothing():
    w = world()
    facts = len(w.log)
    w.report(m.InstanceTerminated("i-unknown", w.now))
    w.report(m.AgentConnected("i-unknown", False, w.now))
    assert len(w.log) == facts


def test_a_task_whose_interface_is_being_taken_away_does_not_outlive_its_instance():
    w = ready(networkMode="awsvpc")
    (task,) = w.run(networkConfiguration=NETWORK)
    w.wait(5)
    w.up(task)
    w.moved(task, "STOPPED")
    w.report(m.InstanceTerminated(EC2, w.now))
    assert w.task(task)["lastStatus"] == "STOPPED"
    w.wait(5)
    assert w.task(task)["lastStatus"] == "STOPPED"
