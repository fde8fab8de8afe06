"""The set-up's own sentences, since the catalogues are not there yet."""

import locale
import string

import pytest

from tools.set_up.words import WORDS, Trouble, language, text


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", WORDS)
def test_a_sentence_is_there_in_both_languages_with_the_same_parts(key):
    japanese, english = WORDS[key]
    assert not japanese.isascii()
    assert fields(japanese) == fields(english)
    assert not any("\u3040" < letter < "\u30ff" for letter in english)


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"ECSLAB_LANG": "en", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "de_DE.UTF-8"}, "ja"),
        ({"LC_ALL": "", "LC_MESSAGES": "C", "LANG": "ja_JP"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
    ],
)
def test_the_language_is_chosen_as_the_kit_chooses_it(environment, lang):
    assert language(environment) == lang


@pytest.mark.parametrize(
    ("system", "lang"), [("Japanese_Japan", "ja"), ("ja_JP", "ja"), ("en_US", "en"), (None, "en")]
)
def test_without_variables_the_system_s_language_counts(monkeypatch, system, lang):
    monkeypatch.setattr(locale, "getlocale", lambda: (system, None))
    assert language({}) == lang


def test_a_trouble_speaks_the_chosen_language_first():
    trouble = Trouble("not a port", value="x")
    both = [text("not a port", lang, value="x") for lang in ("ja", "en")]
    assert trouble.in_both("ja").split("\n") == both
    assert trouble.in_both("en").split("\n") == both[::-1]
