"""Fargate Spot takes capacity back when somebody asks for it: route, command and lab."""

from __future__ import annotations

import pytest

import ecslab
from ecslab import sandbox
from ecslab.cli import main
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Bench
from tests.sandbox.scene import the_task
from tests.sandbox.serving import until

STOPS_SLOWLY = {"name": "web", "image": "nginx:alpine", "stopTimeout": 120}
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def network(served):
    subnet = served.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    return {"awsvpcConfiguration": {"subnets": [subnet], "assignPublicIp": "ENABLED"}}


@pytest.fixture
def ecs(stub_sandbox):
    """A cluster with Fargate's providers and a task definition for them."""
    client = stub_sandbox.client()
    client.create_cluster(clusterName="web", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    client.register_task_definition(
        family="web",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[STOPS_SLOWLY],
    )
    return client


def run(served, ecs, count=1, **how):
    answer = ecs.run_task(
        cluster="web",
        taskDefinition="web",
        count=count,
        networkConfiguration=network(served),
        **how,
    )
    return [one["taskArn"] for one in answer["tasks"]]


def test_the_task_is_stopped_with_the_words_of_spot_and_its_service_replaces_it(stub_sandbox, ecs):
    ecs.create_service(
        cluster="web",
        serviceName="web",
        taskDefinition="web",
        desiredCount=2,
        capacityProviderStrategy=SPOT,
        networkConfiguration=network(stub_sandbox),
    )
    names = {"cluster": "web", "services": ["web"]}
    ecs.get_waiter("services_stable").wait(**names, WaiterConfig={"Delay": 0.1})
    before = ecs.list_tasks(cluster="web", serviceName="web")["taskArns"]
    taken = sandbox.interrupt(before[1].rpartition("/")[2], stub_sandbox.port)
    assert taken == before[1]
    ecs.get_waiter("tasks_stopped").wait(cluster="web", tasks=[taken], WaiterConfig={"Delay": 0.1})
    task = the_task(ecs, taken)
    assert task["stopCode"] == "SpotInterruption"
    assert task["stoppedReason"] == "Your Spot Task was interrupted."
    assert task["capacityProviderName"] == "FARGATE_SPOT"

    def replaced():
        now = set(ecs.list_tasks(cluster="web", serviceName="web")["taskArns"])
        return len(now) == 2 and len(now & set(before)) == 1

    until(replaced)
    ecs.get_waiter("services_stable").wait(**names, WaiterConfig={"Delay": 0.1})


def test_without_a_name_the_oldest_on_spot_is_meant(stub_sandbox, ecs, capsys):
    run(stub_sandbox, ecs, launchType="FARGATE")
    (first,) = run(stub_sandbox, ecs, capacityProviderStrategy=SPOT)
    run(stub_sandbox, ecs, capacityProviderStrategy=SPOT)
    assert main(["sandbox", "interrupt", "--port", str(stub_sandbox.port)]) == 0
    assert first.rpartition("/")[2] in capsys.readouterr().out
    assert the_task(ecs, first)["desiredStatus"] == "STOPPED"


def test_who_cannot_be_interrupted_is_told_why(stub_sandbox, ecs, capsys):
    with pytest.raises(EcslabError, match="No task runs on FARGATE_SPOT"):
        sandbox.interrupt(port=stub_sandbox.port)
    (other,) = run(stub_sandbox, ecs, launchType="FARGATE")
    with pytest.raises(EcslabError, match="does not run on FARGATE_SPOT"):
        sandbox.interrupt(other, stub_sandbox.port)
    assert main(["sandbox", "interrupt", "nothing", "--port", str(stub_sandbox.port)]) == 1
    assert "There is no task 'nothing'." in capsys.readouterr().err
    ten = {"count": 10, "capacityProviderStrategy": SPOT}
    spot = run(stub_sandbox, ecs, **ten) + run(stub_sandbox, ecs, **ten)
    digits = [arn.rpartition("/")[2][0] for arn in spot]
    twice = next(digit for digit in digits if digits.count(digit) > 1)
    with pytest.raises(EcslabError, match=f"tasks begin with '{twice}'"):
        sandbox.interrupt(twice, stub_sandbox.port)
    sandbox.interrupt(spot[0], stub_sandbox.port)
    with pytest.raises(EcslabError, match="it ends already"):
        sandbox.interrupt(spot[0], stub_sandbox.port)


def test_a_lab_interrupts_a_task_and_on_a_real_account_says_who_does(stub_sandbox, ecs):
    lab = ecslab.connect("sandbox", lang="en")
    lab.cluster = "web"
    how = {"capacityProviderStrategy": SPOT, "networkConfiguration": network(stub_sandbox)}
    lines: list[str] = []
    task = lab.wait(lab.run_task("web", **how))[0]
    told = lab.interrupt(task, progress=ecslab.steps.progress.Progress(lines.append))
    assert told.stop_code == "SpotInterruption"
    assert lines == [f"✓ Spot took back what the task {task.id[:8]} ran on."]
    with pytest.raises(EcslabError, match="AWS Fault Injection Service"):
        Bench(session=None).interrupt(task.arn)
