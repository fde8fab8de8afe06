"""The policies as files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ecslab.steps.preflight.table import INSTRUCTOR, LEARNER, NAMES, PREFIX, STACKS, Grant

LIMIT = 6144
"""Characters of a managed policy, white space not counted (IAM and STS quotas)."""
POLICIES = {
    "learner-policy.json": LEARNER,
    "learner-stacks-policy.json": STACKS,
    "instructor-policy.json": INSTRUCTOR,
}
"""File → its statements. A learner needs the first two, which are too long for one."""


def document(grants: Iterable[Grant], prefix: str = NAMES) -> dict[str, Any]:
    """The policy; `prefix` is what names begin with: all learners', or one's own."""
    statements = [_statement(grant, prefix) for grant in grants]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(grant: Grant, prefix: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": sorted(action.name for action in grant.actions),
        "Resource": [one.replace(PREFIX, prefix) for one in grant.resources],
    }
    if grant.conditions:
        made["Condition"] = _filled(grant.conditions, prefix)
    return {key: _alone(value) for key, value in made.items()}


def _alone(value: Any) -> Any:
    """A list of one as that one: shorter, and IAM takes both."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _filled(value: Any, prefix: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(one, prefix) for key, one in value.items()}
    return value.replace(PREFIX, prefix) if isinstance(value, str) else list(value)


def size(policy: Mapping[str, Any]) -> int:
    """Characters as IAM counts them."""
    return len(re.sub(r"\s", "", json.dumps(policy)))


def text(value: Any) -> str:
    """As it stands in a file."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def needs(calls: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Action → the notebooks that cannot be done without it."""
    found: dict[str, list[str]] = {}
    for notebook, actions in sorted(calls.items()):
        for action in actions:
            found.setdefault(action, []).append(notebook[:2])
    return dict(sorted(found.items()))


def granted(action: str, grants: Iterable[Grant] = (*LEARNER, *STACKS)) -> bool:
    """Whether a statement names this action."""
    return any(fnmatchcase(action, one.name) for grant in grants for one in grant.actions)


def files(calls: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Path in the repository → text, of all that is made of the table and the record."""
    return {
        **{f"iam/{name}": text(document(grants)) for name, grants in POLICIES.items()},
        "ecslab/steps/preflight/needs.json": text(needs(calls)),
    }
