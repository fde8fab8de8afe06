"""The clock of this machine against that of AWS, which refuses what is five minutes off."""

from __future__ import annotations

import email.utils
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.finding import Finding
from ecslab.steps.preflight.asking import Answer

_ = translator("steps")

NAME = _("clock")
REFUSED = 300.0
"""Seconds AWS lets a signature be off (IAM user guide, "Signature Version 4": five minutes)."""
WRONG = 60.0
"""Seconds that are worth a word: what is shown as "since" is off by as much."""
_REMEDY: Text = _(
    "Set it by the network: `sudo timedatectl set-ntp true` (Linux), `sudo sntp -sS "
    "time.apple.com` (macOS), `w32tm /resync` (Windows), `wsl --shutdown` (WSL)."
)


def ahead_of(answer: Answer, now: float) -> float | None:
    """Seconds this machine is ahead of whoever answered; None where nobody said the time.

    now: seconds since the epoch, when the answer came
    """
    source: Any = answer.value or getattr(answer.cause, "response", None) or {}
    headers = source.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return now - email.utils.parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None


def clock(ahead: float | None) -> Finding | None:
    """Whether AWS takes what this machine signs; None where nobody said the time."""
    if ahead is None:
        return None
    seconds = round(abs(ahead))
    if seconds < WRONG:
        return Finding(NAME, "ready", _("as AWS's, within a minute"))
    off = (
        _("{seconds} s ahead of AWS's", seconds=seconds)
        if ahead > 0
        else _("{seconds} s behind AWS's", seconds=seconds)
    )
    if seconds < REFUSED:
        return Finding(NAME, "warning", off, _REMEDY)
    refused = _("{off}: AWS refuses what this machine signs", off=off)
    return Finding(NAME, "missing", refused, _REMEDY)
