"""How often the kit asks AWS: one look for all who look, hundreds at a time, slower when told."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest

import ecslab
from ecslab import Progress
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.steps.observe import described_tasks
from ecslab.steps.recent import Look
from ecslab.widgets.live import LiveDiagram
from tests.aws import flow
from tests.aws.front import Front
from tests.sandbox.serving import Served

PACE = 0.1
SECONDS = 1.2


@pytest.fixture
def lab(front: Front, account: Served) -> Iterator[Lab]:
    """A learner with a cluster."""
    made = ecslab.connect("aws", consent=True, lang="en")
    made.create_cluster(template="FARGATE")
    yield made
    assert made.cleanup()


def followed(front: Front, labs: list[Lab]) -> int:
    """How many calls live pictures of these labs make in a while, all changing."""
    looks = [
        LiveDiagram(
            lambda lab=lab: lab.snapshot(within=PACE * 0.9), str, every=PACE, stir=time.monotonic
        )
        for lab in labs
    ]
    since = len(front.seen)
    for one in looks:
        one.start()
    time.sleep(SECONDS)
    for one in looks:
        one.stop()
    return len(front.seen) - since


def test_ten_pictures_ask_no_more_often_than_one(front: Front, lab: Lab) -> None:
    alone = followed(front, [lab])
    again = ecslab.connect("aws", consent=True)  # the same kernel, a cell run again
    assert followed(front, [lab] * 5 + [again] * 5) < alone * 1.5


def test_a_wait_beside_a_live_picture_costs_next_to_nothing(front: Front, lab: Lab) -> None:
    web = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}
    made = lab.register_task_definition(
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "a", "image": "nginx:alpine"}],
        **web,
    )
    tasks = lab.run_task(made, launchType="FARGATE")
    since = len(front.seen)
    live = LiveDiagram(lambda: lab.snapshot(within=PACE * 0.9), str, every=PACE, stir=time.time)
    live.start()

    def wait() -> None:
        with contextlib.suppress(EcslabError):  # it is stopped when time is over, or just before
            quiet = Progress(lambda _line: None, pace=PACE)
            lab.wait(tasks, until="STOPPED", timeout=SECONDS, progress=quiet)

    waits = [threading.Thread(target=wait) for _turn in range(5)]
    for one in waits:
        one.start()
    time.sleep(SECONDS)
    lab.stop_task(tasks)
    for one in waits:
        one.join(20)
    live.stop()
    asked = sum(one.operation == "DescribeTasks" for one in front.seen[since:])
    assert asked < 1.5 * SECONDS / PACE


def test_a_hundred_and_one_tasks_are_described_in_two_calls(front: Front, lab: Lab) -> None:
    arns = [f"arn:aws:ecs:us-east-1:123456789012:task/x/{number:032x}" for number in range(101)]
    since = len(front.seen)
    assert described_tasks(lab.client("ecs"), lab.cluster, arns, Look()) == {}
    assert [one.operation for one in front.seen[since:]] == ["DescribeTasks"] * 2


def test_what_is_beyond_the_first_hundred_is_found_and_cleaned_up(
    front: Front, lab: Lab, account: Served
) -> None:
    ecs = account.client("ecs")
    many = [
        ecs.register_task_definition(family=f"many-{number}", containerDefinitions=[flow.WEB])
        for number in range(101)
    ]
    mine = lab.register_task_definition(family="zz-last", containerDefinitions=[flow.WEB])
    found = lab.cleanup(dry_run=True).found
    assert f"task-definition {mine}" in found
    assert not any("many-" in name for name in found)
    arns = [one["taskDefinition"]["taskDefinitionArn"] for one in many]
    for arn in arns:
        ecs.deregister_task_definition(taskDefinition=arn)
    for start in range(0, len(arns), 10):
        ecs.delete_task_definitions(taskDefinitions=arns[start : start + 10])


def test_being_throttled_is_told_and_makes_the_next_looks_rarer(
    front: Front, lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    front.arm(lambda request, _call: "throttled" if request.attempt < 3 else "")
    lab.create_cluster(template="FARGATE")
    assert "AWS asks us to slow down" in capsys.readouterr().out
    assert lab.bench.easing.factor > 1
    progress = Progress(pace=1.0).begin(lab.bench.easing)
    assert progress.pause() > 1.25
    live = LiveDiagram(lab.snapshot, str, slower=lambda: lab.bench.easing.factor)
    live.start().stop()
    assert "AWS asks us to slow down" in live.message.value
    front.mend()


def test_who_presses_stop_while_aws_throttles_does_not_wait_for_it(front: Front, lab: Lab) -> None:
    stop = threading.Event()
    front.arm(lambda _request, _call: "throttled")
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        stop.set()

    since = len(front.seen)
    with pytest.raises(ecslab.Stopped):
        lab.create_cluster(template="FARGATE", progress=Progress(say, stop))
    assert len(front.seen) - since == 2
    front.mend()


def test_a_refused_connection_is_got_over(front: Front, lab: Lab) -> None:
    front.arm(lambda request, call: "refused" if call == 1 and request.attempt == 1 else "")
    assert lab.create_cluster(template="FARGATE").arn
    assert lab.check("start")
    assert [one.fault for one in front.struck] == ["refused"]
    front.mend()


def test_a_wait_goes_on_through_a_short_loss_of_the_connection(
    front: Front, lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    front.arm(lambda _request, _call: "closed")
    timer = threading.Timer(0.5, front.mend)
    timer.start()
    progress = Progress(pace=0.1).begin(lab.bench.easing)
    found = progress.until(
        lambda: lab.client("ecs").list_clusters()["clusterArns"], timeout=10, late=RuntimeError
    )
    assert found
    assert "The connection is lost: trying again." in capsys.readouterr().out
