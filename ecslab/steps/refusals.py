"""Why RunTask placed nothing: AWS's word per instance, and what stands behind it.

Source of the reasons: developer guide, "API failures messages".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.snapshot import InstanceView, Snapshot
from ecslab.steps.bench import Bench
from ecslab.steps.calls import watching
from ecslab.steps.observe import observe
from ecslab.steps.things import Refusal

_ = translator("steps")


def explain(
    bench: Bench, failures: Sequence[Mapping[str, Any]], request: Mapping[str, Any]
) -> tuple[Refusal, ...]:
    """One refusal a failure, with the numbers of the instance it is about.

    `request` is the input of RunTask. What the task needs and what is free is looked up only when
    something was refused.
    """
    if not failures:
        return ()
    cluster = request.get("cluster", "default")
    with watching():
        snapshot = observe(bench, cluster)
        name = request["taskDefinition"]
        answer = bench.client("ecs").describe_task_definition(taskDefinition=name)
    needs = _Needs(answer["taskDefinition"])
    return tuple(_refusal(failure, needs, snapshot) for failure in failures)


class _Needs:
    """What a task takes of an instance: the sums ECS places it by."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        containers = definition.get("containerDefinitions", [])
        self.definition = f"{definition.get('family')}:{definition.get('revision')}"
        self.cpu = int(definition.get("cpu") or sum(c.get("cpu", 0) for c in containers))
        self.memory = int(
            definition.get("memory")
            or sum(c.get("memoryReservation") or c.get("memory") or 0 for c in containers)
        )
        self.ports = {
            mapping["hostPort"]
            for container in containers
            for mapping in container.get("portMappings", [])
            if mapping.get("hostPort")
        }


def _refusal(failure: Mapping[str, Any], needs: _Needs, snapshot: Snapshot) -> Refusal:
    reason = failure.get("reason", "?")
    short = failure.get("arn", "").rsplit("/", 1)[-1]
    instance = next((one for one in snapshot.instances if one.id == short), None)
    if instance is None:
        return Refusal(reason, why=_GENERAL.get(reason, ""))
    return Refusal(reason, instance.ec2_id, _why(reason, needs, instance, snapshot))


def _why(reason: str, needs: _Needs, instance: InstanceView, snapshot: Snapshot) -> Text | str:
    if reason == "RESOURCE:MEMORY":
        return _(
            "the task needs {needs} MiB of memory; {free} of {all} MiB are free.",
            needs=needs.memory,
            free=instance.memory_free,
            all=instance.memory,
        )
    if reason == "RESOURCE:CPU":
        return _(
            "the task needs {needs} CPU units; {free} of {all} are free.",
            needs=needs.cpu,
            free=instance.cpu_free,
            all=instance.cpu,
        )
    if reason == "RESOURCE:PORTS":
        return _ports(needs, instance, snapshot)
    return _GENERAL.get(reason, "")


def _ports(needs: _Needs, instance: InstanceView, snapshot: Snapshot) -> Text:
    taken = sorted(needs.ports & set(instance.ports)) or sorted(needs.ports)
    shown = ", ".join(map(str, taken))
    for task in snapshot.tasks:
        held = {_host_port(port) for container in task.containers for port in container.ports}
        # A task that has yet to start shows no ports, but the same definition wants the same ones.
        takes = held & set(taken) or (not held and task.definition == needs.definition)
        if task.instance == instance.id and task.status != "STOPPED" and takes:
            return _(
                "host port {ports} is taken by the task {task} ({definition}).",
                ports=shown,
                task=task.id[:8],
                definition=task.definition,
            )
    return _("host port {ports} is taken already.", ports=shown)


def _host_port(shown: str) -> int:
    head = shown.split("→")[0]
    return int(head) if head.isdigit() else 0


_GENERAL: dict[str, Text] = {
    "AGENT": _("its agent is not connected: the machine is stopped, or it starts up."),
    "INACTIVE": _("it was deregistered from the cluster."),
    "MISSING": _("ECS does not know it."),
    "ATTRIBUTE": _("it lacks something the task definition requires (an attribute)."),
    "LOCATION": _("it is in another availability zone than the task asks for."),
    "RESOURCE:ENI": _("it has no network interface left: each awsvpc task takes one."),
    "RESOURCE:GPU": _("it has no GPU that is free."),
    "RESOURCE:PORTS": _("a host port the task wants is taken."),
    "RESOURCE:MEMORY": _("not enough memory is left."),
    "RESOURCE:CPU": _("not enough CPU is left."),
    "NO ACTIVE INSTANCES": _("the cluster has no ACTIVE instance."),
    "EMPTY CAPACITY PROVIDER": _("the capacity provider has no instance."),
}
