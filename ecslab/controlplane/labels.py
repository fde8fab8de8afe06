"""Tags: their rules, and the operations on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import TagsSet
from ecslab.controlplane.find import invalid
from ecslab.controlplane.state import State
from ecslab.model import arn as arns
from ecslab.model.errors import AwsError
from ecslab.model.task_definition import Tag

Params = dict[str, Any]
MOST_TAGS = 50


def checked_tags(asked: Iterable[Mapping[str, Any]]) -> tuple[Tag, ...]:
    """Tags as given. Raises InvalidParameterException (ECS API, Tag: "Basic restrictions")."""
    tags = tuple(Tag(one.get("key"), one.get("value") or "") for one in asked)
    if not tags:
        return ()
    if len(tags) > MOST_TAGS:
        raise invalid(f"A resource can have at most {MOST_TAGS} tags, not {len(tags)}.")
    for tag in tags:
        _check(tag)
    keys = [tag.key for tag in tags]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise invalid(f"Duplicate tag keys found: {twice!r}.")
    return tags


def _check(tag: Tag) -> None:
    key, value = tag.key or "", tag.value or ""
    if not 1 <= len(key) <= 128:
        raise invalid(f"A tag key has 1 to 128 characters, not {len(key)}.")
    if len(value) > 256:
        raise invalid(f"The value of the tag {key!r} has more than 256 characters.")
    if key.lower().startswith("aws:"):
        raise invalid(f"Tag keys that begin with aws: are reserved, as {key!r} does.")


def tag(state: State, params: Params, context: Context) -> Outcome:
    """TagResource."""
    arn = _resource(state, params)
    merged = {one.key: one.value for one in state.tags.get(arn, ())}
    merged |= {one.key: one.value for one in checked_tags(params["tags"])}
    if len(merged) > MOST_TAGS:
        raise invalid(f"A resource can have at most {MOST_TAGS} tags, not {len(merged)}.")
    return _set(context, arn, merged, "TagResource was called.")


def untag(state: State, params: Params, context: Context) -> Outcome:
    """UntagResource."""
    arn = _resource(state, params)
    gone = set(params["tagKeys"])
    rest = {one.key: one.value for one in state.tags.get(arn, ()) if one.key not in gone}
    return _set(context, arn, rest, "UntagResource was called.")


def _set(context: Context, arn: str, tags: Mapping[str | None, str | None], cause: str) -> Outcome:
    new = tuple(Tag(key, value) for key, value in tags.items())
    return Outcome({}, (TagsSet(context.now, cause, arn, new),))


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListTagsForResource."""
    tags = state.tags.get(_resource(state, params), ())
    return Outcome({"tags": [{"key": one.key, "value": one.value} for one in tags]})


def _resource(state: State, params: Params) -> str:
    arn: str = params["resourceArn"]
    parts = arns.parse(arn)
    if parts is None:
        raise invalid(
            f"{arn!r} is not an ARN of a cluster, service, task, task definition or container "
            "instance."
        )
    if not _exists(state, parts.kind, arn):
        if parts.kind == "cluster":
            raise AwsError("ClusterNotFoundException", "Cluster not found.")
        raise invalid(f"The specified {parts.kind.replace('-', ' ')} was not found: {arn}")
    if parts.kind == "cluster" and state.clusters[arn].status != "ACTIVE":
        raise invalid("The specified cluster is inactive. Specify an active cluster and try again.")
    return arn


def _exists(state: State, kind: str, arn: str) -> bool:
    if kind == "cluster":
        return arn in state.clusters
    if kind == "task-definition":
        return arn in state.definitions
    if kind == "task":
        return arn in state.tasks
    if kind == "service":
        return arn in state.services
    if kind == "capacity-provider":
        return arn in state.providers
    return kind == "container-instance" and arn in state.instances
