"""The two texts of a conversion beside each other: which lines became which.

Lines count from 1. A piece reaches from the line of its key to the last line that is indented
below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ecslab.compose.problems import Report, dotted
from ecslab.compose.yaml import documents
from ecslab.convert.converted import TASK_DEFINITION, Converted
from ecslab.convert.json_marks import parse
from ecslab.convert.owner import Row, compose_row, ecs_row
from ecslab.convert.trace import Trace
from ecslab.model.diagnostics import Diagnostic, Mark

Lines = range


class Piece(NamedTuple):
    """A part of the source text, and what it became.

    source:  its path; targets: the paths in the result, none where it was lost
    here:    its lines in the source
    there:   the lines of each target in the result
    row:     the row of the table that says how, where there is one
    """

    source: str
    targets: tuple[str, ...]
    here: Lines
    there: tuple[Lines, ...]
    row: Row | None


class Beside(NamedTuple):
    """Source and result as lines, the pieces of the source in its order, and what is to be said.

    diagnostics: with the line of the source, 0 where it is about no line of this text
    """

    source: tuple[str, ...]
    result: tuple[str, ...]
    pieces: tuple[Piece, ...]
    diagnostics: tuple[tuple[int, Diagnostic], ...]


def beside(text: str, file: str, converted: Converted) -> Beside:
    """`text` is what `converted` was made of; `file` is its name in the marks."""
    source, result = _lines(text), _lines(converted.text())
    forward = converted.kind == TASK_DEFINITION
    owner = compose_row if forward else ecs_row
    places = _places(converted)
    pieces = []
    for trace in _traces(converted):
        if trace.mark is None or not _written(trace, file, source):
            continue
        there = tuple(_reach(result, places[path]) for path in trace.targets if path in places)
        here = _reach(source, trace.mark)
        pieces.append(Piece(trace.source, trace.targets, here, there, owner(trace.source)))
    said = tuple((_line(one.mark, file), one) for one in converted.diagnostics)
    return Beside(source, result, tuple(pieces), said)


def _traces(converted: Converted) -> list[Trace]:
    """What became something, and what is spoken of because it became nothing."""
    traces = list(converted.trace)
    known = {trace.source for trace in traces}
    lost = {
        said.path: Trace(said.path, said.mark, ())
        for said in converted.diagnostics
        if said.fidelity == "dropped" and said.path and said.path not in known
    }
    return sorted([*traces, *lost.values()], key=lambda one: tuple(one.mark or ("",)))


def _lines(text: str) -> tuple[str, ...]:
    # Not splitlines(): it knows more line ends than those the marks count.
    return tuple(text.replace("\r\n", "\n").removesuffix("\n").split("\n"))


def _line(mark: Mark | None, file: str) -> int:
    return mark.line if mark is not None and mark.file == file else 0


def _written(trace: Trace, file: str, source: tuple[str, ...]) -> bool:
    """Whether it stands at its mark: what nobody wrote has the mark of its nearest parent."""
    assert trace.mark is not None
    _file, line, column = trace.mark
    if trace.mark.file != file or line > len(source):
        return False
    name = trace.source.rpartition(".")[2]
    text = source[line - 1][column - 1 :].lstrip("\"'")
    return name.endswith("]") or text.startswith(name.rpartition(".")[2])


def _places(converted: Converted) -> dict[str, Mark]:
    """The place of each part of the result in its text."""
    data = converted.text().encode()
    if converted.kind == TASK_DEFINITION:
        tree = parse(data, "")
    else:
        (tree,) = documents(data, "", Report())
    return {dotted(path): mark for path, mark in _walk(tree, ())}


def _walk(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Mark]]:
    if isinstance(node, dict):
        below: list[tuple[str | int, Any]] = list(node.items())
        marks = [node.marks[key] for key in node]  # type: ignore[attr-defined]  # a tree's Map
    elif isinstance(node, list):
        below = list(enumerate(node))
        marks = list(node.marks)  # type: ignore[attr-defined]  # a tree's Seq
    else:
        return
    for (part, item), mark in zip(below, marks, strict=True):
        yield (*path, part), mark
        yield from _walk(item, (*path, part))


def _reach(lines: tuple[str, ...], mark: Mark) -> Lines:
    """From the line of the mark to the last one that belongs to it."""
    first = lines[mark.line - 1]
    depth = _depth(first)
    last = mark.line
    for number in range(mark.line + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        closes = _depth(line) == depth and line.lstrip()[0] in "]}"
        item = _depth(line) == depth and line.lstrip().startswith("- ") and not _is_item(first)
        if closes or item or _depth(line) > depth:
            last = number
        if closes or not (item or _depth(line) > depth):
            break
    return range(mark.line, last + 1)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("- ")
