"""Asking IAM what it would allow (SimulatePrincipalPolicy), statement by statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ecslab.steps.preflight.asking import Answer, Asker
from ecslab.steps.preflight.needed import GRANTS, actions_of
from ecslab.steps.preflight.table import NAMES, PREFIX, Grant

EXAMPLE = f"{NAMES}preflight"
SIDE_BY_SIDE = 4
"""IAM throttles an account as a whole; more at a time would be no faster."""
MFA = "aws:MultiFactorAuthPresent"


@dataclass(frozen=True)
class Simulated:
    """What IAM said."""

    denied: tuple[str, ...] = ()
    by_organization: bool = False
    wants_mfa: bool = False
    """A policy looks at whether one came with MFA."""
    error: Answer | None = None
    """It was not said: whoever asks may not, or is nobody IAM knows."""


def principal(asker: Asker) -> str:
    """The ARN whose policies count: of an assumed role, the role's own; "" if it has none."""
    kind, _, rest = asker.arn.split(":", 5)[5].partition("/")
    if kind == "user":
        return asker.arn
    if kind != "assumed-role":
        return ""
    name = rest.split("/")[0]
    # The path of a role, which IAM Identity Center gives to all of its, is in no session's ARN.
    found = asker.ask("iam", "get_role", RoleName=name)
    if found.value is not None:
        return str(found.value["Role"]["Arn"])
    return f"arn:{asker.partition}:iam::{asker.account}:role/{name}"


def simulate(asker: Asker, source: str, grants: Iterable[Grant] = GRANTS) -> Simulated:
    """Which of the actions notebooks make IAM would deny to `source`."""
    asked = [(grant, actions) for grant in grants if (actions := actions_of(grant))]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
        answers = list(side_by_side.map(lambda one: ask(asker, source, one[0], one[1]), asked))
    for answer in answers:
        if answer.error is not None:
            return Simulated(error=answer)
    results = [result for answer in answers for result in answer.value]
    denied = {one["EvalActionName"] for one in results if not allowed(one)}
    organization = any(
        not one.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True)
        for one in results
    )
    wants_mfa = any(MFA in one.get("MissingContextValues", []) for one in results)
    return Simulated(tuple(sorted(denied)), organization, wants_mfa)


def ask(asker: Asker, source: str, grant: Grant, actions: list[str]) -> Answer:
    """What IAM says about the actions of one statement, on things as the workshop makes them."""
    return asker.all(
        "iam",
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=source,
        ActionNames=actions,
        ResourceArns=[_example(one, asker) for one in grant.resources],
        ContextEntries=list(_context(grant.conditions, asker)),
    )


def allowed(result: Mapping[str, Any]) -> bool:
    """Whether IAM allows this on all the resources it was asked about."""
    parts = result.get("ResourceSpecificResults") or []
    decisions = [one["EvalResourceDecision"] for one in parts] or [result["EvalDecision"]]
    return all(decision == "allowed" for decision in decisions)


def _example(arn: str, asker: Asker) -> str:
    """An ARN that the pattern fits."""
    if arn == "*":
        return arn
    parts = arn.replace(PREFIX, EXAMPLE).split(":", 5)
    parts[1] = asker.partition
    parts[3] = parts[3].replace("*", asker.region)
    parts[4] = parts[4].replace("*", asker.account)
    return ":".join([*parts[:5], parts[5].replace("*", "x")])


def _context(
    conditions: Mapping[str, Mapping[str, str | list[str]]], asker: Asker
) -> Iterator[dict[str, Any]]:
    """Values under which the statement's conditions hold."""
    values = {"aws:RequestedRegion": asker.region}
    for keys in conditions.values():
        for key, wanted in keys.items():
            value = wanted if isinstance(wanted, str) else wanted[0]
            is_arn = value.startswith("arn:")
            values[key] = _example(value, asker) if is_arn else value.replace(
                PREFIX, EXAMPLE).replace("*", "x")  # fmt: skip
    for key, value in values.items():
        yield {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
