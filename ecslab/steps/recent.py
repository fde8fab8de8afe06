"""Answers of a moment ago, for whoever in this kernel would ask the same: one asks for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_ASKING = ("Describe", "List", "Get")
RARELY = 5
"""Times longer that what hardly ever changes by itself may be old."""


class Recent:
    """What was answered to whom looks, with when it was asked.

    Live pictures and waits that look at one cluster share what each of them learns, so that three
    of them ask no more often than one. Whatever changes something makes all of it old.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, Any]] = {}
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self._changed = 0.0

    def get(self, key: Hashable, within: float, ask: Callable[[], Answer]) -> Answer:
        """The answer kept under `key` if it is at most `within` seconds old, else a new one.

        Who comes while another asks waits for that answer.
        """
        with self.turn(key):
            there = self.kept(key, within)
            if there is not None:
                answer: Answer = there
                return answer
            began = time.monotonic()
            answer = ask()
            self.keep(key, answer, began)
            return answer

    def kept(self, key: Hashable, within: float) -> Any:
        """The answer kept under `key` if it is at most `within` seconds old; else None."""
        at, answer = self._kept.get(key, (0.0, None))
        return answer if within > 0 and time.monotonic() - at <= within else None

    def keep(self, key: Hashable, answer: Any, began: float) -> None:
        """Keep an answer that was asked for at `began` (`time.monotonic`), if it still counts."""
        with self._lock:
            if began > self._changed:
                self._kept[key] = (began, answer)

    def turn(self, key: Hashable) -> threading.Lock:
        """Held by who asks for `key`."""
        with self._lock:
            return self._turns.setdefault(key, threading.Lock())

    def forget(self) -> None:
        """Something was changed: nothing that was seen before counts any more."""
        with self._lock:
            self._changed = time.monotonic()
            self._kept.clear()

    def listen(self, session: Any) -> None:
        """Forget whenever a client that this boto3 session makes from now on changes something."""
        session.events.register("before-call", self._called)
        session.events.register("after-call", self._called)
        session.events.register("after-call-error", self._called)

    def _called(self, event_name: str = "", model: Any = None, **_rest: Any) -> None:
        # "after-call-error.ecs.RunTask" brings no model.
        operation = model.name if model is not None else event_name.rsplit(".", 1)[-1]
        if not operation.startswith(_ASKING):
            self.forget()


@dataclass(frozen=True)
class Look:
    """One look at AWS.

    recent: where what is seen is kept for others; within: seconds that theirs may be old
    """

    recent: Recent = field(default_factory=Recent)
    within: float = 0.0

    def often(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """Something that changes by itself."""
        return self.recent.get(key, self.within, ask)

    def rarely(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """Something that changes when somebody changes it."""
        return self.recent.get(key, self.within * RARELY, ask)
