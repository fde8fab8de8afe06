"""A bounded load while targets come and go: no request fails, nothing leaks."""

from __future__ import annotations

import gc
import os
import time

from ecslab.sandbox.clock import RunningClock
from tests.load import RATE, Load
from tests.runtime.balancer.scene import Scene, wait_for


def test_no_request_fails_while_targets_are_replaced():
    """Each of three targets is replaced: the new one is healthy before the old one is drained."""
    scene = Scene(RunningClock(speed=20))
    scene.configure(deregistration_delay=10.0)
    running = {}

    def bring(name: str) -> None:
        backend = scene.backend(name)
        running[name] = (backend, scene.register(backend))
        wait_for(lambda: scene.state(running[name][1]) == "healthy")

    for name in ("old-0", "old-1", "old-2"):
        bring(name)
    load = Load(scene.connect)
    for number in range(3):
        bring(f"new-{number}")
        old, key = running[f"old-{number}"]
        scene.deregister(key, f"task/old-{number}")
        wait_for(lambda key=key: scene.state(key) == "gone")
        scene.backends.remove(old)
        old.stop()
    before = load.sent
    time.sleep(0.5)
    load.stop()
    assert load.failed == []
    assert load.sent - before > 0.1 * RATE  # it went on to the end
    assert {name for name in load.answers if name.startswith("new")} == {"new-0", "new-1", "new-2"}
    scene.end()


def test_no_request_fails_when_a_target_dies():
    """A killed target hangs up or refuses until its checks notice: the others take its requests.

    Only requests that may be repeated: a POST on its way to the dying may have been done.
    """
    scene = Scene(RunningClock())
    scene.configure()
    keys = [scene.register(scene.backend(name)) for name in ("a", "b", "c")]
    wait_for(lambda: [scene.state(key) for key in keys] == ["healthy"] * 3)
    load = Load(scene.connect)
    time.sleep(0.3)
    scene.backends.pop(0).stop()
    time.sleep(1.0)
    load.stop()
    assert load.failed == []
    assert load.answers["b"] > load.answers["a"] > 0
    scene.end()


def test_nothing_is_left_of_many_requests(scene):
    """As many open files after as before."""
    web = scene.backend("web")
    scene.healthy(web)
    for _ in range(10):
        scene.ask()
    files = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    for _ in range(200):
        assert scene.ask() == (200, "web")
    gc.collect()
    wait_for(lambda: not files or len(os.listdir("/proc/self/fd")) <= files)
    assert not scene.plane._targets._busy
