"""What a notebook called, held against the policy and the record: sentences on what differs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.iam.evaluator import allows
from tools.iam.requests import Reader, Request

ROOT = Path(__file__).parents[2]
TABLE = "ecslab/steps/preflight/table.py"
RECORD = "python tools/policy.py --record"
ONCE = (
    "ecs:CreateCluster",
    "ecs:RegisterTaskDefinition",
    "ecs:TagResource",
    "cloudformation:CreateStack",
    "cloudformation:TagResource",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStackEvents",
)
"""Made or not, as a notebook before this one has left things; so is what clean-up removes."""


def learner_policy() -> dict[str, Any]:
    """All that a learner may: the statements of both files."""
    names = ("learner-policy.json", "learner-stacks-policy.json")
    parts = [json.loads((ROOT / "iam" / name).read_text("utf-8")) for name in names]
    return {"Statement": [one for part in parts for one in part["Statement"]]}


def record() -> dict[str, list[str]]:
    """Notebook → the actions it makes, as the repository has it."""
    found: dict[str, list[str]] = json.loads((ROOT / "iam/calls.json").read_text("utf-8"))
    return found


def asked(calls: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]) -> list[Request]:
    """What IAM is asked for these calls; those before them say what stacks there are."""
    reader = Reader()
    for call in before:
        reader.requests(call)
    return [request for call in calls for request in reader.requests(call)]


def complaints(notebook: str, requests: Iterable[Request]) -> Iterator[str]:
    """What is not allowed, or not recorded, or recorded and not made."""
    requests, known = list(requests), record()
    policy = learner_policy()
    denied = {
        f"{notebook} calls {one.action} on {resource}, which the learner's policy does not allow. "
        f"Add it to {TABLE}, then run: python tools/policy.py"
        for one in requests
        for resource in one.resources
        if not allows(policy, one.action, resource, one.context)
    }
    yield from sorted(denied)
    made = {one.action for one in requests}
    stack = {one.action for one in requests if one.by == "stack"}
    either = {*ONCE, *known["10-clean-up"], *stack, *_of_stacks(known)}
    differs = made ^ set(known.get(notebook, ()))
    for action in sorted(differs - either):
        what = "calls" if action in made else "does not call"
        yield f"{notebook} {what} {action}; iam/calls.json says otherwise. Run: {RECORD}"


def _of_stacks(known: Mapping[str, list[str]]) -> set[str]:
    from tools.iam.stack import PARAMETERS, TYPES

    made = {action for one in TYPES.values() for part in one for action in part.split()}
    return {*made, *PARAMETERS.values()} & {action for one in known.values() for action in one}
