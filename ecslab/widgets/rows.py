"""A field of rows: port mappings, environment variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.steps.settings import PortSettings
from ecslab.widgets.fields import Part, button, labelled, whole
from ecslab.widgets.style import block

_ = translator("widgets")

Value = TypeVar("Value")


class Column(NamedTuple):
    """One input of a row."""

    label: Text
    width: str
    options: tuple[str, ...] = ()
    """A drop-down list of these; empty for a line of text."""


class Rows(Part, Generic[Value]):
    """Any number of rows of inputs; a row without entries says nothing."""

    def __init__(
        self,
        label: Text,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        add: Text,
        help_text: object = "",
    ) -> None:
        self._columns = tuple(columns)
        self._rows = w.VBox()
        self.add_button = button(add, "plus", self.add)
        super().__init__(
            label,
            w.HTML(block("ecslab-label", label)),
            self._rows,
            self.add_button,
            w.HTML(block("ecslab-help", help_text) if help_text else ""),
        )
        self.fill(rows)

    @property
    def controls(self) -> list[list[w.Widget]]:
        """The inputs, row by row."""
        return [list(row.children[:-1]) for row in self._rows.children]

    @property
    def entered(self) -> list[tuple[str, ...]]:
        """The texts of the rows in which something was entered."""
        rows = [tuple(str(control.value).strip() for control in row) for row in self.controls]
        free = [not column.options for column in self._columns]
        return [
            row for row in rows if any(t for t, is_free in zip(row, free, strict=True) if is_free)
        ]

    @property
    def value(self) -> tuple[Value, ...]:
        raise NotImplementedError  # every kind of rows says what they mean

    def fill(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows instead."""
        self._rows.children = tuple(self._row(texts) for texts in rows)
        self.changed()

    def add(self, texts: Sequence[str] = ()) -> None:
        """One more row."""
        self._rows.children = (*self._rows.children, self._row(texts))
        self.changed()

    def enable(self, enabled: bool) -> None:
        for row in self._rows.children:
            for control in row.children:
                control.disabled = not enabled
        self.add_button.disabled = not enabled

    def _row(self, texts: Sequence[str]) -> w.HBox:
        inputs = []
        for number, column in enumerate(self._columns):
            given = texts[number] if number < len(texts) else None
            control = (
                w.Dropdown(options=column.options, value=given or column.options[0])
                if column.options
                else w.Text(value=given or "")
            )
            control.observe(self.changed, "value")
            inputs.append(labelled(control, column.label, column.width))
        remove = w.Button(
            icon="trash", tooltip=str(_("Remove this row")), layout=w.Layout(width="36px")
        )
        row = w.HBox([*inputs, remove], layout=w.Layout(align_items="flex-end"))
        row.add_class("ecslab-row")
        remove.on_click(lambda _button: self._remove(row))
        return row

    def _remove(self, row: w.HBox) -> None:
        self._rows.children = tuple(other for other in self._rows.children if other is not row)
        self.changed()


class PortRows(Rows[PortSettings]):
    """Port mappings as the console asks for them: host port, container port, protocol."""

    def __init__(self, rows: Sequence[Sequence[str]] = ()) -> None:
        super().__init__(
            _("Port mappings"),
            [
                Column(_("Host port"), "130px"),
                Column(_("Container port"), "130px"),
                Column(_("Protocol"), "90px", ("tcp", "udp")),
            ],
            rows,
            _("Add port mapping"),
            _("The host port is opened on the EC2 instance; left empty, ECS chooses one."),
        )

    @property
    def value(self) -> tuple[PortSettings, ...]:
        return tuple(
            PortSettings(whole(container) or 0, whole(host or "0") or 0, protocol)
            for host, container, protocol in self.entered
        )

    @property
    def unreadable(self) -> Text | None:
        numbers = [part for row in self.entered for part in row[:2] if part]
        wrong = next((part for part in numbers if whole(part) is None), None)
        return None if wrong is None else _("{entered} is not a whole number.", entered=wrong)


class VariableRows(Rows[tuple[str, str]]):
    """Environment variables."""

    def __init__(self) -> None:
        super().__init__(
            _("Environment variables"),
            [Column(_("Name"), "160px"), Column(_("Value"), "210px")],
            [],
            _("Add variable"),
        )

    @property
    def value(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, value) for name, value in self.entered)
