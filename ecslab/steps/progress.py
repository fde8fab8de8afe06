"""What a step says while it works, and how it is told to stop."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Protocol, TypeVar

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError

_ = translator("steps")

JITTER = 0.25
"""The part of a pause that is varied at random, so that a class does not ask in step."""
QUIET = 20.0
"""Seconds after which a wait that has nothing to say says that it still goes on."""
SHARED = 0.9
"""The part of a pause for which what another has seen is as good as a look of one's own."""

Found = TypeVar("Found")


class Stopped(EcslabError):  # noqa: N818  # named after what happened: nothing is wrong
    """The learner stopped a step; what it made so far stays."""

    def __init__(self) -> None:
        super().__init__(
            _("Stopped. What was made so far stays."),
            _("Run it again to go on, or lab.cleanup() to remove everything."),
        )


class Patience(Protocol):
    """How AWS bears our calls: `ecslab.steps.easing.Easing`."""

    @property
    def factor(self) -> float:
        """How many times longer than usual to pause."""

    def reached(self) -> None:
        """AWS answered."""

    def passing(self, error: Exception) -> Text | None:
        """What to say of an error that a wait need not end for; None for any other."""


def _print(line: str) -> None:
    print(line, flush=True)


class Progress:
    """Where a step writes its lines and asks whether it should stop.

    `say` takes one line (default: it is printed); `stop` is set by whoever wants the step to end;
    `pace` is the pause in seconds between two looks at AWS.
    """

    def __init__(
        self,
        say: Callable[[str], None] | None = None,
        stop: threading.Event | None = None,
        pace: float = 3.0,
        easing: Patience | None = None,
    ) -> None:
        self._say = say or _print
        self._stop = stop or threading.Event()
        self._last = ""
        self._said_at = time.monotonic()
        self.pace = pace
        self.easing = easing

    def begin(self, easing: Patience) -> Progress:
        """From now on, and until `end`, what AWS lets this thread feel is told here."""
        self.easing = easing
        _heard.set(self)
        return self

    def say(self, line: Text | str) -> None:
        """Write one line; the same line twice in a row is written once."""
        text = str(line)
        if text != self._last:
            self._last = text
            self._tell(text)

    def _tell(self, text: str) -> None:
        self._said_at = time.monotonic()
        self._say(text)

    def quietly(self) -> Progress:
        """The same, except that nothing is said."""
        return Progress(lambda _line: None, self._stop, self.pace, self.easing)

    def check(self) -> None:
        """Raise `Stopped` if the step should end."""
        if self._stop.is_set():
            raise Stopped

    def until(
        self,
        look: Callable[[], Found | None],
        *,
        timeout: float,
        late: Callable[[], EcslabError],
    ) -> Found:
        """Look until there is something; its value.

        Raises what `late` makes once `timeout` seconds have passed, and `Stopped`. It looks more
        rarely while AWS asks for that, and goes on through a short loss of the connection.
        """
        began = self._said_at = time.monotonic()
        while True:
            self.check()
            found = self._patiently(look)
            if found is not None:
                return found
            now = time.monotonic()
            if now >= began + timeout:
                raise late()
            if now - self._said_at >= QUIET:
                self._tell(str(_("… still waiting ({seconds:.0f} s)", seconds=now - began)))
            self._stop.wait(self.pause())

    def pause(self) -> float:
        """Seconds until the next look."""
        slower = self.easing.factor if self.easing else 1.0
        return self.pace * slower * random.uniform(1 - JITTER, 1 + JITTER)

    def _patiently(self, look: Callable[[], Found | None]) -> Found | None:
        try:
            found = look()
        except Exception as error:
            passing = self.easing.passing(error) if self.easing else None
            if passing is None:
                raise
            self.say(passing)
            return None
        if self.easing:
            self.easing.reached()
        return found


_heard: ContextVar[Progress | None] = ContextVar("ecslab_heard", default=None)


def heard() -> Progress | None:
    """Where the step that this thread is in says how it goes."""
    return _heard.get()


def end() -> None:
    """The step that this thread was in is over."""
    _heard.set(None)
