"""A flow with a fault at every call in turn: each step is run again and again, a call further."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from tests.aws.flow import STEPS, Bag, Step
from tests.aws.front import SECRET, TOKEN, Faults, Front
from tests.aws.wire import Request

WHOLE = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
"""Whether to break everything; by default it is some, chosen by a seed."""
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


Turn = Callable[["Race", int], Faults]
"""What to break in the nth attempt of a step."""


@dataclass
class Race:
    """A flow whose steps are run again and again, with a fault each time, until none is met."""

    front: Front
    lab: Lab
    kinds: Sequence[str]
    """One of them, by chance, at each fault."""
    turn: Turn
    chance: random.Random = field(default_factory=lambda: random.Random("race"))
    bag: Bag = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, steps: Iterable[Step] = STEPS) -> Race:
        """Every step with its faults, then without."""
        for step in steps:
            self._over_all(step)
            sentences = self._attempt(step)
            assert sentences == [], f"{step.__name__} does not recover: {sentences}"
        return self

    def kind(self) -> str:
        """A kind of fault."""
        return self.chance.choice(self.kinds)

    def _over_all(self, step: Step) -> None:
        for number in range(MOST):
            self.front.arm(self.turn(self, number))
            ecslab.set_language(("en", "ja")[number % 2])
            sentences = self._attempt(step)
            self.front.mend()
            if not self.front.struck:
                return
            for one in self.front.struck:
                call = f"{one.service}:{one.operation}"
                self.outcomes.append(Outcome(one.fault, step.__name__, call, tuple(sentences)))
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


def each_call_in_turn(race: Race, number: int) -> Faults:
    """The nth call of the nth attempt."""
    kind = race.kind()
    return lambda request, call: kind if call == number and request.attempt == 1 else ""


def every_call_once(race: Race, number: int) -> Faults:
    """Each call at its first attempt; in the first attempt of a step, when all is still to do."""
    if number:
        return lambda _request, _call: ""
    return lambda request, _call: race.kind() if request.attempt == 1 else ""


class EachOperation:
    """The first call of each operation, one an attempt: in the flow, or in each of its steps.

    after: what happens to every call after it, until the attempt is over
    """

    def __init__(self, in_each_step: bool, after: str = "") -> None:
        self._in_each_step = in_each_step
        self._after = after
        self._met: set[tuple[int, str]] = set()
        self._step = 0

    def __call__(self, race: Race, number: int) -> Faults:
        self._step += number == 0 and self._in_each_step
        struck = ""

        def fault(request: Request, _call: int) -> str:
            nonlocal struck
            if struck:
                return self._after
            here = self._step, f"{request.service}:{request.operation}"
            if here in self._met:
                return ""
            self._met.add(here)
            struck = race.kind()
            return struck

        return fault


def told_plainly(sentence: str) -> bool:
    """Whether a sentence is one line, without a secret and without Python's words."""
    words = ("Traceback", "botocore", "Error(", "<html", SECRET, TOKEN, NO_HINT, "\n")
    return bool(sentence) and not any(word in sentence for word in words)
