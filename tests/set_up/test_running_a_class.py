"""What the page for instructors tells to type is right, in both languages, and its code runs."""

import csv
import re
import shlex
from pathlib import Path

import pytest

from ecslab.cli.parser import take_language, top_parser
from ecslab.lab.stages import NEEDS
from ecslab.steps import board

ROOT = Path(__file__).parents[2]
PAGES = ("docs/running-a-class.md", "docs/running-a-class.ja.md")


def text(page):
    return (ROOT / page).read_text("utf-8")


def blocks(page, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", text(page), re.M | re.S)


COMMANDS = sorted({line for page in PAGES for block in blocks(page, "sh")
                   for line in block.splitlines()})  # fmt: skip


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_is_understood(line):
    """By the command's own parser."""
    words = shlex.split(line, comments=True)
    if words[0] == "export":
        assert {word.partition("=")[0] for word in words[1:]} <= {
            "ECSLAB_WORKSHOP",
            "ECSLAB_PROGRESS",
        }
        return
    assert words[0] == "ecslab"
    _, rest = take_language(words[1:])
    assert top_parser(rest).parse_args(rest).run


def test_both_languages_say_the_same():
    """The same commands, code, headings, rows and minutes."""
    english, japanese = map(text, PAGES)
    for kind in ("sh", "python"):
        assert blocks(PAGES[0], kind) == blocks(PAGES[1], kind)
    for pattern in (r"^#+ ", r"^- ", r"^\d\. ", r"^\|"):
        assert len(re.findall(pattern, english, re.M)) == len(re.findall(pattern, japanese, re.M))
    assert re.findall(r"^\| (\d+–\d+) ", english, re.M) == re.findall(
        r"^\| (\d+–\d+) ", japanese, re.M
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_minutes_follow_each_other_to_two_hours(page):
    """And every notebook that is named is there."""
    spans = [tuple(map(int, one)) for one in re.findall(r"^\| (\d+)–(\d+) ", text(page), re.M)]
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == 120
    named = re.findall(r"\b\d\d\b", " ".join(re.findall(r"\| ([\d, ]+) \|$", text(page), re.M)))
    assert set(named) <= set(NEEDS)


@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_says_of_being_stuck_is_what_the_board_does(page):
    """Three failures, ten minutes."""
    assert board.QUIET == 600
    assert re.search(r"three times|3 回", text(page))
    assert re.search(r"\b10 minutes|10 分間", text(page))


@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_links_to_is_there(page):
    """From where the page is."""
    for target in re.findall(r"\]\(([^)#]+)\)", text(page)):
        assert (ROOT / "docs" / target).exists(), target


def test_the_code_of_the_page_runs(stub_sandbox, monkeypatch, tmp_path):
    """And leaves the file it speaks of."""
    monkeypatch.chdir(tmp_path)
    (code,) = blocks(PAGES[0], "python")
    exec(compile(code, PAGES[0], "exec"), {})
    with open(tmp_path / "class.csv", encoding="utf-8-sig", newline="") as file:
        assert len(next(csv.reader(file))) == 8
