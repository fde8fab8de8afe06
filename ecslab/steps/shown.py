"""What the steps give back, as a notebook shows it: plain HTML in Jupyter's own colours."""

from __future__ import annotations

import html
from collections.abc import Iterable

LEFT = 'style="text-align:left"'
"""JupyterLab puts cells to the right, which is for numbers."""
_GOOD = "var(--jp-success-color1,#2e7d32)"
_BAD = "var(--jp-error-color1,#b3261e)"


def headed(headline: object, lines: Iterable[object], tag: str = "ul") -> str:
    """A sentence with a list below it."""
    items = "".join(f"<li>{html.escape(str(line))}</li>" for line in lines)
    below = f"<{tag}>{items}</{tag}>" if items else ""
    return f"<p>{html.escape(str(headline))}</p>{below}"


def verdict(good: bool, message: object, hint: object = "") -> str:
    """✓ or ✗, what was found and what to do; never told by colour alone."""
    more = f"<br>{html.escape(str(hint))}" if str(hint) else ""
    look = f"border-left:4px solid {_GOOD if good else _BAD};padding:2px 10px"
    said = f"{'✓' if good else '✗'} {html.escape(str(message))}"
    return f'<p role="status" style="{look}">{said}{more}</p>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A table of facts as HTML: what, and what it is."""
    lines = "".join(
        f"<tr><th {LEFT}>{html.escape(what)}</th><td {LEFT}>{html.escape(value)}</td></tr>"
        for what, value in rows
    )
    return f"<table>{lines}</table>"
