"""A bounded load of HTTP requests, and what became of them."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable

RATE = 200
"""Requests a second."""
CLIENTS = 8


class Load:
    """`RATE` requests a second until `stop`, by `CLIENTS` clients that keep their connections.

    `connect` makes a client. Answers are counted by their header X-Name, or by their status.
    """

    def __init__(self, connect: Callable[[], http.client.HTTPConnection]) -> None:
        self.answers: Counter[str] = Counter()
        self.failed: list[str] = []
        self._connect = connect
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    @property
    def sent(self) -> int:
        """How many requests were answered or failed."""
        return sum(self.answers.values()) + len(self.failed)

    def stop(self) -> None:
        """Send no more."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        client = self._connect()
        due = time.monotonic() + number / RATE
        while not self._end.wait(max(0.0, due - time.monotonic())):
            due += CLIENTS / RATE
            try:
                client.request("GET", "/")
                answer = client.getresponse()
                answer.read()
                name = answer.headers["X-Name"] or f"status {answer.status}"
                self.answers[name] += 1
                if answer.status != 200:
                    self.failed.append(name)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                client.close()
        client.close()
