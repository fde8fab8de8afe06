"""RunTask and StartTask: how many, where, with what changed, and what is said when it cannot be."""

import pytest

from tests.controlplane.world import NETWORK, SUBNETS, World, world


def failures(answer):
    return [(one["arn"].rsplit("/", 1)[-1], one["reason"]) for one in answer["failures"]]


def short(w, arn):
    return arn.rsplit("/", 1)[-1]


def ready(instances=1, **definition):
    w = world(instances)
    w.register(**definition)
    return w


def test_one_task_is_run_unless_more_are_asked_for():
    assert len(ready().run()) == 1
    assert len(ready(2).run(count=10)) == 10


@pytest.mark.parametrize("count", [0, -1, 11])
def test_one_to_ten_tasks_can_be_run_at_once(count):
    code, message = ready().refused("RunTask", taskDefinition="web", count=count)
    assert code == "InvalidParameterException"
    assert message == f"count must be between 1 and 10, not {count}."


def test_a_cluster_that_is_not_there_runs_nothing():
    assert ready().refused("RunTask", taskDefinition="web", cluster="nowhere") == (
        "ClusterNotFoundException",
        "Cluster not found.",
    )


@pytest.mark.parametrize("name", ["nothing", "web:2", "web:x"])
def test_a_definition_that_is_not_there_is_not_found(name):
    assert ready().refused("RunTask", taskDefinition=name) == (
        "ClientException",
        "TaskDefinition not found.",
    )


def test_a_cluster_without_instances_says_so():
    assert ready(0).refused("RunTask", taskDefinition="web") == (
        "InvalidParameterException",
        "No Container Instances were found in your cluster.",
    )


def test_a_cluster_whose_instances_all_drain_has_none():
    w = ready()
    (home,) = w.call("ListContainerInstances")["containerInstanceArns"]
    w.call("UpdateContainerInstancesState", containerInstances=[home], status="DRAINING")
    assert w.refused("RunTask", taskDefinition="web") == (
        "InvalidParameterException",
        "No Container Instances were found in your cluster.",
    )


def test_what_has_room_runs_and_every_instance_says_why_no_more_fits():
    w = ready(2, container={"memory": 400})
    answer = w.call("RunTask", taskDefinition="web", count=10)
    assert len(answer["tasks"]) == 4
    homes = w.call("ListContainerInstances")["containerInstanceArns"]
    assert failures(answer) == [(short(w, arn), "RESOURCE:MEMORY") for arn in homes]


def test_a_new_task_tells_what_it_is():
    w = ready()
    answer = w.call("RunTask", taskDefinition="web", startedBy="lesson")
    (task,) = answer["tasks"]
    assert answer["failures"] == []
    assert task == w.task(task["taskArn"])
    assert task["lastStatus"] == "PENDING"
    assert task["group"] == "family:web"
    assert task["startedBy"] == "lesson"
    assert task["launchType"] == "EC2"
    assert task["availabilityZone"] == "us-east-1b"
    assert task["taskDefinitionArn"].endswith(":task-definition/web:1")
    assert task["containerInstanceArn"].startswith("arn:aws:ecs:us-east-1:123456789012:container-i")
    assert (task["cpu"], task["memory"]) == ("0", "128")
    (container,) = task["containers"]
    assert (container["name"], container["image"]) == ("main", "nginx:alpine")
    assert container["lastStatus"] == "PENDING"
    assert container["taskArn"] == task["taskArn"]
    assert container["containerArn"].startswith(
        task["taskArn"].replace(":task/", ":container/") + "/"
    )


def test_started_by_can_have_128_characters():
    assert ready().run(startedBy="x" * 128)
    code, _message = ready().refused("RunTask", taskDefinition="web", startedBy="x" * 129)
    assert code == "InvalidParameterException"


# -- overrides ------------------------------------------------------------------------------------


def test_an_override_reaches_the_agent_and_is_shown():
    w = ready(container={"environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})
    change = {
        "name": "main",
        "command": ["sh"],
        "environment": [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}],
    }
    (arn,) = w.run(overrides={"containerOverrides": [change]})
    assert w.task(arn)["overrides"]["containerOverrides"] == [change]
    (told,) = w.orders[-1].definition["containerDefinitions"]
    assert told["command"] == ["sh"]
    assert {one["name"]: one["value"] for one in told["environment"]} == {
        "A": "1",
        "B": "3",
        "C": "4",
    }


def test_without_overrides_every_container_is_named_in_them():
    w = ready()
    (arn,) = w.run()
    assert w.task(arn)["overrides"] == {
        "containerOverrides": [{"name": "main"}],
        "inferenceAcceleratorOverrides": [],
    }


@pytest.mark.parametrize(
    ("change", "cpu", "memory"),
    [
        ({"containerOverrides": [{"name": "main", "memory": 200}]}, 1024, 793),
        ({"containerOverrides": [{"name": "main", "memoryReservation": 100}]}, 1024, 893),
        ({"containerOverrides": [{"name": "main", "cpu": 24}]}, 1000, 865),
        ({"cpu": "0.5 vCPU", "memory": "256"}, 512, 737),
    ],
)
def test_an_override_of_a_size_is_what_placement_counts(change, cpu, memory):
    w = ready()
    (arn,) = w.run(overrides=change)
    (home,) = w.call(
        "DescribeContainerInstances", containerInstances=[w.task(arn)["containerInstanceArn"]]
    )["containerInstances"]
    left = {one["name"]: one["integerValue"] for one in home["remainingResources"]}
    assert (left["CPU"], left["MEMORY"]) == (cpu, memory)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"containerOverrides": [{"name": "other"}]}, "named other is not a container"),
        ({"containerOverrides": [{"name": "main", "cpu": -1}]}, "cannot be negative"),
        ({"cpu": "plenty"}, "Invalid 'cpu' setting for task."),
        ({"memory": "0"}, "Invalid 'memory' setting for task."),
    ],
)
def test_an_override_that_cannot_be_is_refused(change, part):
    code, message = ready().refused("RunTask", taskDefinition="web", overrides=change)
    assert code == "InvalidParameterException"
    assert part in message


# -- networks -------------------------------------------------------------------------------------


def test_awsvpc_needs_a_network_configuration():
    assert ready(networkMode="awsvpc").refused("RunTask", taskDefinition="web") == (
        "InvalidParameterException",
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    )


def test_a_bridge_takes_no_network_configuration():
    told = ready().refused("RunTask", taskDefinition="web", networkConfiguration=NETWORK)
    assert told == (
        "InvalidParameterException",
        "Network Configuration is not valid for the given networkMode of this task definition.",
    )


def test_an_interface_needs_a_subnet():
    told = ready(networkMode="awsvpc").refused(
        "RunTask",
        taskDefinition="web",
        networkConfiguration={"awsvpcConfiguration": {"subnets": []}},
    )
    assert told == ("InvalidParameterException", "subnets can not be empty.")


def test_on_an_instance_a_task_gets_no_public_address():
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "ENABLED"}}
    told = ready(networkMode="awsvpc").refused(
        "RunTask", taskDefinition="web", networkConfiguration=network
    )
    assert told == (
        "InvalidParameterException",
        "Assign public IP is not supported for this launch type.",
    )


def test_an_interface_has_an_address_nobody_else_has():
    w = ready(2, networkMode="awsvpc")
    tasks = [w.task(arn) for arn in w.run(count=2, networkConfiguration=NETWORK)]
    details = [
        {one["name"]: one["value"] for one in task["attachments"][0]["details"]} for task in tasks
    ]
    addresses = {one["privateIPv4Address"] for one in details}
    hosts = {one.private_ip for one in w.state.instances.values()}
    assert len(addresses) == 2
    assert not addresses & hosts
    assert {one["subnetId"] for one in details} == set(SUBNETS)
    shown = {task["containers"][0]["networkInterfaces"][0]["privateIpv4Address"] for task in tasks}
    assert shown == addresses


# -- words of the launch type ---------------------------------------------------------------------


def test_a_launch_type_and_a_capacity_provider_exclude_each_other():
    told = ready().refused(
        "RunTask",
        taskDefinition="web",
        launchType="EC2",
        capacityProviderStrategy=[{"capacityProvider": "x"}],
    )
    assert told == (
        "InvalidParameterException",
        "Specifying both a launch type and capacity provider strategy is not supported. Remove one "
        "and try again.",
    )


def test_an_ec2_task_has_no_platform_version():
    told = ready().refused("RunTask", taskDefinition="web", platformVersion="LATEST")
    assert told == (
        "InvalidParameterException",
        "The platform version must be null when specifying an EC2 launch type.",
    )


# -- tags -----------------------------------------------------------------------------------------


def tags(w, arn):
    found = w.call("ListTagsForResource", resourceArn=arn)["tags"]
    return {one["key"]: one["value"] for one in found}


def test_a_task_has_the_tags_it_was_given():
    w = ready()
    (arn,) = w.run(tags=[{"key": "team", "value": "a"}])
    assert tags(w, arn) == {"team": "a"}


def test_tags_of_the_definition_come_along_when_asked_and_ones_own_win():
    w = ready(tags=[{"key": "team", "value": "a"}, {"key": "cost", "value": "1"}])
    (arn,) = w.run(propagateTags="TASK_DEFINITION", tags=[{"key": "team", "value": "b"}])
    assert tags(w, arn) == {"team": "b", "cost": "1"}
    assert tags(w, w.run()[0]) == {}


def test_managed_tags_name_the_cluster():
    w = ready()
    (arn,) = w.run(enableECSManagedTags=True)
    assert tags(w, arn) == {"aws:ecs:clusterName": "default"}


def test_tags_of_a_service_are_for_services():
    code, message = ready().refused("RunTask", taskDefinition="web", propagateTags="SERVICE")
    assert code == "InvalidParameterException"
    assert "SERVICE" in message


# -- client tokens --------------------------------------------------------------------------------


def test_a_client_token_can_have_64_characters():
    assert ready().run(clientToken="t" * 64)
    assert ready().refused("RunTask", taskDefinition="web", clientToken="t" * 65)


def test_a_token_answers_with_the_same_failures_too():
    w = ready(container={"memory": 600})
    first = w.call("RunTask", taskDefinition="web", count=2, clientToken="t")
    again = w.call("RunTask", taskDefinition="web", count=2, clientToken="t")
    assert len(first["tasks"]) == 1
    assert again == first


def test_a_token_is_of_one_cluster():
    w = ready()
    w.call("CreateCluster", clusterName="other")
    w.join("other")
    assert w.run(clientToken="t") != w.run(clientToken="t", cluster="other")


# -- StartTask ------------------------------------------------------------------------------------


def start(w, *instances, **params):
    return w.call("StartTask", taskDefinition="web", containerInstances=list(instances), **params)


def test_start_task_puts_one_task_on_each_instance_named():
    w = ready(3)
    homes = w.call("ListContainerInstances")["containerInstanceArns"][:2]
    answer = start(w, homes[0], short(w, homes[1]), startedBy="me")
    assert [one["containerInstanceArn"] for one in answer["tasks"]] == homes
    assert answer["failures"] == []
    assert {one["startedBy"] for one in answer["tasks"]} == {"me"}


def test_an_instance_without_room_says_why_and_the_others_start():
    w = ready(2, container={"memory": 600})
    full, free = w.call("ListContainerInstances")["containerInstanceArns"]
    start(w, full)
    answer = start(w, full, free)
    assert [one["containerInstanceArn"] for one in answer["tasks"]] == [free]
    assert failures(answer) == [(short(w, full), "RESOURCE:MEMORY")]


def test_an_instance_that_is_missing_or_gone_is_a_failure():
    w = ready(2)
    gone, _there = w.call("ListContainerInstances")["containerInstanceArns"]
    w.call("DeregisterContainerInstance", containerInstance=gone)
    assert failures(start(w, gone, "abc")) == [(short(w, gone), "INACTIVE"), ("abc", "MISSING")]


def test_start_task_takes_up_to_ten_instances():
    assert ready().refused("StartTask", taskDefinition="web", containerInstances=[]) == (
        "InvalidParameterException",
        "Container instances cannot be empty.",
    )
    code, _message = ready().refused(
        "StartTask", taskDefinition="web", containerInstances=[f"i{n}" for n in range(11)]
    )
    assert code == "InvalidParameterException"


def test_start_task_needs_a_definition_that_is_there():
    assert World().refused("StartTask", taskDefinition="web", containerInstances=["a"]) == (
        "ClusterNotFoundException",
        "Cluster not found.",
    )
    assert world().refused("StartTask", taskDefinition="web", containerInstances=["a"]) == (
        "ClientException",
        "TaskDefinition not found.",
    )


class Iam:
    """An account with one good role."""

    def tasks_may_assume(self, role_arn):
        return role_arn == "arn:aws:iam::123456789012:role/good"

    def target_group(self, arn):
        return None

    def subnet(self, subnet_id):
        return None


def with_roles(**definition):
    w = world(0)
    capabilities = ("task-iam-role", "execution-role-ecr-pull")
    offered = [(f"com.amazonaws.ecs.capability.{one}", None) for one in capabilities]
    w.join(attributes=tuple(offered))
    w.register(**definition)
    w.outside = Iam()
    return w


@pytest.mark.parametrize("member", ["taskRoleArn", "executionRoleArn"])
@pytest.mark.parametrize("name", ["good", "arn:aws:iam::123456789012:role/good"])
def test_a_role_that_tasks_may_assume_is_taken_by_name_or_arn(member, name):
    w = with_roles(**{member: name})
    assert len(w.run()) == 1


@pytest.mark.parametrize("member", ["taskRoleArn", "executionRoleArn"])
def test_a_role_that_cannot_be_assumed_is_refused_in_the_words_of_ecs(member):
    w = with_roles(**{member: "bad"})
    code, message = w.refused("RunTask", taskDefinition="web")
    assert code == "ClientException"
    assert message.startswith(
        "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/bad' that was provided "
        "for this task."
    )


@pytest.mark.parametrize(("defined", "override"), [("bad", "good"), ("good", "bad")])
def test_the_role_of_the_call_counts_not_the_definitions(defined, override):
    w = with_roles(taskRoleArn=defined)
    request = {"taskDefinition": "web", "overrides": {"taskRoleArn": override}}
    if override == "good":
        assert len(w.call("RunTask", **request)["tasks"]) == 1
    else:
        assert w.refused("RunTask", **request)[0] == "ClientException"
