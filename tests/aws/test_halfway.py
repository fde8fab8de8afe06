"""What ends half-way is taken up: a failed stack, a killed kernel, a clean-up that was stopped."""

from __future__ import annotations

import datetime
import subprocess
import sys
import threading
from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import Stubber

import ecslab
from ecslab import Progress
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.steps import cluster as steps
from ecslab.steps.bench import Bench
from ecslab.steps.stack import role_name
from tests.aws import flow
from tests.aws.front import Front
from tests.aws.race import WHOLE
from tests.sandbox.serving import Served, until

CREATE = "import ecslab; ecslab.connect('aws', consent=True).create_cluster()"


@pytest.fixture
def lab(front: Front) -> Iterator[Lab]:
    """A learner on an account; all of theirs is gone at the end."""
    made = ecslab.connect("aws", consent=True, lang="en")
    yield made
    assert made.cleanup()


@pytest.fixture
def failed_half_way(lab: Lab, account: Served) -> EcslabError:
    """What is told of a stack that failed since a role of its name was there; now it is not."""
    iam = account.client("iam")
    name = role_name("ecsInstanceRole", lab.names.cluster)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    try:
        with pytest.raises(EcslabError) as error:
            lab.create_cluster()
    finally:
        iam.delete_role(RoleName=name)
    return error.value


def test_a_stack_that_failed_half_way_tells_its_reason_and_is_made_anew(
    lab: Lab, failed_half_way: EcslabError
) -> None:
    assert "already exists" in str(failed_half_way.message)
    assert failed_half_way.hint
    assert len(lab.create_cluster().instances) == 2


@pytest.mark.usefixtures("failed_half_way")
def test_a_stack_that_failed_half_way_is_cleaned_up(lab: Lab) -> None:
    assert any(one.startswith("stack") for one in lab.cleanup(dry_run=True).found)


@pytest.mark.parametrize("last", ["CreateCluster", "CreateStack"] if WHOLE else ["CreateStack"])
def test_a_kernel_that_was_killed_is_taken_up_by_the_next(
    last: str, lab: Lab, front: Front
) -> None:
    kernel = subprocess.Popen([sys.executable, "-c", CREATE], stdout=subprocess.DEVNULL)
    try:
        until(lambda: any(one.operation == last for one in front.seen))
    finally:
        kernel.kill()
        kernel.wait()
    found = lab.create_cluster()
    assert len(found.instances) == 2
    stacks = lab.client("cloudformation").describe_stacks(StackName=found.stack)["Stacks"]
    assert len(stacks) == 1


def test_two_kernels_at_once_make_one_cluster(lab: Lab) -> None:
    made: list[object] = []
    other = ecslab.connect("aws", consent=True)
    both = [
        threading.Thread(target=lambda one=one: made.append(one.create_cluster()))
        for one in (lab, other)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert len(made) == 2
    assert made[0] == made[1]


@pytest.mark.parametrize("how", ["button", "interrupt"] if WHOLE else ["interrupt"])
def test_a_clean_up_that_was_stopped_goes_on_when_it_is_run_again(how: str, lab: Lab) -> None:
    bag: flow.Bag = {}
    for step in (flow.cluster, flow.definition, flow.service):
        step(lab, bag)
    stop = threading.Event()

    def say(line: str) -> None:
        if line.startswith("✓ load-balancer"):
            stop.set()
            if how == "interrupt":
                raise KeyboardInterrupt

    with pytest.raises(ecslab.Stopped):
        lab.cleanup(progress=Progress(say, stop, lab.bench.pace))
    left = lab.cleanup(dry_run=True).found
    assert not any(name.startswith(("service", "load-balancer")) for name in left)
    assert any(name.startswith("stack") for name in left)


@pytest.mark.parametrize(
    ("reason", "hint"),
    [
        ("You have requested more vCPU capacity than your current vCPU limit of 0 allows", "vCPUs"),
        ("The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400)", "VPC"),
        ("API: iam:CreateRole User: x is not authorized to perform: iam:CreateRole", "iam/"),
        ("We currently do not have sufficient t2.micro capacity", "another type"),
        ("Something else", "Mend the cause"),
    ],
)
def test_a_stacks_own_reason_has_a_remedy(reason: str, hint: str) -> None:
    ecslab.set_language("en")
    client = boto3.client("cloudformation", "us-east-1", aws_access_key_id="x",
                          aws_secret_access_key="x")  # fmt: skip
    now = datetime.datetime.now(datetime.timezone.utc)

    def event(number: int, resource: str, status: str, why: str) -> dict[str, object]:
        return {
            "StackId": "arn", "EventId": str(number), "StackName": "web", "Timestamp": now
            + datetime.timedelta(seconds=number), "LogicalResourceId": resource,
            "PhysicalResourceId": resource, "ResourceStatus": status, "ResourceStatusReason": why,
        }  # fmt: skip

    events = [
        event(3, "Subnet", "CREATE_FAILED", "Resource creation cancelled"),
        event(2, "Machines", "CREATE_FAILED", reason),
        event(1, "arn", "CREATE_IN_PROGRESS", "User Initiated"),
    ]
    bench = Bench(None)
    bench._clients["cloudformation"] = client
    with Stubber(client) as stub:
        stub.add_response("describe_stack_events", {"StackEvents": events})
        told = steps._failed(bench, "web")
    assert f"failed at Machines: {reason}" in str(told)
    assert hint in str(told.hint)


def test_running_a_task_again_after_a_lost_answer_doubles_nothing(lab: Lab, front: Front) -> None:
    bag: flow.Bag = {}
    for step in (flow.cluster, flow.definition):
        step(lab, bag)
    front.arm(lambda request, _call: "lost" if request.operation == "RunTask"
              and request.attempt < 3 else "")  # fmt: skip
    assert len(lab.run_task(bag["v1"], 2)) == 2
    front.mend()
    assert sum(one.operation == "RunTask" for one in front.seen) == 3
    assert len(lab.tasks()) == 2


def test_a_service_whose_answer_was_lost_is_one_service(lab: Lab, front: Front) -> None:
    bag: flow.Bag = {}
    for step in (flow.cluster, flow.definition):
        step(lab, bag)
    front.arm(lambda request, _call: "lost" if request.operation == "CreateService"
              and request.attempt < 3 else "")  # fmt: skip
    made = lab.create_service(bag["v1"], desired=1)
    front.mend()
    assert lab.wait(made).running == 1
    assert len(lab.snapshot().services) == 1


def test_a_clock_that_is_wrong_is_called_so_at_once(lab: Lab, front: Front) -> None:
    front.drift = 900
    with pytest.raises(EcslabError, match="its clock is wrong"):
        lab.create_cluster()
    with pytest.raises(EcslabError, match="its clock is wrong"):
        ecslab.connect("aws", consent=True)
    front.drift = 0
