"""What every runtime keeps: the stub and Docker, one suite."""

import time
import urllib.error
import urllib.request

import pytest

from ecslab.runtime import port
from ecslab.runtime.port import Key


def fetch(address):
    with urllib.request.urlopen("http://{}:{}/".format(*address), timeout=5) as answer:
        return answer.read().decode()


def test_an_image_that_is_there_is_pulled(stage):
    stage.runtime.submit(port.Pull(stage.key(), stage.image, {}))
    stage.wait(port.Pulled, key=stage.key())


def test_an_image_that_is_nowhere_fails_with_a_sentence(stage):
    labels = {"ecslab.simulate.pull": "not-found"}
    image = "ecslab-nowhere.invalid/nothing:1"
    stage.runtime.submit(port.Pull(stage.key(), image, labels))
    assert stage.wait(port.PullFailed, key=stage.key()).reason


def test_a_container_is_created_with_an_id_then_started(stage):
    assert stage.create().runtime_id
    assert isinstance(stage.start(), port.Started)


def test_the_same_container_cannot_be_created_twice(stage):
    stage.create()
    stage.runtime.submit(port.Create(stage.key(), stage.spec()))
    stage.wait(port.CreateFailed, key=stage.key())


def test_a_container_there_is_not_cannot_be_started(stage):
    assert isinstance(stage.start("nobody"), port.StartFailed)


def test_a_host_port_is_really_open_while_it_runs(stage, free_port):
    started = stage.run(behaviour="serves", ports=[(80, free_port)])
    assert started.bindings[0].host_port == free_port
    assert fetch((stage.host_ip, free_port))


def test_a_port_is_shut_after_the_end(stage, free_port):
    stage.run(behaviour="serves", ports=[(80, free_port)])
    stage.runtime.submit(port.Stop(stage.key(), 0))
    stage.wait(port.Exited, key=stage.key())
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        fetch((stage.host_ip, free_port))


def test_what_is_there_can_be_listed_with_the_ports_it_holds(stage, free_port):
    """A stopped container is there still, and holds no port."""
    stage.run(behaviour="serves", ports=[(80, free_port)])
    (held,) = stage.runtime.held()
    assert (held.key, held.running) == (stage.key(), True)
    assert held.ports == ((stage.host_ip, free_port, "tcp"),)
    stage.runtime.submit(port.Stop(stage.key(), 0))
    stage.wait(port.Exited, key=stage.key())
    assert stage.runtime.held() == [(stage.key(), False, ())]
    stage.runtime.submit(port.Remove(stage.task))
    until_empty(stage.runtime.held)


def test_a_host_port_cannot_be_had_twice(stage, free_port):
    stage.run("one", behaviour="serves", ports=[(80, free_port)])
    second = stage.run("two", behaviour="serves", ports=[(80, free_port)])
    assert isinstance(second, port.StartFailed)
    assert "allocated" in second.reason


def test_a_port_is_free_again_at_once_for_the_next(stage, free_port):
    stage.run("one", behaviour="serves", ports=[(80, free_port)])
    stage.runtime.submit(port.Stop(stage.key("one"), 0))
    stage.wait(port.Exited, key=stage.key("one"))
    assert isinstance(stage.run("two", behaviour="serves", ports=[(80, free_port)]), port.Started)


def test_a_stop_that_is_heard_ends_with_143(stage):
    stage.run()
    stage.runtime.submit(port.Stop(stage.key(), 30))
    assert stage.wait(port.Exited, key=stage.key()).exit_code == 143


def test_an_end_of_its_own_tells_the_exit_code(stage):
    stage.run(behaviour="ends with 3")
    assert stage.wait(port.Exited, key=stage.key()).exit_code == 3


def test_an_end_is_told_once(stage):
    stage.run(behaviour="ends with 3")
    stage.wait(port.Exited, key=stage.key())
    stage.runtime.submit(port.Stop(stage.key(), 0))
    stage.run("later")  # whatever was to come has come
    ends = [e for e in stage.events if isinstance(e, port.Exited) and e.key == stage.key()]
    assert len(ends) == 1


def test_a_container_that_ended_can_be_started_again(stage):
    stage.run(behaviour="ends with 3")
    stage.wait(port.Exited, key=stage.key())
    assert isinstance(stage.start(), port.Started)
    assert stage.wait(port.Exited, key=stage.key(), count=2).exit_code == 3


@pytest.mark.parametrize(
    ("behaviour", "command", "health"),
    [("stays", "true", "HEALTHY"), ("is unhealthy", "false", "UNHEALTHY")],
)
def test_a_health_check_speaks(stage, behaviour, command, health):
    check = {"command": ["CMD", command], "interval": 1, "timeout": 2, "retries": 1}
    stage.run(behaviour=behaviour, healthCheck=check)
    assert stage.wait(port.HealthChanged, key=stage.key()).health == health


def test_what_it_wrote_can_be_read(stage):
    stage.run(behaviour="ends with 3", command=["sh", "-c", "echo started; sleep 0.5; exit 3"])
    stage.wait(port.Exited, key=stage.key())
    assert "started" in stage.runtime.logs(stage.key())


def test_its_lines_come_with_their_moments_each_once(stage):
    began = time.time_ns() - 2_000_000_000
    stage.run(
        behaviour="ends with 3", command=["sh", "-c", "echo one; sleep 0.5; echo two; exit 3"]
    )
    stage.wait(port.Exited, key=stage.key())
    time.sleep(0.2)
    lines = stage.runtime.lines(stage.key(), 0)
    assert len(lines) >= 2
    assert began < lines[0].at < lines[-1].at < time.time_ns() + 2_000_000_000
    assert stage.runtime.lines(stage.key(), lines[0].at) == lines[1:]
    assert stage.runtime.lines(stage.key(), lines[-1].at) == []


def test_nothing_is_to_be_read_of_a_container_there_is_not(stage):
    assert stage.runtime.logs(Key("arn:none/1", "web")) == ""
    assert stage.runtime.lines(Key("arn:none/1", "web"), 0) == []


def test_no_command_is_run_where_nothing_runs(stage):
    with pytest.raises(LookupError):
        stage.runtime.execute(Key("arn:none/1", "web"), ["true"])


def test_everything_is_removed(stage, free_port):
    stage.run(behaviour="serves", ports=[(80, free_port)])
    stage.runtime.remove_all()
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        fetch((stage.host_ip, free_port))
    assert stage.runtime.adopt() == []


def test_it_says_whether_it_simulates(stage):
    assert stage.runtime.simulated is (stage.runtime.name == "stub")


def test_what_it_uses_grows_while_it_works_and_ends_with_it(stage):
    assert stage.runtime.usage(stage.key()) is None
    stage.run(behaviour="works")
    first = stage.runtime.usage(stage.key())
    time.sleep(0.5)
    second = stage.runtime.usage(stage.key())
    assert 0.01 < second.cpu - first.cpu < 4
    assert second.memory > 0
    stage.runtime.submit(port.Stop(stage.key(), 0))
    stage.wait(port.Exited, key=stage.key())
    assert stage.runtime.usage(stage.key()) is None


def until_empty(look, seconds=10):
    end = time.monotonic() + seconds
    while look():
        assert time.monotonic() < end, look()
        time.sleep(0.02)
