"""What the learner's things cost, an hour and so far, on a clock that goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import ipywidgets as w

from ecslab.lab import Lab
from ecslab.locale import translator
from ecslab.steps.cost import Cost
from ecslab.widgets.fields import button
from ecslab.widgets.following import OneAtATime, seen_or_told
from ecslab.widgets.style import CSS, block

_ = translator("widgets")

EVERY = 60.0
"""Seconds between two looks at what there is, while the learner does something."""
SOON = 5.0
"""Seconds after which it is looked again when the learner did something."""
IDLE = 600.0
"""Seconds without anything done after which nobody is asked any more; the clock goes on."""
TICK = 1.0


def tick(lab: Lab) -> CostClock:
    """The clock of this lab; the one shown before stops, so that one asks."""
    clock = CostClock(lab.cost, stir=lambda: lab.calls.made)
    return _only.show(clock).start()


class CostClock(w.VBox):
    """Shows what `look` found, and counts on from there: a tick asks nobody anything.

    `stir` gives another value when the learner did something: then it is looked again soon.
    """

    def __init__(
        self,
        look: Callable[[], Cost],
        *,
        stir: Callable[[], object] = lambda: None,
        every: float = EVERY,
        soon: float = SOON,
        pause: float = TICK,
    ) -> None:
        self._look = look
        self._stir = stir
        self._every, self._soon, self._pause = every, soon, pause
        self._ended = threading.Event()
        self._cost: Cost | None = None
        self._looked = self._stirred_at = 0.0
        self._stirred: object = None
        self.face = w.HTML()
        self.message = w.HTML()
        self.button = button(str(_("Stop")), "stop", self.stop)
        super().__init__([w.HTML(CSS), self.face, self.message, self.button])

    def start(self) -> CostClock:
        """Look once now, then go on in the background."""
        self._stirred = self._stir()
        self._stirred_at = time.monotonic()
        self._refresh()
        self._show()
        threading.Thread(target=self._run, daemon=True, name="ecslab-clock").start()
        return self

    def stop(self) -> None:
        """Let it stand still."""
        self._ended.set()
        self.button.disabled = True

    def _run(self) -> None:
        while not self._ended.wait(self._pause):
            if self._is_due():
                self._refresh()
            self._show()

    def _is_due(self) -> bool:
        now, stirred = time.monotonic(), self._stir()
        if stirred != self._stirred:
            self._stirred, self._stirred_at = stirred, now
        since = now - self._looked
        if self._stirred_at > self._looked:
            return since >= self._soon
        return since >= self._every and now - self._stirred_at < IDLE

    def _refresh(self) -> None:
        seen = seen_or_told(self._look, self.message, self.stop)
        if seen is not None:
            self._cost = seen
            warning = seen.warning()
            self.message.value = (
                "" if warning is None else block("ecslab-problem", warning, role="alert")
            )
        self._looked = time.monotonic()

    def _show(self) -> None:
        if self._cost is not None:
            later = self._cost.after(time.monotonic() - self._looked)
            self.face.value = block("ecslab-title", later.headline(), role="timer")


_only: OneAtATime[CostClock] = OneAtATime()
