"""A flow with a fault at every call in turn: each step is run again and again, a call further."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from tests.aws.flow import STEPS, Bag, Step
from tests.aws.front import SECRET, TOKEN, Fault, Front

PASSING = ("throttled", "500", "503", "front", "closed", "lost", "refused", "late")
"""Faults that a second attempt gets over."""
FINAL = ("denied", "expired", "invalid", "unsigned", "clock", "portal")
"""Faults that end a step, with a sentence."""
NO_HINT = "No word on what to do:"
MOST = 400
"""Calls a step may make; more is a step that never ends."""


@dataclass(frozen=True)
class Outcome:
    """What came of one fault."""

    kind: str
    step: str
    call: str
    said: tuple[str, ...]
    """The sentences the step ended with; none if it went on."""

    def __str__(self) -> str:
        return f"{self.kind:9} {self.step:10} {self.call:42} {' | '.join(self.said) or '✓'}"


@dataclass
class Race:
    """What came of all the faults."""

    front: Front
    lab: Lab
    kinds: tuple[str, ...]
    """One of them, by chance, at each call."""
    chance: random.Random
    step_by: int = 1
    """Breaks every call if 1, else some, this many apart at most."""
    lasting: bool = False
    bag: Bag = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, steps: Iterable[Step] = STEPS) -> Race:
        """Every step, with a fault at every call of it (or at some, by chance), then without."""
        for step in steps:
            self._over_all_calls(step)
            sentences = self._attempt(step)
            assert sentences == [], f"{step.__name__} does not recover: {sentences}"
        return self

    def _over_all_calls(self, step: Step) -> None:
        at = self.chance.randrange(self.step_by)
        while at < MOST:
            kind = self.chance.choice(self.kinds)
            self.front.arm(Fault(kind, at, self.lasting))
            ecslab.set_language(("en", "ja")[at % 2])
            sentences = self._attempt(step)
            self.front.mend()
            struck = self.front.struck
            if struck is None:
                return
            call = f"{struck.service}:{struck.operation}"
            self.outcomes.append(Outcome(kind, step.__name__, call, tuple(sentences)))
            at += 1 + self.chance.randrange(self.step_by)
        raise AssertionError(f"{step.__name__} does not end")

    def _attempt(self, step: Step) -> list[str]:
        """The sentences a step ended with; nothing else may end it."""
        self.bag.pop("cleaned", None)
        try:
            step(self.lab, self.bag)
        except EcslabError as error:
            return [str(error) if error.hint else f"{NO_HINT} {error}"]
        cleaned: Any = self.bag.get("cleaned")
        return [why for _name, why in cleaned.left] if cleaned is not None else []


def told_plainly(sentence: str) -> bool:
    """Whether a sentence is one line, without a secret and without Python's words."""
    words = ("Traceback", "botocore", "Error(", "<html", SECRET, TOKEN, NO_HINT, "\n")
    return bool(sentence) and not any(word in sentence for word in words)
