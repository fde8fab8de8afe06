"""Scalars of Compose: durations, sizes, truth, numbers as docker compose prints them."""

from __future__ import annotations

import re
from typing import Any

# Patterns stay text: `re` compiles and keeps them at their first use, and a start stays quick.
_SIZE = r"(\d+(?:\.\d*)?|\.\d+) ?([kKmMgGtTpP]?)(?:[iI]?[bB])?"
_EXPONENT = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_PART = r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)"
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
}
_INFINITE = float("inf")
_TRUE = ("true", "yes", "y", "on", "1", "t")
_FALSE = ("false", "no", "n", "off", "0", "f")


def size(value: Any) -> int:
    """Bytes of ``"512m"``, ``"1.5 GB"``, ``"1024"`` or a number. ValueError for anything else.

    Units are powers of 1024 (Compose specification, "Specifying byte values"); -1 is unlimited.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not _finite(value):
            raise ValueError(value)
        return int(value)
    text = str(value).strip()
    if text == "-1":
        return -1
    match = re.fullmatch(_SIZE, text)
    if not match:
        raise ValueError(value)
    number, factor = match[1], 1024 ** _EXPONENT[match[2].lower()]
    return int(number) * factor if number.isdigit() else int(float(number) * factor)


def seconds(value: Any) -> float:
    """Seconds of ``"1m30s"`` or ``"20ms"``. ValueError for anything else, a bare number included.

    Units: us, ms, s, m, h (Compose specification, "Specifying durations"), and w, d, ns.
    """
    text = str(value).strip()
    if text == "0":
        return 0
    total, position = 0.0, 0
    for match in re.finditer(_PART, text):
        if match.start() != position:
            raise ValueError(value)
        total += float(match[1]) * _SECONDS[match[2]]
        position = match.end()
    if not text or position != len(text):
        raise ValueError(value)
    return total


def truth(value: Any) -> bool:
    """A boolean, or one of the words docker compose takes for one. ValueError for others."""
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(value)


def _finite(value: float) -> bool:
    # A comparison, since math.isfinite refuses whole numbers beyond a float's range.
    return -_INFINITE < value < _INFINITE


def whole(value: Any) -> int:
    """A whole number; text may be 0x10, 0o17 or 017 as in YAML. ValueError for others."""
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, (int, float)):
        if not _finite(value) or value != int(value):
            raise ValueError(value)
        return int(value)
    made = scalar(str(value).strip())
    if isinstance(made, str) or made is None:
        raise ValueError(value)
    return whole(made)


def number(value: Any) -> int | float:
    """A number, or text that is one. ValueError for others."""
    made = scalar(value.strip()) if isinstance(value, str) else value
    if isinstance(made, bool) or not isinstance(made, (int, float)) or not _finite(made):
        raise ValueError(value)
    return made


def text(value: Any) -> str:
    """A scalar as docker compose hands it to a container: true → "true", 1.0 → "1"."""
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return ""
    return _float(value) if isinstance(value, float) else str(value)


def _float(value: float) -> str:
    """Go's ``%v``: the shortest digits, an exponent from 1e+21 and below 1e-04."""
    if abs(value) < 1e21 and value == int(value):
        return str(int(value))
    made = repr(value)
    if "e" not in made:
        return made
    if 1e-4 <= abs(value) < 1e21:
        return f"{value:.20f}".rstrip("0")
    return made


_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMERIC = frozenset("0123456789+-.")


def scalar(value: str) -> Any:
    """What an unquoted YAML scalar means to docker compose (yaml.v3's core schema).

    Only true and false are booleans; 22:22 and dates are text; 010 is 8, 0o17 is 15.
    """
    if value[:1] not in _NUMERIC or not value:
        return _WORDS.get(value, value)
    plain = value.replace("_", "")
    if not plain.isascii():
        return value
    made = _integer(plain)
    if made is not None:
        return made
    if re.fullmatch(_FLOAT, plain):
        real = float(plain)
        return real if _finite(real) else value
    return value


def _integer(plain: str) -> int | None:
    body = plain[1:] if plain[0] in "+-" else plain
    if not body or body[0] not in "0123456789":
        return None
    try:
        made = int(body, _base(body))
    except ValueError:
        return None
    if made >= 1 << 64:
        return None
    return -made if plain[0] == "-" else made


def _base(body: str) -> int:
    """10, or 0 for a prefix such as 0x, or 8 for the old octal 0755."""
    if body[0] != "0" or len(body) == 1:
        return 10
    return 8 if body[1].isdigit() else 0
