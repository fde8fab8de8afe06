"""Which notebooks can be done with what one may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ecslab.locale import Text, translator
from ecslab.model.finding import Finding
from ecslab.steps.preflight import probing
from ecslab.steps.preflight.asking import Asker
from ecslab.steps.preflight.identity import is_root
from ecslab.steps.preflight.needed import notebooks
from ecslab.steps.preflight.simulating import Simulated, principal, simulate

_ = translator("steps")

NAME = _("permissions")
NAMED = 6
"""Actions that are named; more would hide them."""
POLICIES = "iam/learner-policy.json, iam/learner-stacks-policy.json"


class Allowed(NamedTuple):
    """What was found, and which actions are denied."""

    finding: Finding
    denied: tuple[str, ...] = ()


def permissions(asker: Asker) -> Allowed:
    """Ask IAM; where it does not tell, try what is harmless."""
    if is_root(asker.arn):
        return Allowed(Finding(NAME, "ready", _("all: the root user has every permission")))
    source = principal(asker)
    said = simulate(asker, source) if source else Simulated()
    if not source or said.error is not None:
        return _tried(asker)
    if not said.denied:
        return Allowed(Finding(NAME, "ready", _("for all notebooks, as IAM says")))
    return Allowed(_denied(asker, source, said), said.denied)


def _denied(asker: Asker, source: str, said: Simulated) -> Finding:
    detail = _without(said.denied)
    if said.wants_mfa:
        device = f"arn:{asker.partition}:iam::{asker.account}:mfa/{source.rsplit('/', 1)[-1]}"
        return Finding(
            NAME,
            "missing",
            detail,
            _(
                "The account may want MFA: `aws sts get-session-token --serial-number {device} "
                "--token-code CODE{option}`, and set the three AWS_* variables with what it gives.",
                device=device,
                option=asker.option,
            ),
        )
    if said.by_organization:
        return Finding(
            NAME,
            "missing",
            detail,
            _(
                "The account's organization forbids it: ask whoever runs it (`aws organizations "
                "describe-organization{option}` names the account).",
                option=asker.option,
            ),
        )
    return Finding(NAME, "missing", detail, grant(asker, source))


def _without(denied: Sequence[str]) -> Text:
    """Which notebooks cannot be done, and for want of what."""
    named = ", ".join(denied[:NAMED]) + (f" … ({len(denied)})" if len(denied) > NAMED else "")
    return _(
        "notebooks {notebooks} cannot be done: {actions} is denied",
        notebooks=", ".join(notebooks(denied)),
        actions=named,
    )


def grant(asker: Asker, source: str) -> Text:
    """How an administrator gives the permissions to a user or role."""
    kind, name = ("role", source.rsplit("/", 1)[-1]) if ":role/" in source else (
        "user", source.rsplit("/", 1)[-1])  # fmt: skip
    return _(
        "Who runs the account attaches {policies} (iam/README.md): `aws iam attach-{kind}-policy "
        "--{kind}-name {name} --policy-arn arn:{partition}:iam::{account}:policy/ecslab-learner`, "
        "and the same with ecslab-learner-stacks.",
        policies=POLICIES,
        kind=kind,
        name=name,
        partition=asker.partition,
        account=asker.account,
    )


def _tried(asker: Asker) -> Allowed:
    refused = tuple(probing.refused(asker))
    source = principal(asker) or asker.arn
    if refused:
        return Allowed(Finding(NAME, "missing", _without(refused), grant(asker, source)), refused)
    return Allowed(
        Finding(
            NAME,
            "warning",
            _("reading works; IAM does not tell whether things may be made"),
            _(
                "Whoever may ask: `aws iam simulate-principal-policy --policy-source-arn {source} "
                "--action-names cloudformation:CreateStack ecs:CreateCluster`.",
                source=source,
            ),
        )
    )
