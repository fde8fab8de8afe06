"""What the steps give back, as a notebook and a terminal show it."""

from __future__ import annotations

import pytest

from ecslab.locale import set_language
from ecslab.steps.checks import Checked
from ecslab.steps.clean import Cleaned
from ecslab.steps.story import Event, Story
from ecslab.steps.things import Cluster, Refusal, RunResult, Task, Url

EVIL = "<img src=x onerror=alert(1)>"
TASK = Task("arn:aws:ecs:r:a:task/c/" + "a" * 32, "c", EVIL)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.mark.parametrize(
    "thing",
    [
        Checked(False, EVIL, EVIL),
        Cleaned(True, (EVIL,)),
        Cleaned(False, (EVIL,), (), ((EVIL, EVIL),)),
        Story(EVIL, (Event(0.0, EVIL),)),
        RunResult((TASK,), (Refusal(EVIL, EVIL, EVIL),)),
        Url(f'http://x/"{EVIL}'),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_hostile_text_is_text(thing):
    assert "<img" not in thing._repr_html_()
    assert "&lt;img" in thing._repr_html_()


def test_a_check_that_is_done_gives_no_hint():
    assert "Do this" not in Checked(True, "Done.", "Do this.")._repr_html_()
    assert str(Checked(True, "Done.", "Do this.")) == "✓ Done."
    assert str(Checked(False, "Not yet.", "Do this.")) == "✗ Not yet.\n  Do this."


def test_a_run_tells_tasks_and_refusals_a_line_each():
    task = Task("arn:aws:ecs:r:a:task/c/" + "a" * 32, "c", "web:1", "PENDING")
    result = RunResult((task,), (Refusal("AGENT", "i-1", "off."),), asked=2)
    assert result.refused
    assert str(result).splitlines() == [
        "✗ 1 of 2 placed: no instance could take the rest.",
        "  aaaaaaaa (web:1) PENDING",
        "  i-1: AGENT – off.",
    ]


def test_a_cleanup_lists_what_is_still_to_be_removed():
    assert "cluster c" in str(Cleaned(True, ("cluster c",)))
    assert str(Cleaned(False, ("cluster c",), ("cluster c",))) == "Everything of yours is removed."
    left = Cleaned(False, ("cluster c",), (), (("cluster c", "Tasks run."),))
    assert "cluster c: Tasks run." in str(left)
    assert not left


def test_a_cluster_names_its_machines():
    assert str(Cluster("c", "arn")) == "cluster c"
    assert str(Cluster("c", "arn", "s", ("i-1", "i-2"))) == "cluster c with i-1, i-2"
