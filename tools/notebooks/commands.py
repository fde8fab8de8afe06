"""What ``python tools/notebooks`` does; `folder` is the one that holds ``ja`` and ``en``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.notebooks import parity, rules, side_by_side
from tools.notebooks.files import (
    LANGUAGES,
    SOURCE,
    TRANSLATION,
    names,
    path_of,
    read,
    stamp,
    tidied,
    write,
)


def problems(folder: Path) -> Iterator[str]:
    """A sentence for everything that is wrong with the notebooks of a folder."""
    of = {lang: names(folder, lang) for lang in LANGUAGES}
    for lang, found in of.items():
        other = LANGUAGES[1 - LANGUAGES.index(lang)]
        for name in found:
            where = f"{lang}/{name}.ipynb"
            yield from (
                f"{where} {why}" for why in rules.problems(path_of(folder, lang, name), lang)
            )
            if name not in of[other]:
                yield f"{where} is not in {other}."
    for name in sorted(set(of[SOURCE]) & set(of[TRANSLATION])):
        source, translation = (read(path_of(folder, lang, name)) for lang in LANGUAGES)
        for why in parity.differences(source, translation):
            yield f"{TRANSLATION}/{name}.ipynb {why}"
        if list(rules.minutes(source, SOURCE).values()) != list(
            rules.minutes(translation, TRANSLATION).values()
        ):
            yield f"{TRANSLATION}/{name}.ipynb names other minutes than the Japanese."


def sync(folder: Path, name: str) -> None:
    """Bring the English notebook to the cells and code of the Japanese one."""
    there = path_of(folder, TRANSLATION, name)
    source = tidied(read(path_of(folder, SOURCE, name)))
    write(path_of(folder, SOURCE, name), source)
    write(there, parity.synced(source, read(there) if there.exists() else None))


def stamp_cells(folder: Path, name: str, cells: list[str]) -> None:
    """Say that these cells (all, where none is named) translate the Japanese as it is now."""
    source, translation = (read(path_of(folder, lang, name)) for lang in LANGUAGES)
    texts = {cell.id: cell.source for cell in source.cells if cell.cell_type == "markdown"}
    for cell in translation.cells:
        if cell.id in texts and (not cells or cell.id in cells):
            stamp(cell, texts[cell.id])
    write(path_of(folder, TRANSLATION, name), tidied(translation))


def unpack(folder: Path, name: str, target: Path) -> None:
    """Write both languages of a notebook into one text file."""
    there = path_of(folder, TRANSLATION, name)
    source = read(path_of(folder, SOURCE, name))
    text = side_by_side.unpacked(source, read(there) if there.exists() else None)
    target.write_text(text, "utf-8", newline="\n")


def pack(folder: Path, text: Path) -> None:
    """Write both notebooks of a text file."""
    there = path_of(folder, TRANSLATION, text.stem)
    before = read(there) if there.exists() else None
    for lang, book in zip(
        LANGUAGES, side_by_side.packed(text.read_text("utf-8"), before), strict=True
    ):
        write(path_of(folder, lang, text.stem), book)


def tidy(folder: Path) -> None:
    """Remove outputs, counts, widget state and foreign metadata everywhere."""
    for lang in LANGUAGES:
        for name in names(folder, lang):
            path = path_of(folder, lang, name)
            write(path, tidied(read(path)))
