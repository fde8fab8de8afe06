"""Custom attributes of container instances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ecslab.controlplane import find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import Fact, InstanceAttributesSet
from ecslab.controlplane.paging import cut
from ecslab.controlplane.state import State
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.errors import AwsError

Params = dict[str, Any]
_NAME = re.compile(r"[A-Za-z0-9_./-]{1,128}")
_VALUE = re.compile(r"\S(?:.{0,126}\S)?")
MOST_CUSTOM = 10
"""Custom attributes an instance can have (ECS API, PutAttributes)."""


def put(state: State, params: Params, context: Context) -> Outcome:
    """PutAttributes: up to 10 a call."""
    cluster = find.cluster(state, params, context)
    changed = _targets(state, cluster, params["attributes"], context)
    facts: list[Fact] = []
    for instance, given in changed.values():
        for one in given:
            _check(one)
        merged = {**instance.attribute, **{one["name"]: one.get("value") for one in given}}
        if sum(not _is_own(name) for name in merged) > MOST_CUSTOM:
            raise AwsError(
                "AttributeLimitExceededException",
                f"A container instance can have at most {MOST_CUSTOM} custom attributes.",
            )
        facts.append(_set(context, instance, merged, "PutAttributes was called."))
    return Outcome({"attributes": _shown(changed)}, tuple(facts))


def delete(state: State, params: Params, context: Context) -> Outcome:
    """DeleteAttributes: what the agent registered stays."""
    cluster = find.cluster(state, params, context)
    changed = _targets(state, cluster, params["attributes"], context)
    facts: list[Fact] = []
    for instance, given in changed.values():
        names = {one["name"] for one in given}
        own = next((name for name in names if _is_own(name)), None)
        if own is not None:
            raise find.invalid(f"The attribute {own} is the agent's own and cannot be deleted.")
        rest = {name: value for name, value in instance.attribute.items() if name not in names}
        facts.append(_set(context, instance, rest, "DeleteAttributes was called."))
    return Outcome({"attributes": _shown(changed)}, tuple(facts))


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListAttributes of container instances, by name and value."""
    cluster = find.cluster(state, params, context)
    name, value = params.get("attributeName"), params.get("attributeValue")
    if value and not name:
        raise find.invalid("attributeName must be given with attributeValue.")
    roster = state.index.rosters.get(cluster.arn)
    found: dict[str, dict[str, Any]] = {}
    for arn in roster.arns if roster else ():
        for key, held in state.instances[arn].attributes:
            if name in (None, key) and value in (None, held):
                found[f"{arn} {key}"] = _wire(key, held, arn)
    keys, following = cut(sorted(found), params)
    return Outcome({"attributes": [found[key] for key in keys], **following})


Targets = dict[str, tuple[ContainerInstance, list[Mapping[str, Any]]]]


def _targets(
    state: State, cluster: Cluster, given: list[dict[str, Any]], context: Context
) -> Targets:
    if not 1 <= len(given) <= 10:
        raise find.invalid(f"Between 1 and 10 attributes can be given, not {len(given)}.")
    targets: Targets = {}
    for one in given:
        name = one.get("targetId") or ""
        instance = find.instance(state, cluster, name, context)
        if instance is None or instance.status == "INACTIVE":
            raise AwsError("TargetNotFoundException", f"The specified target was not found: {name}")
        targets.setdefault(instance.arn, (instance, []))[1].append(one)
    return targets


def _check(one: Mapping[str, Any]) -> None:
    name, value = one["name"], one.get("value")
    if not _NAME.fullmatch(name):
        raise find.invalid(
            f"The attribute name {name!r} must have 1 to 128 letters, numbers, hyphens, "
            "underscores, slashes or periods."
        )
    if _is_own(name):
        raise find.invalid(f"The attribute {name} is the agent's own and cannot be changed.")
    if value is not None and not _VALUE.fullmatch(value):
        raise find.invalid(
            f"The value of the attribute {name} must have 1 to 128 characters and no space at its "
            f"ends, not {value!r}."
        )


def _is_own(name: str) -> bool:
    return name.startswith(("ecs.", "com.amazonaws.ecs."))


def _set(
    context: Context, instance: ContainerInstance, all_: Mapping[str, str | None], cause: str
) -> Fact:
    return InstanceAttributesSet(context.now, cause, instance.arn, tuple(all_.items()))


def _shown(targets: Targets) -> list[dict[str, Any]]:
    return [
        _wire(one["name"], one.get("value"), instance.arn)
        for instance, given in targets.values()
        for one in given
    ]


def _wire(name: str, value: str | None, target: str) -> dict[str, Any]:
    made = {"name": name, "targetType": "container-instance", "targetId": target}
    return made if value is None else {**made, "value": value}
