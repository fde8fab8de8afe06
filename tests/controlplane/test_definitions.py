"""Task definitions: registered, described, listed, deregistered, deleted."""

import pytest

from ecslab import controlplane as cp
from tests.controlplane.world import World, world

HERE = "arn:aws:ecs:us-east-1:123456789012:task-definition/"


def describe(w, name, **more):
    return w.call("DescribeTaskDefinition", taskDefinition=name, **more)["taskDefinition"]


def listed(w, **params):
    found = w.call("ListTaskDefinitions", **params)["taskDefinitionArns"]
    return [arn.removeprefix(HERE) for arn in found]


def families(w, **params):
    return w.call("ListTaskDefinitionFamilies", **params)["families"]


def gone(w, *names):
    return w.call("DeleteTaskDefinitions", taskDefinitions=list(names))


def three(w=None):
    """web:1, web:2 and api:1."""
    w = w or World()
    w.register()
    w.register("api")
    w.register()
    return w


def test_the_first_revision_is_1_and_the_next_one_higher():
    w = World()
    assert w.register() == HERE + "web:1"
    assert w.register() == HERE + "web:2"
    assert w.register("api") == HERE + "api:1"


def test_a_definition_is_described_with_what_ecs_fills_in():
    w = World()
    w.register(ports=[{"containerPort": 80}, {"containerPort": 53, "protocol": "udp"}])
    made = describe(w, "web")
    assert (made["family"], made["revision"], made["status"]) == ("web", 1, "ACTIVE")
    assert made["registeredAt"] == w.now
    assert made["registeredBy"] == "arn:aws:iam::123456789012:root"
    assert made["compatibilities"] == ["EC2"]
    assert (made["volumes"], made["placementConstraints"]) == ([], [])
    (container,) = made["containerDefinitions"]
    assert (container["cpu"], container["essential"], container["environment"]) == (0, True, [])
    assert container["portMappings"] == [
        {"containerPort": 80, "hostPort": 0, "protocol": "tcp"},
        {"containerPort": 53, "hostPort": 0, "protocol": "udp"},
    ]


@pytest.mark.parametrize("mode", ["awsvpc", "host"])
def test_without_a_bridge_the_host_port_is_the_container_port(mode):
    w = World()
    w.register(networkMode=mode, ports=[{"containerPort": 80}])
    (mapping,) = describe(w, "web")["containerDefinitions"][0]["portMappings"]
    assert mapping["hostPort"] == 80


def test_falsy_values_are_kept_as_they_were_given():
    w = World()
    w.register(container={"essential": True, "cpu": 0, "command": [], "privileged": False})
    (container,) = describe(w, "web")["containerDefinitions"]
    assert (container["command"], container["privileged"]) == ([], False)


def test_sizes_with_units_are_described_as_numbers():
    w = World()
    w.register(cpu="0.5 vCPU", memory="1 GB")
    made = describe(w, "web")
    assert (made["cpu"], made["memory"]) == ("512", "1024")


def test_what_would_run_on_fargate_says_so():
    w = World()
    w.register(networkMode="awsvpc", cpu=".25 vCPU", memory="0.5 GB")
    assert describe(w, "web")["compatibilities"] == ["EC2", "FARGATE"]


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"networkMode": "awsvpc"}, "ecs.capability.task-eni"),
        ({"taskRoleArn": "r"}, "com.amazonaws.ecs.capability.task-iam-role"),
        (
            {"container": {"privileged": True}},
            "com.amazonaws.ecs.capability.privileged-container",
        ),
        (
            {"container": {"logConfiguration": {"logDriver": "json-file"}}},
            "com.amazonaws.ecs.capability.logging-driver.json-file",
        ),
        (
            {"container": {"healthCheck": {"command": ["CMD-SHELL", "true"]}}},
            "ecs.capability.container-health-check",
        ),
    ],
)
def test_a_definition_names_the_attributes_it_needs(change, attribute):
    w = World()
    w.register(**change)
    assert {"name": attribute} in describe(w, "web")["requiresAttributes"]


def test_tags_come_back_when_registered_and_when_asked_for():
    w = World()
    given = [{"key": "team", "value": "a"}]
    container = {"name": "m", "image": "i", "memory": 6}
    answer = w.call(
        "RegisterTaskDefinition", family="web", containerDefinitions=[container], tags=given
    )
    assert answer["tags"] == given
    assert "tags" not in answer["taskDefinition"]
    asked = w.call("DescribeTaskDefinition", taskDefinition="web", include=["TAGS"])
    assert asked["tags"] == given
    assert "tags" not in w.call("DescribeTaskDefinition", taskDefinition="web")


def test_a_family_alone_is_its_latest_active_revision():
    w = three()
    assert describe(w, "web")["revision"] == 2
    w.call("DeregisterTaskDefinition", taskDefinition="web:2")
    assert describe(w, "web")["revision"] == 1


def test_family_and_revision_and_arn_name_the_same():
    w = three()
    assert describe(w, "web:1") == describe(w, HERE + "web:1")
    assert describe(w, HERE + "web") == describe(w, "web:2")


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "web:3",
        "web:x",
        "web:",
        "web:99999999999999999999999",
        HERE + "web:3",
        "arn:aws:ecs:us-east-1:123456789012:cluster/web",
        "arn:nonsense",
    ],
)
def test_what_is_not_there_cannot_be_described(name):
    assert three().refused("DescribeTaskDefinition", taskDefinition=name) == (
        "ClientException",
        "Unable to describe task definition.",
    )


def test_definitions_are_listed_by_family_and_revision():
    w = three()
    for _more in range(10):
        w.register()
    assert listed(w)[:3] == ["api:1", "web:1", "web:2"]
    assert listed(w)[-3:] == ["web:10", "web:11", "web:12"]
    assert listed(w, sort="DESC")[0] == "web:12"
    assert listed(w, sort="DESC")[-1] == "api:1"


def test_the_family_of_a_list_is_an_exact_name():
    w = three()
    w.register("web-2")
    assert listed(w, familyPrefix="web") == ["web:1", "web:2"]
    assert listed(w, familyPrefix="we") == []


def test_only_active_definitions_are_listed_unless_others_are_asked_for():
    w = three()
    w.call("DeregisterTaskDefinition", taskDefinition="web:1")
    assert listed(w) == ["api:1", "web:2"]
    assert listed(w, status="INACTIVE") == ["web:1"]


@pytest.mark.parametrize("sort", ["ASC", "DESC"])
def test_pages_of_a_list_join_to_the_list(sort):
    w = three()
    for _more in range(9):
        w.register()
    found, token = [], None
    while token != "":
        more = {"nextToken": token} if token else {}
        answer = w.call("ListTaskDefinitions", sort=sort, maxResults=5, **more)
        found += answer["taskDefinitionArns"]
        token = answer.get("nextToken", "")
    assert [arn.removeprefix(HERE) for arn in found] == listed(w, sort=sort)


def test_families_are_listed_by_prefix():
    w = three()
    w.register("web-2")
    assert families(w) == ["api", "web", "web-2"]
    assert families(w, familyPrefix="we") == ["web", "web-2"]


def test_a_family_is_active_while_one_revision_is():
    w = three()
    w.call("DeregisterTaskDefinition", taskDefinition="api:1")
    w.call("DeregisterTaskDefinition", taskDefinition="web:1")
    assert families(w, status="ACTIVE") == ["web"]
    assert families(w, status="INACTIVE") == ["api"]
    assert families(w, status="ALL") == ["api", "web"]


def test_a_deregistered_revision_is_inactive_and_still_described():
    w = three()
    w.now += 5
    answer = w.call("DeregisterTaskDefinition", taskDefinition="web:1")["taskDefinition"]
    assert (answer["status"], answer["deregisteredAt"]) == ("INACTIVE", w.now)
    assert describe(w, "web:1") == answer


def test_an_inactive_revision_runs_no_new_task_and_its_tasks_go_on():
    w = world()
    w.register()
    (arn,) = w.run()
    w.call("DeregisterTaskDefinition", taskDefinition="web:1")
    told = ("InvalidParameterException", "TaskDefinition is inactive")
    assert w.refused("RunTask", taskDefinition="web:1") == told
    assert w.refused("RunTask", taskDefinition="web") == (
        "ClientException",
        "TaskDefinition not found.",
    )
    w.up(arn)
    assert w.task(arn)["lastStatus"] == "RUNNING"


def test_deregistering_twice_is_refused():
    w = three()
    w.call("DeregisterTaskDefinition", taskDefinition="web:1")
    code, message = w.refused("DeregisterTaskDefinition", taskDefinition="web:1")
    assert code == "ClientException"
    assert "INACTIVE" in message


@pytest.mark.parametrize("name", ["web", "web:x", "web:-1", HERE + "web"])
def test_deregistering_takes_a_revision(name):
    code, message = three().refused("DeregisterTaskDefinition", taskDefinition=name)
    assert code == "InvalidParameterException"
    assert message.startswith("Invalid revision number. Number: ")


def test_deregistering_what_is_not_there_is_refused():
    assert three().refused("DeregisterTaskDefinition", taskDefinition="web:9") == (
        "ClientException",
        "The specified task definition does not exist.",
    )


def test_a_revision_number_is_never_used_again():
    w = three()
    for revision in ("web:1", "web:2"):
        w.call("DeregisterTaskDefinition", taskDefinition=revision)
    gone(w, "web:1", "web:2")
    assert families(w) == ["api"]
    assert w.register() == HERE + "web:3"


def test_a_deleted_definition_is_gone_once_no_task_tells_of_it():
    w = world()
    w.register()
    (arn,) = w.run()
    w.call("DeregisterTaskDefinition", taskDefinition="web:1")
    (going,) = gone(w, "web:1")["taskDefinitions"]
    assert (going["status"], going["deleteRequestedAt"]) == ("DELETE_IN_PROGRESS", w.now)
    assert listed(w, status="DELETE_IN_PROGRESS") == ["web:1"]
    w.moved(arn, "STOPPED")
    assert describe(w, "web:1")["status"] == "DELETE_IN_PROGRESS"
    w.wait(3600)
    assert w.refused("DescribeTaskDefinition", taskDefinition="web:1")[0] == "ClientException"


def test_what_cannot_be_deleted_is_a_failure_with_its_reason():
    w = three()
    answer = gone(w, "web:1", "web:9")
    assert answer["taskDefinitions"] == []
    assert [(one["arn"], one["reason"]) for one in answer["failures"]] == [
        (HERE + "web:1", "TASK_DEFINITION_ACTIVE"),
        ("web:9", "TASK_DEFINITION_NOT_FOUND"),
    ]


@pytest.mark.parametrize("count", [0, 11])
def test_one_to_ten_definitions_can_be_deleted_at_once(count):
    code, message = three().refused(
        "DeleteTaskDefinitions", taskDefinitions=[f"web:{n}" for n in range(count)]
    )
    assert code == "InvalidParameterException"
    assert str(count) in message


def test_what_the_sandbox_does_not_model_is_refused_by_name():
    container = {"name": "m", "image": "i", "memory": 6}
    code, message = World().refused(
        "RegisterTaskDefinition",
        family="web",
        containerDefinitions=[container],
        trustedExecutionConfiguration={},
    )
    assert code == "ClientException"
    assert "'trustedExecutionConfiguration'" in message


def test_each_region_has_its_own_definitions():
    w = three()
    tokyo = w.context(region="ap-northeast-1")
    assert cp.handle(w.state, "ListTaskDefinitions", {}, tokyo).answer == {"taskDefinitionArns": []}
    made = cp.handle(
        w.state,
        "RegisterTaskDefinition",
        {"family": "web", "containerDefinitions": [{"name": "m", "image": "i", "memory": 6}]},
        tokyo,
    )
    assert made.answer["taskDefinition"]["revision"] == 1
