"""A labelled input with a help line and a place for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.widgets.style import block, complaints

_ = translator("widgets")

WIDE = "380px"
NARROW = "160px"


def labelled(control: w.Widget, label: object, width: str = WIDE) -> w.Widget:
    """`control` with its label above it (a real <label>, which screen readers and tests find)."""
    control.description = str(label)
    control.layout = w.Layout(width=width, height="auto")
    control.add_class("ecslab-field")
    return control


def button(label: object, icon: str, then: Callable[[], object], **looks: Any) -> w.Button:
    """A button as wide as its label, and what it does."""
    layout = w.Layout(width="auto", align_self="flex-start")
    made = w.Button(description=str(label), icon=icon, layout=layout, **looks)
    made.on_click(lambda _button: then())
    return made


class Part:
    """A part of a form: widgets under each other, below them a place for what is wrong."""

    def __init__(self, label: object, *rows: w.Widget) -> None:
        self.label = label
        self._problem = w.HTML()
        self._listeners: list[Callable[[], None]] = []
        self.box = w.VBox([*rows, self._problem], layout=w.Layout(margin="0 0 8px"))

    @property
    def value(self) -> Any:
        """What was entered."""
        raise NotImplementedError  # every part says how

    @property
    def unreadable(self) -> Text | None:
        """Why what was entered cannot be read at all; None when it can."""
        return None

    def on_change(self, then: Callable[[], None]) -> None:
        """Call `then` whenever something else is entered."""
        self._listeners.append(then)

    def changed(self, _change: object = None) -> None:
        """Tell whoever wants to know that something else was entered."""
        for then in self._listeners:
            then()

    def complain(self, messages: Sequence[object]) -> None:
        """Show what is wrong here; nothing when nothing is."""
        self._problem.value = complaints(messages)

    def show(self, shown: bool) -> None:
        """Let the field be seen, or not."""
        self.box.layout.display = "" if shown else "none"

    def enable(self, enabled: bool) -> None:
        """Let something be entered, or not."""
        raise NotImplementedError  # every part says how


class Field(Part):
    """One field of a form: label, input, help, problem."""

    def __init__(
        self, label: object, control: w.Widget, help_text: object = "", width: str = WIDE
    ) -> None:
        self.control = labelled(control, label, width)
        help_line = [w.HTML(block("ecslab-help", help_text))] if help_text else []
        super().__init__(label, self.control, *help_line)
        self.control.observe(self.changed, "value")

    @property
    def value(self) -> Any:
        return self.control.value

    def enable(self, enabled: bool) -> None:
        self.control.disabled = not enabled


def text(label: object, value: str = "", help_text: object = "", placeholder: str = "") -> Field:
    """A field for a line of text."""
    return _Text(label, w.Text(value=value, placeholder=placeholder), help_text)


def suggesting(label: object, options: Sequence[str], value: str, help_text: object = "") -> Field:
    """A field for a line of text that offers some."""
    return _Text(label, w.Combobox(options=list(options), value=value), help_text)


def number(label: object, value: int | None, help_text: object = "") -> Field:
    """A field for a whole number; empty means not given. Its value is an int or None."""
    return _Number(label, w.Text(value="" if value is None else str(value)), help_text, NARROW)


def choice(
    label: object,
    options: Sequence[tuple[str, str]] | Sequence[str],
    value: str | None,
    help_text: object = "",
) -> Field:
    """A drop-down list."""
    return Field(label, w.Dropdown(options=options, value=value), help_text)


def toggles(
    label: object, options: Sequence[tuple[str, str]], value: str, help_text: object = ""
) -> Field:
    """A few choices side by side, all in view."""
    control = w.ToggleButtons(options=options, value=value, style={"button_width": "auto"})
    return Field(label, control, help_text, width="auto")


def tick(label: object, value: bool, help_text: object = "") -> Field:
    """Yes or no."""
    return _Tick(label, w.Checkbox(value=value, indent=False), help_text)


def whole(entered: str) -> int | None:
    """The whole number that was entered (full-width digits are digits too), or None."""
    try:
        return int(entered)
    except ValueError:
        return None


class _Text(Field):
    """Spaces around a text are nobody's intention."""

    @property
    def value(self) -> str:
        return str(self.control.value).strip()


class _Number(_Text):
    """A text input that reads whole numbers, so that "empty" and 0 stay apart."""

    @property
    def value(self) -> int | None:  # type: ignore[override]  # what the text means
        return whole(super().value)

    @property
    def unreadable(self) -> Text | None:
        entered = super().value
        if not entered or whole(entered) is not None:
            return None
        return _("{entered} is not a whole number.", entered=entered)


class _Tick(Field):
    """The label of a check box stands beside it, not above."""

    def __init__(self, label: object, control: w.Widget, help_text: object) -> None:
        super().__init__(label, control, help_text)
        control.remove_class("ecslab-field")
