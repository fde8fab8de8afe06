"""What a simulated container uses: told by its labels, and by the visits its page really gets."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping

from ecslab.runtime.port import Usage

CPU = "ecslab.simulate.cpu"
CPU_PER_REQUEST = "ecslab.simulate.cpu-per-request"
MEMORY = "ecslab.simulate.memory"
BEHAVIOUR = {
    CPU: "CPU units it uses all the time (default 0)",
    CPU_PER_REQUEST: "milliseconds of CPU each request to its page costs (default 1)",
    MEMORY: "MiB it uses (default 10)",
}
_CHECKER = b"ELB-HealthChecker/"


class Use:
    """The use of one container from its start on. Real seconds, as an engine counts them."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._share = number(labels.get(CPU), 0.0) / 1024
        self._cost = number(labels.get(CPU_PER_REQUEST), 1.0) / 1000
        self._memory = int(number(labels.get(MEMORY), 10.0) * 1024 * 1024)
        self._begun = time.monotonic()
        self._requests = 0
        self._lock = threading.Lock()

    def visited(self, request: bytes) -> None:
        """Its page was asked for. Health checks cost nothing: they come faster with speed."""
        if _CHECKER not in request:
            with self._lock:
                self._requests += 1

    def now(self) -> Usage:
        """All of it so far."""
        spent = (time.monotonic() - self._begun) * self._share + self._requests * self._cost
        return Usage(spent, self._memory)


def number(text: str | None, otherwise: float) -> float:
    """A label's number; one that is none, is endless or below zero counts as not given."""
    try:
        found = float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
    return found if math.isfinite(found) and found >= 0 else otherwise
