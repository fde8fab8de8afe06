"""What a step says while it works, and how it is told to stop."""

from __future__ import annotations

import threading
import time

import pytest

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.steps import progress as progress_
from ecslab.steps.progress import Progress, Stopped


def late():
    return EcslabError("Too late.")


def test_a_line_that_repeats_is_said_once():
    said = []
    progress = Progress(said.append)
    for line in ("a", "a", "b", "a"):
        progress.say(line)
    assert said == ["a", "b", "a"]


def test_lines_are_printed_where_nobody_takes_them(capsys):
    Progress().say("here")
    assert capsys.readouterr().out == "here\n"


def test_quietly_says_nothing_and_still_stops():
    stop = threading.Event()
    said = []
    quiet = Progress(said.append, stop).quietly()
    quiet.say("a")
    stop.set()
    with pytest.raises(Stopped):
        quiet.check()
    assert said == []


def test_it_looks_until_there_is_something():
    answers = iter([None, None, 0])
    assert Progress(pace=0.001).until(lambda: next(answers), timeout=5, late=late) == 0


def test_it_looks_once_even_without_time():
    assert Progress(pace=0.001).until(lambda: "there", timeout=0, late=late) == "there"


def test_a_wait_with_nothing_to_say_says_now_and_then_that_it_goes_on(monkeypatch):
    set_language("en")
    monkeypatch.setattr(progress_, "QUIET", 0.05)
    said = []
    progress = Progress(said.append, pace=0.02)
    end = time.monotonic() + 0.25

    def look():
        progress.say("The stack: CREATE_IN_PROGRESS")
        return True if time.monotonic() > end else None

    progress.until(look, timeout=5, late=late)
    assert said[0] == "The stack: CREATE_IN_PROGRESS"
    assert said[1] == "… still waiting (0 s)"
    assert said.count("The stack: CREATE_IN_PROGRESS") == 1
    assert 2 <= len(said) <= 6


def test_too_late_is_told_by_who_waits():
    with pytest.raises(EcslabError, match="Too late"):
        Progress(pace=0.001).until(lambda: None, timeout=0.01, late=late)


def test_a_stop_ends_the_pause_between_two_looks():
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        Progress(stop=stop, pace=60).until(lambda: None, timeout=120, late=late)
    assert time.monotonic() - began < 10
