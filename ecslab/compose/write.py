"""Documents → YAML text that PyYAML and docker compose (yaml.v3) read the same way.

Block style, keys in the order given, the same bytes for the same document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_/.][A-Za-z0-9_./=+@%^~(){}<>;$-]*(?: [A-Za-z0-9_./=+@%^~()<>;$-]+)*")
_WORDS = frozenset("y n yes no on off true false null none nan inf ~ = <<".split())  # noqa: SIM905
_NUMBERISH = re.compile(r"[-+.]?(?:[0-9.]|inf|nan)", re.IGNORECASE)
_UNIT = re.compile(r"[1-9][0-9]*(?:ms|[smhkg])")
"""Durations and sizes begin like numbers, and are none for any reader."""
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def write(document: Mapping[str, Any], *, escape: bool = False, header: str = "") -> str:
    """`document` as YAML; `escape` doubles each ``$`` of a value, `header` becomes comments."""
    lines = [f"# {line}".rstrip() for line in header.splitlines()]
    _mapping(document, "", lines, escape)
    return "\n".join(lines) + "\n"


def _mapping(value: Mapping[str, Any], indent: str, lines: list[str], escape: bool) -> None:
    for key, item in value.items():
        _entry(f"{indent}{_text(str(key), False)}:", item, indent + "  ", lines, escape)


def _entry(start: str, item: Any, indent: str, lines: list[str], escape: bool) -> None:
    if start.endswith("environment:") and isinstance(item, (list, tuple)):
        item = [_variable(pair) for pair in item]
    if isinstance(item, Mapping) and item:
        lines.append(start)
        _mapping(item, indent, lines, escape)
    elif isinstance(item, (list, tuple)) and item:
        lines.append(start)
        _sequence(item, indent, lines, escape)
    else:
        lines.append(f"{start} {_leaf(item, escape)}".rstrip())


def _variable(pair: Any) -> Any:
    """``[NAME, value]`` of the canonical form → ``NAME=value``, or the bare name."""
    if not isinstance(pair, (list, tuple)):
        return pair
    name, value = pair
    return str(name) if value is None else f"{name}={value}"


def _sequence(value: Any, indent: str, lines: list[str], escape: bool) -> None:
    for item in value:
        if isinstance(item, (Mapping, list, tuple)) and item:
            inner: list[str] = []
            below = indent + "  "
            if isinstance(item, Mapping):
                _mapping(item, below, inner, escape)
            else:
                _sequence(item, below, inner, escape)
            inner[0] = f"{indent}- {inner[0][len(below) :]}"
            lines.extend(inner)
        else:
            lines.append(f"{indent}- {_leaf(item, escape)}")


def _leaf(item: Any, escape: bool) -> str:
    if item is None:
        return "null"
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, (int, float)):
        return _number(item)
    if isinstance(item, str):
        return _text(item.replace("$", "$$") if escape else item, True)
    return "{}" if isinstance(item, Mapping) else "[]"


def _number(item: float) -> str:
    made = repr(item)
    # YAML 1.1 wants a point before an exponent.
    return made.replace("e", ".0e") if "e" in made and "." not in made else made


def _text(text: str, value: bool) -> str:
    """A text, in quotes unless every reader takes it for text without them."""
    if _UNIT.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not _NUMBERISH.match(text):
        return text
    if value and ":" in text and _plain_with_colon(text):
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _plain_with_colon(text: str) -> bool:
    """Whether all is well but for colons inside words, as in ``nginx:1.27``."""
    return (
        ": " not in text
        and not text.endswith(":")
        and _PLAIN.fullmatch(text.replace(":", "_")) is not None
        and not _NUMBERISH.match(text)
    )


def _escaped(character: str) -> str:
    found = _ESCAPES.get(character)
    if found is not None:
        return found
    code = ord(character)
    if character.isprintable() and code != 0xFEFF:
        return character
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
