"""The words of the picture, the width of text, and the states of the life."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

from ecslab.diagram import words
from ecslab.diagram.measure import fit, width, wrap
from ecslab.model.lifecycle import MAIN_LINE, TASK_MOVES, StopCode

PO = Path(__file__).parents[2] / "ecslab/locale/ja/LC_MESSAGES/diagram.po"


def test_every_state_of_the_life_has_a_glyph_and_a_meaning() -> None:
    states = {*MAIN_LINE, *(s for move in TASK_MOVES for s in (move.before, move.after))}
    assert states == set(words.TASK_STATES)


def test_every_stop_code_has_words() -> None:
    assert set(words.STOP_CODES) == set(StopCode.__args__)


def test_every_message_has_japanese_with_the_same_placeholders() -> None:
    catalogue = gettext.GNUTranslations((PO.with_suffix(".mo")).open("rb"))
    entries = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', PO.read_text("utf-8"), re.M)
    assert len(entries) > 80
    for english, japanese in entries:
        assert japanese == "OS" or re.search(r"[^\x00-\x7f]", japanese), english
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", japanese))
        assert catalogue.gettext(english.replace('\\"', '"')) == japanese.replace('\\"', '"')


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
