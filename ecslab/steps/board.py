"""The class at a glance: who is where, who is stuck, and the last error; as a value.

Two sources, so that nobody is missed: the progress records, and the clusters that carry the
workshop's tag. Stuck is who failed at the same step `FAILURES` times, or who has had a step open
without any news for `QUIET` seconds.
"""

from __future__ import annotations

import csv
import io
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import LEARNER, WORKSHOP, Bench
from ecslab.steps.calls import watching
from ecslab.steps.mine import tagged_clusters
from ecslab.steps.progress_record import AT, DONE, STUCK, Record
from ecslab.steps.record_keeping import Keeper

_ = translator("steps")

QUIET = 600.0
"""Seconds without news of a step that is not done, after which its learner counts as stuck."""
UNKNOWN = "unknown"
"""The state of a learner who has a cluster and no record that can be read."""
GLYPHS = {DONE: "✓", AT: "…", STUCK: "✗", UNKNOWN: "?"}
WORDS: dict[str, Text] = {
    DONE: _("done"),
    AT: _("working on it"),
    STUCK: _("stuck"),
    UNKNOWN: _("no record"),
}
_ORDER = (STUCK, AT, UNKNOWN, DONE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Line:
    """One learner. `minutes` is how long ago the last news came; None where there is no record."""

    learner: str
    notebook: str = ""
    step: str = ""
    state: str = UNKNOWN
    minutes: float | None = None
    failures: int = 0
    error: str = ""
    done: tuple[str, ...] = ()
    cluster: str = ""

    @property
    def told(self) -> str:
        """The state as a sign and a word."""
        return f"{GLYPHS[self.state]} {WORDS[self.state]}"


@dataclass(frozen=True)
class Board:
    """All learners of a workshop at one moment, who is stuck first."""

    workshop: str
    lines: tuple[Line, ...]
    at: float
    """Seconds since the epoch."""

    @property
    def stuck(self) -> tuple[Line, ...]:
        """Who needs help."""
        return tuple(line for line in self.lines if line.state == STUCK)

    def headline(self) -> Text:
        """One sentence on it."""
        return _(
            "{workshop}: {count} learners, {stuck} stuck, {done} done with their step.",
            workshop=self.workshop,
            count=len(self.lines),
            stuck=len(self.stuck),
            done=sum(line.state == DONE for line in self.lines),
        )

    def without_names(self) -> Board:
        """The same for a projector: the end of the own prefix in place of each name, no errors,

        which could hold names too. Learners find themselves by it in ``lab.names``.
        """
        marks = [line.learner[-8:] for line in self.lines]
        short = len({mark[:4] for mark in marks}) == len(marks)
        return replace(
            self,
            lines=tuple(
                replace(line, learner=mark[:4] if short else mark, error="", cluster="")
                for line, mark in zip(self.lines, marks, strict=True)
            ),
        )

    def csv(self) -> str:
        """The board for a spreadsheet; no cell of it is taken for a formula."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([_cell(head) for head in HEADS])
        writer.writerows([_cell(cell) for cell in cells(line)] for line in self.lines)
        return out.getvalue()

    def save(self, path: str | Path) -> Path:
        """Write `csv` to a file, with the mark by which Excel knows UTF-8."""
        file = Path(path)
        try:
            file.write_text(self.csv(), encoding="utf-8-sig", newline="")
        except OSError as error:
            raise EcslabError(
                _("{path} cannot be written: {why}.", path=file, why=error.strerror),
                _("Choose another file."),
            ) from error
        return file

    def __str__(self) -> str:
        rows = [list(map(str, HEADS)), *map(cells, self.lines)]
        return "\n".join([str(self.headline()), *(_padded(row, rows) for row in rows)])

    __repr__ = __str__


HEADS: tuple[Text, ...] = (
    _("Learner"),
    _("Notebook"),
    _("Step"),
    _("State"),
    _("Minutes ago"),
    _("Failures"),
    _("Steps done"),
    _("Last error"),
)


def cells(line: Line) -> list[str]:
    """A line as words, one a column."""
    ago = "–" if line.minutes is None else f"{line.minutes:.0f}"
    done = str(len(line.done))
    failures = str(line.failures)
    return [line.learner, line.notebook, line.step, line.told, ago, failures, done, line.error]


def _padded(row: list[str], rows: list[list[str]]) -> str:
    widths = [max(_width(one[column]) for one in rows) for column in range(len(row))]
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "  " + "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: Japanese letters take two."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def look(bench: Bench, keeper: Keeper | None, workshop: str, quiet: float = QUIET) -> Board:
    """The board now: DescribeClusters by the hundred, records by the ten."""
    with watching():
        clusters = dict(_clusters(bench, workshop))
        records = keeper.all() if keeper else {}
    now = time.time()
    learners = sorted({*clusters, *records})
    lines = [_line(one, records.get(one), clusters.get(one, ""), now, quiet) for one in learners]
    return Board(workshop, tuple(sorted(lines, key=_rank)), now)


def _clusters(bench: Bench, workshop: str) -> Iterable[tuple[str, str]]:
    for name, tags in tagged_clusters(bench):
        if tags.get(WORKSHOP) == workshop and tags.get(LEARNER):
            yield tags[LEARNER], name


def _rank(line: Line) -> tuple[int, str]:
    return _ORDER.index(line.state), line.learner


def _line(learner: str, record: Record | None, cluster: str, now: float, quiet: float) -> Line:
    if record is None:
        return Line(learner, cluster=cluster)
    silent = now - record.at
    return Line(
        learner,
        record.notebook,
        record.step,
        STUCK if record.state == AT and silent >= quiet else record.state,
        max(0.0, silent) / 60,
        record.failures,
        record.error,
        record.done,
        cluster,
    )
