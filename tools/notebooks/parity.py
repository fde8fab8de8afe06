"""The two languages beside each other: the same cells, and no stale translation."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from tools.notebooks.files import digest, made_of, stamp_of, tags, tidied_cell

_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")


def differences(source: NotebookNode, translation: NotebookNode) -> list[str]:
    """What keeps `translation` from being a current translation of `source`, a sentence each."""
    ours, theirs = ([cell.id for cell in book.cells] for book in (source, translation))
    if ours != theirs:
        return [_order(ours, theirs)]
    pairs = zip(source.cells, translation.cells, strict=True)
    return [sentence for one, other in pairs for sentence in _cell(one, other)]


def synced(source: NotebookNode, translation: NotebookNode | None) -> NotebookNode:
    """The translation brought to the cells of `source`; what is translated already is kept."""
    there = {cell.id: cell for cell in translation.cells} if translation else {}
    return made_of(_synced_cell(cell, there.get(cell.id)) for cell in source.cells)


def _synced_cell(source: NotebookNode, there: NotebookNode | None) -> NotebookNode:
    made = tidied_cell(source)
    if source.cell_type == "markdown" and there is not None and there.cell_type == "markdown":
        made.source = there.source
        if stamp_of(there) is not None:
            made.metadata["ecslab"] = {"source": stamp_of(there)}
    return made


def _order(ours: list[str], theirs: list[str]) -> str:
    missing = [name for name in ours if name not in theirs]
    strange = [name for name in theirs if name not in ours]
    if missing:
        return f"lacks the cells {', '.join(missing)}: run `python tools/notebooks sync`."
    if strange:
        return f"has cells that the Japanese has not: {', '.join(strange)}."
    return "has its cells in another order: run `python tools/notebooks sync`."


def _cell(source: NotebookNode, translation: NotebookNode) -> list[str]:
    found = []
    name = source.id
    if source.cell_type != translation.cell_type:
        return [f"cell {name}: is {translation.cell_type}, in Japanese {source.cell_type}."]
    if tags(source) != tags(translation):
        found.append(f"cell {name}: has other tags than the Japanese.")
    if source.cell_type == "code":
        if source.source != translation.source:
            found.append(f"cell {name}: its code differs from the Japanese notebook's.")
    else:
        found += [f"cell {name}: {why}" for why in _prose(source, translation)]
    return found


def _prose(source: NotebookNode, translation: NotebookNode) -> list[str]:
    if _KANA.search(translation.source):
        return ["is not translated yet."]
    known = stamp_of(translation)
    if known is None:
        return ["remembers no source: translate it, then `python tools/notebooks stamp`."]
    if known != digest(source.source):
        return ["the Japanese changed after it was translated: translate again, then stamp."]
    return []
