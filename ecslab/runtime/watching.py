"""Docker's events, followed by one thread through the engine's absences."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two attempts to reach an engine that does not answer."""
ATTEMPTS = 3
"""Attempts until it counts as gone."""

Hear = Callable[[dict[str, Any]], None]


class Watch:
    """Calls `hear` for each event of labelled containers, `lost` and `back` around an absence.

    `caught_up` is called each time the stream begins: what happened before it is to be looked up.
    """

    def __init__(
        self,
        client: Callable[[], Any],
        label: str,
        *,
        hear: Hear,
        caught_up: Callable[[], None],
        lost: Callable[[str], None],
        back: Callable[[], None],
    ) -> None:
        self._client = client
        self._label = label
        self._hear = hear
        self._caught_up = caught_up
        self._lost = lost
        self._back = back
        self._closing = threading.Event()
        self._stream: Any = None
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ecslab-docker-events", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def close(self) -> None:
        """Follow no longer."""
        self._closing.set()
        if self._stream is not None:
            self._stream.close()

    def _run(self) -> None:
        away = False
        while not self._closing.is_set():
            why = self._unreachable()
            if self._closing.is_set():
                return
            if why:
                if not away:
                    away = True
                    self._lost(why)
                self._closing.wait(PAUSE)
                continue
            if away:
                away = False
                self._back()
            self._follow()

    def _unreachable(self) -> str:
        """Why the engine cannot be reached, "" where it can."""
        why = ""
        for _attempt in range(ATTEMPTS):
            why = self._ping()
            if not why:
                return ""
            self._closing.wait(PAUSE)
        return why

    def _ping(self) -> str:
        try:
            self._client().ping()
        except Exception as error:  # noqa: BLE001 - the SDK lets many kinds of error through
            return str(error) or type(error).__name__
        return ""

    def _follow(self) -> None:
        try:
            self._stream = self._client().events(
                decode=True,
                filters={"type": "container", "label": self._label},
                since=int(time.time()),
            )
            self.listening.set()
            self._caught_up()
            for event in self._stream:
                self._hear(event)
        except Exception as error:  # noqa: BLE001 - whatever ends the stream, the engine is asked next
            if not self._closing.is_set():
                log.info("the stream of Docker's events ended: %s", error)
