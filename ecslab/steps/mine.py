"""What on this account is the learner's: found by tag."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ecslab.steps.bench import LEARNER, WORKSHOP, Bench


def is_mine(bench: Bench, tags: Iterable[Mapping[str, str]]) -> bool:
    """Whether these tags (of ECS or of another service) say that it is this learner's."""
    return bool(bench.learner) and owner_of(tags_of(tags)) == bench.learner


@dataclass(frozen=True)
class Whose:
    """Whose things are meant: one learner's or, with "", those of all learners of a workshop."""

    learner: str
    workshop: str

    def covers(self, tags: Mapping[str, str]) -> bool:
        """Whether something with these tags is meant."""
        if self.learner:
            return owner_of(tags) == self.learner
        return bool(owner_of(tags)) and tags.get(WORKSHOP) == self.workshop


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
    for name, tags in tagged_clusters(bench):
        yield name, bool(bench.learner) and owner_of(tags) == bench.learner


def tagged_clusters(bench: Bench) -> Iterator[tuple[str, dict[str, str]]]:
    """Every ACTIVE cluster by name, with its tags."""
    ecs = bench.client("ecs")
    for page in ecs.get_paginator("list_clusters").paginate():
        if page["clusterArns"]:
            answer = ecs.describe_clusters(clusters=page["clusterArns"], include=["TAGS"])
            for cluster in answer["clusters"]:
                if cluster["status"] == "ACTIVE":
                    yield cluster["clusterName"], tags_of(cluster.get("tags", []))


def definitions(bench: Bench, others: int | None = None) -> Iterator[str]:
    """ARNs of the learner's ACTIVE task definitions.

    Tags are asked for one by one, so those whose names begin with the learner's come first. At
    most `others` (default: all) of the rest are looked at.
    """
    whose = Whose(bench.learner, "")
    for arn, _tags in tagged_definitions(bench, whose, others) if bench.learner else ():
        yield arn


def tagged_definitions(
    bench: Bench, whose: Whose, others: int | None = None, status: str = "ACTIVE"
) -> Iterator[tuple[str, dict[str, str]]]:
    """ARNs and tags of the task definitions that are meant, as `definitions` finds them.

    What is called as another learner's own things are is theirs: nobody asks for its tags.
    """
    ecs = bench.client("ecs")
    pages = ecs.get_paginator("list_task_definitions").paginate(status=status)
    arns = [arn for page in pages for arn in page["taskDefinitionArns"]]
    named = [arn for arn in arns if short(arn).startswith(whose.learner or "ecslab-")]
    rest = [arn for arn in set(arns) - set(named) if not _OWN_NAME.match(short(arn))]
    for arn in [*named, *sorted(rest)[:others]]:
        answer = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        tags = tags_of(answer.get("tags", []))
        if whose.covers(tags):
            yield arn, tags


_OWN_NAME = re.compile(r"ecslab-[a-z0-9-]+-[0-9a-f]{8}-")
"""How names of learners begin (`ecslab.lab.names`)."""


def short(arn: str) -> str:
    """The last part of an ARN: ``family:revision`` of a task definition, the id of a task."""
    return arn.rsplit("/", 1)[-1]
