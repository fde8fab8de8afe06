"""Work that goes on while the notebook stays usable.

A button's callback must return at once, so the work runs in a daemon thread. The thread touches
widget traits only (``HTML.value``, ``IntProgress.value``): printing from a thread loses lines or
puts them under a foreign cell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Job(Generic[Result]):
    """One run of a piece of work, that can be waited for and asked to stop."""

    def __init__(
        self,
        work: Callable[[threading.Event], Result],
        done: Callable[[Job[Result]], None],
    ) -> None:
        self.stop_asked = threading.Event()
        self.value: Result | None = None
        self.error: BaseException | None = None
        self._work = work
        self._done = done
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="ecslab-job")

    def start(self) -> Job[Result]:
        """Begin; returns at once."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ask the work to end soon."""
        self.stop_asked.set()

    @property
    def running(self) -> bool:
        """Whether the work still goes on."""
        return not self._over.is_set()

    def wait(self) -> Result:
        """Wait for the end and give the result, or raise what the work raised.

        An interrupt of the cell (■, Kernel → Interrupt) asks the work to stop; it then raises its
        own `Stopped`.
        """
        while self.running:
            try:
                # A timeout keeps the wait interruptible on every platform; not Thread.join, which
                # takes an interrupted thread for one that ended (Python 3.10 and 3.11).
                self._over.wait(0.2)
            except KeyboardInterrupt:  # noqa: PERF203  # five times a second costs nothing
                self.stop()
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # None is a Result where work gives None

    def _run(self) -> None:
        try:
            self.value = self._work(self.stop_asked)
        except BaseException as error:  # noqa: BLE001  # handed to who waits, and shown
            self.error = error
        try:
            self._done(self)
        finally:
            self._over.set()
