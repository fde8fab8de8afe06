"""Both languages in one text file, cell beside cell, to write and translate comfortably.

::

    %% run-task markdown
    ## タスクを実行する（5 分）
    %%% en
    ## Run a task (5 min)
    %% run code tags=check
    lab.run_task(definition)
"""

from __future__ import annotations

import re

import nbformat
from nbformat import NotebookNode

from tools.notebooks.files import made_of, stamp, stamp_of, tags

_CELL = re.compile(r"^%% (\S+) (markdown|code)(?: tags=(\S+))?$", re.MULTILINE)
_OTHER = "\n%%% en\n"


def unpacked(source: NotebookNode, translation: NotebookNode | None) -> str:
    """The text of a notebook in both languages."""
    there = {cell.id: cell.source for cell in translation.cells} if translation else {}
    parts = []
    for cell in source.cells:
        marks = f" tags={','.join(tags(cell))}" if tags(cell) else ""
        parts.append(f"%% {cell.id} {cell.cell_type}{marks}\n{cell.source}")
        if cell.cell_type == "markdown":
            parts[-1] += _OTHER + there.get(cell.id, "")
    return "\n".join(parts) + "\n"


def packed(text: str, before: NotebookNode | None) -> tuple[NotebookNode, NotebookNode]:
    """The Japanese and the English notebook of a text.

    `before` is the English notebook as it was: a translation that did not change keeps its stamp,
    so that it is still found stale when only the Japanese changed.
    """
    ours, theirs = [], []
    known = {cell.id: cell for cell in before.cells} if before else {}
    pieces = _CELL.split(text)
    if pieces[0].strip():
        raise ValueError("the text must begin with a cell: %% id markdown")
    for name, kind, marks, body in zip(*(pieces[n::4] for n in (1, 2, 3, 4)), strict=True):
        japanese, _mark, english = body.strip("\n").partition(_OTHER)
        one, other = (_cell(kind, name, marks, part) for part in (japanese, english or japanese))
        if kind == "markdown" and english:
            stamp(other, one.source)
            old = known.get(name)
            if old is not None and old.source == other.source and stamp_of(old):
                other.metadata["ecslab"] = {"source": stamp_of(old)}
        ours.append(one)
        theirs.append(other)
    return made_of(ours), made_of(theirs)


def _cell(kind: str, name: str, marks: str | None, source: str) -> NotebookNode:
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    metadata = {"tags": marks.split(",")} if marks else {}
    cell = new(source.strip("\n"), metadata=metadata)
    cell.id = name
    return cell
