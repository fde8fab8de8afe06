"""CreateService: what it makes, and what it refuses in ECS's words."""

from typing import Any

import pytest

from ecslab.model.errors import AwsError
from ecslab.model.load_balancer import TargetGroup
from tests.controlplane.fleet import fleet, replayed

GROUP = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/0123"
BALANCED = [{"targetGroupArn": GROUP, "containerName": "main", "containerPort": 80}]
PORTS = [{"containerPort": 80}]


class Outside:
    """Answers as the neighbours would."""

    def __init__(self, group: TargetGroup | None) -> None:
        self.group = group

    def target_group(self, arn: str) -> TargetGroup | None:
        return self.group

    def subnet(self, subnet_id: str) -> None:
        return None

    def tasks_may_assume(self, role_arn: str) -> bool:
        return False


def refused(w: Any, **params: Any) -> tuple[str, str]:
    before = w.state
    with pytest.raises(AwsError) as caught:
        w.create(**params)
    assert w.state is before
    return caught.value.code, caught.value.message


def test_a_new_service_has_one_deployment_in_progress_and_starts_its_tasks():
    w = fleet()
    answer = w.create()
    assert (answer["status"], answer["desiredCount"], answer["runningCount"]) == ("ACTIVE", 2, 0)
    service = w.service()
    (deployment,) = service["deployments"]
    assert deployment["id"].startswith("ecs-svc/")
    assert (deployment["status"], deployment["rolloutState"]) == ("PRIMARY", "IN_PROGRESS")
    assert (service["pendingCount"], deployment["pendingCount"]) == (2, 2)
    assert service["serviceArn"].endswith(":service/default/web")


def test_its_tasks_name_the_service_as_group_and_the_deployment_as_who_started_them():
    w = fleet()
    w.create()
    task = w.task(w.live()[0])
    assert task["group"] == "service:web"
    assert task["startedBy"] == w.service()["deployments"][0]["id"]
    assert len(w.call("ListTasks", serviceName="web")["taskArns"]) == 2
    by_deployment = w.call("ListTasks", startedBy=task["startedBy"])["taskArns"]
    assert len(by_deployment) == 2


def test_the_same_name_again_is_not_idempotent_unless_the_token_and_all_else_are_the_same():
    w = fleet()
    first = w.create(clientToken="once")
    assert w.create(clientToken="once")["serviceArn"] == first["serviceArn"]
    text = "Creation of service was not idempotent."
    assert refused(w) == ("InvalidParameterException", text)
    assert refused(w, clientToken="once", desiredCount=3) == ("InvalidParameterException", text)


def test_a_name_is_free_again_once_its_service_is_inactive():
    w = fleet()
    w.create(desiredCount=1)
    w.settle()
    w.call("DeleteService", service="web", force=True)
    assert refused(w)[1] == "Unable to Start a service that is still Draining."
    w.settle()
    assert w.service()["status"] == "INACTIVE"
    assert w.create()["status"] == "ACTIVE"
    assert replayed(w) == w.state


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        ({"name": "a b"}, "InvalidParameterException", "Identifier is of unexpected length"),
        ({"desiredCount": -1}, "InvalidParameterException", "between 0 and 5000, not -1"),
        ({"taskDefinition": "none"}, "ClientException", "TaskDefinition not found."),
        ({"cluster": "none"}, "ClusterNotFoundException", "Cluster not found."),
        (
            {"launchType": "EC2", "capacityProviderStrategy": [{"capacityProvider": "x"}]},
            "InvalidParameterException",
            "Specifying both a launch type and capacity provider strategy is not supported.",
        ),
        (
            {"deploymentConfiguration": {"minimumHealthyPercent": 100, "maximumPercent": 100}},
            "InvalidParameterException",
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block",
        ),
        (
            {"deploymentConfiguration": {"maximumPercent": 99}},
            "InvalidParameterException",
            "maximumPercent must be between 100 and 1000",
        ),
        (
            {"deploymentConfiguration": {"minimumHealthyPercent": 101}},
            "InvalidParameterException",
            "minimumHealthyPercent must be between 0 and 100",
        ),
        (
            {"deploymentController": {"type": "CODE_DEPLOY"}},
            "UnsupportedFeatureException",
            "CODE_DEPLOY is not in this sandbox",
        ),
        (
            {"deploymentConfiguration": {"strategy": "BLUE_GREEN"}},
            "UnsupportedFeatureException",
            "BLUE_GREEN is not in this sandbox",
        ),
        (
            {"deploymentConfiguration": {"alarms": {"enable": True}}},
            "UnsupportedFeatureException",
            "leave out alarms",
        ),
        (
            {"serviceConnectConfiguration": {"enabled": True}},
            "UnsupportedFeatureException",
            "Service Connect",
        ),
        (
            {"serviceRegistries": [{"registryArn": "x"}]},
            "UnsupportedFeatureException",
            "Service discovery",
        ),
        (
            {"availabilityZoneRebalancing": "ENABLED"},
            "UnsupportedFeatureException",
            "Availability Zone rebalancing",
        ),
        (
            {"placementStrategy": [{"type": "binpack", "field": "disk"}]},
            "InvalidParameterException",
            "binpack takes the field cpu or memory",
        ),
        (
            {"placementConstraints": [{"type": "memberOf", "expression": "nonsense"}]},
            "InvalidParameterException",
            "Invalid expression",
        ),
        (
            {"healthCheckGracePeriodSeconds": 10},
            "InvalidParameterException",
            "Health check grace period is only valid for services configured to use load",
        ),
        (
            {"schedulingStrategy": "DAEMON"},
            "InvalidParameterException",
            "do not support a desired count",
        ),
        (
            {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}},
            "InvalidParameterException",
            "Network Configuration is not valid",
        ),
        ({"clientToken": "x" * 65}, "InvalidParameterException", "at most 64 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(params, code, text):
    w = fleet()
    said = refused(w, **params)
    assert said[0] == code
    assert text in said[1]


def test_a_replica_service_needs_a_desired_count():
    w = fleet()
    with pytest.raises(AwsError, match="desired count"):
        w.call("CreateService", serviceName="web", taskDefinition="web")


def test_awsvpc_needs_a_network_configuration():
    w = fleet(networkMode="awsvpc")
    text = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
    assert refused(w) == ("InvalidParameterException", text)


@pytest.mark.parametrize(
    ("balancer", "text"),
    [
        ({"containerName": "other"}, "The container other does not exist in the task definition."),
        ({"containerPort": 81}, "The container main did not have a container port 81 defined."),
        ({"containerName": ""}, "Container name can not be blank."),
    ],
)
def test_a_load_balancer_needs_a_container_port_of_the_task_definition(balancer, text):
    w = fleet(ports=PORTS)
    assert refused(w, loadBalancers=[{**BALANCED[0], **balancer}])[1] == text


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (None, "Unable to assume role and validate the specified targetGroupArn."),
        (
            TargetGroup(GROUP, "web"),
            f"The target group with targetGroupArn {GROUP} does not have an associated load",
        ),
        (
            TargetGroup(GROUP, "web", "ip", ("lb",)),
            f"The provided target group {GROUP} has target type ip, which is incompatible with "
            "the bridge network mode specified in the task definition.",
        ),
    ],
)
def test_a_target_group_must_be_there_have_a_load_balancer_and_the_right_type(group, text):
    w = fleet(ports=PORTS)
    w.outside = Outside(group)
    assert text in refused(w, loadBalancers=BALANCED)[1]


def test_a_right_target_group_is_taken():
    w = fleet(ports=PORTS)
    w.outside = Outside(TargetGroup(GROUP, "web", "instance", ("lb",)))
    service = w.create(loadBalancers=BALANCED, healthCheckGracePeriodSeconds=7)
    assert service["loadBalancers"] == BALANCED
    assert service["healthCheckGracePeriodSeconds"] == 7
    assert service["roleArn"].endswith("AWSServiceRoleForECS")


def test_classic_load_balancers_are_refused_by_name():
    w = fleet(ports=PORTS)
    classic = [{"loadBalancerName": "old", "containerName": "main", "containerPort": 80}]
    assert refused(w, loadBalancers=classic)[0] == "UnsupportedFeatureException"


def test_a_circuit_breakers_threshold_is_a_percentage_or_a_count():
    w = fleet()
    breaker = {"enable": True, "rollback": False}
    wrong = {"type": "BOUNDED_PERCENT", "value": 101}
    configuration = {"deploymentCircuitBreaker": {**breaker, "thresholdConfiguration": wrong}}
    assert "at most 100" in refused(w, deploymentConfiguration=configuration)[1]
    right = {"type": "COUNT", "value": 101}
    configuration = {"deploymentCircuitBreaker": {**breaker, "thresholdConfiguration": right}}
    shown = w.create(deploymentConfiguration=configuration)["deploymentConfiguration"]
    assert shown["deploymentCircuitBreaker"]["thresholdConfiguration"] == right


def test_tags_come_from_the_service_or_the_task_definition_if_they_are_to():
    w = fleet(tags=[{"key": "from", "value": "definition"}])
    tags = [{"key": "from", "value": "service"}]
    w.create("a", tags=tags, propagateTags="SERVICE", enableECSManagedTags=True)
    w.create("b", tags=tags, propagateTags="TASK_DEFINITION")
    w.create("c", tags=tags)
    found = {}
    for name in "abc":
        (task,) = w.call("DescribeTasks", tasks=w.live(name)[:1], include=["TAGS"])["tasks"]
        found[name] = {tag["key"]: tag["value"] for tag in task["tags"]}
    managed = {"aws:ecs:clusterName": "default", "aws:ecs:serviceName": "a"}
    assert found["a"] == {**managed, "from": "service"}
    assert found["b"] == {"from": "definition"}
    assert found["c"] == {}
    shown = w.call("DescribeServices", services=["a"], include=["TAGS"])["services"][0]
    assert shown["tags"] == tags
    assert w.call("ListTagsForResource", resourceArn=shown["serviceArn"])["tags"] == tags


def test_services_are_listed_ten_a_page_and_described_ten_at_a_time():
    w = fleet()
    for number in range(12):
        w.create(f"s{number:02}", desiredCount=0)
    first = w.call("ListServices")
    assert len(first["serviceArns"]) == 10
    rest = w.call("ListServices", nextToken=first["nextToken"])
    assert [arn[-3:] for arn in rest["serviceArns"]] == ["s10", "s11"]
    with pytest.raises(AwsError, match="more than 10"):
        w.call("DescribeServices", services=[f"s{number:02}" for number in range(11)])
    with pytest.raises(AwsError, match="cannot be empty"):
        w.call("DescribeServices", services=[])


def test_services_are_listed_by_launch_type_and_scheduling_strategy():
    w = fleet()
    w.create("a")
    w.call("CreateService", serviceName="d", taskDefinition="web", schedulingStrategy="DAEMON")
    (daemon,) = w.call("ListServices", schedulingStrategy="DAEMON")["serviceArns"]
    assert daemon.endswith("/d")
    assert w.call("ListServices", launchType="FARGATE")["serviceArns"] == []


def test_what_is_not_there_is_a_failure_and_a_missing_service_cannot_be_updated():
    w = fleet()
    (failure,) = w.call("DescribeServices", services=["none"])["failures"]
    assert failure["reason"] == "MISSING"
    assert failure["arn"].endswith(":service/default/none")
    with pytest.raises(AwsError, match=r"Service not found\."):
        w.update("none", desiredCount=1)
    with pytest.raises(AwsError, match=r"Service not found\."):
        w.call("ListTasks", serviceName="none")


def test_there_are_no_namespaces():
    w = fleet()
    with pytest.raises(AwsError, match="Cloud Map"):
        w.call("ListServicesByNamespace", namespace="x")


def test_a_cluster_counts_its_services_and_is_not_deleted_while_it_has_some():
    w = fleet(0)
    w.create()
    (cluster,) = w.call("DescribeClusters", include=["STATISTICS"])["clusters"]
    assert cluster["activeServicesCount"] == 1
    assert {"name": "activeEC2ServiceCount", "value": "1"} in cluster["statistics"]
    with pytest.raises(AwsError) as caught:
        w.call("DeleteCluster", cluster="default")
    assert caught.value.code == "ClusterContainsServicesException"
    assert caught.value.message == "The Cluster cannot be deleted while Services are active."


def test_a_service_needs_a_definition():
    told = ("InvalidParameterException", "TaskDefinition can not be blank.")
    assert fleet().refused("CreateService", serviceName="web") == told
