"""``$V ${V} ${V:-d} ${V-d} ${V:?e} ${V?e} ${V:+r} ${V+r}``, nested, and ``$$`` for a dollar."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ecslab.compose.problems import Report
from ecslab.compose.tree import Map, Path, Seq, item_marks
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")

Lookup = Callable[[str], "str | None"]

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_OPERATORS = (":-", ":?", ":+", "-", "?", "+")


class TemplateError(Exception):
    """Text that cannot be filled in: `message` says why, `hint` what to do."""

    def __init__(self, message: Text, hint: Text | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


def substitute(text: str, lookup: Lookup, unset: Callable[[str], None] = lambda name: None) -> str:
    """`text` with its variables filled in; `unset` hears of each that has no value.

    Raises `TemplateError` for a form that does not exist and for a required variable.
    """
    made: list[str] = []
    position = 0
    while True:
        dollar = text.find("$", position)
        if dollar < 0:
            made.append(text[position:])
            return "".join(made)
        made.append(text[position:dollar])
        value, position = _one(text, dollar, lookup, unset)
        made.append(value)


def _one(text: str, at: int, lookup: Lookup, unset: Callable[[str], None]) -> tuple[str, int]:
    """The value of the form whose dollar stands at `at`, and where the text goes on."""
    after = text[at + 1 : at + 2]
    if after == "$":
        return "$", at + 2
    if after == "{":
        end = _closing(text, at + 1)
        return _braced(text[at + 2 : end], lookup, unset), end + 1
    name = re.compile(_NAME).match(text, at + 1)
    if not name:
        raise _invalid(text)
    return _plain(name[0], lookup, unset), name.end()


def _closing(text: str, at: int) -> int:
    depth = 0
    for index in range(at, len(text)):
        if text[index] == "{":
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if not depth:
                return index
    raise _invalid(text)


def _invalid(text: str) -> TemplateError:
    return TemplateError(
        _("The $ in {text} starts no variable.", text=text if len(text) < 60 else text[:60] + "…"),
        _("Write $$ for a plain dollar sign, ${NAME} for a variable."),
    )


def _plain(name: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    value = lookup(name)
    if value is None:
        unset(name)
        return ""
    return value


def _braced(body: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    name = re.match(_NAME, body)
    rest = body[name.end() :] if name else ""
    if not name:
        raise _invalid("${" + body + "}")
    if not rest:
        return _plain(name[0], lookup, unset)
    operator = next((o for o in _OPERATORS if rest.startswith(o)), None)
    if operator is None:
        raise _invalid("${" + body + "}")
    word, value = rest[len(operator) :], lookup(name[0])
    there = bool(value) if operator[0] == ":" else value is not None
    if operator[-1] == "+":
        return substitute(word, lookup, unset) if there else ""
    if there:
        return value or ""
    if operator[-1] == "-":
        return substitute(word, lookup, unset)
    raise _required(name[0], substitute(word, lookup, unset))


def _required(name: str, said: str) -> TemplateError:
    message = (
        _("The variable {name} is required: {said}", name=name, said=said)
        if said
        else _("The variable {name} is required and has no value.", name=name)
    )
    return TemplateError(message, _("Set {name} in the shell or in the file .env.", name=name))


def interpolate(document: Any, lookup: Lookup, report: Report) -> None:
    """Fill in all values (never keys) of a document, in place."""
    waiting: list[tuple[Any, Path]] = [(document, ())]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, Map):
            for key, value in node.items():
                if type(value) is str:
                    if "$" in value:
                        place = node.marks.get(key)
                        node[key] = _filled(value, lookup, report, place, (*path, key))
                elif isinstance(value, (dict, list)):
                    waiting.append((value, (*path, key)))
        elif isinstance(node, Seq):
            marks = item_marks(node, node.mark)
            for index, value in enumerate(node):
                if type(value) is str:
                    if "$" in value:
                        node[index] = _filled(value, lookup, report, marks[index], (*path, index))
                elif isinstance(value, (dict, list)):
                    waiting.append((value, (*path, index)))


def _filled(value: str, lookup: Lookup, report: Report, mark: Mark | None, path: Path) -> str:
    def unset(name: str) -> None:
        report.note(
            "variable-unset",
            _("The variable {name} is not set: an empty text takes its place.", name=name),
            _("Set {name} in the shell or in the file .env.", name=name),
            mark,
        )

    try:
        return substitute(value, lookup, unset)
    except TemplateError as error:
        report.error("interpolation", error.message, error.hint, mark, path)
        return value
