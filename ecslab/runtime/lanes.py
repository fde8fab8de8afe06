"""Work done in order for each container, and at the same time for many."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

Job = Callable[[], None]


class Lanes:
    """A small pool; jobs of one lane never overtake each other."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="ecslab-docker")
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, deque[Job]] = {}
        self._closed = False

    def put(self, lane: Hashable, job: Job) -> None:
        """Do `job` after all that was put into the lane before; returns at once."""
        with self._lock:
            if self._closed:
                return
            if lane in self._waiting:
                self._waiting[lane].append(job)
                return
            self._waiting[lane] = deque([job])
            self._pool.submit(self._work, lane)

    def close(self) -> None:
        """Begin no more jobs; those under way end by themselves."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _work(self, lane: Hashable) -> None:
        while True:
            with self._lock:
                job = self._waiting[lane].popleft() if self._waiting[lane] else None
                if job is None or self._closed:
                    del self._waiting[lane]
                    return
            try:
                job()
            except Exception:
                log.exception("an instruction to Docker failed unexpectedly")
