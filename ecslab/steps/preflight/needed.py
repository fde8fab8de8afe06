"""Which notebook needs which action, and which notebooks a denied action takes away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from ecslab.steps.preflight.table import LEARNER, STACKS, Grant

SEEN = ("notebook", "stack", "beside")
"""Whose actions a notebook cannot be done without."""
GRANTS: tuple[Grant, ...] = (*LEARNER, *STACKS)


@cache
def needs() -> dict[str, list[str]]:
    """Action → the notebooks that make it; ``python tools/policy.py`` writes the file."""
    text = Path(__file__).with_name("needs.json").read_text("utf-8")
    found: dict[str, list[str]] = json.loads(text)
    return found


def actions_of(grant: Grant, by: Iterable[str] = SEEN) -> list[str]:
    """The actions of a statement that notebooks make, wildcards written out."""
    patterns = [one.name for one in grant.actions if one.by in by]
    return [one for one in needs() if any(fnmatchcase(one, pattern) for pattern in patterns)]


def notebooks(actions: Iterable[str]) -> list[str]:
    """The notebooks that cannot be done without these actions."""
    return sorted({notebook for action in actions for notebook in needs().get(action, [])})
