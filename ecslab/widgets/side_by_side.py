"""A Compose file and its task definition beside each other, either way, as they are written."""

from __future__ import annotations

import html
import os
import uuid
from typing import Any

import ipywidgets as w

from ecslab.convert import Converted
from ecslab.convert.beside import Beside
from ecslab.lab.converting import Shown, is_definition, shown, text_of
from ecslab.locale import translator
from ecslab.model.diagnostics import Diagnostic
from ecslab.model.errors import EcslabError
from ecslab.widgets.linked_lines import SIGNS, Names, linked
from ecslab.widgets.style import CSS, block

_ = translator("widgets")

_EITHER = ""
_WIDE = w.Layout(width="100%")


class SideBySide:
    """The text of a file, what it becomes, what is to be said of it, and a field to change it.

    converted: the last conversion that worked; value: its document
    """

    def __init__(self, text: str, file: str, *, project_name: str | None = None) -> None:
        self.file = os.path.abspath(file).replace("\\", "/")
        self.project_name = project_name
        self.forward = not is_definition(text, file)
        self._key = f"ecslab-{uuid.uuid4().hex[:8]}"  # two notebooks may be on one page
        self._written = text
        self.panes = w.HTML(layout=_WIDE)
        self.said = w.HTML(layout=_WIDE)
        self.problems = w.HTML()
        self.editor = w.Textarea(text, rows=min(24, text.count("\n") + 2), layout=_WIDE)
        self.editor.add_class("ecslab-editor")
        self.launch_type = w.ToggleButtons(
            options=[(str(_("not said")), _EITHER), ("EC2", "EC2"), ("FARGATE", "FARGATE")],
            description=str(_("Launch type")),
            style={"button_width": "auto", "description_width": "auto"},
        )
        self.back = w.Button(description=str(_("As it was")), layout=w.Layout(width="auto"))
        self.back.on_click(lambda _button: self.change(self._written))
        self.shown: Shown | None = None
        self._wrong = ""
        self._convert()
        if self.shown is None:
            raise EcslabError(self._wrong)
        self.editor.observe(self._convert, "value")
        self.launch_type.observe(self._convert, "value")
        self.view: w.Widget = self._view()

    @property
    def converted(self) -> Converted:
        """The last conversion that worked."""
        assert self.shown is not None
        return self.shown.converted

    @property
    def value(self) -> dict[str, Any]:
        """What the text became: a task definition, or a Compose document."""
        return self.converted.value

    def change(self, text: str) -> None:
        """Write `text` into the field, as if typed."""
        self.editor.value = text

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def _view(self) -> w.Widget:
        tools = [self.launch_type, self.back] if self.forward else [self.back]
        fold = w.Accordion(
            [w.VBox([self.editor, w.HBox(tools)])],
            titles=[str(_("Change the text and watch"))],
            selected_index=None,
        )
        return w.VBox([w.HTML(CSS + _CSS), self.panes, self.problems, self.said, fold])

    def _convert(self, _change: object = None) -> None:
        try:
            self.shown = shown(
                self.editor.value,
                self.file,
                project_name=self.project_name,
                launch_type=self.launch_type.value or None,
            )
        except EcslabError as error:
            self._wrong = str(error)
            self.problems.value = _complaint(error, self.file)
            return
        self.problems.value = ""
        self.panes.value = linked(
            self.shown.beside, self._names(), self._key, _("ecs-cli of 2019:")
        )
        self.said.value = diagnostics(self.shown.beside)

    def _names(self) -> Names:
        definition = str(_("Task definition"))
        name = os.path.basename(self.file)
        return Names(name, definition) if self.forward else Names(name, "Compose")


def side_by_side(path: str | os.PathLike[str], *, project_name: str | None = None) -> SideBySide:
    """A Compose file beside the task definition it makes, or the other way round.

    Point at a line, or click it, and see what it became; change the text and see that, too. Which
    way it goes, the content says. project_name: the project's name, which becomes the family.

    Raises EcslabError where there is no such file or it cannot be converted.
    """
    return SideBySide(text_of(path), os.fspath(path), project_name=project_name)


_CSS = """
<style>
.ecslab-editor textarea{font-family:var(--jp-code-font-family,monospace);font-size:12px;
  line-height:1.45}
.ecslab-said{margin-top:8px}
.ecslab-said th,.ecslab-said td:nth-child(2){white-space:nowrap}
.ecslab-said td,.ecslab-said th{text-align:left!important;vertical-align:top;line-height:1.5}
</style>
"""


def diagnostics(shown: Beside) -> str:
    """The table of what is to be said, as HTML."""
    if not shown.diagnostics:
        return block("ecslab-done", _("✓ Everything was kept; there is nothing to say."))
    heads = (_("Line"), _("What happens"), _("Why"), _("What you can do"))
    head = "".join(f"<th>{html.escape(str(one))}</th>" for one in heads)
    rows = "".join(_row(line, said) for line, said in shown.diagnostics)
    return (
        f'<table class="ecslab-table ecslab-said"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(line: int, said: Diagnostic) -> str:
    sign, word = SIGNS[said.fidelity]
    cells = (line or "–", f"{sign} {word}", said.message, said.hint or "–")
    return f"<tr>{''.join(f'<td>{html.escape(str(cell))}</td>' for cell in cells)}</tr>"


def _complaint(error: EcslabError, file: str) -> str:
    """What is wrong with the text, a line each, places in it by their line."""
    lines = str(error).replace(f"{file}:", "").splitlines()
    return "".join(block("ecslab-problem", f"✗ {line}", role="alert") for line in lines)
