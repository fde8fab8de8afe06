"""Every message of every room is there in Japanese, compiled, with the same parts filled in."""

from __future__ import annotations

import ast
import gettext
import re
import string
from pathlib import Path

import pytest

import ecslab
from ecslab.locale import LANGUAGES

ROOT = Path(ecslab.__file__).parent
CATALOGUES = ROOT / "locale/ja/LC_MESSAGES"
HOW = "run: python tools/catalogues.py"


def spoken(tree: ast.Module) -> set[tuple[str, bool]]:
    """The messages of a file, and whether something is filled in."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    ]
    return {
        (node.args[0].value, bool(node.keywords))
        for node in calls
        if isinstance(node.args[0], ast.Constant)
    }


def rooms() -> dict[str, set[tuple[str, bool]]]:
    """What every room says; a room that says nothing is left out."""
    found: dict[str, set[tuple[str, bool]]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        said = spoken(ast.parse(path.read_text("utf-8")))
        if said:
            found.setdefault(path.relative_to(ROOT).parts[0], set()).update(said)
    return found


SPOKEN = rooms()
ROOMS = sorted(SPOKEN)


def parts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def entries(room: str) -> dict[str, str]:
    """English → Japanese of the .po text, read by hand."""
    text = (CATALOGUES / f"{room}.po").read_text("utf-8")
    found = {}
    for block in text.split("\n\n"):
        halves = re.search(r"^msgid (.+?)^msgstr (.+?)\Z", block + "\n", re.M | re.S)
        if halves:
            one, other = (
                "".join(ast.literal_eval(line) for line in half.strip().splitlines())
                for half in halves.groups()
            )
            found[one] = other
    found.pop("", None)
    return found


def test_the_rooms_a_learner_hears_all_speak() -> None:
    assert {"cli", "compose", "diagram", "lab", "sandbox", "steps", "widgets"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_message_has_its_japanese_with_the_same_parts(room: str) -> None:
    japanese = gettext.translation(room, ROOT / "locale", ["ja"])._catalog  # type: ignore[attr-defined]
    missing = [message for message, _ in SPOKEN[room] if not japanese.get(message)]
    assert not missing, HOW
    for message, filled in SPOKEN[room]:
        if filled:
            assert parts(japanese[message]) == parts(message)


@pytest.mark.parametrize("room", ROOMS)
def test_japanese_is_japanese(room: str) -> None:
    """A translation without a single Japanese letter is a word both languages share."""
    same = {msgid for msgid, msgstr in entries(room).items() if msgstr.isascii()}
    assert all(len(re.sub(r"\{\w+\}", "", msgid)) <= 16 for msgid in same), same


@pytest.mark.parametrize("room", ROOMS)
def test_the_compiled_catalogue_is_the_written_one(room: str) -> None:
    compiled = dict(gettext.translation(room, ROOT / "locale", ["ja"])._catalog)  # type: ignore[attr-defined]
    compiled.pop("", None)
    assert compiled == {k: v for k, v in entries(room).items() if v}, HOW


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_translated_that_nobody_says(room: str) -> None:
    said = {message for message, _ in SPOKEN[room]} | CAUSES.get(room, set())
    assert set(entries(room)) - said == set(), HOW
    assert "#~" not in (CATALOGUES / f"{room}.po").read_text("utf-8")


def causes() -> set[str]:
    """Sentences of the control plane that facts carry and `story` translates."""
    found: set[str] = set()
    for path in (ROOT / "controlplane").glob("*.py"):
        for quoted in re.findall(r'"([A-Z][^"{}]+ [^"{}]+\.)"', path.read_text("utf-8")):
            found.add(quoted)
    return found


CAUSES = {"controlplane": causes()}


def test_every_catalogue_belongs_to_a_room_that_speaks() -> None:
    assert {path.stem for path in CATALOGUES.iterdir()} == set(ROOMS)


def test_japanese_is_the_first_language() -> None:
    assert LANGUAGES[0] == "ja"
