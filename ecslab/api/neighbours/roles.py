"""IAM roles that ECS may hand to tasks, read in process."""

from __future__ import annotations

import json
from typing import Any

TASKS = "ecs-tasks.amazonaws.com"
"""Who must be trusted by a role that a task is to have (developer guide, task IAM role)."""


def read(account: str) -> frozenset[str]:
    """The ARNs of the roles whose trust policy lets tasks assume them."""
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    return frozenset(
        role.arn for role in backend.roles.values() if _trusts(role.assume_role_policy_document)
    )


def _trusts(document: Any) -> bool:
    try:
        statements = json.loads(document)["Statement"]
    except (TypeError, ValueError, KeyError):
        return False
    listed = statements if isinstance(statements, list) else [statements]
    return any(
        one.get("Effect") == "Allow" and TASKS in _services(one.get("Principal")) for one in listed
    )


def _services(principal: Any) -> list[str]:
    named = principal.get("Service", []) if isinstance(principal, dict) else []
    return [named] if isinstance(named, str) else list(named)
