"""How each kind of thing is removed, again and again if need be: what is gone already is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.balancer import delete_balancer, delete_target_group
from ecslab.steps.bench import Bench
from ecslab.steps.cluster import delete_stack, describe_instances
from ecslab.steps.progress import Progress
from ecslab.steps.services import remove_service

_ = translator("steps")

Remove = Callable[[Progress], None]

STOP_TIMEOUT = 180.0
_GONE = frozenset(
    {
        "ClusterNotFoundException",
        "LoadBalancerNotFound",
        "ObjectNotFoundException",  # Application Auto Scaling
        "ServiceNotFoundException",
        "TargetGroupNotFound",
    }
)
"""Error codes that say that there is nothing to remove."""
_GONE_TOO = (
    "task was not found",
    "task definition is INACTIVE",
    "task definition is inactive",
    "container instance was not found",
    "container instance not found",
)
"""What ECS says of the same under codes that mean many things."""


@contextmanager
def _gone_is_gone() -> Iterator[None]:
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code not in _GONE and not any(said in text for said in _GONE_TOO):
            raise


def scalable_target(bench: Bench, resource: str, dimension: str) -> Remove:
    """Its policies and their alarms go with it."""

    def remove(_progress: Progress) -> None:
        with _gone_is_gone():
            bench.client("application-autoscaling").deregister_scalable_target(
                ServiceNamespace="ecs", ResourceId=resource, ScalableDimension=dimension
            )

    return remove


def service(bench: Bench, cluster: str, name: str) -> Remove:
    """With its tasks."""

    def remove(progress: Progress) -> None:
        with _gone_is_gone():
            remove_service(bench, cluster, name, progress)

    return remove


def task(bench: Bench, cluster: str, arn: str) -> Remove:
    """It is asked to stop."""

    def remove(_progress: Progress) -> None:
        # No wait here: all tasks stop at the same time; the cluster waits for them.
        with _gone_is_gone():
            bench.client("ecs").stop_task(cluster=cluster, task=arn, reason="ecslab cleanup")

    return remove


def balancer(bench: Bench, name: str, arn: str) -> Remove:
    """With its listeners."""

    def remove(progress: Progress) -> None:
        with _gone_is_gone():
            delete_balancer(bench, name, arn, progress)

    return remove


def target_group(bench: Bench, arn: str) -> Remove:
    """Alone: its targets are others' things."""

    def remove(_progress: Progress) -> None:
        with _gone_is_gone():
            delete_target_group(bench, arn)

    return remove


def stack(bench: Bench, name: str) -> Remove:
    """With everything in it."""
    return lambda progress: delete_stack(bench, name, progress)


def cluster(bench: Bench, name: str) -> Remove:
    """Once its tasks have ended; container instances that are still listed leave it first."""

    def remove(progress: Progress) -> None:
        with _gone_is_gone():
            _await_tasks(bench, name, progress)
            for instance in describe_instances(bench, name):
                # Machines that are gone leave by themselves, but AWS takes a while to notice.
                with _gone_is_gone():
                    bench.client("ecs").deregister_container_instance(
                        cluster=name, containerInstance=instance["containerInstanceArn"], force=True
                    )
            bench.client("ecs").delete_cluster(cluster=name)

    return remove


def _await_tasks(bench: Bench, cluster: str, progress: Progress) -> None:
    ecs = bench.client("ecs")

    def look() -> bool | None:
        count = sum(_not_ended(ecs, cluster, status) for status in ("RUNNING", "STOPPED"))
        if count:
            progress.say(_("Waiting for {count} tasks to end.", count=count))
            return None
        return True

    progress.until(
        look,
        timeout=STOP_TIMEOUT,
        late=lambda: EcslabError(
            _("Tasks of the cluster {name} do not end.", name=cluster),
            _("lab.diagram() shows which; run this again later."),
        ),
    )


def _not_ended(ecs: Any, cluster: str, desired: str) -> int:
    count = 0
    for page in ecs.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus=desired):
        if page["taskArns"]:
            tasks = ecs.describe_tasks(cluster=cluster, tasks=page["taskArns"])["tasks"]
            count += sum(one["lastStatus"] != "STOPPED" for one in tasks)
    return count


def definition(bench: Bench, arn: str, *, active: bool) -> Remove:
    """Deregistered if it is active, then deleted."""

    def remove(_progress: Progress) -> None:
        ecs = bench.client("ecs")
        if active:
            with _gone_is_gone():
                ecs.deregister_task_definition(taskDefinition=arn)
        answer = ecs.delete_task_definitions(taskDefinitions=[arn])
        for failure in answer.get("failures", []):
            why = failure.get("detail") or failure.get("reason", "?")
            if "not found" not in why:
                raise EcslabError(why, _("Run it again later."))

    return remove
