"""How much room text takes, without a font: good enough for boxes that never overflow.

A full-width character counts 1 em, as in every CJK font; others an average of a sans-serif.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

NARROW = 0.56
BOLD = 0.66
MONO = 0.61
_FULL = frozenset("WFA")


@lru_cache(maxsize=4096)
def width(text: str, size: float, narrow: float = NARROW) -> float:
    """The width of `text` in pixels at font size `size`."""
    if text.isascii():
        return len(text) * narrow * size
    ems = sum(1.0 if unicodedata.east_asian_width(c) in _FULL else narrow for c in text)
    return ems * size


@lru_cache(maxsize=4096)
def fit(text: str, size: float, room: float, narrow: float = NARROW) -> str:
    """`text`, or as much of it as fits into `room` pixels, with an ellipsis."""
    if width(text, size, narrow) <= room:
        return text
    kept, used = [], size  # the ellipsis is full-width in CJK fonts
    for character in text:
        used += width(character, size, narrow)
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def fit_end(text: str, size: float, room: float, narrow: float = NARROW) -> str:
    """As `fit`, but it is the end that is kept: where the telling part of a name is."""
    if width(text, size, narrow) <= room:
        return text
    turned = fit(text[::-1], size, room, narrow)
    return "…" + turned[:-1][::-1].lstrip()


def wrap(text: str, size: float, room: float, lines: int) -> list[str]:
    """`text` broken into at most `lines` lines; the last one ends in an ellipsis if it must."""
    found: list[str] = []
    rest = " ".join(text.split())
    while rest and len(found) < lines - 1:
        head = _head(rest, size, room)
        found.append(head.strip())
        rest = rest[len(head) :].lstrip()
    return [*found, fit(rest, size, room)] if rest else found


def _head(text: str, size: float, room: float) -> str:
    if width(text, size) <= room:
        return text
    used, cut = 0.0, 0
    while used <= room:
        used += width(text[cut], size)
        cut += 1
    cut -= 1
    space = text.rfind(" ", 0, cut + 1)
    return text[:space] if space > 0 else text[: max(cut, 1)]
