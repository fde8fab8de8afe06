"""Service deployments and revisions: what is remembered, and stopping a deployment."""

import pytest

from ecslab.model.errors import AwsError
from tests.controlplane.fleet import fleet


def updated():
    """A steady service whose second deployment is in progress."""
    w = fleet(4)
    w.create()
    w.settle()
    w.pass_time(45)
    w.register()
    w.update(taskDefinition="web")
    w.settle()
    return w


def described(w):
    """Service deployments, newest first."""
    briefs = w.call("ListServiceDeployments", service="web")["serviceDeployments"]
    arns = [one["serviceDeploymentArn"] for one in briefs]
    return w.call("DescribeServiceDeployments", serviceDeploymentArns=arns)["serviceDeployments"]


def test_a_deployment_goes_from_one_revision_to_the_next():
    w = updated()
    new, old = described(w)
    assert (new["status"], old["status"]) == ("IN_PROGRESS", "SUCCESSFUL")
    assert new["sourceServiceRevisions"][0]["arn"] == old["targetServiceRevision"]["arn"]
    assert new["sourceServiceRevisions"][0]["runningTaskCount"] == 2
    assert new["targetServiceRevision"]["requestedTaskCount"] == 2
    w.pass_time(60)
    assert [one["status"] for one in described(w)] == ["SUCCESSFUL", "SUCCESSFUL"]
    assert described(w)[0]["finishedAt"] > new["createdAt"]


def test_the_service_names_its_current_deployment_and_revisions():
    w = updated()
    service = w.service()
    new, _old = described(w)
    assert service["currentServiceDeployment"] == new["serviceDeploymentArn"]
    current = [one["arn"] for one in service["currentServiceRevisions"]]
    assert current[0] == new["targetServiceRevision"]["arn"]
    assert len(current) == 2


def test_a_revision_tells_what_its_tasks_are_made_of_and_shares_its_number_with_the_deployment():
    w = updated()
    arn = w.service()["currentServiceRevisions"][0]["arn"]
    (revision,) = w.call("DescribeServiceRevisions", serviceRevisionArns=[arn])["serviceRevisions"]
    assert revision["taskDefinition"].endswith("web:2")
    assert revision["containerImages"] == [{"containerName": "main", "image": "nginx:alpine"}]
    assert w.service()["deployments"][0]["id"] == f"ecs-svc/{arn.rsplit('/')[-1]}"
    missing = f"{arn[:-1]}x"
    answer = w.call("DescribeServiceRevisions", serviceRevisionArns=[missing])
    assert answer["failures"] == [{"arn": missing, "reason": "MISSING"}]


def test_deployments_are_listed_by_status_and_by_time():
    w = updated()
    listed = w.call("ListServiceDeployments", service="web", status=["SUCCESSFUL"])
    (old,) = listed["serviceDeployments"]
    after = {"after": old["createdAt"] + 1}
    (new,) = w.call("ListServiceDeployments", service="web", createdAt=after)["serviceDeployments"]
    assert new["status"] == "IN_PROGRESS"
    before = {"before": old["createdAt"]}
    listed = w.call("ListServiceDeployments", service="web", createdAt=before)
    assert listed["serviceDeployments"] == [old]
    page = w.call("ListServiceDeployments", service="web", maxResults=1)
    assert page["serviceDeployments"] == [new]
    rest = w.call("ListServiceDeployments", service="web", nextToken=page["nextToken"])
    assert rest["serviceDeployments"] == [old]


def test_a_deployment_overtaken_by_the_next_is_stopped():
    w = updated()
    w.update(forceNewDeployment=True)
    assert [one["status"] for one in described(w)] == ["IN_PROGRESS", "STOPPED", "SUCCESSFUL"]
    assert described(w)[1]["stoppedAt"] == w.now


def test_stopping_a_deployment_rolls_back():
    w = updated()
    (new, old) = described(w)
    w.call("StopServiceDeployment", serviceDeploymentArn=new["serviceDeploymentArn"])
    stopped = described(w)[0]
    assert stopped["status"] == "ROLLBACK_IN_PROGRESS"
    assert stopped["rollback"]["serviceRevisionArn"] == old["targetServiceRevision"]["arn"]
    w.settle()
    w.pass_time(60)
    assert described(w)[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert w.service()["taskDefinition"].endswith("web:1")
    assert len(w.service()["deployments"]) == 1
    assert w.service()["runningCount"] == 2


def test_a_deployment_that_is_over_cannot_be_stopped_nor_one_that_is_not_there():
    w = updated()
    (new, old) = described(w)
    with pytest.raises(AwsError) as caught:
        w.call("StopServiceDeployment", serviceDeploymentArn=old["serviceDeploymentArn"])
    assert caught.value.code == "ConflictException"
    with pytest.raises(AwsError) as caught:
        w.call("StopServiceDeployment", serviceDeploymentArn=f"{new['serviceDeploymentArn']}x")
    assert caught.value.code == "ServiceDeploymentNotFoundException"
    with pytest.raises(AwsError) as caught:
        w.call(
            "StopServiceDeployment",
            serviceDeploymentArn=new["serviceDeploymentArn"],
            stopType="ABORT",
        )
    assert caught.value.code == "UnsupportedFeatureException"


def test_a_first_deployment_has_nothing_to_go_back_to():
    w = fleet()
    w.create()
    arn = w.service()["currentServiceDeployment"]
    with pytest.raises(AwsError, match="no completed deployment"):
        w.call("StopServiceDeployment", serviceDeploymentArn=arn)


def test_the_circuit_breaker_is_told_with_its_count():
    w = fleet()
    w.fate = lambda order: "pull"
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
    w.create(desiredCount=1, deploymentConfiguration=breaker)
    w.settle()
    w.pass_time(6)
    watching = {"status": "MONITORING", "failureCount": 2, "threshold": 3}
    assert described(w)[0]["deploymentCircuitBreaker"] == watching
    w.pass_time(60)
    (failed,) = described(w)
    tripped = {"status": "TRIGGERED", "failureCount": 3, "threshold": 3}
    assert failed["deploymentCircuitBreaker"] == tripped
    assert failed["status"] == "STOPPED"
    assert failed["statusReason"] == "ECS deployment circuit breaker: tasks failed to start."


def test_a_hundred_deployments_are_remembered():
    w = fleet(0)
    w.create(desiredCount=0)
    for _time in range(110):
        w.update(forceNewDeployment=True)
    listed = w.call("ListServiceDeployments", service="web")
    assert len(listed["serviceDeployments"]) == 100
    assert "nextToken" not in listed


def test_twenty_can_be_described_at_once():
    w = fleet()
    with pytest.raises(AwsError, match="1 to 20"):
        w.call("DescribeServiceDeployments", serviceDeploymentArns=["x"] * 21)
