"""The rules of the notebooks: what they find, and that the committed ones keep them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.notebooks import commands, rules
from tools.notebooks.files import path_of, read, text_of, write
from tools.notebooks.side_by_side import packed

ROOT = Path(__file__).parents[2]
GOOD = """%% title markdown
# はじめる
約 5 分です。
%%% en
# Begin
It takes about 5 minutes.
%% look markdown
## 見る（5 分）
%%% en
## Look (5 min)
%% run code tags=check
1 + 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound notebook, ``00-a``, in both languages."""
    for lang, book in zip(("ja", "en"), packed(GOOD, None), strict=True):
        write(path_of(tmp_path, lang, "00-a"), book)
    return tmp_path


def change(folder: Path, lang: str, cell: str, **members: object) -> None:
    path = path_of(folder, lang, "00-a")
    book = read(path)
    next(one for one in book.cells if one.id == cell).update(members)
    path.write_text(text_of(book), "utf-8")


def test_the_committed_notebooks_keep_every_rule() -> None:
    assert list(commands.problems(ROOT / "notebooks")) == []


def test_a_sound_pair_has_no_problem(folder: Path) -> None:
    assert list(commands.problems(folder)) == []


@pytest.mark.parametrize(
    ("lang", "cell", "members", "said"),
    [
        ("en", "run", {"source": "1 + 2"}, "cell run: its code differs"),
        ("en", "run", {"metadata": {}}, "cell run: has other tags"),
        ("en", "look", {"source": "## 見る (5 min) です"}, "cell look: is not translated yet"),
        ("en", "look", {"metadata": {}}, "cell look: remembers no source"),
        ("ja", "look", {"source": "## よく見る（5 分）"}, "cell look: the Japanese changed after"),
        ("en", "look", {"source": "## Look (6 min)"}, "must name the minutes of its sections, 6"),
        ("ja", "look", {"source": "## 見る"}, "cell look: its heading must end with the minutes"),
        ("ja", "run", {"execution_count": 3}, "is not tidy"),
        ("ja", "run", {"metadata": {"collapsed": True}}, "is not tidy"),
        ("ja", "run", {"source": "print('あ')"}, "cell run: code is ASCII"),
        ("ja", "run", {"source": "# hello\n1"}, "cell run: has a comment"),
        ("ja", "run", {"source": "def f():\n  pass"}, "cell run: defines a function or class"),
        ("ja", "run", {"source": "1 +"}, "cell run: is no Python"),
        ("ja", "run", {"source": "1\n" * 13}, "cell run: has more than 12 lines"),
        ("ja", "run", {"source": "1\n" * 4}, "lines at the median"),
        ("ja", "run", {"source": " "}, "cell run: is empty"),
        ("ja", "run", {"source": "lab.cleanup()"}, "cell look: this step needs a hint and a solu"),
        (
            "ja",
            "run",
            {"source": "%ecslab local up", "metadata": {}},
            "look: this step has no check",
        ),
        ("ja", "title", {"source": "はじめる"}, "its first cell must be its title"),
        ("ja", "title", {"source": "# [次](01-b.ipynb) 約 5 分"}, "the link to 01-b.ipynb leads"),
        ("ja", "run", {"id": "0a1b2c3d"}, "cell 0a1b2c3d: an id is made of words"),
    ],
)
def test_a_broken_rule_is_named(
    folder: Path, lang: str, cell: str, members: dict[str, object], said: str
) -> None:
    change(folder, lang, cell, **members)
    found = list(commands.problems(folder))
    assert any(said in sentence for sentence in found), found


def test_a_notebook_in_one_language_only_is_named(folder: Path) -> None:
    path_of(folder, "en", "00-a").unlink()
    assert list(commands.problems(folder)) == ["ja/00-a.ipynb is not in en."]


def test_a_file_that_is_no_notebook_is_named(folder: Path) -> None:
    path_of(folder, "en", "01-b").write_text("{", "utf-8")
    assert any("en/01-b.ipynb is no notebook" in sentence for sentence in commands.problems(folder))


def test_syncing_keeps_translations_and_brings_new_cells(folder: Path) -> None:
    more = GOOD + "%% stop markdown\nやめる\n%% again code\n2\n"
    source, _unused = packed(more, None)
    write(path_of(folder, "ja", "00-a"), source)
    commands.sync(folder, "00-a")
    english = read(path_of(folder, "en", "00-a"))
    assert [cell.source for cell in english.cells][1:] == [
        "## Look (5 min)",
        "1 + 1",
        "やめる",
        "2",
    ]
    assert list(commands.problems(folder)) == ["en/00-a.ipynb cell stop: is not translated yet."]


def test_stamping_a_cell_makes_its_translation_current(folder: Path) -> None:
    change(folder, "ja", "look", source="## よく見る（5 分）")
    commands.stamp_cells(folder, "00-a", ["look"])
    assert list(commands.problems(folder)) == []


def test_unpacking_and_packing_change_nothing(folder: Path, tmp_path: Path) -> None:
    before = [path_of(folder, lang, "00-a").read_bytes() for lang in ("ja", "en")]
    commands.unpack(folder, "00-a", tmp_path / "00-a.txt")
    assert (tmp_path / "00-a.txt").read_text("utf-8") == GOOD
    commands.pack(folder, tmp_path / "00-a.txt")
    assert [path_of(folder, lang, "00-a").read_bytes() for lang in ("ja", "en")] == before


def test_packing_leaves_a_translation_stale_when_only_the_japanese_changed(
    folder: Path, tmp_path: Path
) -> None:
    text = tmp_path / "00-a.txt"
    text.write_text(GOOD.replace("見る", "よく見る"), "utf-8")
    commands.pack(folder, text)
    assert any("cell look: the Japanese changed" in said for said in commands.problems(folder))


def test_shell_and_magic_lines_are_code() -> None:
    assert list(rules.code_problems("!ecslab compose convert -f compose.yml")) == []
    assert list(rules.code_problems("%cd ../handson")) == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_road_in_00_tells_the_minutes_that_each_notebook_tells_itself(lang: str) -> None:
    notebooks = ROOT / "notebooks"
    road = "\n".join(cell.source for cell in read(path_of(notebooks, lang, "00-start")).cells)
    told = dict(re.findall(r"^\| \[([\w-]+)\]\(.*\| (\d+) (?:分|min) \|$", road, re.MULTILINE))
    assert len(told) == 10
    for name, minutes in told.items():
        title = read(path_of(notebooks, lang, name)).cells[0].source
        assert re.findall(r"\d+", title.split("\n", 1)[1])[0] == minutes, name
