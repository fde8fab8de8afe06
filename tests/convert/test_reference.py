"""docs/conversion.md and its Japanese are what the table says today."""

import re
from pathlib import Path

import pytest

import ecslab
from ecslab.convert.reference import page
from ecslab.convert.table import GAPS, KNOTS, RULES
from tests.convert.trips import load
from tools import conversion

ROOT = Path(ecslab.__file__).parents[1]


@pytest.mark.parametrize("lang", conversion.FILES)
def test_the_page_is_current(lang):
    text = (ROOT / conversion.FILES[lang]).read_text("utf-8")
    assert text == page(lang), "run: python tools/conversion.py"


@pytest.mark.parametrize("lang", conversion.FILES)
def test_every_path_of_the_table_is_on_it(lang):
    shown = set(re.findall(r"`([^`\n]+)`", page(lang)))
    paths = [path for row in (*RULES, *KNOTS) for path in (*row.compose, *row.ecs)]
    assert {*paths, *(path for gap in GAPS for path in gap.paths)} <= shown


def test_the_japanese_page_is_japanese():
    english, japanese = (page(lang).splitlines() for lang in ("en", "ja"))
    assert len(english) == len(japanese)
    cells = [line for line in japanese if line.startswith("| `")]
    assert [line for line in cells if not re.search(r"[ぁ-んァ-ン]", line)] == []


@pytest.mark.parametrize("lang", conversion.FILES)
def test_its_example_is_a_compose_file(lang):
    (example,) = re.findall(r"```yaml\n(.*?)```", page(lang), re.DOTALL)
    assert list(load(example).services) == ["web"]


def test_check_names_an_old_page(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(conversion, "ROOT", tmp_path)
    assert conversion.main(["--check"]) == 1
    assert "docs/conversion.md is not current" in capsys.readouterr().err
    assert conversion.main([]) == 0
    assert conversion.main(["--check"]) == 0
