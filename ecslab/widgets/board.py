"""The class on a screen: a table that follows, for a notebook or a projector."""

from __future__ import annotations

import html
import random
import threading
from collections.abc import Callable
from datetime import datetime

import ipywidgets as w

from ecslab.lab import Lab
from ecslab.locale import translator
from ecslab.steps.board import GLYPHS, HEADS, WORDS, Board, Line, cells
from ecslab.steps.progress import JITTER, SHARED
from ecslab.widgets.fields import button
from ecslab.widgets.following import OneAtATime, seen_or_told
from ecslab.widgets.style import block, panel

_ = translator("widgets")

PACES = 2.5
"""Pauses between two looks of the lab that lie between two of the board: 10 s on AWS."""
LEAST = 1.0
"""Seconds between two looks at least."""
CSS = """<style>
.ecslab-form.ecslab-board{max-width:none}
.ecslab-board table{border-collapse:collapse;font-size:13px;line-height:1.5;width:100%}
.ecslab-board th,.ecslab-board td{padding:4px 10px;text-align:left;vertical-align:top;
  color:var(--jp-ui-font-color1,#212121);border-bottom:1px solid var(--jp-border-color2,#c8ccd0)}
.ecslab-board td.ecslab-number,.ecslab-board th.ecslab-number{text-align:right}
.ecslab-board caption{text-align:left;font-weight:600;padding:0 0 6px;
  color:var(--jp-ui-font-color1,#212121)}
.ecslab-board tr.ecslab-is-stuck{background:var(--jp-layout-color2,#f3f4f6)}
.ecslab-board tr.ecslab-is-stuck>:first-child{border-left:6px solid var(--jp-error-color1,#b3261e)}
.ecslab-board th,.ecslab-board td:not(.ecslab-error){white-space:nowrap}
.ecslab-board .ecslab-state{font-weight:600}
.ecslab-board tr.ecslab-has-error>*{border-bottom:0}
.ecslab-board .ecslab-error{overflow-wrap:anywhere;padding-top:0}
.ecslab-board.ecslab-projector table{font-size:clamp(18px,1.7vw,34px)}
.ecslab-board.ecslab-projector caption{font-size:1.2em}
</style>"""
_NUMBERS = (4, 5, 6)
_STATE, _ERROR = 3, 7


def follow(lab: Lab, look: Callable[[float], Board], projector: bool, names: bool) -> LiveBoard:
    """The live board; the one shown before stops, so that one asks."""
    every = max(LEAST, lab.bench.pace * PACES)
    shown = LiveBoard(
        lambda: look(every * SHARED),
        every=every,
        slower=lambda: lab.bench.easing.factor,
        projector=projector,
        names=names,
    )
    return _only.show(shown).start()


class LiveBoard:
    """Shows what `look` gives, again and again. `every`: seconds between two looks, varied at

    random and `slower` times as long while AWS asks for that.
    """

    def __init__(
        self,
        look: Callable[[], Board],
        *,
        every: float = 10.0,
        slower: Callable[[], float] = lambda: 1.0,
        projector: bool = False,
        names: bool = True,
    ) -> None:
        self._look, self._every, self._slower = look, every, slower
        self._names = names
        self._ended = threading.Event()
        self._ended.set()
        self.now: Board | None = None
        """What was seen last, with all names."""
        self.table, self.message = w.HTML(), w.HTML()
        self.button = button("", "pause", self._press)
        self.view = panel(w.HTML(CSS), self.table, self.message, self.button)
        self.view.add_class("ecslab-board")
        if projector:
            self.view.add_class("ecslab-projector")

    @property
    def following(self) -> bool:
        """Whether it follows the class now."""
        return not self._ended.is_set()

    def start(self) -> LiveBoard:
        """Look once now, then go on in the background."""
        if not self.following:
            self._ended = threading.Event()
            self._refresh()
            threading.Thread(
                target=self._follow, args=(self._ended,), daemon=True, name="ecslab-board"
            ).start()
        self._say_button()
        return self

    def stop(self) -> None:
        """Keep what is shown."""
        self._ended.set()
        self._say_button()

    def csv(self) -> str:
        """What was seen last, for a spreadsheet."""
        return self._seen().csv()

    def save(self, path: str) -> object:
        """The same into a file."""
        return self._seen().save(path)

    def _seen(self) -> Board:
        board = self.now or self._look()
        return board if self._names else board.without_names()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.view)  # type: ignore[no-untyped-call]

    def _press(self) -> None:
        self.stop() if self.following else self.start()

    def _follow(self, ended: threading.Event) -> None:
        while not ended.wait(self._every * self._slower() * random.uniform(1 - JITTER, 1 + JITTER)):
            self._refresh()

    def _refresh(self) -> None:
        seen = seen_or_told(self._look, self.message, self.stop)
        if seen is None:
            return
        self.now = seen
        moment = datetime.fromtimestamp(self.now.at).strftime("%H:%M:%S")
        self.message.value = block("ecslab-help", _("As of {moment}", moment=moment))
        self.table.value = table(self.now if self._names else self.now.without_names())

    def _say_button(self) -> None:
        following = self.following
        self.button.icon = "pause" if following else "play"
        self.button.description = str(_("Pause") if following else _("Follow"))


_only: OneAtATime[LiveBoard] = OneAtATime()


def table(board: Board) -> str:
    """The board as HTML. A state is told by sign and word, its colour only adds to them.

    An error has a line of its own below its learner's: in a column it would be a tall, thin one.
    """
    heads = "".join(
        f'<th scope="col"{_class(column)}>{html.escape(str(head))}</th>'
        for column, head in enumerate(HEADS[:_ERROR])
    )
    rows = "".join(_row(line) + (_error(line) if line.error else "") for line in board.lines)
    caption = html.escape(str(board.headline()))
    return (
        f'<table role="table"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(line: Line) -> str:
    first, *rest = cells(line)[:_ERROR]
    more = "".join(_column(column, cell, line) for column, cell in enumerate(rest, 1))
    kinds = f"ecslab-is-{line.state}" + (" ecslab-has-error" if line.error else "")
    return f'<tr class="{kinds}"><th scope="row">{html.escape(first)}</th>{more}</tr>'


def _error(line: Line) -> str:
    said = f"{HEADS[_ERROR]}: {line.error}"
    return (
        f'<tr class="ecslab-is-{line.state}"><td class="ecslab-error" colspan="{_ERROR}">'
        f"{html.escape(said)}</td></tr>"
    )


def _column(column: int, cell: str, line: Line) -> str:
    text = html.escape(cell)
    if column == _STATE:
        sign, word = GLYPHS[line.state], html.escape(str(WORDS[line.state]))
        text = f'<span aria-hidden="true">{sign}</span> {word}'
    return f"<td{_class(column)}>{text}</td>"


def _class(column: int) -> str:
    if column in _NUMBERS:
        return ' class="ecslab-number"'
    return ' class="ecslab-state"' if column == _STATE else ""
