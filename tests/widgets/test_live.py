"""The diagram that follows a cluster."""

import datetime
import threading
import time
from dataclasses import replace

import pytest

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.model.snapshot import EventView, Snapshot, TaskView
from ecslab.widgets.live import LiveDiagram


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def shot(status):
    task = TaskView(id="a" * 32, definition="web:1", status=status)
    return Snapshot(cluster="c", at=0.0, tasks=(task,))


def draw(snapshot):
    return f"<svg>{snapshot.tasks[0].status}</svg>"


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_it_shows_the_cluster_at_once_and_then_follows_it():
    state = {"now": "PENDING"}
    live = LiveDiagram(lambda: shot(state["now"]), draw, every=0.01).start()
    assert "PENDING" in live.picture.value
    state["now"] = "RUNNING"
    until(lambda: "RUNNING" in live.picture.value)
    live.stop()


def test_what_a_look_takes_does_not_slow_the_pace():
    looks = []

    def long_look():
        looks.append(time.monotonic())
        time.sleep(0.4)
        return shot("RUNNING")

    live = LiveDiagram(long_look, draw, every=0.5).start()
    time.sleep(3.0)
    live.stop()
    # A pause of the full 0.5 s after each look, varied by a quarter, would leave room for four.
    assert len(looks) >= 5


def test_the_log_names_each_change_once():
    state = {"now": "PENDING"}
    live = LiveDiagram(lambda: shot(state["now"]), draw, every=0.01).start()
    state["now"] = "RUNNING"
    until(lambda: "PENDING → RUNNING" in live.history.value)
    live.stop()
    assert live.history.value.count("PENDING → RUNNING") == 1
    assert 'role="log"' in live.history.value


def test_pause_keeps_the_picture_and_follow_goes_on():
    state = {"now": "PENDING"}
    live = LiveDiagram(lambda: shot(state["now"]), draw, every=0.01).start()
    live.button.click()
    assert not live.following
    state["now"] = "RUNNING"
    assert "PENDING" in live.picture.value
    live.button.click()
    assert "RUNNING" in live.picture.value
    live.stop()


def test_an_error_is_a_sentence_under_the_last_picture_and_goes_away():
    failing = threading.Event()

    def look():
        if failing.is_set():
            raise EcslabError("The sandbox does not answer.")
        return shot("RUNNING")

    live = LiveDiagram(look, draw, every=0.01).start()
    failing.set()
    until(lambda: "does not answer" in live.message.value)
    assert "RUNNING" in live.picture.value
    failing.clear()
    until(lambda: live.message.value == "")
    live.stop()


def test_a_cluster_in_which_nothing_happens_is_let_alone():
    looks = []

    def look():
        looks.append(1)
        return shot("RUNNING")

    live = LiveDiagram(look, draw, every=0.01, idle=0.2).start()
    until(lambda: not live.following)
    assert "nothing has changed" in live.message.value
    assert live.button.description == "Follow"
    seen = len(looks)
    time.sleep(0.1)
    assert len(looks) <= seen + 1  # a look that was on its way
    live.button.click()
    assert live.following
    assert live.message.value == ""
    live.stop()


def test_a_change_keeps_it_awake():
    states = iter(["PENDING", "RUNNING"] * 1000)
    live = LiveDiagram(lambda: shot(next(states)), draw, every=0.01, idle=0.2).start()
    time.sleep(0.6)
    assert live.following
    live.stop()


def test_a_calm_cluster_is_asked_more_rarely_until_something_is_done(monkeypatch):
    monkeypatch.setattr("ecslab.widgets.live.CALM", 0.001)
    looks, done = [], [0]

    def look():
        looks.append(time.monotonic())
        return shot("RUNNING")

    live = LiveDiagram(look, draw, every=0.2, stir=lambda: done[0]).start()
    until(lambda: len(looks) == 3)  # the first at once, then after four pauses each
    assert looks[2] - looks[1] > 0.6
    done[0] += 1
    at = time.monotonic()
    until(lambda: len(looks) == 4)
    assert looks[3] - at < 0.5
    live.stop()


def test_a_fault_of_ours_is_shown_and_ends_it():
    broken = threading.Event()

    def look():
        if broken.is_set():
            raise ZeroDivisionError("by zero")
        return shot("RUNNING")

    live = LiveDiagram(look, draw, every=0.01).start()
    broken.set()
    until(lambda: not live.following)
    assert "ZeroDivisionError: by zero" in live.message.value


def test_hostile_names_are_text_in_the_log():
    task = TaskView(id="a" * 32, definition="<script>", status="RUNNING")
    live = LiveDiagram(lambda: Snapshot("c", tasks=(task,)), draw, every=9).start()
    live.stop()
    assert "<script>" not in live.history.value


def test_what_ecs_says_of_services_is_told_once_with_short_ids_but_not_what_was_before():
    before = EventView(1.0, "web", "(service web) has reached a steady state.")
    said = EventView(2.0, "web", f"(service web) has started 1 tasks: (task {'b' * 32}).")
    state = {"events": (before,)}

    def look():
        return replace(shot("RUNNING"), events=state["events"])

    live = LiveDiagram(look, draw, every=0.01).start()
    state["events"] = (before, said)
    until(lambda: "has started 1 tasks" in live.history.value)
    live.stop()
    assert "(task bbbbbbbb)" in live.history.value
    assert live.history.value.count("has started") == 1
    assert "steady" not in live.history.value


def test_what_a_fast_clock_says_of_later_stands_in_the_log_when_it_was_seen():
    state = {"events": ()}

    def look():
        return replace(shot("RUNNING"), at=3600.0, events=state["events"])

    live = LiveDiagram(look, draw, every=0.01).start()
    state["events"] = (EventView(9999.0, "web", "(service web) has reached a steady state."),)
    until(lambda: "steady" in live.history.value)
    live.stop()
    seen = datetime.datetime.fromtimestamp(3600.0).strftime("%H:%M:%S")
    assert f"<time>{seen}</time>(service web) has reached a steady state." in live.history.value
