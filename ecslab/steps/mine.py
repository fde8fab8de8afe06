"""What on this account is the learner's: found by tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ecslab.steps.bench import LEARNER, Bench


def is_mine(bench: Bench, tags: Iterable[Mapping[str, str]]) -> bool:
    """Whether these tags (of ECS or of another service) say that it is this learner's."""
    return bool(bench.learner) and owner_of(tags_of(tags)) == bench.learner


def tags_of(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags as ECS (``key``) or another service (``Key``) gives them, by their key."""
    return {
        tag.get("key", tag.get("Key", "")): tag.get("value", tag.get("Value", "")) for tag in tags
    }


def owner_of(tags: Mapping[str, str]) -> str:
    """Whose it is: the prefix of a learner; "" where no tag says so."""
    return tags.get(LEARNER, "")


def clusters(bench: Bench) -> Iterator[tuple[str, bool]]:
    """Every ACTIVE cluster by name, and whether it is the learner's."""
    ecs = bench.client("ecs")
    for page in ecs.get_paginator("list_clusters").paginate():
        if page["clusterArns"]:
            answer = ecs.describe_clusters(clusters=page["clusterArns"], include=["TAGS"])
            for cluster in answer["clusters"]:
                if cluster["status"] == "ACTIVE":
                    yield cluster["clusterName"], is_mine(bench, cluster.get("tags", []))


def definitions(bench: Bench, others: int | None = None) -> Iterator[str]:
    """ARNs of the learner's ACTIVE task definitions.

    Tags are asked for one by one, so those whose names begin with the learner's come first. At
    most `others` (default: all) of the rest are looked at.
    """
    ecs = bench.client("ecs")
    pages = ecs.get_paginator("list_task_definitions").paginate(status="ACTIVE")
    arns = [arn for page in pages for arn in page["taskDefinitionArns"]]
    named = [arn for arn in arns if short(arn).startswith(bench.learner)]
    rest = [arn for arn in arns if arn not in set(named)]
    for arn in [*named, *rest[:others]]:
        answer = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        if is_mine(bench, answer.get("tags", [])):
            yield arn


def short(arn: str) -> str:
    """The last part of an ARN: ``family:revision`` of a task definition, the id of a task."""
    return arn.rsplit("/", 1)[-1]
