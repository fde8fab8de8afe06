"""Visitors of a page: ask again and again at a steady pace, and keep the tally of who answered."""

from __future__ import annotations

import html
import http.client
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ecslab.locale import translator
from ecslab.steps.shown import headed

_ = translator("steps")

TIMEOUT = 5.0
"""Seconds after which a visitor gives up."""
MOST_A_SECOND = 50.0
"""A lesson's crowd, not a load test."""
KEPT = 200
"""Characters of an answer that are looked at to tell who gave it."""

# What the sandbox's simulated containers answer: the task's id and its definition.
_SIMULATED = re.compile(r"task</dt><dd>(\w+)</dd>.*?definition</dt><dd>([^<]+)</dd>", re.DOTALL)
_HIDDEN = re.compile(r"<(style|script|title)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True)
class Visit:
    """One visit: who answered, or why nobody did."""

    who: str
    failure: str = ""


@dataclass(frozen=True)
class Tally:
    """All visits so far."""

    answered: dict[str, int]
    """How often each answered, in the order they first did."""
    failed: int
    failures: tuple[str, ...] = ()
    """What the latest failures were."""

    @property
    def visits(self) -> int:
        """How many there were."""
        return sum(self.answered.values()) + self.failed

    def verdict(self) -> str:
        """✓ or ✗, and how many failed of how many."""
        if not self.failed:
            return str(_("✓ {visits} visits, none failed", visits=self.visits))
        why = "; ".join(dict.fromkeys(self.failures))
        said = _("✗ {failed} of {visits} visits failed", failed=self.failed, visits=self.visits)
        return f"{said} ({why})"

    def __str__(self) -> str:
        lines = [f"  {who}: {count}" for who, count in self.answered.items()]
        return "\n".join([self.verdict(), *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.verdict(), [f"{who}: {n}" for who, n in self.answered.items()])


def visit(url: str, timeout: float = TIMEOUT) -> Visit:
    """Visit a page once, on a connection of its own."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return Visit(recognised(answer.read(65536).decode("utf-8", "replace")))
    except urllib.error.HTTPError as error:
        error.close()
        return Visit("", f"{error.code} {error.reason}")
    except (OSError, http.client.HTTPException) as error:
        return Visit("", _why(error))


def recognised(page: str) -> str:
    """Who gave this answer: the task of a simulated container, else the page's first words."""
    simulated = _SIMULATED.search(page)
    if simulated:
        return f"{simulated[2]} {simulated[1][:8]}"
    words = html.unescape(_HIDDEN.sub(" ", page)).split()
    return " ".join(words)[:KEPT].strip() or "–"


def burden(url: str, timeout: float = TIMEOUT) -> Visit:
    """Visit a page as a browser does, which takes it packed: packing it costs the server CPU."""
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    try:
        with urllib.request.urlopen(asked, timeout=timeout) as answer:
            while answer.read(65536):
                pass
    except urllib.error.HTTPError as error:
        error.close()
        return Visit("", f"{error.code} {error.reason}")
    except (OSError, http.client.HTTPException) as error:
        return Visit("", _why(error))
    return Visit(url)


def _why(error: Exception) -> str:
    return str(getattr(error, "reason", error)) or type(error).__name__


class Crowd:
    """Visitors that come `a_second` times a second until they are sent away.

    `ask` is how each of them visits the page.
    """

    def __init__(
        self, url: str, a_second: float, ask: Callable[[str], Visit] | None = None
    ) -> None:
        self._ask = ask
        self.url = url
        self.a_second = min(max(a_second, 0.1), MOST_A_SECOND)
        self._lock = threading.Lock()
        self._answered: Counter[str] = Counter()
        self._failed = 0
        self._failures: list[str] = []
        self._gone = threading.Event()
        self._gone.set()

    @property
    def coming(self) -> bool:
        """Whether visitors come now."""
        return not self._gone.is_set()

    def tally(self) -> Tally:
        """The count so far."""
        with self._lock:
            return Tally(dict(self._answered), self._failed, tuple(self._failures))

    def start(self) -> None:
        """Let them come; harmless when they do already."""
        if self.coming:
            return
        self._gone = threading.Event()
        # A queue for each visit of a second: a slow answer holds up its own queue only.
        queues = max(1, round(self.a_second))
        for number in range(queues):
            threading.Thread(
                target=self._queue,
                args=(self._gone, number / self.a_second, queues / self.a_second),
                daemon=True,
                name="ecslab-visitor",
            ).start()

    def stop(self) -> None:
        """Send them away; visits under way are still counted."""
        self._gone.set()

    def _queue(self, gone: threading.Event, first: float, pause: float) -> None:
        due = time.monotonic() + first
        while not gone.wait(max(0.0, due - time.monotonic())):
            due = max(due + pause, time.monotonic())
            self._count((self._ask or visit)(self.url))

    def _count(self, seen: Visit) -> None:
        with self._lock:
            if seen.failure:
                self._failed += 1
                self._failures = [*self._failures, seen.failure][-3:]
            else:
                self._answered[seen.who] += 1
