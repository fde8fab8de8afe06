"""How long what is made may stay: until the session ends."""

from __future__ import annotations

import math
import os
import time

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import moment

_ = translator("lab")

SESSION_HOURS = 3.0
LONGEST = 24.0 * 31


class Lease:
    """The end of a session of `hours`; it begins when something is first to be tagged.

    Who goes on working is given more time: when half of it is over, the next thing that is made
    begins a new session.
    """

    def __init__(self, hours: float = SESSION_HOURS) -> None:
        self.hours = hours
        self._end = 0.0

    def expires(self) -> str:
        """The end, as a tag holds it: ISO 8601, UTC, to the second."""
        now = time.time()
        if self._end - now < self.hours * 1800:
            self._end = now + self.hours * 3600
        return moment(self._end)


def my_lease() -> Lease:
    """A lease of ``ECSLAB_SESSION_HOURS``, by default 3. Raises EcslabError when it is no time."""
    return Lease(session_hours())


def session_hours() -> float:
    """How long a session is."""
    text = os.environ.get("ECSLAB_SESSION_HOURS", "").strip()
    try:
        hours = float(text) if text else SESSION_HOURS
    except ValueError:
        hours = math.nan
    if not 0 < hours <= LONGEST:
        raise EcslabError(
            _("ECSLAB_SESSION_HOURS is {text!r}, which is not a length of time.", text=text),
            _("Give the hours a session lasts, for example 3 or 1.5; at most {most:.0f}.",
              most=LONGEST),
        )  # fmt: skip
    return hours
