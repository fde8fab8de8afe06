"""JSON text, as ``json.dumps(value, ensure_ascii=False, indent=2)`` writes it.

Of its own, since importing json costs the command line as much as a whole conversion; a test
compares the two.
"""

from __future__ import annotations

from typing import Any

_ESCAPES = {
    **{code: f"\\u{code:04x}" for code in range(0x20)},
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    ord("\b"): "\\b",
    ord("\f"): "\\f",
}


def dumps(value: Any) -> str:
    """The text, with a line end behind it."""
    return _value(value, "\n") + "\n"


def _value(value: Any, line: str) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (int, float)):
        return repr(value)
    inner = line + "  "
    if isinstance(value, dict):
        parts = [f"{_value(str(key), inner)}: {_value(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"
    parts = [_value(item, inner) for item in value]
    return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"
