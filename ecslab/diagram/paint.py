"""The few strokes everything is painted with."""

from __future__ import annotations

from ecslab.diagram.xml import escape
from ecslab.locale import Text


class Words:
    """Says a message in one language, and remembers those it has said: a frame repeats itself."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._said: dict[int, tuple[Text, str]] = {}

    def __call__(self, message: Text | str) -> str:
        """`message` in this language; a plain string is a name and stays as it is."""
        if isinstance(message, str):
            return message
        if message.args:
            return message.render(self.lang)
        known = self._said.get(id(message))
        if known is None:
            known = self._said[id(message)] = (message, message.render(self.lang))
        return known[1]


def n(value: float) -> str:
    """A number for SVG: at most one digit behind the point, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, names: str = "", size: float | None = None) -> str:
    """One line of text, with the classes `names`."""
    kind = f' class="{names}"' if names else ""
    scale = f' style="font-size:{n(size)}px"' if size else ""
    return f'<text{kind} x="{n(x)}" y="{n(y)}"{scale}>{escape(words)}</text>'


def status(x: float, y: float, glyph: str, tone: str, word: str, names: str = "") -> str:
    """A status: its glyph in its tone, and the word beside it."""
    kind = f' class="{names}"' if names else ""
    return (
        f'<text{kind} x="{n(x)}" y="{n(y)}"><tspan class="{tone}">{glyph}</tspan> '
        f"{escape(word)}</text>"
    )
