"""A small judge over an IAM policy: does it allow this? It knows what our policies use, no more.

Source: IAM user guide, "Policy evaluation logic" and "Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Context = Mapping[str, str]


def _like(pattern: str, value: str) -> bool:
    parts = [{"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern]
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    optional = operator.endswith("IfExists")
    name = operator.removesuffix("IfExists")
    if key not in context:
        return optional
    if name in ("StringEquals", "ArnEquals"):
        return context[key] in wanted
    if name in ("StringLike", "ArnLike"):
        return any(_like(one, context[key]) for one in wanted)
    raise AssertionError(f"the judge does not know {operator}")


def _matches(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    return (
        any(_like(one.lower(), action.lower()) for one in _list(statement["Action"]))
        and any(_like(one, resource) for one in _list(statement["Resource"]))
        and all(
            _holds(operator, key, _list(wanted), context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def allows(policy: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    """Whether a statement allows it; our policies have no Deny."""
    assert all(one["Effect"] == "Allow" for one in policy["Statement"])
    return any(_matches(one, action, resource, context) for one in policy["Statement"])
