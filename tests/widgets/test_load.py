"""The load button: what it shows of scaling, when it gives up, and that its load ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.steps.scaling import Scaling
from ecslab.steps.visits import Visit
from ecslab.widgets import load as room
from ecslab.widgets.load import Load, curve, load

BUSY = Scaling("web", 3, 2, 1, 4, 50.0, cpu=(120.0, 60.0, 10.0), activities=((1.0, "<set>"),))

SERVICE: Any = "web"
"""The fake lab has but one."""


class FakeLab:
    """A lab whose service is scaled as a test says; an error is raised."""

    def __init__(self) -> None:
        self.seen: Scaling | Exception = BUSY
        self.bench = SimpleNamespace(pace=0.05)

    def url(self, _service: object) -> str:
        return "http://lb:81"

    def scaling(self, _service: object) -> Scaling:
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Nobody is really visited."""
    set_language("en")
    monkeypatch.setattr(room, "burden", Visit)
    monkeypatch.setattr(room, "PAUSE", 0.02)
    yield FakeLab()
    set_language(None)


def soon(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_shows_measurements_counts_and_how_near_a_change_is(lab: Any) -> None:
    shown = load(lab, SERVICE, path="/work.html", a_second=5)
    assert "http://lb:81/work.html" in shown.view.children[1].value
    state = shown.state.value
    for cell in ("120 %", "3", "2", "2 / 3", "0 / 15"):
        assert f"<td>{cell}</td>" in state
    assert "&lt;set&gt;" in state
    assert not shown.crowd.coming


def test_the_button_puts_load_on_and_takes_it_off_and_goes_on_looking(lab: Any) -> None:
    shown = Load(lab, SERVICE, "", 20)
    shown.button.click()
    assert shown.button.description == "Take the load off"
    soon(lambda: shown.crowd.tally().visits > 2)
    shown.button.click()
    assert (shown.button.description, shown.crowd.coming) == ("Put load on", False)
    lab.seen = Scaling("web", 1, 1, 1, 4, 50.0)
    soon(lambda: "<td>–</td>" in shown.state.value)
    shown.close()


def test_a_load_that_is_forgotten_ends_by_itself(lab: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(room, "MINUTES", 0.3 / 60)
    shown = Load(lab, SERVICE, "", 20).start()
    soon(lambda: not shown.crowd.coming)
    assert shown.button.description == "Put load on"


def test_it_survives_one_failure_and_gives_up_when_the_service_is_gone(lab: Any) -> None:
    """The reason is shown; the load ends."""
    shown = Load(lab, SERVICE, "", 20).start()
    lab.seen = EcslabError("There is no service <web>.")
    soon(lambda: "There is no service &lt;web&gt;." in shown.message.value)
    soon(lambda: not shown.crowd.coming)


def test_the_curve_is_a_picture_with_words_whose_bars_stay_inside(lab: Any) -> None:
    """However high the values are."""
    many = Scaling("web", 1, 1, 1, 4, 50.0, cpu=tuple(float(n) for n in range(400, 340, -1)))
    for scaling in (BUSY, many, Scaling("web", 1, 1, 1, 4, 50.0)):
        drawn = ElementTree.fromstring(curve(scaling))
        assert "the target of 50 %" in drawn.attrib["aria-label"]
        for bar in drawn.iter("rect"):
            assert float(bar.attrib["y"]) >= 0
            assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= room.WIDTH


def test_a_fault_of_ours_is_shown_and_ends_the_load(lab: Any) -> None:
    """Its thread has no other voice, and a load that nobody watches must not go on."""
    shown = Load(lab, SERVICE, "", 20).start()
    lab.seen = ZeroDivisionError("of ours")
    soon(lambda: "ZeroDivisionError: of ours" in shown.message.value)
    soon(lambda: not shown.crowd.coming)
