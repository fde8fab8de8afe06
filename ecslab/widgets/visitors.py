"""Visitors of a page, as a widget: who answered how often, and how many went away empty-handed."""

from __future__ import annotations

import html
import threading

import ipywidgets as w

from ecslab.locale import translator
from ecslab.steps.visits import Crowd, Tally
from ecslab.widgets.style import block, panel

_ = translator("widgets")

PAUSE = 0.5
"""Seconds between two looks at the tally."""


class Visitors:
    """A crowd that can be sent away and called back; its tally goes on."""

    def __init__(self, url: str, a_second: float) -> None:
        self.crowd = Crowd(url, a_second)
        self.table = w.HTML()
        self.button = w.Button(layout=w.Layout(width="auto"))
        self.button.on_click(lambda _button: self.stop() if self.crowd.coming else self.start())
        title = _("{rate:g} visitors a second at {url}", rate=self.crowd.a_second, url=url)
        self.view = panel(w.HTML(block("ecslab-title", title)), self.table, self.button)
        self._show()

    @property
    def tally(self) -> Tally:
        """The count so far."""
        return self.crowd.tally()

    def start(self) -> Visitors:
        """Let them come."""
        self.crowd.start()
        threading.Thread(target=self._follow, daemon=True, name="ecslab-visitors").start()
        return self

    def stop(self) -> Tally:
        """Send them away; the count so far."""
        self.crowd.stop()
        self._show()
        return self.tally

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def _follow(self) -> None:
        while self.crowd.coming:
            self._show()
            threading.Event().wait(PAUSE)
        self._show()

    def _show(self) -> None:
        coming = self.crowd.coming
        self.button.icon = "pause" if coming else "play"
        self.button.description = str(_("Send them away") if coming else _("Let them come"))
        self.table.value = _table(self.tally)


def visitors(url: str, a_second: float = 5.0) -> Visitors:
    """Visit a page `a_second` times a second in the background (50 at most), and show the count."""
    return Visitors(url, a_second).start()


def _table(tally: Tally) -> str:
    most = max(tally.answered.values(), default=1)
    rows = "".join(_row(who, count, most) for who, count in tally.answered.items())
    heads = (_("Answered by"), _("Visits"), "")
    head = "".join(f"<th>{html.escape(str(text))}</th>" for text in heads)
    return (
        f'<table class="ecslab-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        + _verdict(tally)
    )


def _row(who: str, count: int, most: int) -> str:
    wide = max(2, round(160 * count / most))
    bar = (
        f'<svg width="160" height="12" aria-hidden="true"><rect width="{wide}" height="10" y="1" '
        'rx="2" fill="var(--jp-brand-color1,#2a6fb0)"/></svg>'
    )
    return f"<tr><td>{html.escape(who)}</td><td>{count}</td><td>{bar}</td></tr>"


def _verdict(tally: Tally) -> str:
    css = "ecslab-problem" if tally.failed else "ecslab-done"
    return block(css, tally.verdict(), role="status")
