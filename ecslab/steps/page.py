"""A page as a visitor sees it: its address, and the words on it."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass

from ecslab.locale import translator
from ecslab.steps.visits import visit

_ = translator("steps")

PATIENCE = 3.0
"""Wall seconds a page that does not answer yet is asked again."""


@dataclass(frozen=True)
class Page:
    """What was seen at an address."""

    url: str
    words: str
    """The page's first words, or who answered where containers are simulated."""
    failure: str = ""
    """Why nothing was seen."""

    def __str__(self) -> str:
        if self.failure:
            said = _("✗ {url} does not answer: {why}.", url=self.url, why=self.failure.rstrip("."))
            hint = _("It answers while its containers run.")
            return f"{said}\n  {hint}"
        return f"✓ {self.url}\n{self.words}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if self.failure:
            return f'<p role="status">{html.escape(str(self)).replace(chr(10), "<br>")}</p>'
        shown = html.escape(self.url, quote=True)
        link = f'<a href="{shown}" target="_blank" rel="noopener">{shown}</a>'
        return f"<p>✓ {link}</p><blockquote>{html.escape(self.words)}</blockquote>"


def page(url: str) -> Page:
    """Visit a page; one that does not answer yet is asked again for a moment."""
    until = time.monotonic() + PATIENCE
    while True:
        seen = visit(url)
        if not seen.failure or time.monotonic() > until:
            return Page(url, seen.who, re.sub(r"^\[Errno -?\d+\] ", "", seen.failure))
        time.sleep(0.3)
