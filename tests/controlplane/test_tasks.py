"""StopTask, DescribeTasks, ListTasks."""

import pytest

from ecslab.model import agent_messages as m
from tests.controlplane.world import NETWORK, world


def ready(instances=1, **definition):
    w = world(instances)
    w.register(**definition)
    return w


def listed(w, **params):
    return set(w.call("ListTasks", **params)["taskArns"])


# -- StopTask -------------------------------------------------------------------------------------


def test_a_task_can_be_stopped_by_id_or_arn():
    w = ready()
    first, second = w.run(count=2)
    assert w.call("StopTask", task=first)["task"]["desiredStatus"] == "STOPPED"
    assert w.call("StopTask", task=second.rsplit("/", 1)[-1])["task"]["taskArn"] == second


def test_a_stopped_task_says_who_stopped_it():
    w = ready()
    (arn,) = w.run()
    task = w.call("StopTask", task=arn)["task"]
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "Task stopped by user")
    assert task["stoppingAt"] == w.now


def test_stopping_twice_changes_nothing():
    w = ready()
    (arn,) = w.run()
    first = w.call("StopTask", task=arn, reason="enough")
    facts = len(w.log)
    assert w.call("StopTask", task=arn, reason="more") == first
    assert len(w.log) == facts


@pytest.mark.parametrize("name", ["abc", "arn:aws:ecs:us-east-1:123456789012:task/default/abc"])
def test_a_task_that_is_not_there_cannot_be_stopped(name):
    assert ready().refused("StopTask", task=name) == (
        "InvalidParameterException",
        "The referenced task was not found.",
    )


def test_a_task_of_another_cluster_is_not_found():
    w = ready()
    (arn,) = w.run()
    w.call("CreateCluster", clusterName="other")
    assert w.refused("StopTask", task=arn, cluster="other")[0] == "InvalidParameterException"


def test_a_reason_can_have_1024_characters():
    w = ready()
    first, second = w.run(count=2)
    assert w.call("StopTask", task=first, reason="x" * 1024)
    assert w.refused("StopTask", task=second, reason="x" * 1025)[0] == "InvalidParameterException"


def test_a_task_stopped_while_it_waits_for_its_interface_never_reaches_its_agent():
    w = ready(networkMode="awsvpc")
    (arn,) = w.run(networkConfiguration=NETWORK)
    w.call("StopTask", task=arn)
    w.wait(5)
    task = w.task(arn)
    assert task["lastStatus"] == "STOPPED"
    assert task["attachments"][0]["status"] == "DELETED"
    assert w.orders == []


# -- DescribeTasks --------------------------------------------------------------------------------


def test_tasks_are_described_in_the_order_asked_and_what_is_missing_is_a_failure():
    w = ready()
    first, second = w.run(count=2)
    answer = w.call("DescribeTasks", tasks=[second, "abc", first.rsplit("/", 1)[-1]])
    assert [one["taskArn"] for one in answer["tasks"]] == [second, first]
    missing = "arn:aws:ecs:us-east-1:123456789012:task/default/abc"
    assert answer["failures"] == [{"arn": missing, "reason": "MISSING"}]


def test_no_tasks_cannot_be_described():
    assert ready().refused("DescribeTasks", tasks=[]) == (
        "InvalidParameterException",
        "Tasks cannot be empty.",
    )


def test_a_hundred_tasks_can_be_described_and_no_more():
    w = ready()
    answer = w.call("DescribeTasks", tasks=[f"t{n}" for n in range(100)])
    assert len(answer["failures"]) == 100
    assert w.refused("DescribeTasks", tasks=[f"t{n}" for n in range(101)]) == (
        "InvalidParameterException",
        "taskIds can have at most 100 items.",
    )


def test_tags_are_told_only_when_asked_for():
    w = ready()
    (arn,) = w.run(tags=[{"key": "a", "value": "1"}])
    assert w.task(arn)["tags"] == []
    (asked,) = w.call("DescribeTasks", tasks=[arn], include=["TAGS"])["tasks"]
    assert asked["tags"] == [{"key": "a", "value": "1"}]


def test_a_task_tells_where_its_ports_are_open():
    w = ready(ports=[{"containerPort": 80}])
    (arn,) = w.run()
    w.moved(arn, "ACTIVATING")
    (order,) = w.orders
    w.report(
        m.ContainerStateChange(
            arn, "main", "RUNNING", w.now, runtime_id="abc", network_bindings=order.dynamic_ports
        )
    )
    (container,) = w.task(arn)["containers"]
    (binding,) = container["networkBindings"]
    assert (binding["containerPort"], binding["protocol"]) == (80, "tcp")
    assert 49153 <= binding["hostPort"] <= 65535
    assert container["runtimeId"] == "abc"


@pytest.mark.parametrize(
    ("said", "health"),
    [
        (("HEALTHY", "HEALTHY"), "HEALTHY"),
        (("HEALTHY", "UNKNOWN"), "UNKNOWN"),
        (("HEALTHY", "UNHEALTHY"), "UNHEALTHY"),
    ],
)
def test_a_task_is_as_healthy_as_its_essential_containers(said, health):
    w = world()
    check = {"command": ["CMD-SHELL", "true"]}
    container = {"image": "i", "memory": 6, "healthCheck": check}
    containers = [
        {"name": "a", **container},
        {"name": "b", **container},
        {"name": "helper", "essential": False, **container},
        {"name": "unchecked", "image": "i", "memory": 6},
    ]
    w.call("RegisterTaskDefinition", family="web", containerDefinitions=containers)
    (arn,) = w.run()
    w.moved(arn, "RUNNING")
    w.report(m.ContainerHealthChange(arn, "helper", "UNHEALTHY", w.now))
    for name, word in zip("ab", said, strict=True):
        w.report(m.ContainerHealthChange(arn, name, word, w.now))
    assert w.task(arn)["healthStatus"] == health


# -- ListTasks ------------------------------------------------------------------------------------


def test_tasks_that_are_to_run_are_listed_unless_others_are_asked_for():
    w = ready()
    stays, stops = w.run(count=2)
    w.call("StopTask", task=stops)
    assert listed(w) == {stays}
    assert listed(w, desiredStatus="STOPPED") == {stops}
    assert listed(w, desiredStatus="PENDING") == set()


def test_tasks_are_listed_by_family_who_started_them_instance_and_launch_type():
    w = ready(2)
    w.register("api")
    web = w.run("web", startedBy="a")
    api = w.run("api", startedBy="b")
    home = w.task(api[0])["containerInstanceArn"]
    assert listed(w, family="web") == set(web)
    assert listed(w, family="web:1") == set()
    assert listed(w, startedBy="b") == set(api)
    assert listed(w, startedBy="a", family="api") == set()
    assert api[0] in listed(w, containerInstance=home)
    assert listed(w, containerInstance=home) | listed(
        w, containerInstance=w.task(web[0])["containerInstanceArn"]
    ) == {*web, *api}
    assert listed(w, launchType="EC2") == {*web, *api}
    assert listed(w, launchType="FARGATE") == set()


def test_an_instance_that_is_not_there_has_no_list():
    code, _message = ready().refused("ListTasks", containerInstance="abc")
    assert code == "InvalidParameterException"


def test_each_cluster_lists_its_own_tasks():
    w = ready()
    w.call("CreateCluster", clusterName="other")
    w.join("other")
    here, there = w.run(), w.run(cluster="other")
    assert listed(w) == set(here)
    assert listed(w, cluster="other") == set(there)


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_has_one_to_a_hundred_tasks(size):
    code, message = ready().refused("ListTasks", maxResults=size)
    assert code == "InvalidParameterException"
    assert str(size) in message
