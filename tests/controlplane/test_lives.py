"""The life of a task, from RunTask to being forgotten."""

import json

import pytest

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from ecslab.model.lifecycle import IllegalMoveError
from tests.controlplane.world import NETWORK, world


def replayed(w):
    """The state the log leads to after a trip through JSON."""
    state = cp.State.empty()
    for fact in w.log:
        state = cp.evolve(state, cp.fact_from_json(json.loads(json.dumps(cp.fact_to_json(fact)))))
    return state


def test_a_new_task_is_pending_and_its_agent_is_told():
    w = world()
    w.register(ports=[{"containerPort": 80, "hostPort": 80}])
    (arn,) = w.run()
    task = w.task(arn)
    assert (task["lastStatus"], task["desiredStatus"], task["version"]) == ("PENDING", "RUNNING", 1)
    (order,) = w.orders
    assert isinstance(order, m.RunTask)
    assert order.host_ip == "127.0.1.2"
    assert order.definition["containerDefinitions"][0]["image"] == "nginx:alpine"


def test_a_task_runs_when_its_agent_says_so_and_its_version_counts_the_changes():
    w = world()
    w.register()
    (arn,) = w.run()
    w.up(arn)
    task = w.task(arn)
    assert (task["lastStatus"], task["version"]) == ("RUNNING", 4)
    assert task["startedAt"] == w.now
    assert task["connectivity"] == "CONNECTED"
    cluster = w.call("DescribeClusters")["clusters"][0]
    assert (cluster["runningTasksCount"], cluster["pendingTasksCount"]) == (1, 0)


def test_stop_task_answers_before_the_containers_end():
    w = world()
    w.register()
    (arn,) = w.run()
    w.up(arn)
    answer = w.call("StopTask", task=arn, reason="enough")["task"]
    assert (answer["lastStatus"], answer["desiredStatus"]) == ("RUNNING", "STOPPED")
    assert w.orders[-1] == m.StopTask(arn)
    w.moved(arn, "STOPPING")
    w.report(m.ContainerStateChange(arn, "main", "STOPPED", w.now, exit_code=143))
    w.moved(arn, "STOPPED")
    task = w.task(arn)
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "enough")
    assert task["containers"][0]["exitCode"] == 143
    assert (
        w.call("DescribeContainerInstances", containerInstances=[task["containerInstanceArn"]])[
            "containerInstances"
        ][0]["remainingResources"][1]["integerValue"]
        == 993
    )


def test_a_task_whose_essential_container_exits_says_so():
    w = world()
    w.register()
    (arn,) = w.run()
    w.up(arn)
    w.moved(arn, "STOPPED", reason="Essential container in task exited")
    task = w.task(arn)
    assert task["desiredStatus"] == "STOPPED"
    assert task["stopCode"] == "EssentialContainerExited"
    assert task["stoppedReason"] == "Essential container in task exited"


def test_a_task_that_never_ran_failed_to_start():
    w = world()
    w.register()
    (arn,) = w.run()
    w.moved(arn, "STOPPED", reason="CannotPullContainerError: not found")
    task = w.task(arn)
    assert task["stopCode"] == "TaskFailedToStart"
    assert "startedAt" not in task


def test_a_stopped_task_is_described_for_an_hour_and_then_forgotten():
    w = world()
    w.register()
    (arn,) = w.run()
    w.moved(arn, "STOPPED")
    w.wait(3599)
    assert w.task(arn)["lastStatus"] == "STOPPED"
    assert cp.next_wakeup(w.state) == w.now + 1
    w.wait(1)
    assert w.call("DescribeTasks", tasks=[arn])["failures"][0]["reason"] == "MISSING"
    assert w.orders[-1] == m.ForgetTask(arn)
    assert cp.next_wakeup(w.state) is None


def test_awsvpc_takes_an_interface_first_and_gives_it_back_last():
    w = world()
    w.register(networkMode="awsvpc")
    (arn,) = w.run(networkConfiguration=NETWORK)
    assert w.task(arn)["lastStatus"] == "PROVISIONING"
    assert w.orders == []
    w.wait(5)
    assert w.task(arn)["lastStatus"] == "PENDING"
    assert w.orders[-1].private_ip.startswith("10.0.0.")
    failures = w.call("RunTask", taskDefinition="web", networkConfiguration=NETWORK)["failures"]
    assert [one["reason"] for one in failures] == ["RESOURCE:ENI"]
    w.up(arn)
    w.moved(arn, "STOPPED", reason="Essential container in task exited")
    assert w.task(arn)["lastStatus"] == "DEPROVISIONING"
    w.wait(5)
    assert w.task(arn)["lastStatus"] == "STOPPED"


def test_a_terminated_host_takes_its_tasks_with_it():
    w = world(2)
    w.register()
    first, second = w.run(count=2)
    home = w.state.tasks[first].instance_arn
    ec2 = w.state.instances[home].ec2_instance_id
    w.report(m.InstanceTerminated(ec2, w.now))
    task = w.task(first)
    assert task["stoppedReason"] == f"Host EC2 (instance {ec2}) terminated."
    assert task["stopCode"] == "TerminationNotice"
    assert w.task(second)["lastStatus"] == "PENDING"
    assert home not in w.call("ListContainerInstances")["containerInstanceArns"]


def test_a_stopped_host_is_disconnected_and_what_ran_there_is_gone_when_it_is_back():
    w = world()
    w.register()
    ran, waits = w.run(count=2)
    w.up(ran)
    w.report(m.AgentConnected("i-00000000000000001", False, w.now))
    assert {m.ForgetTask(ran), m.ForgetTask(waits)} <= set(w.orders[-2:])
    assert w.task(ran)["connectivity"] == "DISCONNECTED"
    failures = w.call("RunTask", taskDefinition="web")["failures"]
    assert [one["reason"] for one in failures] == ["AGENT"]
    w.report(m.AgentConnected("i-00000000000000001", True, w.now))
    assert w.task(ran)["lastStatus"] == "STOPPED"
    assert w.task(waits)["lastStatus"] == "PENDING"
    assert w.orders[-1].task_arn == waits


def test_deregistering_needs_force_while_tasks_live_there():
    w = world()
    w.register()
    (arn,) = w.run()
    home = w.state.tasks[arn].instance_arn
    with pytest.raises(AwsError, match=r"Found running tasks on the instance\."):
        w.call("DeregisterContainerInstance", containerInstance=home)
    answer = w.call("DeregisterContainerInstance", containerInstance=home, force=True)
    assert answer["containerInstance"]["status"] == "INACTIVE"
    assert w.task(arn)["lastStatus"] == "STOPPED"


def test_an_illegal_move_is_an_error_and_changes_nothing():
    w = world()
    w.register()
    (arn,) = w.run()
    w.moved(arn, "STOPPED")
    before = w.state
    with pytest.raises(IllegalMoveError):
        w.moved(arn, "RUNNING")
    assert w.state is before


def test_after_a_restart_agents_hear_again_of_every_task_that_lives():
    w = world()
    w.register()
    first, second, third = w.run(count=3)
    w.up(first)
    w.moved(second, "STOPPED")
    w.call("StopTask", task=third)
    again = cp.resume(replayed(w))
    assert [(type(one).__name__, one.task_arn) for one in again] == [
        ("RunTask", first),
        ("RunTask", third),
        ("StopTask", third),
    ]
    assert again[0].resumed
    assert not again[1].resumed


def test_the_log_through_json_gives_the_same_state():
    w = world(2)
    w.register(ports=[{"containerPort": 80}], container={"dockerLabels": {}, "command": []})
    w.register("eni", networkMode="awsvpc", tags=[{"key": "a", "value": ""}])
    tasks = w.run(count=3, tags=[{"key": "k", "value": "v"}], clientToken="t")
    w.run("eni", networkConfiguration=NETWORK, overrides={"cpu": "256"})
    w.up(tasks[0])
    w.report(m.ContainerHealthChange(tasks[0], "main", "HEALTHY", w.now))
    w.report(m.PullStateChange(tasks[1], False, w.now))
    w.call("StopTask", task=tasks[0])
    w.moved(tasks[0], "STOPPED")
    w.wait(4000)
    assert replayed(w) == w.state
    cp.check(w.state)


def test_a_story_tells_every_step_and_why():
    w = world()
    w.register()
    (arn,) = w.run()
    w.up(arn)
    w.call("StopTask", task=arn, reason="enough")
    w.moved(arn, "STOPPED")
    told = [str(line) for line in cp.story(w.log, arn)]
    assert [line.split(": ", 1)[1] for line in told] == [
        "created as PENDING from web:1 on container instance "
        f"{w.state.tasks[arn].instance_arn.rsplit('/')[-1]}. "
        "RunTask was called; placement chose this instance.",
        "PENDING → ACTIVATING. The agent reported it.",
        "container main is RUNNING. The agent reported it.",
        "ACTIVATING → RUNNING. The agent reported it.",
        "desired status STOPPED (UserInitiated: enough). StopTask was called.",
        "RUNNING → STOPPED. The agent reported it.",
    ]


def test_the_same_client_token_gives_the_same_tasks_and_other_parameters_conflict():
    w = world()
    w.register()
    first = w.run(clientToken="once", count=2)
    assert w.run(clientToken="once", count=2) == first
    with pytest.raises(AwsError) as caught:
        w.run(clientToken="once", count=3)
    assert caught.value.code == "ConflictException"
    w.wait(86400)
    assert w.run(clientToken="once", count=2) != first
