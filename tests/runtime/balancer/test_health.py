"""The life of a target: initial, healthy, unhealthy, draining, gone."""

from __future__ import annotations

import threading
import time

import pytest

from ecslab.model.agent_messages import DeregisterTarget
from ecslab.model.traffic import Forward, Group, HealthCheck, Plan
from ecslab.runtime.balancer.checking import codes
from ecslab.runtime.balancer.targets import Key, Targets
from tests.runtime.balancer.scene import API, WEB, Scene, wait_for


def told(scene, key):
    """The states reported of a target, each with its reason."""
    return [
        (r.state, r.reason)
        for r in scene.reports
        if (r.target_group_arn, r.target_id, r.port) == tuple(key)
    ]


def shown(scene, key):
    """State, reason and description as they are shown."""
    (one,) = [t for t in scene.plane.health(key.group_arn) if t.key == tuple(key)]
    return one.state, one.reason, one.description


def test_a_target_is_healthy_after_its_first_good_check(scene):
    """Initial until somebody really asked it."""
    web = scene.backend("web")
    key = scene.register(web)
    assert shown(scene, key)[:2] == ("initial", "Elb.RegistrationInProgress")
    assert scene.ask()[0] == 503
    scene.clock.advance(1.9)
    assert web.checks == 0
    scene.clock.advance(0.1)
    wait_for(lambda: scene.state(key) == "healthy")
    assert shown(scene, key) == ("healthy", "", "")
    assert web.checks == 1
    wait_for(lambda: told(scene, key) == [("healthy", "")])
    assert scene.reports[0].task_arn == "task/web"


def test_a_target_changes_sides_after_as_many_checks_in_a_row_as_its_group_says(scene):
    """Two bad ones in a row, two good ones in a row; one alone changes nothing."""
    web = scene.backend("web")
    key = scene.healthy(web)
    for status, state in (
        (500, "healthy"),
        (200, "healthy"),
        (500, "healthy"),
        (503, "unhealthy"),
        (200, "unhealthy"),
        (500, "unhealthy"),
        (200, "unhealthy"),
        (200, "healthy"),
    ):
        web.status = status
        scene.check_again(web)
        assert scene.state(key) == state, (status, told(scene, key))
    wait_for(lambda: len(told(scene, key)) == 4)
    assert told(scene, key) == [
        ("healthy", ""),
        ("unhealthy", "Target.ResponseCodeMismatch"),
        ("unhealthy", "Target.ResponseCodeMismatch"),
        ("healthy", ""),
    ]
    assert scene.reports[1].description == "Health checks failed with these codes: [503]"


def test_an_unhealthy_target_gets_nothing_while_others_are_healthy(scene):
    """Traffic goes to healthy targets only."""
    bad, good = scene.backend("bad"), scene.backend("good")
    key = scene.healthy(bad)
    scene.healthy(good)
    bad.status = 500
    scene.check_again(bad)
    scene.check_again(bad)
    wait_for(lambda: scene.state(key) == "unhealthy")
    assert {scene.ask()[1] for _ in range(4)} == {"good"}


@pytest.mark.parametrize(("minimum", "asked"), [(1, {"b"}), (2, {"a", "b"})])
def test_with_too_few_healthy_targets_the_unhealthy_ones_are_asked_too(scene, minimum, asked):
    """The group fails open; a single healthy target is enough unless its group says otherwise."""
    scene.configure(minimum_healthy=minimum)
    sick, well = scene.backend("a"), scene.backend("b")
    key = scene.healthy(sick)
    scene.healthy(well)
    fall_ill(scene, sick, key)
    assert {scene.ask()[1] for _ in range(6)} == asked


def test_with_unhealthy_targets_only_all_of_them_are_asked(scene):
    """503 is for groups without targets."""
    ones = [scene.backend(name) for name in ("a", "b")]
    for key, one in [(scene.healthy(one), one) for one in ones]:
        fall_ill(scene, one, key)
    assert {scene.ask()[1] for _ in range(4)} == {"a", "b"}


def fall_ill(scene, backend, key):
    """Two checks in a row fail; other requests are answered as before."""
    backend.status = 500
    scene.check_again(backend)
    scene.check_again(backend)
    wait_for(lambda: scene.state(key) == "unhealthy")


def test_a_target_nobody_answers_for_is_unhealthy_without_ever_being_healthy(scene):
    """Refused twice: FailedHealthChecks; until then it is initial."""
    web = scene.backend("web")
    key = scene.register(web)
    scene.backends.remove(web)
    web.stop()
    scene.clock.advance(2)
    wait_for(lambda: shown(scene, key)[1] == "Elb.InitialHealthChecking")
    time.sleep(0.05)
    scene.clock.advance(10)
    wait_for(lambda: scene.state(key) == "unhealthy")
    assert shown(scene, key)[1:] == ("Target.FailedHealthChecks", "Health checks failed")


def test_a_target_nothing_stands_for_is_unhealthy(scene):
    """An id nobody knows on this machine."""
    key = Key(WEB, "i-unknown", 80)
    scene.plane.register(key)
    scene.clock.advance(2)
    time.sleep(0.05)
    scene.clock.advance(10)
    wait_for(lambda: scene.state(key) == "unhealthy")


def test_a_target_that_answers_too_late_times_out(scene, monkeypatch):
    """The timeout is of the clock, yet a real second at least."""
    monkeypatch.setattr("ecslab.runtime.balancer.checking.LEAST_ANSWER", 0.3)
    scene.configure(check=HealthCheck(path="/slow", interval=10, timeout=3, unhealthy_threshold=2))
    web = scene.backend("web")
    web.slow = 3
    key = scene.register(web)
    for count in (1, 2):
        scene.clock.advance(10)
        wait_for(lambda count=count: len(web.seen) == count)
        scene.clock.advance(4)
        time.sleep(0.7)
    assert shown(scene, key) == ("unhealthy", "Target.Timeout", "Request timed out")
    web.slow = 0


def test_the_check_may_have_a_port_and_a_matcher_of_its_own(scene):
    """Port override and codes."""
    web, doctor = scene.backend("web"), scene.backend("doctor")
    doctor.status = 299
    scene.configure(check=HealthCheck("/health", doctor.port, interval=10, matcher="204,290-299"))
    scene.healthy(web)
    assert (web.checks, doctor.checks) == (0, 1)
    assert scene.ask() == (200, "web")


def test_matchers_are_lists_and_ranges():
    """As the API has them."""
    assert codes("200") == {200}
    assert codes("200,202") == {200, 202}
    assert codes("200-202, 301") == {200, 201, 202, 301}


def test_nobody_checks_a_group_no_rule_forwards_to(scene):
    """Unused, until a listener uses the group."""
    web = scene.backend("web")
    key = scene.register(web, API)
    scene.clock.advance(30)
    assert shown(scene, key)[:2] == ("unused", "Target.NotInUse")
    assert web.checks == 0
    scene.configure(Forward(((API, 1),)))
    assert scene.state(key) == "initial"
    scene.clock.advance(2)
    wait_for(lambda: scene.state(key) == "healthy")
    scene.configure()
    assert shown(scene, key)[:2] == ("unused", "Target.NotInUse")
    wait_for(lambda: len(told(scene, key)) == 4)
    assert [state for state, _ in told(scene, key)] == ["unused", "initial", "healthy", "unused"]


def test_a_target_is_drained_for_the_delay_and_finishes_what_it_has(scene):
    """No new request, the old one is answered, gone once the delay is over."""
    old, new = scene.backend("old"), scene.backend("new")
    key = scene.healthy(old)
    old.slow = 0.3
    answers = []
    asking = threading.Thread(target=lambda: answers.append(scene.ask("/last")))
    asking.start()
    wait_for(lambda: old.seen)
    scene.deregister(key, "task/old")
    scene.healthy(new)
    assert shown(scene, key)[:2] == ("draining", "Target.DeregistrationInProgress")
    assert {scene.ask()[1] for _ in range(3)} == {"new"}
    assert scene.plane.busy(key) == 1
    asking.join()
    assert answers == [(200, "old")]
    scene.clock.advance(57.9)
    assert scene.state(key) == "draining"
    scene.clock.advance(0.1)
    wait_for(lambda: scene.state(key) == "gone")
    wait_for(lambda: told(scene, key)[-1] == ("gone", ""))
    assert [state for state, _ in told(scene, key)] == ["healthy", "draining", "gone"]
    checks = old.checks
    scene.clock.advance(60)
    time.sleep(0.05)
    assert old.checks == checks


def test_a_target_that_is_not_known_is_gone_at_once(scene):
    """The control plane is told, for it waits."""
    scene.plane.obey(DeregisterTarget(WEB, "i-1", 80, "task/x"))
    wait_for(lambda: told(scene, (WEB, "i-1", 80)) == [("gone", "")])


def test_a_draining_target_that_comes_back_serves_again(scene):
    """It begins anew; the end of its draining does not reach it any more."""
    web = scene.backend("web")
    key = scene.healthy(web)
    scene.deregister(key, "task/web")
    scene.register(web, task="task/new")
    assert scene.state(key) == "initial"
    scene.clock.advance(2)
    wait_for(lambda: scene.state(key) == "healthy")
    scene.clock.advance(100)
    assert scene.state(key) == "healthy"
    wait_for(lambda: len(scene.reports) == 4)
    assert [(r.state, r.task_arn) for r in scene.reports] == [
        ("healthy", "task/web"),
        ("draining", "task/web"),
        ("gone", "task/web"),
        ("healthy", "task/new"),
    ]


def test_an_order_repeated_changes_nothing(scene):
    """As after a restart."""
    web = scene.backend("web")
    key = scene.healthy(web)
    scene.register(web)
    assert scene.state(key) == "healthy"
    scene.deregister(key, "task/web")
    scene.deregister(key, "task/web")
    assert scene.state(key) == "draining"


def test_targets_may_come_before_the_configuration():
    """After a restart the control plane is quicker than EC2 and its neighbours."""
    scene = Scene()
    web = scene.backend("web")
    key = scene.register(web)
    scene.clock.advance(60)
    assert (scene.state(key), web.checks, scene.reports) == ("initial", 0, [])
    scene.configure()
    scene.clock.advance(2)
    wait_for(lambda: scene.state(key) == "healthy")
    wait_for(lambda: [r.state for r in scene.reports] == ["healthy"])
    scene.end()


def test_targets_go_with_their_group(scene):
    """Those a person registered; a task's are its service's affair."""
    key = Key(WEB, "i-1", 80)
    scene.plane.register(key, "127.0.0.1")
    other = scene.register(scene.backend("web"))
    scene.plane.configure(Plan())
    assert scene.state(key) == "gone"
    assert shown(scene, other)[:2] == ("unused", "Target.NotInUse")


def test_an_old_check_says_nothing_about_a_new_registration():
    """A number tells the two apart."""
    targets = Targets(lambda report: None, lambda known, group: None)
    targets.configure([Group(WEB, "web")], (WEB,), 0)
    key = Key(WEB, "i-1", 80)
    first = targets.register(key, "127.0.0.1", "task/1", 0)
    targets.deregister(key, "task/1", 1)
    second = targets.register(key, "127.0.0.1", "task/2", 2)
    targets.checked(key, first.number, None, 3)
    assert targets.health(WEB)[0].state == "initial"
    targets.checked(key, second.number, None, 4)
    assert targets.health(WEB)[0].state == "healthy"
