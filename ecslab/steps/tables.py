"""Small tables as a notebook shows them."""

from __future__ import annotations

import html
from collections.abc import Iterable

LEFT = 'style="text-align:left"'
"""JupyterLab puts cells to the right, which is for numbers."""


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A table of facts as HTML: what, and what it is."""
    lines = "".join(
        f"<tr><th {LEFT}>{html.escape(what)}</th><td {LEFT}>{html.escape(value)}</td></tr>"
        for what, value in rows
    )
    return f"<table>{lines}</table>"
