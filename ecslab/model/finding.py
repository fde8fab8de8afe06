"""What a look at one thing found: ready, missing or dispensable, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ecslab.locale import Text

State = Literal["ready", "missing", "warning", "optional"]


@dataclass(frozen=True)
class Finding:
    """What was found about one thing."""

    name: Text | str
    state: State
    """missing: the kit cannot work without it; warning: it is not as it should be, or nobody tells;
    optional: it is not there, and the kit works with less."""
    detail: Text | str
    remedy: Text | str = ""
    """What to do, with the command that does it."""
