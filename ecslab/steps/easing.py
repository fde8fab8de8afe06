"""Asking AWS more slowly when it says so, and bearing a moment in which it cannot be reached.

Botocore repeats a call that was throttled or lost by itself; here is what a learner hears of it,
and what the pauses between two looks take from it.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from ecslab.locale import Text, translator
from ecslab.steps.progress import heard

_ = translator("steps")

MOST = 8.0
"""Times the usual pause, at most."""
CALM = 60.0
"""Seconds without being throttled after which the pause is halved again."""
SLOW_DOWN = frozenset(
    (
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottledException",
        "SlowDown",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "RequestThrottled",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
        "TooManyRequests",
    )
)
"""Error codes that ask for slower calls.

Botocore repeats those and LimitExceededException, which ECS and IAM mean a quota by.
"""


class Easing:
    """How AWS bears our calls: throttled, lost, or gladly.

    outage:   seconds a wait goes on while AWS cannot be reached
    attempts: how often botocore tries a call
    """

    def __init__(self, outage: float = 0.0, attempts: int = 1) -> None:
        self.outage = outage
        self._attempts = attempts
        self._lock = threading.Lock()
        self._factor = 1.0
        self._at = 0.0
        self._lost: float | None = None

    @property
    def factor(self) -> float:
        """How many times longer than usual to pause between two looks."""
        with self._lock:
            calm = (time.monotonic() - self._at) // CALM
            return float(max(1.0, self._factor / 2 ** min(calm, 10)))

    def listen(self, session: Any) -> None:
        """Hear of what clients that this boto3 session makes from now on are answered."""
        session.events.register("needs-retry", self._tried)

    def throttled(self) -> None:
        """AWS asked for slower calls."""
        factor = min(MOST, self.factor * 2)
        with self._lock:
            self._factor, self._at = factor, time.monotonic()

    def reached(self) -> None:
        """AWS answered."""
        self._lost = None

    def passing(self, error: Exception) -> Text | None:
        """What to say of an error a wait need not end for (yet); None for one it must."""
        said = trouble(error)
        if said is None:
            return None
        self._lost = self._lost or time.monotonic()
        return said if time.monotonic() - self._lost < self.outage else None

    def _tried(
        self, response: Any, attempts: int, caught_exception: Exception | None, **_rest: Any
    ) -> None:
        """Called by botocore after each attempt, before it decides whether to try again."""
        said = _said_of(response, caught_exception)
        if said is _SLOWER:
            self.throttled()
        progress = heard()
        if said is None or progress is None:
            return
        progress.check()  # who pressed stop does not wait for the next attempts
        if attempts < self._attempts:
            progress.say(said)


_SLOWER = _("AWS asks us to slow down: the next calls come later.")
_LOST = _("The connection is lost: trying again.")
_BROKEN = _("AWS has trouble of its own: trying again.")


def trouble(error: Exception) -> Text | None:
    """What to say of an error that may pass by itself; None for any other."""
    from botocore.exceptions import ClientError

    if isinstance(error, ClientError):
        return _of_answer(error.response)
    return _LOST if _is_lost(error) else None


def _said_of(response: Any, error: Exception | None) -> Text | None:
    if error is not None:
        return _LOST if _is_lost(error) else None
    return _of_answer(response[1]) if response is not None else None


def _is_lost(error: Exception) -> bool:
    from botocore import exceptions as boto

    if isinstance(error, (boto.SSLError, boto.ProxyConnectionError)):
        return False
    return isinstance(error, (boto.ConnectionError, boto.HTTPClientError))


def _of_answer(parsed: Any) -> Text | None:
    if parsed.get("Error", {}).get("Code") in SLOW_DOWN:
        return _SLOWER
    return _BROKEN if parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500 else None
