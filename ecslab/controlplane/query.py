"""The cluster query language: what `memberOf` constraints and list filters are written in.

Source: AWS developer guide, "Cluster query language". An expression is parsed once into a predicate
over a container instance and its load.

    expression := and ( ("or" | "||") and )*
    and        := not ( ("and" | "&&") not )*
    not        := ("not" | "!") not | "(" expression ")" | comparison
    comparison := subject "exists" | subject "!exists" | subject operator argument

A pattern (`=~`) is to match the whole value, as Java's `String.matches` has it: the guide names
Java's syntax and writes ``g2.*``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from functools import lru_cache

from ecslab.controlplane.load import Load
from ecslab.controlplane.query_words import OPERATORS, QueryError, Word, words_of
from ecslab.model.container_instance import ContainerInstance

Predicate = Callable[[ContainerInstance, Load], bool]
Reader = Callable[[ContainerInstance, Load], "tuple[str, ...]"]

_EXISTENCE = {"exists": True, "!exists": False}
_EVERY = tuple(dict.fromkeys(OPERATORS.values()))
_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})*")
DEEPEST = 50
"""How deep parentheses and negations may be nested."""
_SUBJECTS: dict[str, Reader] = {
    "ec2InstanceId": lambda instance, load: (instance.ec2_instance_id,),
    "agentConnected": lambda instance, load: (str(instance.connected).lower(),),
    "agentVersion": lambda instance, load: (instance.agent_version,),
    "registeredAt": lambda instance, load: (str(int(instance.registered_at)),),
    "runningTasksCount": lambda instance, load: (str(load.running),),
    "task:group": lambda instance, load: tuple(load.groups),
}
_ORDERED = (">", ">=", "<", "<=")
_WORDS = ("==", "!=", "in", "!in", "=~", "!~")
_NUMBERS = ("==", "!=", *_ORDERED)
_TAKES = {
    "ec2InstanceId": _WORDS,
    "agentConnected": _WORDS,
    "agentVersion": _NUMBERS,
    "registeredAt": _NUMBERS,
    "runningTasksCount": _NUMBERS,
}
"""The operators of subjects that do not take every one."""


@lru_cache(maxsize=1024)
def parse(expression: str) -> Predicate:
    """The predicate an expression stands for. Raises `QueryError` saying what and where."""
    parser = _Parser(expression)
    predicate = parser.either()
    parser.end()
    return predicate


class _Parser:
    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._words = words_of(expression)
        self._next = 0
        self._depth = 0
        if not self._words:
            raise QueryError("The expression is empty.")

    def either(self) -> Predicate:
        """Alternatives."""
        parts = [self._both()]
        while self._accept("or", "||"):
            parts.append(self._both())
        if len(parts) == 1:
            return parts[0]
        return lambda instance, load: any(part(instance, load) for part in parts)

    def end(self) -> None:
        """Nothing may follow."""
        if self._next < len(self._words):
            raise self._error("a connective (and, or) or the end", self._words[self._next])

    def _both(self) -> Predicate:
        parts = [self._negated()]
        while self._accept("and", "&&"):
            parts.append(self._negated())
        if len(parts) == 1:
            return parts[0]
        return lambda instance, load: all(part(instance, load) for part in parts)

    def _negated(self) -> Predicate:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"The expression is nested more than {DEEPEST} deep.")
        made = self._one()
        self._depth -= 1
        return made

    def _one(self) -> Predicate:
        if self._accept("not", "!"):
            inner = self._negated()
            return lambda instance, load: not inner(instance, load)
        if self._accept("("):
            inner = self.either()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Predicate:
        subject = self._take("a subject such as attribute:ecs.instance-type")
        reader = _reader(subject, self._expression)
        word = self._take("an operator such as ==")
        allowed = _TAKES.get(subject.text, _EVERY)
        operator = OPERATORS.get(word.text)
        if operator not in allowed:
            raise self._error(f"an operator of {subject.text} ({', '.join(allowed)})", word)
        if operator in _EXISTENCE:
            wanted = _EXISTENCE[operator]
            return lambda instance, load: bool(reader(instance, load)) is wanted
        if operator in ("in", "!in"):
            return _membership(reader, self._list(), operator == "in")
        value = self._value()
        if subject.text == "registeredAt":
            value = str(_seconds(value, self._expression))
        return _relation(reader, operator, value, self._expression)

    def _list(self) -> frozenset[str]:
        self._expect("[")
        values = {self._value()}
        while self._accept(","):
            values.add(self._value())
        self._expect("]")
        return frozenset(values)

    def _value(self) -> str:
        word = self._take("a value")
        if word.kind not in ("word", "text"):
            raise self._error("a value", word)
        return word.text

    def _accept(self, *texts: str) -> bool:
        if self._next < len(self._words):
            word = self._words[self._next]
            if word.kind != "text" and word.text in texts:
                self._next += 1
                return True
        return False

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            word = self._words[self._next] if self._next < len(self._words) else None
            raise self._error(repr(text), word)

    def _take(self, wanted: str) -> Word:
        if self._next >= len(self._words):
            raise self._error(wanted, None)
        word = self._words[self._next]
        self._next += 1
        return word

    def _error(self, wanted: str, word: Word | None) -> QueryError:
        found = f"{word.text!r} at position {word.at + 1}" if word else "the end"
        return QueryError(f"Expected {wanted} but found {found} in {self._expression!r}.")


def _reader(word: Word, expression: str) -> Reader:
    if word.text in _SUBJECTS:
        return _SUBJECTS[word.text]
    prefix, _colon, name = word.text.partition(":")
    if prefix == "attribute" and name:
        return lambda instance, load: _attribute(instance, name)
    known = ", ".join(["attribute:NAME", *_SUBJECTS])
    raise QueryError(
        f"Unknown subject {word.text!r} at position {word.at + 1} in {expression!r}; "
        f"subjects are {known}."
    )


def _attribute(instance: ContainerInstance, name: str) -> tuple[str, ...]:
    attributes = instance.attribute
    return (attributes[name] or "",) if name in attributes else ()


def _membership(reader: Reader, values: frozenset[str], wanted: bool) -> Predicate:
    def member(instance: ContainerInstance, load: Load) -> bool:
        return any(value in values for value in reader(instance, load)) is wanted

    return member


def _relation(reader: Reader, operator: str, value: str, expression: str) -> Predicate:
    if operator in ("=~", "!~"):
        try:
            pattern = re.compile(value)
        except re.error as error:
            raise QueryError(
                f"{value!r} is not a regular expression ({error}) in {expression!r}."
            ) from error
        found = operator == "=~"
        return lambda instance, load: (
            any(pattern.fullmatch(one) for one in reader(instance, load)) is found
        )
    if operator in _ORDERED:
        return lambda instance, load: any(
            _ordered(one, operator, value) for one in reader(instance, load)
        )
    equal = operator == "=="
    return lambda instance, load: (value in reader(instance, load)) is equal


def _ordered(left: str, operator: str, right: str) -> bool:
    """Numbers and versions compare as such (1.9 < 1.10), the rest as text."""
    a, b = _sortable(left), _sortable(right)
    if a is None or b is None:
        return _holds(left, operator, right)
    return _holds(a, operator, b)


def _holds(a: object, operator: str, b: object) -> bool:
    order = (a > b) - (a < b)  # type: ignore[operator]  # both text, or both tuples of numbers
    signs = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0)}
    return order in signs[operator]


def _sortable(text: str) -> tuple[int, ...] | None:
    return tuple(map(int, text.split("."))) if _NUMBER.fullmatch(text) else None


def _seconds(text: str, expression: str) -> int:
    """A moment as the language writes it (UTC where nothing else is said) in epoch seconds."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise QueryError(
            f"{text!r} is not a date such as 2018-06-18 or 2018-06-18T22:28:28Z in {expression!r}."
        ) from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())


__all__ = ["DEEPEST", "Predicate", "QueryError", "parse"]
