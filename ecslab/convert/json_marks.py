"""JSON as a tree that remembers where its parts stand (`ecslab.compose.tree`)."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any, NoReturn

from ecslab.compose.problems import ComposeError, Problem, Report
from ecslab.compose.tree import Map, Seq
from ecslab.compose.yaml import decode
from ecslab.convert.notes import ConvertError
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Mark

_ = translator("convert")

DEEPEST = 100
"""Levels of nesting; a task definition has eight."""
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


def parse(data: bytes, file: str) -> Any:
    """The document. Raises `ConvertError` at the place of what is no JSON."""
    try:
        text = decode(data, file, Report())
    except ComposeError as error:
        raise ConvertError(error.problems) from error
    return _Parser(text, file).document()


class _Parser:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.at = 0
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def document(self) -> Any:
        """The only value of the text."""
        value = self._value(0)
        if self._peek():
            self._wrong(_("The JSON is at its end here, but there is more text."))
        return value

    def _mark(self, position: int) -> Mark:
        line = bisect_right(self._lines, position)
        return Mark(self.file, line, position - self._lines[line - 1] + 1)

    def _wrong(self, message: Text, position: int | None = None) -> NoReturn:
        mark = self._mark(self.at if position is None else position)
        hint = _("A checker such as python -m json.tool helps to put it right.")
        raise ConvertError((Problem("json", message, hint, mark),))

    def _peek(self) -> str:
        match = _SPACE.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return self.text[self.at : self.at + 1]

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            self._wrong(_("The JSON is nested too deeply."))
        first = self._peek()
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._array(depth)
        if first == '"':
            return self._string()
        return self._word()

    def _object(self, depth: int) -> Map:
        made = Map(self._mark(self.at))
        self.at += 1
        if self._peek() == "}":
            self.at += 1
            return made
        while True:
            if self._peek() != '"':
                self._wrong(_('A name in "quotes" is expected here.'))
            place = self.at
            name = self._string()
            if name in made:
                self._wrong(_("{name} is there twice.", name=name), place)
            if self._peek() != ":":
                self._wrong(_("A colon is expected here."))
            self.at += 1
            made.put(name, self._value(depth + 1), self._mark(place))
            if not self._more("}"):
                return made

    def _array(self, depth: int) -> Seq:
        made = Seq(self._mark(self.at))
        self.at += 1
        if self._peek() == "]":
            self.at += 1
            return made
        while True:
            self._peek()
            place = self._mark(self.at)
            made.add(self._value(depth + 1), place)
            if not self._more("]"):
                return made

    def _more(self, end: str) -> bool:
        """Whether a comma follows; the closing bracket ends it."""
        found = self._peek()
        if found not in (",", end) or not found:
            self._wrong(_("A comma or {end} is expected here.", end=end))
        self.at += 1
        return found == ","

    def _string(self) -> str:
        try:
            value, self.at = scanstring(self.text, self.at + 1, True)
        except JSONDecodeError as error:
            self._wrong(_("The text in quotes is not written as JSON has it."), error.pos)
        return str(value)

    def _word(self) -> Any:
        number = _NUMBER.match(self.text, self.at)
        if number is not None:
            self.at = number.end()
            whole = number[1] is None and number[2] is None
            if whole and len(number[0]) > 20:
                self._wrong(_("The number is too long."), number.start())
            return int(number[0]) if whole else float(number[0])
        word = next((word for word in _WORDS if self.text.startswith(word, self.at)), None)
        if word is None:
            self._wrong(_("A value is expected here."))
        self.at += len(word)
        return _WORDS[word]
