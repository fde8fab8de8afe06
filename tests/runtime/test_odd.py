"""Runtimes that are slow, silent or wrong: tasks come to rest all the same."""

import pytest

from ecslab.runtime import port
from ecslab.runtime.agents import Agents
from ecslab.runtime.port import Found, Key
from tests.runtime.bench import World, order
from tests.runtime.odd import BadStub, SlowStub, never
from tests.runtime.test_agent import c


def test_a_start_that_takes_longer_than_three_minutes_fails_and_leaves_nothing_running():
    world = World(SlowStub)
    task = world.run(order(c("web", portMappings=[{"containerPort": 80, "hostPort": 0}])))
    world.advance(1000, step=1)
    assert world.last(task).stop_code == "TaskFailedToStart"
    assert "could not start container within 180s" in world.last(task).reason
    assert not [s for s in world.stub._containers.values() if s.running]
    world.stub.close()


@pytest.mark.parametrize("kind", [port.Pull, port.Create, port.Start, port.Stop])
def test_an_instruction_never_answered_does_not_keep_a_stopped_task(kind):
    world = World(never(kind))
    task = world.run(order(c("web")))
    world.advance(10)
    world.stop(task)
    world.advance(400, step=1)
    assert world.last(task).status == "STOPPED"
    world.stub.close()


def test_a_creation_never_answered_fails_the_start():
    world = World(never(port.Create))
    task = world.run(order(c("web")))
    world.advance(300, step=1)
    assert world.last(task).stop_code == "TaskFailedToStart"
    assert "could not create container within 240s" in world.last(task).reason
    world.stub.close()


def test_news_told_twice_or_of_nobody_change_nothing():
    lives = []
    for make in (World, lambda: World(BadStub)):
        world = make()
        task = world.run(order(c("web"), c("side")))
        world.advance(10)
        world.stop(task)
        world.advance(10)
        lives.append((world.statuses(task), world.container(task, "web").exit_code))
        world.stub.close()
    assert lives[0] == lives[1]


def test_a_container_that_stopped_is_told_once():
    world = World(BadStub)
    world.run(
        order(c("web"), c("side", essential=False, dockerLabels={"ecslab.simulate.exit-code": "1"}))
    )
    world.advance(10)
    assert world.stopped() == ["side"]
    world.stub.close()


def test_a_start_cut_short_by_a_crash_goes_on():
    submitted = []
    agents = Agents(submitted.append, forgets=False)
    task = order(c("up"), c("made"), c("missing"))
    agents.remember(
        [
            Found(Key(task.task_arn, "up"), "1", running=True),
            Found(Key(task.task_arn, "made"), "2", running=False),
        ]
    )
    agents.obey(task, 0.0)
    assert [(type(i), i.key.name) for i in submitted] == [
        (port.Pull, "missing"),
        (port.Start, "made"),
    ]


def test_a_task_that_ended_gives_its_network_back_once():
    submitted = []
    agents = Agents(submitted.append, forgets=False)
    task = order(c("web"))
    agents.obey(task, 0.0)
    agents.hear(port.PullFailed(Key(task.task_arn, "web"), "no"), 1.0)
    agents.hear(port.RuntimeLost("gone"), 2.0)
    assert submitted.count(port.Release(task.task_arn)) == 1


def test_an_answer_given_twice_starts_nothing_twice():
    submitted = []
    agents = Agents(submitted.append, forgets=False)
    task = order(c("web"))
    key = Key(task.task_arn, "web")
    agents.obey(task, 0.0)
    for event in (port.Pulled(key), port.Created(key, "1"), port.Started(key)):
        agents.hear(event, 1.0)
        agents.hear(event, 1.0)
    assert [type(i) for i in submitted] == [port.Pull, port.Create, port.Start]


def test_the_next_moment_is_asked_for_in_no_more_time_with_many_tasks():
    """A count, not a clock: only tasks something happened to are looked at."""
    agents = Agents(lambda _i: None, forgets=False)
    tasks = [order(c("web")) for _ in range(300)]
    for task in tasks:
        agents.obey(task, 0.0)
    looked = []
    for task in agents._tasks.values():
        task.next_wakeup = lambda task=task: looked.append(task)
    agents.hear(port.Pulled(Key(tasks[0].task_arn, "web")), 1.0)
    agents.next_wakeup()
    agents.wake(2.0)
    assert len(looked) == 1


def test_each_wait_ends_at_its_own_moment():
    agents = Agents(lambda _i: None, forgets=False)
    first, second = order(c("web")), order(c("web"))
    for at, task in ((10.0, first), (5.0, second)):
        agents.obey(task, 0.0)
        agents.hear(port.Pulled(Key(task.task_arn, "web")), at)
    assert agents.next_wakeup() == 245.0
    ended = {r.task_arn for r in agents.wake(245.0) if getattr(r, "stop_code", "")}
    assert ended == {second.task_arn}
    assert agents.next_wakeup() == 250.0


def test_a_fast_clock_leaves_the_engine_the_time_it_needs():
    """240 s to make a container are 240 s of the machine's, also where the sandbox's run faster."""
    agents = Agents(lambda _i: None, forgets=False, patience=20.0)
    task = order(c("web"))
    agents.obey(task, 0.0)
    agents.hear(port.Pulled(Key(task.task_arn, "web")), 10.0)
    assert agents.next_wakeup() == 10.0 + 20 * 240
    agents.hear(port.Created(Key(task.task_arn, "web"), "1"), 50.0)
    assert agents.next_wakeup() == 50.0 + 20 * 180
