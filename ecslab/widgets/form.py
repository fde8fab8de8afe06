"""What every form has in common: fields, what is wrong, the call to come, a button, progress."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.calls import Call
from ecslab.steps.progress import Progress, Stopped
from ecslab.steps.settings import Problem
from ecslab.widgets.fields import Part, button
from ecslab.widgets.jobs import Job
from ecslab.widgets.preview import Preview
from ecslab.widgets.style import block, panel

_ = translator("widgets")

LINES = 8
"""Lines of progress that stay in view."""


class Checks(Protocol):
    """Settings: a value that checks itself."""

    def check(self) -> list[Problem]:
        """What is wrong with it, field by field."""


Settings = TypeVar("Settings", bound=Checks)


class Form(Generic[Settings]):
    """A console-like form over a settings value that checks itself.

    A subclass gives the fields, builds the settings from them, says which calls they mean and does
    them. `submit()` does what the button does and waits; pressing the button before it is fine:
    the work is done once and `submit()` gives its result. Submit again, or press the button again,
    to do it once more.
    """

    title: Text
    button_label: Text
    pages: Sequence[Text] = ()
    """Pages of the preview besides the calls."""

    def __init__(self, fields: Mapping[str, Part], pace: float = 3.0) -> None:
        self.fields = dict(fields)
        self._pace = pace
        self._lock = threading.Lock()
        self._job: Job[Any] | None = None
        self._for_submit: tuple[Settings, Job[Any]] | None = None
        self._lines: list[str] = []
        self._awaited = False
        self._began = time.monotonic()
        self.button = button(self.button_label, "", self._press, button_style="primary")
        self.stop_button = button(_("Stop"), "stop", self.stop)
        self.stop_button.layout.display = "none"
        self._progress = w.HTML()
        self._preview = Preview(self.pages)
        for field in self.fields.values():
            field.on_change(self._changed)
        self.view = panel(*self._rows())
        self._changed()

    # -- what a form is about ------------------------------------------------------------------

    def settings(self) -> Settings:
        """What the fields say."""
        raise NotImplementedError  # every form says how

    def planned(self, settings: Settings) -> Sequence[Call]:
        """The API calls the button will make."""
        raise NotImplementedError  # every form says how

    def work(self, settings: Settings, progress: Progress) -> Any:
        """Do it; runs in a thread, says how it goes, and ends soon when it is told to stop."""
        raise NotImplementedError  # every form says how

    def texts(self, settings: Settings) -> Mapping[object, str]:
        """What the form's own pages of the preview show."""
        return {}

    def arrange(self, settings: Settings) -> None:
        """Show the fields that these settings ask for."""

    def outcome(self, value: Any) -> str:
        """What came of it, as HTML, where the lines of progress have not said it."""
        return ""

    # -- what the notebook uses ----------------------------------------------------------------

    def submit(self) -> Any:
        """Do what the button does and wait for the end; gives what was made.

        Raises EcslabError with the first problem when a field is wrong.
        """
        self._awaited = True
        try:
            job = self._begin()
            if job is None:
                raise self._wrong()
            return job.wait()
        finally:
            self._awaited = False

    def stop(self) -> None:
        """Ask the work that goes on to end soon."""
        if self._job is not None:
            self._job.stop()

    def problems(self, settings: Settings) -> list[Problem]:
        """What cannot be read, and what the settings say is wrong."""
        unread = {
            name: why
            for name, field in self.fields.items()
            if (why := field.unreadable) is not None
        }
        told = [problem for problem in settings.check() if problem.field not in unread]
        return [Problem(name, why) for name, why in unread.items()] + told

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    # -- inside --------------------------------------------------------------------------------

    def _press(self) -> None:
        job = self._begin(again=True)
        self._for_submit = None if job is None else (self.settings(), job)

    def _wrong(self) -> EcslabError:
        problem = self.problems(self.settings())[0]
        return EcslabError(
            _("{field}: {problem}", field=self._label(problem), problem=problem.message),
            _("Mend the field in the form, then run this cell again."),
        )

    def _rows(self) -> list[w.Widget]:
        return [
            w.HTML(block("ecslab-title", self.title, role="heading", aria_level="3")),
            *[field.box for field in self.fields.values()],
            self._preview.box,
            w.HBox([self.button, self.stop_button], layout=w.Layout(margin="8px 0 0")),
            self._progress,
        ]

    def _label(self, problem: Problem) -> object:
        field = self.fields.get(problem.field.partition(".")[0])
        return problem.field if field is None else field.label

    def _changed(self) -> None:
        settings = self.settings()
        problems = self.problems(settings)
        self.arrange(settings)
        for name, field in self.fields.items():
            field.complain([p.message for p in problems if p.field == name])
        self.button.disabled = bool(problems)
        calls = [] if problems else self.planned(settings)
        self._preview.show(calls, {} if problems else self.texts(settings))

    def _lines_shown(self) -> str:
        return "".join(
            block("ecslab-done" if line.startswith("✓") else "", line)
            for line in self._lines[-LINES:]
        )

    def _begin(self, again: bool = False) -> Job[Any] | None:
        """The job for what the fields say now, a new one or one there is; None if they are wrong.

        A job that goes on is the job. One that a press of the button did serves once, for the
        `submit()` after it; `again` asks for a new one.
        """
        settings = self.settings()
        if self.problems(settings):
            return None
        with self._lock:
            there = self._job
            if there is None or not there.running:
                there = None if again else self._pressed(settings)
            self._for_submit = None
            if there is not None:
                return there
            job = self._job = Job(lambda stop: self._run(settings, stop), self._ended)
            self._busy(True)
            return job.start()

    def _pressed(self, settings: Settings) -> Job[Any] | None:
        if self._for_submit is None:
            return None
        meant, job = self._for_submit
        return job if meant == settings and job.error is None else None

    def _run(self, settings: Settings, stop: threading.Event) -> Any:
        self._lines = []
        self._began = time.monotonic()

        def say(line: str) -> None:
            self._lines.append(line)
            self._report(self._working())

        say(str(_("Started.")))
        return self.work(settings, Progress(say, stop, self._pace))

    def _working(self) -> str:
        if not self._awaited:
            return block("ecslab-busy", _("working …"))
        # While a cell waits, the kernel hears no click on a widget, only its interrupt.
        self.stop_button.layout.display = "none"
        return block("ecslab-busy", _("working … (to stop it: ■ in the toolbar above)"))

    def _report(self, last: str) -> None:
        self._progress.value = (
            '<div class="ecslab-note" role="status" aria-live="polite">'
            f"{self._lines_shown()}{last}</div>"
        )

    def _ended(self, job: Job[Any]) -> None:
        if isinstance(job.error, Stopped):
            self._report(block("ecslab-help", f"■ {job.error}"))
        elif job.error is not None:
            self._report(block("ecslab-problem", f"✗ {job.error}", role="alert"))
        else:
            seconds = time.monotonic() - self._began
            done = block("ecslab-done", _("✓ Done in {seconds:.0f} s.", seconds=seconds))
            self._report(self.outcome(job.value) or done)
        self._busy(False)

    def _busy(self, busy: bool) -> None:
        for field in self.fields.values():
            field.enable(not busy)
        self.button.disabled = busy
        self.stop_button.layout.display = "" if busy else "none"
