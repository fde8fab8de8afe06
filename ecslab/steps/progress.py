"""What a step says while it works, and how it is told to stop."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError

_ = translator("steps")

Found = TypeVar("Found")


class Stopped(EcslabError):  # noqa: N818  # named after what happened: nothing is wrong
    """The learner stopped a step; what it made so far stays."""

    def __init__(self) -> None:
        super().__init__(
            _("Stopped. What was made so far stays."),
            _("Run it again to go on, or lab.cleanup() to remove everything."),
        )


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
    ) -> None:
        self._say = say or _print
        self._stop = stop or threading.Event()
        self._last = ""
        self.pace = pace

    def say(self, line: Text | str) -> None:
        """Write one line; the same line twice in a row is written once."""
        text = str(line)
        if text != self._last:
            self._last = text
            self._say(text)

    def quietly(self) -> Progress:
        """The same, except that nothing is said."""
        return Progress(lambda _line: None, self._stop, self.pace)

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

        Raises what `late` makes once `timeout` seconds have passed, and `Stopped`. A tenth of the
        pace is varied at random, so that a class does not ask in step.
        """
        end = time.monotonic() + timeout
        while True:
            self.check()
            found = look()
            if found is not None:
                return found
            if time.monotonic() >= end:
                raise late()
            self._stop.wait(self.pace * random.uniform(0.9, 1.1))
