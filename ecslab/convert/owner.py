"""Which row of the table speaks of a place: ``services.web.ports[0]`` → the knot `ports`."""

from __future__ import annotations

import re
from functools import lru_cache

from ecslab.convert.rule import Gap, Knot, Rule
from ecslab.convert.table import GAPS, KNOTS, RULES

Row = Rule | Knot | Gap
_NAMED = r"[^.\[\]]+"
_DOTTED = r"[^\[\]]+?"
"""A service's name may have dots; where more of the path follows, it is told from that."""


def compose_row(path: str) -> Row | None:
    """The row that owns a place of a Compose project; None where there is no such word."""
    return _longest(_compose(), path)


def ecs_row(path: str) -> Row | None:
    """The row that owns a place of a task definition; None where there is no such member."""
    return _longest(_ecs(), path)


Patterns = tuple[tuple[int, "re.Pattern[str]", Row], ...]


def _longest(patterns: Patterns, path: str) -> Row | None:
    found = [(length, row) for length, pattern, row in patterns if pattern.fullmatch(path)]
    return max(found, key=lambda one: one[0])[1] if found else None


@lru_cache(maxsize=1)
def _compose() -> Patterns:
    return (*_gaps("compose"), *(_pattern(p, row) for row in _partners() for p in row.compose))


@lru_cache(maxsize=1)
def _ecs() -> Patterns:
    return (*_gaps("ecs"), *(_pattern(p, row) for row in _partners() for p in row.ecs))


def _partners() -> tuple[Rule | Knot, ...]:
    return (*RULES, *KNOTS)


def _gaps(side: str) -> Patterns:
    return tuple(_pattern(path, gap) for gap in GAPS if gap.side == side for path in gap.paths)


def _pattern(path: str, row: Row) -> tuple[int, re.Pattern[str], Row]:
    """A path owns what is below it; ``services.*`` itself only the service as such."""
    whole = path.endswith(("*", "containerDefinitions[]"))
    named = _NAMED if whole else _DOTTED
    words = re.escape(path).replace(r"\*", named).replace(r"\[\]", r"\[\d+\]")
    below = "" if whole else r"(?:[.\[].*)?"
    return path.count(".") + path.count("["), re.compile(words + below), row
