"""A bounded load while targets come and go: no request fails, nothing leaks."""

from __future__ import annotations

import gc
import http.client
import os
import threading
import time
from collections import Counter

from ecslab.sandbox.clock import RunningClock
from tests.runtime.balancer.scene import Scene, wait_for

RATE = 200
"""Requests a second."""
CLIENTS = 8


class Load:
    """`RATE` requests a second until `stop`, by `CLIENTS` clients that keep their connections."""

    def __init__(self, scene: Scene) -> None:
        self.answers: Counter[str] = Counter()
        self.failed: list[str] = []
        self._scene = scene
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    @property
    def sent(self) -> int:
        """How many requests were answered or failed."""
        return sum(self.answers.values()) + len(self.failed)

    def stop(self) -> None:
        """Send no more."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        client = self._scene.connect()
        due = time.monotonic() + number / RATE
        while not self._end.wait(max(0.0, due - time.monotonic())):
            due += CLIENTS / RATE
            try:
                client.request("GET", "/")
                answer = client.getresponse()
                answer.read()
                name = answer.headers["X-Name"] or f"status {answer.status}"
                self.answers[name] += 1
                if answer.status != 200:
                    self.failed.append(name)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                client.close()
        client.close()


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
    load = Load(scene)
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
    assert load.sent - before > 0.35 * RATE
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
    load = Load(scene)
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
