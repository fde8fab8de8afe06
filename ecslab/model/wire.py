"""snake_case here, camelCase on the wire: the one mechanical place between them.

A translation is worked out once per class, from its type hints, and kept: registering thousands of
task definitions a second goes through here.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

# Names in which a capital does not begin a word.
_ODD = {"sizeInGiB": "size_in_gib", "bindIP": "bind_ip"}
_ODD_BACK = {snake: camel for camel, snake in _ODD.items()}

T = TypeVar("T")
Codec = Callable[[Any], Any]
_DECODERS: dict[Any, Codec] = {}
_ENCODERS: dict[Any, Codec] = {}


class UnknownMemberError(ValueError):
    """A document has a member its class does not have."""

    def __init__(self, member: str, of: str) -> None:
        super().__init__(f"{of} has no member {member!r}.")
        self.member = member


@lru_cache(maxsize=4096)
def snake(camel: str) -> str:
    """``containerInstanceArn`` → ``container_instance_arn``."""
    if camel in _ODD:
        return _ODD[camel]
    return "".join("_" + c.lower() if c.isupper() else c for c in camel)


@lru_cache(maxsize=4096)
def camel(snake: str) -> str:
    """``container_instance_arn`` → ``containerInstanceArn``."""
    if snake in _ODD_BACK:
        return _ODD_BACK[snake]
    head, *rest = snake.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def from_wire(cls: type[T], document: Mapping[str, Any]) -> T:
    """The dataclass `cls` out of a document with camelCase names.

    What is absent takes the field's default. Raises `UnknownMemberError` for a member the class
    does not have, TypeError where a required one is missing.
    """
    made: T = _kept(_DECODERS, cls, _decoder)(document)
    return made


def to_wire(value: Any) -> dict[str, Any]:
    """The document of a dataclass, camelCase names; fields that are None are left out."""
    document: dict[str, Any] = _kept(_ENCODERS, type(value), _encoder)(value)
    return document


def _kept(codecs: dict[Any, Codec], cls: Any, make: Callable[[Any], Codec]) -> Codec:
    found = codecs.get(cls)
    if found is None:
        found = codecs[cls] = make(cls)
    return found


def _decoder(cls: Any) -> Codec:
    hints = get_type_hints(cls)
    table = {camel(f.name): (f.name, _codec(hints[f.name], _decoder, tuple)) for f in fields(cls)}

    def decode(document: Mapping[str, Any]) -> Any:
        made = {}
        for name, value in document.items():
            try:
                attribute, inner = table[name]
            except KeyError:
                raise UnknownMemberError(name, cls.__name__) from None
            made[attribute] = value if inner is None or value is None else inner(value)
        return cls(**made)

    return decode


def _encoder(cls: Any) -> Codec:
    hints = get_type_hints(cls)
    names = [f.name for f in fields(cls)]
    plan = [(camel(name), _codec(hints[name], _encoder, list)) for name in names]
    if len(names) == 1:
        only = attrgetter(names[0])
        values: Codec = lambda value: (only(value),)  # noqa: E731  attrgetter of one gives no tuple
    else:
        values = attrgetter(*names)

    def encode(value: Any) -> dict[str, Any]:
        return {
            name: one if inner is None else inner(one)
            for (name, inner), one in zip(plan, values(value), strict=True)
            if one is not None
        }

    return encode


def _codec(hint: Any, of_class: Callable[[Any], Codec], sequence: type) -> Codec | None:
    """How a value of this type is translated; None where it stays as it is."""
    if is_dataclass(hint):
        return of_class(hint)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        kinds = [one for one in get_args(hint) if one is not type(None)]
        return _codec(kinds[0], of_class, sequence) if len(kinds) == 1 else None
    if origin is tuple:
        inner = _codec(get_args(hint)[0], of_class, sequence)
        if inner is None:
            return sequence
        return lambda values: sequence([inner(one) for one in values])
    return dict if origin in (Mapping, dict) else None
