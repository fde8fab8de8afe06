"""How far a learner is: a small record that each lab writes and the instructor's board reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ecslab.steps.remedies import scrubbed

DONE, AT, STUCK = "done", "at", "stuck"
STATES = (DONE, AT, STUCK)
FAILURES = 3
"""The same step failing so often, one time after the other, is being stuck."""
LONGEST = 200
"""Characters of an error that are kept."""
_LONGEST_NAME = 40
_MOST_DONE = 40
_MOST_BYTES = 4096
"""What the value of a standard parameter may have."""
_SECRET_WORD = re.compile(
    r"(?i)\b([\w-]*(?:password|passwd|passphrase|secret|token|api[-_]?key)[\w-]*['\"]?\s*[:=]\s*)"
    r"(?:'[^']*'|\"[^\"]*\"|[^\s,;}\]]+)"
)


@dataclass(frozen=True)
class Record:
    """Where one learner is.

    state:    done: the step is; at: it is being worked on; stuck: it failed `FAILURES` times
    failures: how often the step failed, one time after the other
    since:    when the learner came to this step; at: the last news; both seconds since the epoch
    done:     the steps done so far
    """

    learner: str
    workshop: str = ""
    notebook: str = ""
    step: str = ""
    state: str = AT
    failures: int = 0
    since: float = 0.0
    at: float = 0.0
    error: str = ""
    done: tuple[str, ...] = ()

    def began(self, step: str, notebook: str, now: float) -> Record:
        """The learner works on a step."""
        step, notebook = step[:_LONGEST_NAME], notebook[:_LONGEST_NAME]
        here = replace(self, notebook=notebook or self.notebook, at=now)
        if step == self.step:
            return replace(here, state=STUCK if self.failures >= FAILURES else AT)
        return replace(here, step=step, state=AT, failures=0, since=now, error="")

    def succeeded(self, now: float) -> Record:
        """The step is done."""
        done = self.done if self.step in self.done else (*self.done, self.step)
        return replace(self, state=DONE, failures=0, error="", at=now, done=done[-_MOST_DONE:])

    def failed(self, error: object, now: float) -> Record:
        """The step failed, or its check found something missing."""
        times = self.failures + 1
        state = STUCK if times >= FAILURES else AT
        return replace(self, state=state, failures=times, error=brief(error), at=now)

    def text(self) -> str:
        """As it is kept: JSON on one line; what was done first goes where it is too long."""
        text = json.dumps({"version": 1, **asdict(self)})
        if len(text) <= _MOST_BYTES or not self.done:
            return text
        return replace(self, done=self.done[1:]).text()


def brief(error: object) -> str:
    """An error on one line, without secrets and not long."""
    line = _SECRET_WORD.sub(r"\1****", scrubbed(str(error)))
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def read(text: str, learner: str) -> Record | None:
    """The record of a learner; None where the text is none.

    Whose it is says the place where it is kept, not the text: nobody writes for another.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("version") != 1:
        return None
    return Record(
        learner,
        _word(told, "workshop"),
        _word(told, "notebook"),
        _word(told, "step"),
        told["state"] if told.get("state") in STATES else AT,
        int(_number(told, "failures")),
        _number(told, "since"),
        _number(told, "at"),
        brief(told.get("error", "")),
        tuple(str(one)[:_LONGEST_NAME] for one in _list(told, "done")[:_MOST_DONE]),
    )


def _word(told: Mapping[str, Any], key: str) -> str:
    return str(told.get(key, ""))[:_LONGEST_NAME]


def _number(told: Mapping[str, Any], key: str) -> float:
    value = told.get(key)
    sound = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if sound and 0 <= value < 1e11 else 0.0  # type: ignore[operator,arg-type]  # checked


def _list(told: Mapping[str, Any], key: str) -> list[Any]:
    value = told.get(key)
    return value if isinstance(value, list) else []
