"""Notebooks as files: where they are, how they are read and written."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

SOURCE, TRANSLATION = LANGUAGES = ("ja", "en")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
KEPT = ("ecslab", "jupyter", "tags")
"""Cell metadata that is ours; all else is an editor's."""


def path_of(folder: Path, lang: str, name: str) -> Path:
    """The file of the notebook `name` in a language; `folder` holds ``ja`` and ``en``."""
    return folder / lang / f"{name}.ipynb"


def names(folder: Path, lang: str) -> list[str]:
    """The notebooks of a language, in the order they are worked through."""
    return sorted(path.stem for path in (folder / lang).glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    """A notebook file. Raises ValueError when it is none."""
    return nbformat.reads(path.read_text("utf-8"), as_version=4)


def text_of(notebook: NotebookNode) -> str:
    """The file's content, as Jupyter itself writes it."""
    return nbformat.writes(notebook) + "\n"


def write(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(notebook), "utf-8", newline="\n")


def made_of(cells: Iterable[NotebookNode]) -> NotebookNode:
    """A notebook of these cells, with nothing of any editor's in it."""
    metadata = {"kernelspec": dict(KERNEL), "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(
        cells=list(cells), metadata=metadata, nbformat=4, nbformat_minor=5
    )


def tidied(notebook: NotebookNode) -> NotebookNode:
    """The notebook without outputs, counts, widget state and foreign metadata."""
    return made_of(tidied_cell(cell) for cell in notebook.cells)


def tidied_cell(cell: NotebookNode) -> NotebookNode:
    """A cell with what is ours, and nothing else."""
    kept = {key: copy.deepcopy(cell.metadata[key]) for key in KEPT if cell.metadata.get(key)}
    # An editor that folds a cell or its output away writes that down; it is nobody else's wish.
    kept.get("jupyter", {}).pop("outputs_hidden", None)
    new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    made = new(cell.source, metadata={key: value for key, value in kept.items() if value})
    if "id" in cell:
        made.id = cell.id
    return made


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell."""
    return list(cell.metadata.get("tags", []))


def digest(source: str) -> str:
    """What a translation remembers of the text it translates."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def stamp_of(cell: NotebookNode) -> str | None:
    """The digest of the Japanese text this cell translates; None where it translates none yet."""
    found = cell.metadata.get("ecslab", {}).get("source")
    return None if found is None else str(found)


def stamp(cell: NotebookNode, source: str) -> None:
    """Remember that this cell translates `source`."""
    cell.metadata["ecslab"] = {**cell.metadata.get("ecslab", {}), "source": digest(source)}
