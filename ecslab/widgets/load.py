"""The load button: puts load on a service's page, and shows what auto scaling makes of it."""

from __future__ import annotations

import html
import threading
import time

import ipywidgets as w

from ecslab.lab import Lab
from ecslab.locale import translator
from ecslab.steps.scaling import Scaling, percent
from ecslab.steps.services import Service
from ecslab.steps.visits import Crowd, burden
from ecslab.widgets.fields import button
from ecslab.widgets.following import seen_or_told
from ecslab.widgets.style import block, complaints, panel

_ = translator("widgets")

MINUTES = 20
"""Wall minutes after which a load ends by itself, and after which nobody is asked any more."""
PATIENCE = 3
"""Looks that may fail, one after the other, before it gives up: the service is gone."""
PAUSE = 0.5
"""The least seconds between two looks."""
POINTS = 30
"""Minutes in the curve."""
WIDTH, HEIGHT = 360, 80


class Load:
    """A crowd that costs CPU, to be sent and called back, beside the scaling it leads to."""

    def __init__(self, lab: Lab, service: Service, path: str, a_second: float) -> None:
        self._lab, self._service = lab, service
        self._every = max(PAUSE, lab.bench.pace * 2)
        url = str(lab.url(service)).rstrip("/") + "/" + path.lstrip("/")
        self.crowd = Crowd(url, a_second, ask=burden)
        self._until = self._last = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.state = w.HTML()
        self.message = w.HTML()
        self.button = button("", "fire", self._press)
        title = _("Load: {rate:g} requests a second to {url}", rate=self.crowd.a_second, url=url)
        self.view = panel(
            w.HTML(block("ecslab-title", title)), self.state, self.message, self.button
        )
        self._look()
        self._say_button()

    # -- the button ------------------------------------------------------------------------------

    def _press(self) -> None:
        self.stop() if self.crowd.coming else self.start()

    def start(self) -> Load:
        """Put the load on; it ends after a while if nobody takes it off."""
        self.crowd.start()
        self._until = time.monotonic() + MINUTES * 60
        self.follow()
        return self

    def stop(self) -> Scaling | None:
        """Take the load off, and go on looking; how the service is scaled now."""
        self.crowd.stop()
        self.follow()
        return self._look()

    def follow(self) -> None:
        """Look again and again in the background, for a while."""
        self._last = time.monotonic() + MINUTES * 60
        self._say_button()
        if self._thread is None or not self._thread.is_alive():
            self._ended = threading.Event()
            self._thread = threading.Thread(target=self._go_on, daemon=True, name="ecslab-load")
            self._thread.start()

    def close(self) -> None:
        """No load, and nobody looks any more."""
        self.crowd.stop()
        self._ended.set()
        self._say_button()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    # -- what is seen ----------------------------------------------------------------------------

    def _go_on(self) -> None:
        missed = 0
        while not self._ended.wait(self._every) and time.monotonic() < self._last:
            if self.crowd.coming and time.monotonic() > self._until:
                self.crowd.stop()
                self._say_button()
            missed = 0 if self._look() is not None else missed + 1
            if missed == PATIENCE:
                self.close()
        self.crowd.stop()
        self._say_button()

    def _look(self) -> Scaling | None:
        """Show how it is; None where the service is gone or is not scaled any more."""
        seen = seen_or_told(lambda: self._lab.scaling(self._service), self.message, self.close)
        if seen is None:
            return None
        self.state.value = _shown(seen)
        failures = self.crowd.tally().failures
        self.message.value = complaints(list(dict.fromkeys(failures))) if failures else ""
        return seen

    def _say_button(self) -> None:
        coming = self.crowd.coming
        self.button.icon = "stop" if coming else "fire"
        self.button.description = str(_("Take the load off") if coming else _("Put load on"))


def load(lab: Lab, service: Service, *, path: str = "", a_second: float = 10) -> Load:
    """The button for a service that is scaled, not pressed yet."""
    return Load(lab, service, path, a_second)


def _shown(seen: Scaling) -> str:
    facts = (
        (_("CPU"), percent(seen.cpu[0]) if seen.cpu else "–"),
        (_("Tasks wanted"), str(seen.desired)),
        (_("Tasks running"), str(seen.running)),
        (_("Minutes above {target:g} %", target=seen.target), f"{seen.above} / 3"),
        (_("Minutes below {low:g} %", low=0.9 * seen.target), f"{seen.below} / 15"),
    )
    heads = "".join(f"<th>{html.escape(str(name))}</th>" for name, _value in facts)
    cells = "".join(f"<td>{html.escape(value)}</td>" for _name, value in facts)
    done = "".join(block("ecslab-note", said) for _at, said in seen.activities[:3])
    table = f'<table class="ecslab-table"><tr>{heads}</tr><tr>{cells}</tr></table>'
    return table + curve(seen) + done


def curve(seen: Scaling) -> str:
    """The CPU of the latest minutes as bars, with a line at the target."""
    values = list(reversed(seen.cpu[:POINTS]))
    top = max([*values, seen.target * 1.5])
    wide = WIDTH / POINTS

    def bar(place: int, value: float) -> str:
        tall = HEIGHT * value / top
        colour = "--jp-warn-color1,#b26a00" if value > seen.target else "--jp-brand-color1,#2a6fb0"
        return (
            f'<rect x="{place * wide:.1f}" y="{HEIGHT - tall:.1f}" width="{wide - 1:.1f}" '
            f'height="{tall:.1f}" fill="var({colour})"/>'
        )

    bars = "".join(bar(place, value) for place, value in enumerate(values))
    line = HEIGHT - HEIGHT * seen.target / top
    told = _("CPU of the latest {count} minutes; the line is the target of {target:g} %",
             count=len(values), target=seen.target)  # fmt: skip
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{html.escape(str(told))}">'
        f'{bars}<line x1="0" x2="{WIDTH}" y1="{line:.1f}" y2="{line:.1f}" stroke="currentColor" '
        'stroke-dasharray="4 3"/></svg>'
    )
