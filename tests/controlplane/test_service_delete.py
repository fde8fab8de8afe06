"""DeleteService: ACTIVE, DRAINING, INACTIVE."""

import pytest

from ecslab.model.errors import AwsError
from tests.controlplane.fleet import fleet


def test_a_service_scaled_above_zero_needs_force():
    w = fleet()
    w.create()
    with pytest.raises(AwsError) as caught:
        w.call("DeleteService", service="web")
    assert caught.value.code == "InvalidParameterException"
    assert caught.value.message == "The service cannot be stopped while it is scaled above 0."
    assert w.service()["status"] == "ACTIVE"


def test_it_drains_while_its_tasks_stop_and_is_inactive_after_the_last():
    w = fleet()
    w.create()
    w.settle()
    answer = w.call("DeleteService", service="web", force=True)["service"]
    assert (answer["status"], answer["desiredCount"]) == ("DRAINING", 0)
    assert w.service()["status"] == "DRAINING"
    assert w.call("ListServices")["serviceArns"] == []
    w.settle()
    service = w.service()
    assert (service["status"], service["deployments"]) == ("INACTIVE", [])
    assert service["events"]


def test_deleting_twice_answers_the_draining_service_and_then_that_there_is_none():
    w = fleet()
    w.create()
    w.settle()
    w.call("DeleteService", service="web", force=True)
    assert w.call("DeleteService", service="web")["service"]["status"] == "DRAINING"
    w.settle()
    with pytest.raises(AwsError, match=r"Service not found\."):
        w.call("DeleteService", service="web")


def test_a_service_that_is_not_active_is_not_updated():
    w = fleet()
    w.create()
    w.settle()
    w.call("DeleteService", service="web", force=True)
    with pytest.raises(AwsError) as caught:
        w.update(desiredCount=1)
    assert caught.value.code == "ServiceNotActiveException"
    assert caught.value.message == "Service was not ACTIVE."


def test_a_service_without_tasks_is_gone_at_once_and_its_cluster_can_go():
    w = fleet(0)
    w.create(desiredCount=0)
    w.call("DeleteService", service="web")
    assert w.service()["status"] == "INACTIVE"
    assert w.call("DeleteCluster", cluster="default")["cluster"]["status"] == "INACTIVE"


def test_a_task_definition_goes_only_when_no_service_names_it():
    w = fleet(0)
    w.create(desiredCount=0)
    w.call("DeregisterTaskDefinition", taskDefinition="web:1")
    w.call("DeleteTaskDefinitions", taskDefinitions=["web:1"])
    shown = w.call("DescribeTaskDefinition", taskDefinition="web:1")["taskDefinition"]
    assert shown["status"] == "DELETE_IN_PROGRESS"
    w.call("DeleteService", service="web")
    with pytest.raises(AwsError, match="Unable to describe"):
        w.call("DescribeTaskDefinition", taskDefinition="web:1")
    assert w.service()["taskDefinition"].endswith(":1")
