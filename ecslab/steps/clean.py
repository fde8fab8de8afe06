"""Remove what a learner made: found by tag, removed in the order things depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps import mine
from ecslab.steps.balancer import (
    delete_balancer,
    delete_target_group,
    owned_balancers,
    owned_groups,
)
from ecslab.steps.bench import Bench
from ecslab.steps.cluster import delete_stack, describe_instances
from ecslab.steps.progress import Progress, Stopped
from ecslab.steps.said import sentence
from ecslab.steps.services import remove_service
from ecslab.steps.shown import headed

_ = translator("steps")

STOP_TIMEOUT = 180.0


@dataclass(frozen=True)
class Item:
    """One thing to remove."""

    kind: str
    """service, task, load-balancer, target-group, stack, cluster, task-definition."""
    name: str
    remove: Callable[[Progress], None]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Cleaned:
    """What was found, and what came of it."""

    dry_run: bool
    found: tuple[str, ...]
    removed: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    """What could not be removed, and why."""

    def __bool__(self) -> bool:
        return not self.left

    def lines(self) -> list[str]:
        """What is still to be removed, a line each, and why; what was removed was said then."""
        if self.dry_run:
            return list(self.found)
        return [f"{name}: {why}" for name, why in self.left]

    def headline(self) -> Text:
        """One sentence on it."""
        if not self.found:
            return _("There is nothing of yours to remove.")
        if self.dry_run:
            return _("This would be removed, in this order:")
        if self.left:
            return _("Not everything could be removed; run it again when the cause is gone.")
        return _("Everything of yours is removed.")

    def __str__(self) -> str:
        return "\n".join([str(self.headline()), *(f"  {line}" for line in self.lines())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.headline(), self.lines())


def clean_up(bench: Bench, progress: Progress, *, dry_run: bool) -> Cleaned:
    """Remove everything that carries this learner's tag; with `dry_run` only say what that is.

    What cannot be removed is left with its reason, and the rest goes on.
    """
    items = list(_find(bench))
    names = tuple(map(str, items))
    if dry_run:
        return Cleaned(True, names)
    removed: list[str] = []
    left: list[tuple[str, str]] = []
    for item in items:
        progress.check()
        why = _remove(item, progress)
        if why is None:
            removed.append(str(item))
            progress.say(f"✓ {item}")
        else:
            left.append((str(item), why))
            progress.say(f"✗ {item}: {why}")
    return Cleaned(False, names, tuple(removed), tuple(left))


def _remove(item: Item, progress: Progress) -> str | None:
    """Why it could not be removed; None when it is gone."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        item.remove(progress)
    except Stopped:
        raise
    except EcslabError as error:
        return str(error)
    except (BotoCoreError, ClientError) as error:
        return str(sentence(error) or error)
    return None


def _find(bench: Bench) -> Iterator[Item]:
    clusters = [name for name, is_mine in mine.clusters(bench) if is_mine]
    for name in clusters:
        yield from _services(bench, name)
        yield from _tasks(bench, name)
    yield from _balancers(bench)
    yield from _stacks(bench)
    for name in clusters:
        yield Item("cluster", name, _cluster_remover(bench, name))
    yield from _definitions(bench)


def _services(bench: Bench, cluster: str) -> Iterator[Item]:
    for page in bench.client("ecs").get_paginator("list_services").paginate(cluster=cluster):
        for arn in page["serviceArns"]:
            name = mine.short(arn)
            yield Item("service", f"{cluster}/{name}", _service_remover(bench, cluster, name))


def _service_remover(bench: Bench, cluster: str, name: str) -> Callable[[Progress], None]:
    return lambda progress: remove_service(bench, cluster, name, progress)


def _tasks(bench: Bench, cluster: str) -> Iterator[Item]:
    """Tasks that belong to no service: those go with theirs."""
    ecs = bench.client("ecs")
    for page in ecs.get_paginator("list_tasks").paginate(cluster=cluster):
        if page["taskArns"]:
            for task in ecs.describe_tasks(cluster=cluster, tasks=page["taskArns"])["tasks"]:
                if not task.get("group", "").startswith("service:"):
                    arn = task["taskArn"]
                    name = f"{cluster}/{mine.short(arn)}"
                    yield Item("task", name, _stopper(bench, cluster, arn))


def _balancers(bench: Bench) -> Iterator[Item]:
    for one in owned_balancers(bench):
        name, arn = one["LoadBalancerName"], one["LoadBalancerArn"]
        yield Item("load-balancer", name, _balancer_remover(bench, name, arn))
    for one in owned_groups(bench):
        name, arn = one["TargetGroupName"], one["TargetGroupArn"]
        yield Item("target-group", name, _group_remover(bench, arn))


def _balancer_remover(bench: Bench, name: str, arn: str) -> Callable[[Progress], None]:
    return lambda progress: delete_balancer(bench, name, arn, progress)


def _group_remover(bench: Bench, arn: str) -> Callable[[Progress], None]:
    return lambda _progress: delete_target_group(bench, arn)


def _stopper(bench: Bench, cluster: str, arn: str) -> Callable[[Progress], None]:
    def stop(_progress: Progress) -> None:
        # No wait here: all tasks stop at the same time; the cluster waits for them.
        bench.client("ecs").stop_task(cluster=cluster, task=arn, reason="ecslab cleanup")

    return stop


def _stacks(bench: Bench) -> Iterator[Item]:
    for page in bench.client("cloudformation").get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            name, tags = stack["StackName"], stack.get("Tags", [])
            if stack["StackStatus"] != "DELETE_COMPLETE" and mine.is_mine(bench, tags):
                yield Item("stack", name, _stack_remover(bench, name))


def _stack_remover(bench: Bench, name: str) -> Callable[[Progress], None]:
    return lambda progress: delete_stack(bench, name, progress)


def _cluster_remover(bench: Bench, name: str) -> Callable[[Progress], None]:
    def remove(progress: Progress) -> None:
        _await_tasks(bench, name, progress)
        for instance in describe_instances(bench, name):
            # Machines that are gone leave by themselves, but AWS takes a while to notice.
            bench.client("ecs").deregister_container_instance(
                cluster=name, containerInstance=instance["containerInstanceArn"], force=True
            )
        bench.client("ecs").delete_cluster(cluster=name)

    return remove


def _await_tasks(bench: Bench, cluster: str, progress: Progress) -> None:
    ecs = bench.client("ecs")

    def look() -> bool | None:
        arns = ecs.list_tasks(cluster=cluster)["taskArns"]
        arns += ecs.list_tasks(cluster=cluster, desiredStatus="STOPPED")["taskArns"]
        tasks = ecs.describe_tasks(cluster=cluster, tasks=arns[:100])["tasks"] if arns else []
        left = [task for task in tasks if task["lastStatus"] != "STOPPED"]
        if left:
            progress.say(_("Waiting for {count} tasks to end.", count=len(left)))
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


def _definitions(bench: Bench) -> Iterator[Item]:
    for arn in mine.definitions(bench):
        yield Item("task-definition", mine.short(arn), _deregister(bench, arn))


def _deregister(bench: Bench, arn: str) -> Callable[[Progress], None]:
    def remove(_progress: Progress) -> None:
        ecs: Any = bench.client("ecs")
        ecs.deregister_task_definition(taskDefinition=arn)
        answer = ecs.delete_task_definitions(taskDefinitions=[arn])
        for failure in answer.get("failures", []):
            raise EcslabError(failure.get("detail") or failure.get("reason", "?"))

    return remove
