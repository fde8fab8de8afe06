"""Agents on real containers, as the sandbox drives them."""

import queue
import time

import pytest

from ecslab.model.agent_messages import ForgetTask, StopTask
from ecslab.runtime.agents import Agents
from ecslab.runtime.docker import DockerRuntime
from ecslab.sandbox.clock import RunningClock
from tests.images import unique
from tests.runtime.bench import order

pytestmark = pytest.mark.docker


class Drive:
    """What the kernel does: events in a queue, one thread, reports kept."""

    def __init__(self, image):
        self.clock = RunningClock()
        self.events = queue.SimpleQueue()
        self.runtime = DockerRuntime(
            self.events.put,
            self.clock,
            sandbox=unique(),
            pull_behaviour="prefer-cached",
            holder_image=image,
        )
        self.agents = Agents(self.runtime.submit, forgets=False)
        self.reports = []

    def obey(self, told):
        self.reports += self.agents.obey(told, self.clock.now())

    def until(self, status, seconds=30):
        end = time.monotonic() + seconds
        while not any(
            getattr(r, "status", "") == status and not hasattr(r, "container") for r in self.reports
        ):
            assert time.monotonic() < end, self.reports
            try:
                event = self.events.get(timeout=0.2)
            except queue.Empty:
                continue
            self.reports += self.agents.hear(event, self.clock.now())
        return next(
            r
            for r in self.reports
            if getattr(r, "status", "") == status and not hasattr(r, "container")
        )


@pytest.fixture
def drive(docker_image):
    d = Drive(docker_image)
    yield d
    d.runtime.remove_all()
    d.runtime.close()
    d.clock.close()


def box(image, name, script, **more):
    return {"name": name, "image": image, "command": ["sh", "-c", script], "memory": 32, **more}


STAYS = "trap 'exit 143' TERM; while :; do sleep 0.1; done"


def test_a_task_lives_from_order_to_end(drive, docker_image):
    init = box(docker_image, "init", "exit 0", essential=False)
    web = box(
        docker_image, "web", STAYS, dependsOn=[{"containerName": "init", "condition": "SUCCESS"}]
    )
    task = order(web, init)
    drive.obey(task)
    drive.until("RUNNING")
    drive.obey(StopTask(task.task_arn))
    assert drive.until("STOPPED").status == "STOPPED"
    last = [r for r in drive.reports if getattr(r, "container", "") == "web"][-1]
    assert last.exit_code == 143
    drive.obey(ForgetTask(task.task_arn))
    until = time.monotonic() + 10
    while drive.runtime.adopt() and time.monotonic() < until:
        time.sleep(0.1)
    assert drive.runtime.adopt() == []


def test_the_end_of_an_essential_container_stops_the_others(drive, docker_image):
    task = order(
        box(docker_image, "web", "sleep 1; exit 4"), box(docker_image, "side", STAYS), mode="awsvpc"
    )
    drive.obey(task)
    last = drive.until("STOPPED")
    assert (last.stop_code, last.reason) == (
        "EssentialContainerExited",
        "Essential container in task exited",
    )
    codes = {r.container: r.exit_code for r in drive.reports if hasattr(r, "exit_code")}
    assert codes == {"web": 4, "side": 143}


def test_a_refused_container_is_the_reason_of_the_task(drive, docker_image):
    drive.obey(order(box(docker_image, "web", STAYS, privileged=True)))
    last = drive.until("STOPPED")
    assert last.stop_code == "TaskFailedToStart"
    assert last.reason.startswith("CannotCreateContainerError: privileged gives")
