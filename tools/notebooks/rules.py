"""What holds for every single notebook."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from tools.notebooks.files import read, tags, text_of, tidied

MOST_LINES = 12
MEDIAN_LINES = 3
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SECTION_MINUTES = {"ja": re.compile(r"（(\d+) 分）$"), "en": re.compile(r"\((\d+) min\)$")}
_TITLE_MINUTES = {"ja": re.compile(r"約 (\d+) 分"), "en": re.compile(r"about (\d+) minutes")}
_CHANGES = re.compile(
    r"lab\.(create_|register_|run_task|stop_task|update_service|delete_service|cleanup\(\))"
    r"|\.submit\(\)|^%ecslab local (create|up|down)",
    re.MULTILINE,
)
"""What makes or removes something, so that the learner wants to know whether it is done."""
_SEEN = re.compile(r"ecslab\.page\(| == |^%ecslab local ps", re.MULTILINE)
"""What shows as well as a check that a step is done."""
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s#]+)(?:#[^)\s]*)?\)")


def problems(path: Path, lang: str) -> list[str]:
    """What is wrong with a notebook file, a sentence each."""
    try:
        book = read(path)
        nbformat.validate(book)
    except (ValueError, nbformat.ValidationError) as error:
        return [f"is no notebook: {str(error).splitlines()[0]}"]
    found = [
        *_form(path, book),
        *_code(book),
        *_sections(book, lang),
        *_steps(book),
        *_links(path, book),
    ]
    return list(found)


def _form(path: Path, book: NotebookNode) -> Iterator[str]:
    if path.read_text("utf-8") != text_of(tidied(book)):
        yield "is not tidy (outputs, counts or foreign metadata): `python tools/notebooks tidy`."
    for cell in book.cells:
        if not _ID.fullmatch(cell.get("id", "")) or re.fullmatch(r"[0-9a-f]{8,}", cell.id):
            yield f"cell {cell.get('id')}: an id is made of words, such as run-task."
        if not cell.source.strip():
            yield f"cell {cell.get('id')}: is empty."


def _code(book: NotebookNode) -> Iterator[str]:
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    for cell in cells:
        for why in code_problems(cell.source):
            yield f"cell {cell.id}: {why}"
    lengths = [len(cell.source.splitlines()) for cell in cells]
    if lengths and statistics.median(lengths) > MEDIAN_LINES:
        yield f"its code cells have {statistics.median(lengths)} lines at the median: too long."


def code_problems(source: str) -> Iterator[str]:
    """What is wrong with the code of one cell."""
    if len(source.splitlines()) > MOST_LINES:
        yield f"has more than {MOST_LINES} lines: give it a name in a room of ecslab."
    if not source.isascii():
        yield "code is ASCII, since it is the same in both languages."
    if source.startswith("%%"):
        return
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        yield f"is no Python: {error.msg}."
        return
    if any(line.lstrip().startswith("#") for line in source.splitlines()):
        yield "has a comment: prose stands in Markdown cells, where it is translated."
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if any(isinstance(node, kinds) for node in ast.walk(tree)):
        yield "defines a function or class: it belongs into a room of ecslab."


def minutes(book: NotebookNode, lang: str) -> dict[str, int | None]:
    """The minutes of each section, by cell id; None where the heading names none."""
    found: dict[str, int | None] = {}
    for cell in book.cells:
        heading = cell.source.splitlines()[0] if cell.source.strip() else ""
        if cell.cell_type == "markdown" and heading.startswith("## "):
            named = _SECTION_MINUTES[lang].search(heading)
            found[cell.id] = int(named[1]) if named else None
    return found


def _sections(book: NotebookNode, lang: str) -> Iterator[str]:
    title = book.cells[0] if book.cells else None
    if title is None or title.cell_type != "markdown" or not title.source.startswith("# "):
        yield "its first cell must be its title, `# …`."
        return
    spent = minutes(book, lang)
    for name, count in spent.items():
        if count is None:
            yield f"cell {name}: its heading must end with the minutes it takes."
    total = sum(count for count in spent.values() if count)
    named = _TITLE_MINUTES[lang].search(title.source)
    if named is None or int(named[1]) != total:
        yield f"its title must name the minutes of its sections, {total} in all."


def _steps(book: NotebookNode) -> Iterator[str]:
    """Every section that changes something can be checked, and helps who is stuck, twice over."""
    for name, cells in _by_section(book).items():
        code = [cell for cell in cells if cell.cell_type == "code"]
        if not any(_CHANGES.search(cell.source) for cell in code):
            continue
        if not any("check" in tags(cell) or _SEEN.search(cell.source) for cell in code):
            yield f"cell {name}: this step has no check."
        if sum(cell.source.count("<details>") for cell in cells) < 2:
            yield f"cell {name}: this step needs a hint and a solution, in <details>."


def _by_section(book: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The cells of each section, by the id of the cell with its heading."""
    found: dict[str, list[NotebookNode]] = {}
    cells: list[NotebookNode] = []
    for cell in book.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            cells = found[cell.id] = []
        cells.append(cell)
    return found


def _links(path: Path, book: NotebookNode) -> Iterator[str]:
    for cell in book.cells:
        if cell.cell_type == "markdown":
            for target in _LINK.findall(cell.source):
                if not (path.parent / target).exists():
                    yield f"cell {cell.id}: the link to {target} leads nowhere."
