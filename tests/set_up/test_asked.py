"""The command line of start.py: what is understood, and what is a sentence."""

import pytest

from tools.set_up.asked import Asked, language_of, read
from tools.set_up.words import Trouble


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", Asked()),
        ("--lang ja", Asked()),
        ("--lang=en --no-browser", Asked(rest=("--no-browser",))),
        ("--target aws --port 8890", Asked(rest=("--target", "aws", "--port", "8890"))),
        ("--target=sandbox --port=1", Asked(rest=("--target", "sandbox", "--port", "1"))),
        ("-h", Asked("help")),
        ("--lang ja --help", Asked("help")),
        ("check", Asked("check")),
        ("check --lang ja", Asked("check")),
        ("test", Asked("test")),
        ("test --help", Asked("help")),
        ("test --system", Asked("test", system=True)),
        ("test -x --system tests/api", Asked("test", system=True, rest=("-x", "tests/api"))),
        ("test --lang ja -k port", Asked("test", rest=("-k", "port"))),
    ],
)
def test_a_command_line_is_understood(line, asked):
    assert read(line.split()) == asked


@pytest.mark.parametrize(
    ("line", "english"),
    [
        ("serve", "serve is not known here"),
        ("--browser", "--browser is not known here"),
        ("--no-browser=yes", "--no-browser is not known here"),
        ("check tests", "tests is not known here"),
        ("--lang", "--lang needs a value: --lang ja"),
        ("--port --no-browser", "--port needs a value: --port 8888"),
        ("--lang fr", "--lang must be one of ja, en, not fr"),
        ("--target gcp", "--target must be one of sandbox, aws, not gcp"),
        ("--port 0", "from 1 to 65535, not 0"),
        ("--port 65536", "from 1 to 65535, not 65536"),
        ("--port x", "from 1 to 65535, not x"),
        ("--port ８８８８", "from 1 to 65535, not ８８８８"),
    ],
)
def test_what_is_not_understood_is_wrong_usage_in_both_languages(line, english):
    with pytest.raises(Trouble) as trouble:
        read(line.split())
    assert trouble.value.status == 2
    japanese, _, rest = trouble.value.in_both("ja").partition("\n")
    assert not japanese.isascii()
    assert english in rest


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("", None),
        ("--lang ja", "ja"),
        ("--lang=en", "en"),
        ("--port 0 --lang ja", "ja"),
        ("test --lang", None),
        ("--lang fr", None),
        ("--lang fr --lang ja", "ja"),
    ],
)
def test_even_a_wrong_command_line_tells_its_language(line, lang):
    assert language_of(line.split()) == lang
