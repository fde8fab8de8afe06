"""What containers write, on its way to CloudWatch Logs.

One thread looks at every container with a log stream once a second, and once more when it ended.
The neighbours keep no log events over a restart: whoever still has what was written ships it again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ecslab.model.errors import AwsError
from ecslab.runtime.port import Created, Event, Exited, Key, Line, Started
from ecslab.sandbox.providing.asking import Neighbourhood
from ecslab.sandbox.providing.streams import Stream, create

log = logging.getLogger(__name__)

EVERY = 1.0
"""Real seconds between two looks."""
REMEMBERED = 500
"""Containers that ended which are kept in mind: a restart policy may start them again."""
BATCH = 1000
"""Lines in one PutLogEvents; AWS takes 10,000 or 1 MiB."""
LONGEST = 256 * 1024 - 26
"""Bytes an event may have."""

Lines = Callable[[Key, int], list[Line]]
"""What a container wrote after a moment (nanoseconds since the epoch)."""


@dataclass(frozen=True)
class Followed:
    """A container that is looked at."""

    stream: Stream
    runtime_id: str = ""
    after: int = 0
    """Lines up to this moment are shipped."""
    running: bool = True
    done: bool = False
    """Whether it ended and all it wrote is shipped."""


class Shipper:
    """Follows containers until they end."""

    def __init__(self, lines: Lines, ask: Neighbourhood) -> None:
        self._lines, self._ask = lines, ask
        self._followed: dict[Key, Followed] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="ecslab-log-shipper", daemon=True)
        self._thread.start()

    # -- what comes in ---------------------------------------------------------------------------

    def follow(self, key: Key, stream: Stream, runtime_id: str = "") -> None:
        """Ship what this container writes, from its first line on."""
        with self._lock:
            self._followed[key] = Followed(stream, runtime_id)

    def hear(self, event: Event) -> None:
        """A runtime's event; returns at once."""
        if not isinstance(event, Created | Started | Exited):
            return
        with self._lock:
            known = self._followed.get(event.key)
            if known is None:
                return
            if isinstance(event, Created):
                known = replace(known, runtime_id=event.runtime_id)
            running = not isinstance(event, Exited)
            self._followed[event.key] = replace(known, running=running, done=False)
        if isinstance(event, Exited):
            self._wake.set()

    def forget(self) -> None:
        """Follow nobody any more."""
        with self._lock:
            self._followed.clear()

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        self._wake.set()
        self._thread.join(2)

    # -- inside ----------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(EVERY)
            self._wake.clear()
            with self._lock:
                self._forget_oldest()
                now = {key: one for key, one in self._followed.items() if not one.done}
            for key, known in now.items():
                self._ship_safely(key, known)

    def _ship_safely(self, key: Key, known: Followed) -> None:
        try:
            self._ship(key, known)
        except AwsError as error:
            log.warning("what %s of %s writes is not shipped: %s", key.name, key.task_arn, error)
            self._leave(key)
        except Exception:
            log.exception("what %s of %s writes could not be shipped", key.name, key.task_arn)
            self._leave(key)

    def _ship(self, key: Key, known: Followed) -> None:
        lines = self._lines(key, known.after)
        stream = known.stream
        if not stream.name:
            if not known.runtime_id:
                return
            stream = replace(stream, name=known.runtime_id)
            create(stream, self._ask)
        for at in range(0, len(lines), BATCH):
            self._put(stream, lines[at : at + BATCH])
        with self._lock:
            current = self._followed.get(key)
            if current is not None:
                after = lines[-1].at if lines else current.after
                # If it had ended before this look began, no more will come.
                done = not known.running and not current.running
                self._followed[key] = replace(current, stream=stream, after=after, done=done)

    def _forget_oldest(self) -> None:
        ended = [key for key, one in self._followed.items() if one.done]
        for key in ended[: max(0, len(ended) - REMEMBERED)]:
            del self._followed[key]

    def _leave(self, key: Key) -> None:
        with self._lock:
            self._followed.pop(key, None)

    def _put(self, stream: Stream, lines: list[Line]) -> None:
        events: list[dict[str, Any]] = [
            {"timestamp": line.at // 1_000_000, "message": _cut(line.text)} for line in lines
        ]
        params = {
            "logGroupName": stream.group,
            "logStreamName": stream.name,
            "logEvents": [one for one in events if one["message"]],
        }
        if params["logEvents"]:
            self._ask.ask("logs", "PutLogEvents", params, stream.region)


def _cut(text: str) -> str:
    return text.encode("utf-8")[:LONGEST].decode("utf-8", "ignore")
