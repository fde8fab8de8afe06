"""IAM roles that ECS may hand to tasks or use itself, read in process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

TASKS = "ecs-tasks.amazonaws.com"
"""Who must be trusted by a role that a task is to have (developer guide, task IAM role)."""
ECS = "ecs.amazonaws.com"
"""Who must be trusted by the role a service registers its targets with."""

Trusted = Mapping[str, frozenset[str]]
"""Role ARN → the services its trust policy lets assume it."""


def read(account: str) -> Trusted:
    """All roles, and who may assume them."""
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    return {role.arn: _trusts(role.assume_role_policy_document) for role in backend.roles.values()}


def _trusts(document: Any) -> frozenset[str]:
    try:
        statements = json.loads(document)["Statement"]
    except (TypeError, ValueError, KeyError):
        return frozenset()
    listed = statements if isinstance(statements, list) else [statements]
    allowed = (one for one in listed if one.get("Effect") == "Allow")
    return frozenset(name for one in allowed for name in _services(one.get("Principal")))


def _services(principal: Any) -> list[str]:
    named = principal.get("Service", []) if isinstance(principal, dict) else []
    return [named] if isinstance(named, str) else list(named)
