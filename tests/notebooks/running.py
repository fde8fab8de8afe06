"""Notebooks run from top to bottom, as *Run All Cells* does it, against a sandbox of their own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.notebooks.files import path_of, read, tags

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TIMEOUT = 120
"""Seconds a cell may take."""
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def kit(folder: Path) -> Path:
    """A copy of what a learner works in, since notebooks write beside the hands-on's files.

    Gives the folder of its notebooks.
    """
    here = NOTEBOOKS.parent
    leave = shutil.ignore_patterns("docker-compose.ecs-local*", ".ipynb_checkpoints")
    for name in ("notebooks", "handson", "docs"):
        shutil.copytree(here / name, folder / name, ignore=leave)
    return folder / "notebooks"


def run(
    lang: str, name: str, notebooks: Path = NOTEBOOKS, environment: Mapping[str, str] | None = None
) -> NotebookNode:
    """The notebook with its outputs; a cell that fails does not end the run."""
    path = path_of(notebooks, lang, name)
    client = NotebookClient(
        read(path),
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        allow_errors=True,
    )
    return client.execute(env={**os.environ, **(environment or {})})


def faults(book: NotebookNode) -> Iterator[str]:
    """What went wrong in a notebook that was run: a sentence with the cell and its output."""
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        shown = text(cell)
        failed = any(output.output_type == "error" for output in cell.outputs)
        if failed != ("raises-exception" in tags(cell)):
            yield f"cell {cell.id} {'failed' if failed else 'should have failed'}:\n{shown}"
        elif "Traceback" in shown:
            yield f"cell {cell.id} shows a traceback:\n{shown}"
        elif "check" in tags(cell) and ("✓" not in shown or "✗" in shown):
            yield f"cell {cell.id} found something that is not done:\n{shown}"


def text(cell: NotebookNode) -> str:
    """All that a cell showed as text."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append("\n".join(output.traceback))
        else:
            parts.append(str(output.data.get("text/plain", "")))
    return _COLOUR.sub("", "\n".join(parts))
