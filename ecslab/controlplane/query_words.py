"""The words of the cluster query language."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*"|'[^']*')
      | (?P<sign>&&|\|\||==|!=|>=|<=|=~|!~|>|<|\(|\)|\[|\]|,)
      | (?P<banged>!(?:exists|in)\b)
      | (?P<bang>!)
      | (?P<word>[^\s()\[\],&|=!<>~"']+)
    )""",
    re.VERBOSE,
)
_PATTERN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<word>(?:(?!\|\||&&)[^\s()"'])+)|(?P<sign>\(|\)))"""
)
"""A pattern without quotes goes to the next space, parenthesis or connective."""
OPERATORS = {
    "==": "==",
    "equals": "==",
    "!=": "!=",
    "not_equals": "!=",
    ">": ">",
    "greater_than": ">",
    ">=": ">=",
    "greater_than_equal": ">=",
    "<": "<",
    "less_than": "<",
    "<=": "<=",
    "less_than_equal": "<=",
    "=~": "=~",
    "matches": "=~",
    "!~": "!~",
    "not_matches": "!~",
    "in": "in",
    "!in": "!in",
    "not_in": "!in",
    "exists": "exists",
    "!exists": "!exists",
    "not_exists": "!exists",
}


class QueryError(ValueError):
    """An expression that is not in the language; the text says where."""


class Word(NamedTuple):
    """A word, where it begins (from 0), and its kind: text (quoted), sign, word, …"""

    text: str
    at: int
    kind: str


def words_of(expression: str) -> list[Word]:
    """The words of an expression. Raises `QueryError` for a sign that is in none."""
    words: list[Word] = []
    end = len(expression.rstrip())
    at = 0
    while at < end:
        form = _PATTERN if _asks_for_pattern(words) else _TOKEN
        match = form.match(expression, at)
        if match is None:
            where = len(expression) - len(expression[at:].lstrip())
            raise QueryError(
                f"Cannot read {expression[where]!r} at position {where + 1} in {expression!r}."
            )
        kind = str(match.lastgroup)
        text = match[kind]
        words.append(Word(text[1:-1] if kind == "text" else text, match.start(kind), kind))
        at = match.end()
    return words


def _asks_for_pattern(words: list[Word]) -> bool:
    """Whether the last word is an operator that takes a pattern, and not a value of that name."""
    if not words or OPERATORS.get(words[-1].text) not in ("=~", "!~"):
        return False
    return words[-1].kind != "text" and words[-2:][0].text not in OPERATORS
