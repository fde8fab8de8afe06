"""The agent: what it does with orders and events, on simulated containers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.model.agent_messages import NetworkBinding
from ecslab.runtime import port
from ecslab.runtime.agents import Agents
from ecslab.runtime.port import Found, Key
from tests.runtime.bench import World, order


@pytest.fixture
def world():
    w = World()
    yield w
    w.stub.close()


def c(name, **more):
    return {"name": name, "image": "nginx", "memory": 64, **more}


def labels(**simulate):
    return {
        "dockerLabels": {f"ecslab.simulate.{k.replace('_', '-')}": v for k, v in simulate.items()}
    }


def test_a_task_is_activated_then_running(world):
    task = world.run(order(c("web")))
    assert world.statuses(task) == ["ACTIVATING"]
    world.advance(5)
    assert world.statuses(task) == ["ACTIVATING", "RUNNING"]
    assert world.container(task, "web").status == "RUNNING"


@pytest.fixture
def slow():
    w = World(take_up=1.5)
    yield w
    w.stub.close()


def test_an_agent_takes_its_turn_before_it_takes_up_a_task(slow):
    task = slow.run(order(c("web")))
    slow.advance(1.4)
    assert slow.statuses(task) == []
    slow.advance(0.2)
    assert slow.statuses(task) == ["ACTIVATING"]
    slow.advance(5)
    assert slow.statuses(task) == ["ACTIVATING", "RUNNING"]


def test_a_task_stopped_before_it_was_taken_up_never_starts(slow):
    task = slow.run(order(c("web")))
    slow.advance(1)
    slow.stop(task)
    slow.advance(5)
    assert slow.statuses(task) == ["STOPPED"]
    assert slow.started() == []


def test_a_runtime_that_is_lost_takes_the_tasks_that_wait_with_it(slow):
    task = slow.run(order(c("web")))
    slow.events.append(port.RuntimeLost("Docker stopped."))
    slow.advance(5)
    assert slow.last(task).status == "STOPPED"
    assert slow.started() == []


def test_pulling_begins_with_the_task_and_ends_with_the_last_image(world):
    world.run(order(c("a"), c("b")))
    world.advance(5)
    pulls = [r.finished for r in world.reports if type(r).__name__ == "PullStateChange"]
    assert pulls == [False, True]


def test_stopping_ends_the_containers_with_143(world):
    task = world.run(order(c("web")))
    world.advance(5)
    world.stop(task)
    world.advance(5)
    assert world.statuses(task)[-2:] == ["STOPPING", "STOPPED"]
    assert world.container(task, "web").exit_code == 143


def test_the_same_order_twice_changes_nothing(world):
    task = world.run(order(c("web")))
    world.advance(5)
    before = list(world.reports)
    world.run(task)
    world.advance(5)
    assert world.reports == before


@pytest.mark.parametrize("condition", ["START", "HEALTHY"])
def test_a_container_starts_after_the_one_it_depends_on(world, condition):
    db = c("db", healthCheck={"command": ["CMD", "x"], "interval": 5})
    web = c("web", dependsOn=[{"containerName": "db", "condition": condition}])
    world.run(order(web, db))
    world.advance(20)
    assert world.started() == ["db", "web"]


def test_healthy_is_waited_for_until_it_is_said(world):
    db = c("db", healthCheck={"command": ["CMD", "x"], "interval": 5})
    web = c("web", dependsOn=[{"containerName": "db", "condition": "HEALTHY"}])
    task = world.run(order(web, db))
    world.advance(4)
    assert world.started() == ["db"]
    assert world.statuses(task) == ["ACTIVATING"]
    world.advance(10)
    assert world.statuses(task)[-1] == "RUNNING"


@pytest.mark.parametrize(("condition", "code"), [("SUCCESS", "0"), ("COMPLETE", "3")])
def test_an_end_is_waited_for(world, condition, code):
    init = c("init", essential=False, **labels(exit_code=code))
    web = c("web", dependsOn=[{"containerName": "init", "condition": condition}])
    task = world.run(order(web, init))
    world.advance(10)
    assert world.statuses(task)[-1] == "RUNNING"
    assert world.container(task, "init").exit_code == int(code)


def test_success_that_does_not_come_fails_the_start(world):
    init = c("init", essential=False, **labels(exit_code="3"))
    web = c("web", dependsOn=[{"containerName": "init", "condition": "SUCCESS"}])
    task = world.run(order(web, init))
    world.advance(10)
    last = world.last(task)
    assert (last.status, last.stop_code) == ("STOPPED", "TaskFailedToStart")
    assert "dependency graph" in last.reason


def test_a_start_timeout_ends_the_waiting(world):
    init = c("init", essential=False, startTimeout=3)
    web = c("web", dependsOn=[{"containerName": "init", "condition": "SUCCESS"}])
    task = world.run(order(web, init))
    world.advance(20)
    assert world.last(task).stop_code == "TaskFailedToStart"
    assert "startTimeout" in world.last(task).reason


def test_a_circle_of_dependencies_fails_the_start_at_once(world):
    a = c("a", dependsOn=[{"containerName": "b", "condition": "START"}])
    b = c("b", dependsOn=[{"containerName": "a", "condition": "START"}])
    task = world.run(order(a, b))
    assert world.last(task).status == "STOPPED"
    assert "failed to resolve container ordering dependency" in world.last(task).reason


def test_links_and_volumes_from_are_dependencies_too(world):
    world.run(
        order(
            c("web", links=["php:fpm"], volumesFrom=[{"sourceContainer": "data"}]),
            c("data"),
            c("php"),
        )
    )
    world.advance(10)
    assert world.started()[-1] == "web"


def test_containers_stop_in_the_reverse_order(world):
    db, web = c("db"), c("web", dependsOn=[{"containerName": "db", "condition": "START"}])
    task = world.run(order(db, web))
    world.advance(10)
    world.stop(task)
    world.advance(10)
    assert world.stopped() == ["web", "db"]


def test_the_end_of_an_essential_container_ends_the_task(world):
    task = world.run(order(c("web", **labels(exit_code="1", exit_after="5")), c("side")))
    world.advance(20)
    last = world.last(task)
    assert (last.status, last.stop_code) == ("STOPPED", "EssentialContainerExited")
    assert last.reason == "Essential container in task exited"
    assert world.container(task, "side").exit_code == 143


def test_the_end_of_another_container_does_not(world):
    task = world.run(order(c("web"), c("side", essential=False, **labels(exit_code="1"))))
    world.advance(20)
    assert world.statuses(task)[-1] == "RUNNING"


@pytest.mark.parametrize(
    ("fate", "words"), [("not-found", "not found"), ("denied", "pull access denied")]
)
def test_an_image_that_cannot_be_had_fails_the_start(world, fate, words):
    task = world.run(order(c("web", **labels(pull=fate))))
    world.advance(5)
    last = world.last(task)
    assert (last.status, last.stop_code) == ("STOPPED", "TaskFailedToStart")
    assert last.reason.startswith("CannotPullContainerError: ")
    assert words in last.reason


def test_a_restart_policy_starts_a_container_again(world):
    policy = {"enabled": True, "restartAttemptPeriod": 60}
    task = world.run(
        order(c("web", restartPolicy=policy, **labels(exit_code="1", exit_after="100")))
    )
    world.advance(110)
    assert world.statuses(task)[-1] == "RUNNING"


@pytest.mark.parametrize(
    "policy",
    [
        {"enabled": False},
        {"enabled": True, "ignoredExitCodes": [1], "restartAttemptPeriod": 60},
        {"enabled": True, "restartAttemptPeriod": 300},
    ],
)
def test_a_restart_policy_that_does_not_fit_lets_it_end(world, policy):
    task = world.run(
        order(c("web", restartPolicy=policy, **labels(exit_code="1", exit_after="100")))
    )
    world.advance(110)
    assert world.statuses(task)[-1] == "STOPPED"


def test_stopping_while_images_are_pulled_starts_nothing(world):
    task = world.run(order(c("web")))
    world.stop(task)
    world.advance(10)
    assert world.statuses(task)[-1] == "STOPPED"
    assert world.started() == []


def test_health_is_reported(world):
    check = {"command": ["CMD", "x"], "interval": 5, "retries": 2}
    world.run(order(c("web", healthCheck=check, **labels(health="unhealthy"))))
    world.advance(20)
    assert [r.health for r in world.reports if type(r).__name__ == "ContainerHealthChange"] == [
        "UNHEALTHY"
    ]


def test_a_lost_runtime_ends_every_task_with_its_reason(world):
    task = world.run(order(c("web")))
    world.advance(5)
    world.reports += world.agents.hear(port.RuntimeLost("Docker is gone"), world.clock.now())
    last = world.last(task)
    assert (last.status, last.reason) == ("STOPPED", "Docker is gone")


def test_containers_of_an_earlier_run_are_taken_over():
    submitted = []
    agents = Agents(submitted.append, forgets=False)
    task = order(c("web"), resumed=True)
    agents.remember([Found(Key(task.task_arn, "web"), "abc", running=True)])
    reports = agents.obey(task, 0.0)
    assert submitted == []
    assert reports[-1].status == "RUNNING"
    assert reports[0].runtime_id == "abc"


def test_a_container_that_vanished_meanwhile_ends_the_task():
    agents = Agents(lambda _i: None, forgets=False)
    task = order(c("web"), resumed=True)
    reports = agents.obey(task, 0.0)
    assert reports[-1].status == "STOPPED"
    assert "gone" in reports[0].reason


def test_a_task_resumed_on_a_runtime_that_forgets_is_started_again_without_news(world):
    task = world.run(order(c("web"), resumed=True))
    world.advance(5)
    assert world.statuses(task) == ["RUNNING"]


EVENTS = st.lists(
    st.one_of(
        st.just("stop"),
        st.tuples(st.sampled_from(["exit", "health", "pull", "pullfail"]), st.integers(0, 2)),
        st.floats(0.1, 8.0),
    ),
    max_size=12,
)


@given(EVENTS, st.integers(1, 3), st.booleans())
def test_whatever_happens_nothing_is_left_running_after_a_stop(events, count, chained):
    world = World()
    names = [f"c{i}" for i in range(count)]
    containers = [
        c(
            name,
            essential=i == 0,
            dependsOn=(
                [{"containerName": names[i - 1], "condition": "START"}] if chained and i else []
            ),
        )
        for i, name in enumerate(names)
    ]
    task = world.run(order(*containers))
    for event in events:
        if event == "stop":
            world.stop(task)
        elif isinstance(event, float):
            world.advance(event, step=0.5)
        else:
            kind, which = event
            key = Key(task.task_arn, names[which % count])
            made = {
                "exit": port.Exited(key, 1),
                "health": port.HealthChanged(key, "HEALTHY"),
                "pull": port.Pulled(key),
                "pullfail": port.PullFailed(key, "no"),
            }[kind]
            world.reports += world.agents.hear(made, world.clock.now())
    world.stop(task)
    world.advance(200, step=1.0)
    assert world.last(task).status == "STOPPED"
    running = [k for k, s in world.stub._containers.items() if s.running]
    # An exit told by nobody real is believed; removal takes such a container away.
    world.forget(task)
    assert [k for k in running if k in world.stub._containers] == []
    world.stub.close()


def test_an_awsvpc_task_opens_its_container_ports_at_its_own_address():
    w = World()
    web = {"name": "web", "image": "nginx", "portMappings": [{"containerPort": 80}]}
    w.run(order(web, mode="awsvpc", own_ip="127.1.9.1"))
    w.advance(3)
    (created,) = w.stub._containers.values()
    assert created.spec.bindings == (NetworkBinding("127.1.9.1", 80, 80),)
    assert created.spec.open_at == "127.1.9.1"
    assert created.spec.host_ip == "127.0.9.1"


def prepared(w, prepare):
    """A world whose agents hand what containers need to `prepare`."""
    w.agents = Agents(w.stub.submit, forgets=True, prepare=prepare)
    return w


def test_no_image_is_pulled_before_what_its_container_needs_is_there():
    w, asked = World(), []
    prepared(w, asked.append)
    task = w.run(order({"name": "web", "image": "nginx"}))
    w.advance(5)
    assert w.statuses(task) == ["ACTIVATING"]
    assert [one.key.name for one in asked] == ["web"]
    w.events.append(port.Prepared(asked[0].key, (("COLOUR", "blue"),)))
    w.advance(5)
    assert w.statuses(task) == ["ACTIVATING", "RUNNING"]
    (container,) = w.stub._containers.values()
    assert ("COLOUR", "blue") in container.spec.environment


def test_what_cannot_be_got_fails_the_start_with_its_whole_reason():
    w, asked = World(), []
    prepared(w, asked.append)
    task = w.run(order({"name": "web", "image": "nginx"}, {"name": "side", "image": "nginx"}))
    reason = "ResourceInitializationError: unable to pull secrets"
    w.events.append(port.PrepareFailed(asked[0].key, reason))
    w.advance(5)
    last = w.last(task)
    assert (last.status, last.stop_code, last.reason) == ("STOPPED", "TaskFailedToStart", reason)
    w.events.append(port.Prepared(asked[1].key))  # too late
    w.advance(5)
    assert w.stub._containers == {}


def test_a_task_may_be_stopped_while_its_needs_are_being_got():
    w = prepared(World(), lambda wanted: None)
    task = w.run(order({"name": "web", "image": "nginx"}))
    w.stop(task)
    assert w.last(task).status == "STOPPED"
