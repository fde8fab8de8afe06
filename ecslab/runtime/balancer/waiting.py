"""How long a connection may be silent: seconds of the sandbox's clock, yet never too few real ones.

The sandbox's clock may run a hundred times as fast as the wall's; what answers at the other end
does not. So a wait is over once its seconds have passed on the clock *and* a real moment too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

LOOK_EVERY = 0.2
"""Real seconds between two looks at who is too late."""

Now = Callable[[], float]


class Deadline:
    """A wait that has a limit; `moved` begins it anew. On expiry `give_up` is called, once."""

    def __init__(self, dog: Watchdog, seconds: float, least: float) -> None:
        self.expired = False
        self.give_up: Callable[[], object] = lambda: None
        self._dog, self._seconds, self._least = dog, seconds, least
        self.moved()

    def moved(self) -> None:
        """Something happened: wait anew."""
        self._until = self._dog.now() + self._seconds
        self._real = self._dog.real() + min(self._seconds, self._least)

    def look(self) -> None:
        """Give up if it is too late."""
        if not self.expired and self._until <= self._dog.now() and self._real <= self._dog.real():
            self.expired = True
            self.give_up()

    def __enter__(self) -> Deadline:
        self._dog.waits.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._dog.waits.discard(self)


class Watchdog:
    """Looks at every wait of the loop from time to time."""

    def __init__(self, now: Now) -> None:
        self.now = now
        self.waits: set[Deadline] = set()

    @staticmethod
    def real() -> float:
        """Real seconds, from anywhere."""
        return asyncio.get_running_loop().time()

    def within(self, seconds: float, least: float) -> Deadline:
        """A wait of `seconds` on the clock, and of no less than `least` real ones (or `seconds`,
        if that is less).
        """
        return Deadline(self, seconds, least)

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            for wait in tuple(self.waits):
                wait.look()
