"""What every form has in common: fields, what is wrong, the call to come, a button, progress."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.settings import Problem
from ecslab.widgets.fields import Field
from ecslab.widgets.jobs import Job
from ecslab.widgets.style import block, panel

_ = translator("widgets")

Settings = TypeVar("Settings")
Say = Callable[[str], None]
"""Called with a line of progress."""


class Form(Generic[Settings]):
    """A console-like form over a settings value that checks itself.

    A subclass gives the fields, builds the settings from them, says which calls they mean and does
    them. `submit()` does what the button does and waits; pressing the button before it is fine:
    the work is done once and `submit()` gives its result. Change a field and submit again to do it
    once more.
    """

    title: Text
    button_label: Text

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = dict(fields)
        self._lock = threading.Lock()
        self._job: Job[Any] | None = None
        self._submitted: Settings | None = None
        self.button = w.Button(button_style="primary", layout=w.Layout(width="auto"))
        self.button.description = str(self.button_label)
        self.stop_button = w.Button(icon="stop", description=str(_("Stop")))
        self.stop_button.layout.display = "none"
        self._progress = w.HTML()
        self._preview = w.HTML()
        self.button.on_click(lambda _button: self._begin())
        self.stop_button.on_click(lambda _button: self._job and self._job.stop())
        for field in self.fields.values():
            field.control.observe(self._changed, "value")
        self.view = panel(*self._rows())
        self._changed()

    # -- what a form is about ------------------------------------------------------------------

    def settings(self) -> Settings:
        """What the fields say."""
        raise NotImplementedError  # every form says how

    def calls(self, settings: Settings) -> Sequence[str]:
        """The API calls the button will make, as text."""
        raise NotImplementedError  # every form says how

    def work(self, settings: Settings, say: Say, stop: threading.Event) -> Any:
        """Do it; runs in a thread, may call `say`, should end soon when `stop` is set."""
        raise NotImplementedError  # every form says how

    def problems(self, settings: Settings) -> Sequence[Problem]:
        """What is wrong; the settings know."""
        return settings.check()  # type: ignore[attr-defined,no-any-return]  # all settings check

    # -- what the notebook uses ----------------------------------------------------------------

    def submit(self) -> Any:
        """Do what the button does and wait for the end; gives what was made.

        Raises EcslabError with the first problem when a field is wrong.
        """
        job = self._begin()
        if job is None:
            problem = self.problems(self.settings())[0]
            raise EcslabError(
                _("{field}: {problem}", field=problem.field, problem=problem.message),
                _("Mend the field in the form, then run this cell again."),
            )
        return job.wait()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    # -- inside --------------------------------------------------------------------------------

    def _rows(self) -> list[w.Widget]:
        fold = w.Accordion([self._preview], titles=[str(_("The API calls this will make"))])
        return [
            w.HTML(block("ecslab-title", self.title)),
            *[field.box for field in self.fields.values()],
            fold,
            w.HBox([self.button, self.stop_button]),
            self._progress,
        ]

    def _changed(self, _change: object = None) -> None:
        settings = self.settings()
        problems = self.problems(settings)
        for name, field in self.fields.items():
            field.complain([p.message for p in problems if p.field == name])
        self.button.disabled = bool(problems)
        calls = [] if problems else self.calls(settings)
        self._preview.value = "".join(block("ecslab-call", call) for call in calls)

    def _begin(self) -> Job[Any] | None:
        """The job for what the fields say now: the one there is, or a new one."""
        settings = self.settings()
        if self.problems(settings):
            return None
        with self._lock:
            job = self._job
            again = job is not None and (job.running or job.error is None)
            if job is None or not again or settings != self._submitted:
                self._submitted = settings
                job = self._job = Job(lambda stop: self._run(settings, stop), self._ended)
                self._busy(True)
                job.start()
            return job

    def _run(self, settings: Settings, stop: threading.Event) -> Any:
        lines: list[str] = []

        def say(line: str) -> None:
            lines.append(line)
            self._progress.value = (
                '<div class="ecslab-note" role="status" aria-live="polite">'
                + "".join(block("", f"… {shown}") for shown in lines[-6:])
                + "</div>"
            )

        return self.work(settings, say, stop)

    def _ended(self, job: Job[Any]) -> None:
        if job.error is not None:
            self._progress.value = block("ecslab-problem", f"✗ {job.error}", role="alert")
        else:
            self._progress.value = block("ecslab-done", f"✓ {self.made(job.value)}", role="status")
        self._busy(False)

    def made(self, value: Any) -> object:
        """One sentence on what was made."""
        return value

    def _busy(self, busy: bool) -> None:
        self.button.disabled = busy
        self.stop_button.layout.display = "" if busy else "none"
