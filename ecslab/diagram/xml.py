"""Text and identifiers that may stand in XML, whatever somebody called their task."""

from __future__ import annotations

import re
from functools import lru_cache

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
# Characters XML 1.0 has no way to write (section 2.2, production Char).
_UNSAFE = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_ID = re.compile(r"[^A-Za-z0-9_-]")


@lru_cache(maxsize=8192)
def escape(text: str) -> str:
    """`text` for an element or an attribute; what XML cannot hold becomes U+FFFD."""
    return _UNSAFE.sub(lambda found: _ENTITIES.get(found[0], "\ufffd"), text)


@lru_cache(maxsize=8192)
def identifier(kind: str, name: str) -> str:
    """A stable element id; different names give different ids."""
    return f"{kind}-" + _NOT_ID.sub(lambda found: f".{ord(found[0]):x}.", name)


def link(url: str) -> str | None:
    """`url` escaped, if it is one of the web; a ``javascript:`` one is none."""
    return escape(url) if url.lower().startswith(("http://", "https://")) else None
