"""``.env`` and ``env_file`` text → names and values, as docker compose reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecslab.compose.interpolate import Lookup, TemplateError, substitute
from ecslab.compose.problems import Report
from ecslab.compose.yaml import decode
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")

_LINE = r"[^\S\n]*(?:export[^\S\n]+)?([A-Za-z0-9_.\-\[\]]+)[^\S\n]*(?:([=:])[^\S\n]*|(?=\n|\Z|#))"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b", "a": "\a", "v": "\v"}

Pairs = list[tuple[str, "str | None", Mark]]


def parse(data: bytes, file: str, lookup: Lookup, report: Report) -> Pairs:
    """Name, value (None for a bare name the surroundings do not know), place of each variable.

    Quotes, ``export``, comments, values over several lines, and variables in unquoted and
    double-quoted values, where `lookup` wins over what stands earlier in the file.
    """
    return list(_Parser(decode(data, file, report), file, lookup, report).entries())


def parse_raw(data: bytes, file: str, report: Report) -> Pairs:
    """``format: raw``: what stands after the first ``=`` is the value, to the letter."""
    made: Pairs = []
    for number, line in enumerate(decode(data, file, report).split("\n"), 1):
        name, equals, value = line.partition("=")
        if name.strip() and not name.lstrip().startswith("#"):
            place = Mark(file, number, 1)
            made.append((name.strip(), value if equals else None, place))
    return made


class _Parser:
    """Goes through the text once."""

    def __init__(self, text: str, file: str, lookup: Lookup, report: Report) -> None:
        self.text = text
        self.file = file
        self.report = report
        self.known: dict[str, str] = {}
        self.outer = lookup
        self.at = 0

    def lookup(self, name: str) -> str | None:
        """The surroundings' value, else the one from an earlier line."""
        value = self.outer(name)
        return self.known.get(name) if value is None else value

    def entries(self) -> Iterator[tuple[str, str | None, Mark]]:
        """One after the other, reporting lines that make no sense."""
        while self._skip_blank():
            mark = Mark(self.file, self.text.count("\n", 0, self.at) + 1, 1)
            found = re.compile(_LINE).match(self.text, self.at)
            if not found:
                self._wrong(_("This line is not NAME=VALUE."), mark)
                self._to_next_line()
                continue
            self.at = found.end()
            name = found[1]
            value = self._value(mark) if found[2] else self.outer(name)
            if not found[2]:
                self._to_next_line()
            if value is not None:
                self.known[name] = value
            yield name, value, mark

    def _skip_blank(self) -> bool:
        """Whether there is a further line with something on it."""
        while self.at < len(self.text):
            rest = self.text[self.at]
            if rest == "#":
                self._to_next_line()
            elif rest.isspace():
                self.at += 1
            else:
                return True
        return False

    def _to_next_line(self) -> str:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        passed = self.text[self.at : end]
        self.at = end + 1
        return passed

    def _value(self, mark: Mark) -> str:
        quote = self.text[self.at : self.at + 1]
        if quote in ("'", '"') and quote:
            return self._quoted(quote, mark)
        return self._filled(_uncommented(self._to_next_line()), mark)

    def _quoted(self, quote: str, mark: Mark) -> str:
        end = self.at + 1
        while end < len(self.text) and self.text[end] != quote:
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            self._wrong(_("This value has a quote that is not closed."), mark)
            return self._to_next_line()
        body = self.text[self.at + 1 : end]
        self.at = end + 1
        rest = self._to_next_line().strip()
        if rest and not rest.startswith("#"):
            self._wrong(_("There is something after the closing quote."), mark)
        if quote == "'":
            return body.replace("\\'", "'")
        return self._filled(_unescaped(body), mark)

    def _filled(self, value: str, mark: Mark) -> str:
        if "$" not in value:
            return value
        try:
            return substitute(value, self.lookup)
        except TemplateError as error:
            self.report.error("env-file", error.message, error.hint, mark)
            return value

    def _wrong(self, message: Text, mark: Mark) -> None:
        hint = _("Write NAME=VALUE, with # before comments.")
        self.report.error("env-file", message, hint, mark)


def _uncommented(value: str) -> str:
    """An unquoted value ends at a # with a blank before it."""
    if value.startswith("#"):
        return ""
    return re.split(r"\s#", value, maxsplit=1)[0].strip()


def _unescaped(body: str) -> str:
    def one(match: re.Match[str]) -> str:
        letter = match[1]
        return "$$" if letter == "$" else _ESCAPES.get(letter, letter)

    return re.sub(r"\\(.)", one, body, flags=re.DOTALL)
