"""A labelled input with a help line and a place for what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as w

from ecslab.widgets.style import block

_WIDE = w.Layout(width="360px")


class Field:
    """One field of a form: label, input, help, problem."""

    def __init__(self, label: object, control: w.Widget, help_text: object = "") -> None:
        self.control = control
        # The input carries the label too: screen readers and tests find it by its name.
        control.tooltip = str(label)
        self._problem = w.HTML()
        rows = [w.HTML(block("ecslab-label", label)), control]
        if help_text:
            rows.append(w.HTML(block("ecslab-help", help_text)))
        self.box = w.VBox([*rows, self._problem], layout=w.Layout(margin="0 0 6px"))

    @property
    def value(self) -> Any:
        """What was entered."""
        return self.control.value

    def complain(self, messages: Sequence[object]) -> None:
        """Show what is wrong here; nothing when nothing is."""
        self._problem.value = "".join(block("ecslab-problem", f"✗ {m}") for m in messages)


def text(label: object, value: str = "", help_text: object = "", placeholder: str = "") -> Field:
    """A field for a line of text."""
    control = w.Text(value=value, placeholder=placeholder, layout=_WIDE, continuous_update=True)
    return Field(label, control, help_text)


def number(label: object, value: int | None, help_text: object = "") -> Field:
    """A field for a whole number; empty means not given. Its value is an int or None."""
    return _Number(label, value, help_text)


def choice(
    label: object,
    options: Sequence[tuple[str, str]] | Sequence[str],
    value: str,
    help_text: object = "",
) -> Field:
    """A drop-down list."""
    return Field(label, w.Dropdown(options=options, value=value, layout=_WIDE), help_text)


class _Number(Field):
    """A text input that reads whole numbers, so that "empty" and 0 stay apart."""

    def __init__(self, label: object, value: int | None, help_text: object) -> None:
        shown = "" if value is None else str(value)
        super().__init__(label, w.Text(value=shown, layout=w.Layout(width="140px")), help_text)

    @property
    def value(self) -> int | None:
        entered = str(self.control.value).strip()
        if not entered:
            return None
        try:
            return int(entered)
        except ValueError:
            # Refused by every rule there is, so the field's own problem is shown.
            return -1
