"""Measuring services and acting on policies, minute by minute on a clock turned by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from immutables import Map

from ecslab import controlplane as cp
from ecslab.model.errors import AwsError
from ecslab.model.scaling import Activity, ScalableTarget, Tracking
from ecslab.model.service import Deployment, Revision, Service, Settings
from ecslab.model.task import Claim, Container, Task
from ecslab.runtime.port import Key, Usage
from ecslab.sandbox.clock import ManualClock
from ecslab.sandbox.scaling.meter import Meter
from ecslab.sandbox.scaling.scaler import Scaler

PLACE = "arn:aws:ecs:us-east-1:123456789012"
ARN = f"{PLACE}:service/web/web"
CPU = Tracking("cpu", "arn:p", "CPUUtilization", 50.0, high_alarm="up", low_alarm="down")
TARGET = ScalableTarget(ARN, "service/web/web", 1, 6, policies=(CPU,))


def task(number: int, units: int = 256, **more: Any) -> Task:
    """A running one; `units` are what its container reserves."""
    container = Container("web", f"{PLACE}:container/{number}", "nginx", cpu=units, memory=64)
    base = Task(
        f"{PLACE}:task/web/{number}",
        f"{PLACE}:cluster/web",
        f"{PLACE}:task-definition/web:1",
        0.0,
        Claim("service:web"),
        (container,),
        status="RUNNING",
        service_arn=ARN,
    )
    return replace(base, **more)


class World:
    """A service whose tasks share a load, given in CPU units; a clock; a scaler that looks."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "scaling.json"
        self.clock = ManualClock(1_700_000_040.0)
        self.desired, self.load, self.status, self.fails = 1, 0.0, "ACTIVE", False
        self.stuck = False
        self.targets: tuple[ScalableTarget, ...] = (TARGET,)
        self.spent: dict[Key, float] = {}
        self.calls: list[tuple[str, dict[str, Any], str]] = []
        self.begin()

    def begin(self) -> None:
        """A sandbox that starts; what it remembers is in the file."""
        self.scaler = Scaler(
            self.path, self.clock, self.look, lambda: self.state, self.call, lambda: self.targets
        )
        self.scaler._meter = Meter(self.look, self.clock.now)

    def look(self, key: Key) -> Usage | None:
        return Usage(self.spent.get(key, 0.0), 32 * 1024 * 1024)

    @property
    def tasks(self) -> list[Task]:
        return [task(number) for number in range(1 if self.stuck else self.desired)]

    @property
    def state(self) -> cp.State:
        revision = Revision("arn:r/1", ARN, "arn:d", 0.0)
        deployment = Deployment(revision, "arn:o", 0.0, 0.0, rollout="COMPLETED")
        service = Service(
            ARN, "web", f"{PLACE}:cluster/web", 0.0, Settings(self.desired),
            status=self.status, deployments=(deployment,),  # type: ignore[arg-type]  # a word of it
        )  # fmt: skip
        return cp.State(services=Map({ARN: service}), tasks=Map({t.arn: t for t in self.tasks}))

    def call(self, operation: str, params: dict[str, Any], region: str) -> None:
        self.calls.append((operation, params, region))
        if self.fails:
            raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
        self.desired = params["desiredCount"]

    def minutes(self, count: int) -> None:
        """So many minutes pass; each task takes its share of the load."""
        for _ in range(count):
            tasks = self.tasks
            for one in tasks:
                key = Key(one.arn, "web")
                self.spent[key] = self.spent.get(key, 0.0) + 60 * self.load / len(tasks) / 1024
            self.clock.advance(60)
            self.scaler.look()

    def told(self) -> list[tuple[int, str]]:
        return [(one.after, one.status) for one in self.scaler.activities()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.minutes(1)
    return made


def test_a_service_grows_under_load_rests_and_shrinks_when_it_ends(world: World) -> None:
    """512 units on tasks of 256: 4 tasks at 50 %. Each activity is fulfilled by its tasks."""
    world.load = 512
    world.minutes(3)
    assert world.desired == 4
    assert world.calls == [
        (
            "UpdateService",
            {"cluster": f"{PLACE}:cluster/web", "service": ARN, "desiredCount": 4},
            "us-east-1",
        )
    ]
    (activity,) = world.scaler.activities()
    assert activity.message == (
        "Successfully set desired count to 4. Waiting for change to be fulfilled by ecs."
    )
    assert activity.cause == "monitor alarm up in state ALARM triggered policy cpu"
    world.minutes(30)
    assert world.told() == [(4, "Successful")]
    world.load = 0
    world.minutes(14)
    assert world.desired == 4
    world.minutes(2)
    assert world.told() == [(1, "Successful"), (4, "Successful")]


def test_what_was_measured_is_told_with_its_minute(world: World) -> None:
    """Under the minute in which it was used; memory too."""
    world.load = 128
    world.minutes(2)
    begin = int(world.clock.now()) - 60
    cpu, memory = world.scaler.measured("us-east-1")
    assert (cpu[0], cpu[1], cpu[2][begin]) == (ARN, "CPUUtilization", 50.0)
    assert (memory[1], memory[2][begin]) == ("MemoryUtilization", 50.0)
    assert world.scaler.measured("eu-west-1") == []


def test_alarms_say_their_state_their_values_and_since_when(world: World) -> None:
    """A name that is no policy's alarm is not known."""
    assert world.scaler.alarm("up") == (
        "INSUFFICIENT_DATA", "Insufficient Data: 3 datapoints were unknown.", world.clock.now(),
    )  # fmt: skip
    world.load = 512
    world.minutes(3)
    since = world.clock.now()
    world.stuck = True
    world.minutes(2)
    assert world.scaler.alarm("up") == (
        "ALARM",
        "Threshold Crossed: 3 datapoints [200, 200, 200] were greater than the threshold (50).",
        since,
    )
    world.load = 0
    world.minutes(1)
    assert world.scaler.alarm("up") == (
        "OK",
        "Threshold Crossed: 3 datapoints [200, 200, 0] were not greater than the threshold (50).",
        world.clock.now(),
    )
    assert world.scaler.alarm("other") is None


def test_new_limits_are_kept_at_once_and_later_hands_are_left_alone(world: World) -> None:
    """As AWS does it: who sets a count outside the limits afterwards keeps it."""
    world.targets = (replace(TARGET, minimum=3),)
    world.minutes(1)
    assert world.told() == [(3, "InProgress")]
    world.desired = 2
    world.minutes(3)
    (activity,) = world.scaler.activities()
    assert activity.status == "Overridden"
    assert activity.message.endswith("Found it was later changed to 2.")
    assert world.desired == 2


def test_a_refused_change_is_a_failed_activity(world: World) -> None:
    """With ECS's reason, and it is tried again."""
    world.load, world.fails = 512, True
    world.minutes(4)
    assert world.told() == [(4, "Failed"), (4, "Failed")]
    assert "Service was not ACTIVE." in world.scaler.activities()[0].message
    world.fails = False
    world.minutes(1)
    assert world.desired == 4


def test_a_service_that_is_deleted_meanwhile_fails_its_activity(world: World) -> None:
    """And is not scaled any more."""
    world.stuck = True
    world.load = 512
    world.minutes(3)
    world.status = "INACTIVE"
    world.minutes(20)
    assert world.told() == [(4, "Failed")]


def test_what_was_measured_and_done_survives_a_restart(world: World) -> None:
    """A growth that settles is not repeated, and the minutes before count."""
    world.load, world.stuck = 512, True
    world.minutes(3)
    known: tuple[Activity, ...] = world.scaler.activities()
    world.begin()
    assert world.scaler.activities() == known
    world.minutes(6)
    assert world.told() == [(4, "InProgress")]
    world.stuck = False
    world.minutes(1)
    assert world.told() == [(4, "Successful")]


def test_a_file_that_cannot_be_read_begins_anew(world: World) -> None:
    """It is a memory of measurements: without it three minutes make another."""
    world.path.write_text('{"series": 1}', encoding="utf-8")
    world.begin()
    assert world.scaler.activities() == ()
    world.path.write_text("{", encoding="utf-8")
    world.begin()
    assert world.scaler.measured("us-east-1") == []


def test_reset_forgets_all_of_it(world: World) -> None:
    """The file too."""
    world.load = 512
    world.minutes(3)
    world.scaler.reset()
    assert world.scaler.activities() == ()
    assert not world.path.exists()


def test_a_late_look_makes_up_for_the_minutes_it_missed(world: World) -> None:
    """What was measured is the average of all of them."""
    world.load = 256
    key = Key(world.tasks[0].arn, "web")
    world.spent[key] = world.spent.get(key, 0.0) + 180 * 256 / 1024
    world.clock.advance(180)
    world.scaler.look()
    now = int(world.clock.now())
    series = world.scaler.measured("us-east-1")[0][2]
    assert [series[now - back] for back in (60, 120, 180)] == [100.0] * 3


def test_services_that_reserve_nothing_have_no_percentage() -> None:
    """And tasks that have just begun are not counted: nobody knows what they used."""
    clock = ManualClock()
    meter = Meter(lambda key: Usage(clock.now() / 4, 0), clock.now)

    def read(*tasks: Task) -> list[tuple[str, float]]:
        clock.advance(60)
        state = cp.State(tasks=Map({one.arn: one for one in tasks}))
        return [(metric, value) for _arn, metric, value in meter.read(state)]

    assert read(task(1)) == []
    assert read(task(1), task(2)) == [("CPUUtilization", 100.0), ("MemoryUtilization", 0.0)]
    assert read(task(3, units=0)) == []
    assert read(task(3, units=0)) == [("MemoryUtilization", 0.0)]
    assert read(task(3, cpu="1 vCPU", memory="0.5GB"))[0] == ("CPUUtilization", 25.0)
