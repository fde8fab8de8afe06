"""A diagram that follows the cluster, with the log of what changed."""

from __future__ import annotations

import datetime
import html
import random
import threading
import time
from collections.abc import Callable

import ipywidgets as w

from ecslab.diagram.svg import render_svg
from ecslab.lab import Lab
from ecslab.locale import translator
from ecslab.model.snapshot import EventView, Snapshot
from ecslab.steps.progress import JITTER, SHARED
from ecslab.steps.services import brief
from ecslab.widgets.fields import button
from ecslab.widgets.following import OneAtATime, seen_or_told
from ecslab.widgets.style import CSS, block

_ = translator("widgets")

LOG_LINES = 40
CALM = 15.0
"""Seconds without a change after which it looks more rarely, down to a quarter as often."""
BREATH = 0.1
"""Seconds between two looks at least, however long a look at a crowd takes."""
IDLE = 600.0
"""Seconds without a change after which it pauses: a forgotten notebook asks nobody anything."""


def follow(lab: Lab) -> LiveDiagram:
    """The live diagram of this lab's cluster; the one shown before pauses, so that one asks.

    The cluster is asked for at each look, so the diagram goes along when another one is made.
    """
    every = max(0.5, lab.bench.pace)
    diagram = LiveDiagram(
        lambda: lab.snapshot(within=every * SHARED),
        render_svg,
        every=every,
        stir=lambda: lab.calls.made,
        slower=lambda: lab.bench.easing.factor,
    )
    late = lab.overtime()
    if late is not None:
        diagram.children = (*diagram.children, w.HTML(block("ecslab-problem", late, role="alert")))
    return _only.show(diagram).start()


class LiveDiagram(w.VBox):
    """Draws what `look` sees, again and again, until it is stopped or the kernel ends.

    `every` is the time from one look to the next in seconds; a part of it is varied at random, so
    that a class does not ask in step, and it is `slower` times as long while AWS asks for slower
    calls.
    The picture is replaced only when it changed. A cluster in which nothing happens is looked at
    more rarely, and after `idle` seconds no more; `stir` gives another value when the learner did
    something, so that what comes of it is not missed.
    """

    def __init__(
        self,
        look: Callable[[], Snapshot],
        draw: Callable[[Snapshot], str],
        *,
        every: float = 1.0,
        idle: float = IDLE,
        stir: Callable[[], object] = lambda: None,
        slower: Callable[[], float] = lambda: 1.0,
    ) -> None:
        self._look = look
        self._draw = draw
        self._every = every
        self._idle = idle
        self._stir = stir
        self._slower = slower
        self._stirred = stir()
        self._changed_at = time.monotonic()
        self._took = 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen: dict[str, str] = {}
        self._heard: set[EventView] = set()
        self._lines: list[str] = []
        self.picture = w.HTML()
        self.picture.add_class("ecslab-svg")
        self.history = w.HTML()
        self.message = w.HTML()
        self.button = button("", "pause", self._press)
        super().__init__([w.HTML(CSS), self.picture, self.message, self.history, self.button])
        self._say_button()

    def _press(self) -> None:
        self.stop() if self.following else self.start()

    @property
    def following(self) -> bool:
        """Whether it follows the cluster now."""
        return self._thread is not None and not self._ended.is_set()

    def start(self) -> LiveDiagram:
        """Look once now, then go on in the background."""
        with self._lock:
            if not self.following:
                self._ended = threading.Event()
                self._changed_at = time.monotonic()
                self._refresh()
                self._thread = threading.Thread(
                    target=self._follow, args=(self._ended,), daemon=True, name="ecslab-live"
                )
                self._thread.start()
        self._say_button()
        return self

    def stop(self) -> None:
        """Keep the picture as it is."""
        self._ended.set()
        self._say_button()

    def _follow(self, ended: threading.Event) -> None:
        looked = time.monotonic()
        while not ended.wait(self._rest()):
            if not self._is_stirred() and time.monotonic() - looked < self._pause():
                continue
            looked = time.monotonic()
            self._refresh()
            if not ended.is_set() and self._quiet() >= self._idle:
                self.stop()
                minutes = round(self._idle / 60)
                said = _("Paused: nothing has changed for {minutes} minutes.", minutes=minutes)
                self.message.value = block("ecslab-help", said, role="status")

    def _tick(self) -> float:
        """Seconds until it may look again; longer while AWS asks for slower calls."""
        return self._every * self._slower() * random.uniform(1 - JITTER, 1 + JITTER)

    def _rest(self) -> float:
        """Seconds to wait after a look: what the look itself took is a part of the pace."""
        tick = self._tick()
        return max(min(BREATH, tick), tick - self._took)

    def _is_stirred(self) -> bool:
        before, self._stirred = self._stirred, self._stir()
        if before == self._stirred:
            return False
        self._changed_at = time.monotonic()
        return True

    def _quiet(self) -> float:
        return time.monotonic() - self._changed_at

    def _pause(self) -> float:
        """Seconds between two looks; a calm cluster is asked more rarely."""
        return self._every * min(4.0, self._quiet() / CALM)

    def _refresh(self) -> None:
        began = time.monotonic()
        self._show()
        self._took = time.monotonic() - began

    def _show(self) -> None:
        seen = seen_or_told(self._drawn, self.message, self.stop)
        if seen is None:
            return
        snapshot, picture = seen
        self.message.value = self._said()
        if picture != self.picture.value:
            self.picture.value = picture
        self._record(snapshot)

    def _drawn(self) -> tuple[Snapshot, str]:
        snapshot = self._look()
        return snapshot, self._draw(snapshot)

    def _said(self) -> str:
        if self._slower() <= 1:
            return ""
        seconds = self._every * self._slower()
        said = _("AWS asks us to slow down: a look every {seconds:.0f} s.", seconds=seconds)
        return block("ecslab-help", said, role="status")

    def _record(self, snapshot: Snapshot) -> None:
        now = _states(snapshot)
        lines = [
            _line(snapshot.at, f"{subject}: {self._seen[subject]} → {state}")
            if subject in self._seen
            else _line(snapshot.at, f"{subject}: {state}")
            for subject, state in now.items()
            if self._seen.get(subject) != state
        ]
        # What ECS says about services is told with its own time, above what it explains.
        fresh = [event for event in snapshot.events if event not in self._heard]
        if self._seen:
            # A sandbox whose clock runs faster is ahead: its events stand where they were seen.
            told = [(min(one.at, snapshot.at), brief(one.text)) for one in reversed(fresh)]
            lines = [_line(*one) for one in told] + lines
        self._heard.update(fresh)
        if now != self._seen:
            self._changed_at = time.monotonic()
        self._seen = now
        if lines:
            self._lines = (lines + self._lines)[:LOG_LINES]
            label = html.escape(str(_("What changed, newest first")), quote=True)
            self.history.value = (
                f'<div class="ecslab-log" role="log" aria-live="polite" aria-label="{label}">'
                + "".join(self._lines)
                + "</div>"
            )

    def _say_button(self) -> None:
        following = self.following
        self.button.icon = "pause" if following else "play"
        self.button.description = str(_("Pause") if following else _("Follow"))


def _states(snapshot: Snapshot) -> dict[str, str]:
    """What the log watches: the state in words of every instance, task and service."""
    states: dict[str, str] = {}
    for instance in snapshot.instances:
        connected = "" if instance.connected else str(_(" (agent not connected)"))
        states[str(_("instance {id}", id=instance.ec2_id))] = instance.status + connected
    for task in snapshot.tasks:
        reason = f" – {task.stopped_reason}" if task.stopped_reason else ""
        name = str(_("task {id} ({definition})", id=task.id[:8], definition=task.definition))
        states[name] = task.status + reason
    for service in snapshot.services:
        count = f"{service.running}/{service.desired}"
        states[str(_("service {name}", name=service.name))] = count
    return states


def _line(at: float, text: str) -> str:
    moment = datetime.datetime.fromtimestamp(at).strftime("%H:%M:%S")
    return f"<div><time>{moment}</time>{html.escape(text)}</div>"


_only: OneAtATime[LiveDiagram] = OneAtATime()
