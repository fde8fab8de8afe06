"""The words of the picture, the width of text, and the states of the life."""

from __future__ import annotations

import pytest

from ecslab.diagram import words
from ecslab.diagram.measure import fit, fit_end, width, wrap
from ecslab.model.lifecycle import MAIN_LINE, TASK_MOVES, StopCode


def test_every_state_of_the_life_has_a_glyph_and_a_meaning() -> None:
    states = {*MAIN_LINE, *(s for move in TASK_MOVES for s in (move.before, move.after))}
    assert states == set(words.TASK_STATES)


def test_every_stop_code_has_words() -> None:
    assert set(words.STOP_CODES) == set(StopCode.__args__)


def test_a_full_width_character_counts_one_em() -> None:
    assert width("漢字かな", 10) == 40
    assert width("ab", 10) < 20


@pytest.mark.parametrize("text", ["a" * 50, "漢字" * 25, "a漢" * 25])
def test_text_that_is_too_long_ends_in_an_ellipsis_and_fits(text: str) -> None:
    shown = fit(text, 12, 100)
    assert shown.endswith("…")
    assert width(shown, 12) <= 100


def test_text_is_wrapped_at_spaces_and_loses_nothing_that_fits() -> None:
    assert wrap("one two three", 10, 45, 3) == ["one two", "three"]


def test_a_word_too_long_for_a_line_is_cut_not_lost() -> None:
    assert "".join(wrap("x" * 20, 10, 56, 5)) == "x" * 20


def test_a_long_name_keeps_its_end_where_that_tells_more() -> None:
    shown = fit_end("ecslab-hanako-2b437-nginx:12", 12, 100)
    assert shown.startswith("…")
    assert shown.endswith("nginx:12")
    assert width(shown, 12) <= 100
    assert fit_end("nginx:1", 12, 100) == "nginx:1"
