"""The stub's ledger and its doors."""

import threading
import urllib.request

import pytest

from ecslab.runtime.doors import Doors, page_of
from ecslab.runtime.port import Key
from ecslab.runtime.simulated_use import Use
from tests.runtime.bench import World, order
from tests.runtime.test_agent import c


@pytest.fixture
def world():
    w = World(capacity=lambda _host: (1024, 100))
    yield w
    w.stub.close()


def test_more_memory_than_the_host_has_is_refused(world):
    world.run(order(c("a", memory=60)))
    second = world.run(order(c("b", memory=60)))
    world.advance(5)
    assert world.last(second).stop_code == "TaskFailedToStart"
    assert "out of memory on 127.0.9.1" in world.last(second).reason


def test_more_cpu_than_the_host_has_is_refused(world):
    world.run(order(c("a", memory=6, cpu=600)))
    second = world.run(order(c("b", memory=6, cpu=600)))
    world.advance(5)
    assert "out of CPU on 127.0.9.1" in world.last(second).reason


def test_each_host_has_its_own_ledger(world):
    tasks = [world.run(order(c("a", memory=60), host_ip=ip)) for ip in ("127.0.9.1", "127.0.9.2")]
    world.advance(5)
    assert [world.statuses(t)[-1] for t in tasks] == ["RUNNING", "RUNNING"]


def test_what_a_task_had_is_free_when_it_has_stopped(world):
    first = world.run(order(c("a", memory=60)))
    world.advance(5)
    world.stop(first)
    world.advance(5)
    second = world.run(order(c("b", memory=60)))
    world.advance(5)
    assert world.statuses(second)[-1] == "RUNNING"


def test_what_was_made_but_never_started_is_free_too(world):
    slow = {"dockerLabels": {"ecslab.simulate.start-seconds": "1000"}}
    first = world.run(order(c("a", memory=60, **slow)))
    world.advance(300, step=1)
    assert world.last(first).stop_code == "TaskFailedToStart"
    second = world.run(order(c("b", memory=60)))
    world.advance(5)
    assert world.statuses(second)[-1] == "RUNNING"


def test_a_start_nobody_wants_any_more_does_not_happen_later(world):
    slow = {"dockerLabels": {"ecslab.simulate.start-seconds": "1000"}}
    task = world.run(order(c("a", memory=60, **slow)))
    world.advance(1200, step=1)
    assert "simulated: a started" not in world.stub.logs(Key(task.task_arn, "a"))


def test_a_container_killed_at_once_ends_with_137(world):
    task = world.run(order(c("a", stopTimeout=0)))
    world.advance(5)
    world.stop(task)
    world.advance(5)
    assert world.container(task, "a").exit_code == 137


def test_a_task_with_an_address_of_its_own_opens_its_container_ports_there(world):
    port = [{"containerPort": 18080}]
    first = order(c("a", memory=40, portMappings=port), mode="awsvpc", own_ip="127.1.9.1")
    second = order(c("a", memory=40, portMappings=port), mode="awsvpc", own_ip="127.1.9.2")
    world.run(first)
    world.run(second)
    world.advance(5)
    assert world.statuses(first) == world.statuses(second) == ["ACTIVATING", "RUNNING"]
    for address in ("127.1.9.1", "127.1.9.2"):
        real = world.stub.addresses().get((address, 18080), (address, 18080))
        with urllib.request.urlopen("http://{}:{}/".format(*real), timeout=5) as answer:
            assert "simulated" in answer.read().decode("utf-8")


def test_an_address_this_machine_lacks_gets_a_stated_substitute():
    doors = Doors()
    try:
        real = doors.open("192.0.2.1", 80, lambda: page_of("1", "f:1", "web", "nginx"))
        assert real[0] == "127.0.0.1"
        assert doors.substitutes() == {("192.0.2.1", 80): real}
        with urllib.request.urlopen("http://{}:{}/".format(*real), timeout=5) as answer:
            page = answer.read().decode("utf-8")
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "シミュレーション" in page
        assert "simulated" in page
        doors.close("192.0.2.1", 80)
        assert doors.substitutes() == {}
    finally:
        doors.close_all()


def test_names_in_the_page_cannot_become_markup():
    assert "<script>" not in page_of("1", "f:1", "web", "<script>alert(1)</script>")


def test_hundreds_of_ports_take_one_thread():
    before = threading.active_count()
    doors = Doors()
    try:
        for n in range(300):
            doors.open(f"127.9.{n // 250 + 1}.{n % 250 + 1}", 0, lambda: "")
        assert threading.active_count() <= before + 1
    finally:
        doors.close_all()


def test_each_request_to_its_page_costs_what_its_label_says_and_health_checks_nothing():
    use = Use({"ecslab.simulate.cpu-per-request": "25", "ecslab.simulate.memory": "20"})
    for _ in range(4):
        use.visited(b"GET / HTTP/1.1\r\nUser-Agent: any\r\n\r\n")
    use.visited(b"GET / HTTP/1.1\r\nUser-Agent: ELB-HealthChecker/2.0\r\n\r\n")
    assert use.now() == (0.1, 20 * 1024 * 1024)


@pytest.mark.parametrize("word", ["much", "-5", "inf", "nan"])
def test_a_label_that_is_no_number_counts_as_not_given(word):
    assert Use({"ecslab.simulate.cpu": word}).now().cpu == 0
