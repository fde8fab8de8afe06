"""The visitors' table and their button."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ecslab.locale import set_language
from ecslab.steps import visits
from ecslab.steps.visits import Visit
from ecslab.widgets.visitors import Visitors, visitors


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Visit]]:
    """What the next visits get; the last one again and again."""
    set_language("en")
    queue = [Visit("web:1 aaaa"), Visit("web:1 bbbb")]
    monkeypatch.setattr(visits, "visit", lambda _url: queue.pop(0) if len(queue) > 1 else queue[0])
    yield queue
    set_language(None)


def counted(shown: Visitors, least: int) -> None:
    until = time.monotonic() + 5
    while shown.tally.visits < least:
        assert time.monotonic() < until
        time.sleep(0.02)
    shown.stop()


def test_the_table_shows_who_answered_and_that_nobody_failed(answers: list[Visit]) -> None:
    shown = visitors("http://lb/", a_second=20)
    counted(shown, 3)
    assert "web:1 aaaa" in shown.table.value
    assert "web:1 bbbb" in shown.table.value
    assert "visits, none failed" in shown.table.value


def test_failures_are_counted_with_their_reason(answers: list[Visit]) -> None:
    answers[:] = [Visit("web:1 aaaa"), Visit("", "503 <Service> Unavailable")]
    shown = visitors("http://lb/", a_second=20)
    counted(shown, 3)
    assert "visits failed (503 &lt;Service&gt; Unavailable)" in shown.table.value


def test_the_button_sends_them_away_and_calls_them_back(answers: list[Visit]) -> None:
    shown = visitors("http://lb/", a_second=20)
    assert shown.button.description == "Send them away"
    shown.button.click()
    assert shown.button.description == "Let them come"
    assert not shown.crowd.coming
    before = shown.tally.visits
    shown.button.click()
    counted(shown, before + 2)
