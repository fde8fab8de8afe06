"""Pictures as values that show themselves in a notebook."""

from __future__ import annotations

import re

from ecslab.diagram.render import render
from ecslab.diagram.theme import themed
from ecslab.diagram.xml import escape
from ecslab.model.errors import EcslabError


class Drawing:
    """SVG text that shows itself."""

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def _repr_html_(self) -> str:
        return self.svg


class Graph:
    """DOT text; drawn where Graphviz is, shown as text with a sentence where it is not."""

    def __init__(self, source: str, label: str) -> None:
        self.source = source
        self.label = label
        """One sentence that says what is to be seen."""

    def svg(self) -> str:
        """The drawing as SVG text. Raises EcslabError without Graphviz."""
        drawn = render(self.source, "svg").decode()
        # Only the <svg> itself may stand inside a page; Graphviz puts a prologue before it.
        drawn = drawn[drawn.index("<svg") :]
        words = f'<svg role="img" aria-label="{escape(self.label)}" style="max-width:100%" '
        return re.sub(r"<svg\s+", lambda _found: words, drawn, count=1)

    def _repr_html_(self) -> str:
        try:
            return themed(self.svg())
        except EcslabError as error:
            return f"<p>{escape(str(error))}</p><pre>{escape(self.source)}</pre>"

    def __repr__(self) -> str:
        return self.source
