"""A question to answer before the cell that shows the answer is run."""

from __future__ import annotations

import html
from collections.abc import Sequence

import ipywidgets as w

from ecslab.locale import translator
from ecslab.widgets.style import block, panel

_ = translator("widgets")


class Prediction:
    """Pick what you expect, then run the next cell and compare.

    Nothing is graded: the reveal tells what is to be seen and why, whatever was picked.
    """

    def __init__(self, question: str, options: Sequence[str], because: str) -> None:
        self.picked: str | None = None
        self._because = because
        self._answer = w.HTML()
        self.buttons = [
            w.Button(description=option, layout=w.Layout(width="auto", margin="2px 6px 2px 0"))
            for option in options
        ]
        for button in self.buttons:
            button.on_click(self._pick)
        self.view = panel(
            w.HTML(f'<div class="ecslab-note"><b>？ {html.escape(question)}</b></div>'),
            w.HBox(self.buttons, layout=w.Layout(flex_flow="row wrap")),
            self._answer,
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def reveal(self) -> None:
        """Say what is to be seen and why."""
        self._answer.value = block("ecslab-note", self._because, role="status")

    def _pick(self, button: w.Button) -> None:
        self.picked = button.description
        for other in self.buttons:
            other.button_style = "info" if other is button else ""
        self._answer.value = block(
            "ecslab-note",
            _("You expect: {choice}. Run the next cell and see.", choice=button.description),
            role="status",
        )
