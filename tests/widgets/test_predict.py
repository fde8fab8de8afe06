"""Questions to answer before a cell is run."""

import pytest

from ecslab.locale import LANGUAGES, set_language
from ecslab.model.errors import EcslabError
from ecslab.widgets.predict import QUESTIONS, predict


@pytest.fixture(autouse=True)
def default_language():
    set_language("en")
    yield
    set_language(None)


def test_picking_an_answer_repeats_it_and_marks_it():
    prediction = predict("third-task")
    prediction.buttons[2].click()
    assert prediction.picked == "It is refused"
    assert "It is refused" in prediction.answer.value
    assert [b.button_style for b in prediction.buttons] == ["", "", "info"]


def test_one_may_change_ones_mind():
    prediction = predict("spread")
    prediction.buttons[0].click()
    prediction.buttons[2].click()
    assert prediction.picked == "2 and 2"
    assert [b.button_style for b in prediction.buttons] == ["", "", "info", ""]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", QUESTIONS)
def test_every_question_has_different_answers_in_both_languages(key, lang):
    options = [option.render(lang) for option in QUESTIONS[key].options]
    assert len(set(options)) == len(options) >= 3


def test_a_question_there_is_not_is_refused_with_the_ones_there_are():
    with pytest.raises(EcslabError, match="third-task"):
        predict("nonsense")
