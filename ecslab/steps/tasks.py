"""Run tasks, wait for them, find their page, stop them, tell what happened to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.lifecycle import MAIN_LINE
from ecslab.steps.bench import Bench
from ecslab.steps.calls import Call, planned
from ecslab.steps.interfaces import container_ports, interface_of, public_addresses
from ecslab.steps.network import network_of
from ecslab.steps.observe import described_tasks
from ecslab.steps.progress import SHARED, Progress
from ecslab.steps.recent import Look
from ecslab.steps.refusals import explain
from ecslab.steps.things import RunResult, Task, Url

_ = translator("steps")

WAIT_TIMEOUT = 600.0
"""Seconds; a first pull over a slow line takes minutes."""

SPREAD = (
    {"type": "spread", "field": "attribute:ecs.availability-zone"},
    {"type": "spread", "field": "instanceId"},
)
"""What the console calls "AZ balanced spread", its default."""


def run(bench: Bench, request: Mapping[str, Any], progress: Progress) -> RunResult:
    """Call RunTask; a refusal is part of the result, with its reasons per instance."""
    progress.check()
    wanted = _meant(bench, request)
    if not 1 <= wanted["count"] <= 10:
        raise EcslabError(
            _("RunTask starts 1 to 10 tasks at a time, not {count}.", count=wanted["count"]),
            _("Run it several times, or use a service for more."),
        )
    if wanted.get("launchType") == "FARGATE" and "networkConfiguration" not in wanted:
        network = network_of(bench, wanted["cluster"])
        wanted["networkConfiguration"] = network.of_task(public=True)
    answer = bench.client("ecs").run_task(**wanted)
    tasks = tuple(handle(task) for task in answer["tasks"])
    name = tasks[0].definition if tasks else _short(wanted["taskDefinition"])
    refusals = explain(bench, answer.get("failures", []), wanted)
    result = RunResult(tasks, refusals, name, wanted["count"])
    progress.say(str(result))
    return result


def planned_calls(bench: Bench, request: Mapping[str, Any]) -> list[Call]:
    """The call that runs `request`."""
    return [planned("ecs", "RunTask", _meant(bench, request))]


def _meant(bench: Bench, request: Mapping[str, Any]) -> dict[str, Any]:
    """`request` with what the console would fill in, and with whose it is."""
    mine = {"startedBy": bench.learner} if bench.learner else {}
    kind = {} if request.get("capacityProviderStrategy") else {"launchType": "EC2"}
    wanted = {**request}
    for name, value in {"count": 1, **kind, **mine}.items():
        wanted.setdefault(name, value)
    wanted["tags"] = bench.ecs_tags(request.get("tags") or ())
    if wanted.get("launchType") == "EC2":
        wanted.setdefault("placementStrategy", list(SPREAD))
    return wanted


def handle(task: Mapping[str, Any]) -> Task:
    """The handle of a task that DescribeTasks or RunTask gave."""
    return Task(
        arn=task["taskArn"],
        cluster=task["clusterArn"].rsplit("/", 1)[-1],
        definition=_short(task["taskDefinitionArn"]),
        status=task["lastStatus"],
        stop_code=task.get("stopCode", ""),
        stopped_reason=task.get("stoppedReason", ""),
    )


def _short(definition: str) -> str:
    """``family:revision`` of an ARN; anything else as it is."""
    return definition.rsplit("/", 1)[-1]


def running(bench: Bench, cluster: str, service: str = "") -> list[Task]:
    """The tasks of a cluster, or of a service in it, that are to run; oldest first."""
    ecs = bench.client("ecs")
    only = {"serviceName": service} if service else {}
    pages = ecs.get_paginator("list_tasks").paginate(cluster=cluster, **only)
    found: list[dict[str, Any]] = []
    for page in pages:
        if page["taskArns"]:
            found += ecs.describe_tasks(cluster=cluster, tasks=page["taskArns"])["tasks"]
    return [handle(task) for task in sorted(found, key=lambda one: one["createdAt"])]


def describe(bench: Bench, tasks: Iterable[Task], within: float = 0.0) -> list[Mapping[str, Any]]:
    """The tasks as DescribeTasks gives them, in their order; raises EcslabError for a lost one.

    within: seconds that what another has seen in this kernel may be old
    """
    wanted = list(tasks)
    found: dict[str, Mapping[str, Any]] = {}
    for cluster in sorted({task.cluster for task in wanted}):
        arns = [task.arn for task in wanted if task.cluster == cluster]
        found |= described_tasks(bench.client("ecs"), cluster, arns, Look(bench.recent, within))
    for task in wanted:
        if task.arn not in found:
            raise EcslabError(
                _("ECS does not know the task {id} any more.", id=task.id[:8]),
                _("Stopped tasks are forgotten after about an hour; run it again."),
            )
    return [found[task.arn] for task in wanted]


def wait(
    bench: Bench,
    tasks: Iterable[Task],
    progress: Progress,
    until: str = "RUNNING",
    timeout: float = WAIT_TIMEOUT,
) -> list[Task]:
    """Wait until all tasks are `until` (a lastStatus), saying every change; the tasks as they are.

    Raises EcslabError with the reason when one stops before, or when `timeout` seconds pass.
    """
    if until not in MAIN_LINE:
        raise EcslabError(
            _("A task has no status {status!r}.", status=until),
            _("There are: {all}.", all=", ".join(MAIN_LINE)),
        )
    wanted = list(tasks)
    said: dict[str, str] = {}

    def look() -> list[Task] | None:
        seen = describe(bench, wanted, within=progress.pace * SHARED)
        for task in seen:
            _say_change(task, said, progress)
            if task["lastStatus"] == "STOPPED" and until != "STOPPED":
                raise _stopped(task)
        reached = all(_reached(task["lastStatus"], until) for task in seen)
        return [handle(task) for task in seen] if reached else None

    def late() -> EcslabError:
        return EcslabError(
            _("Not all tasks are {status} after {seconds:.0f} s.", status=until, seconds=timeout),
            _("lab.diagram() shows where they are; run this again to wait longer."),
        )

    return progress.until(look, timeout=timeout, late=late)


def _reached(status: str, until: str) -> bool:
    if until == "RUNNING":
        return status == "RUNNING"
    order = list(MAIN_LINE)
    return status in order and order.index(status) >= order.index(until)  # type: ignore[arg-type]  # "in" looked


def _say_change(task: Mapping[str, Any], said: dict[str, str], progress: Progress) -> None:
    doing = _doing(task)
    line = task["lastStatus"] + (f" – {doing}" if doing else "")
    if said.get(task["taskArn"]) != line:
        said[task["taskArn"]] = line
        progress.say(f"{handle(task).id[:8]}: {line}")


def _doing(task: Mapping[str, Any]) -> Text | str:
    """What a task that is not there yet is waiting for."""
    if task["lastStatus"] == "STOPPED":
        return str(task.get("stoppedReason", ""))
    if task["lastStatus"] not in ("PROVISIONING", "PENDING", "ACTIVATING"):
        return ""
    if task["lastStatus"] == "PROVISIONING":
        return _("its network interface is being made")
    if "pullStartedAt" in task and "pullStoppedAt" not in task:
        return _("its image is being pulled")
    if "pullStoppedAt" in task:
        return _("its containers are being started")
    return _("the agent of its instance has yet to take it")


def _stopped(task: Mapping[str, Any]) -> EcslabError:
    reasons = [task.get("stoppedReason", "")]
    for container in task.get("containers", []):
        if "exitCode" in container:
            said = _(
                "{name} exited with {code}", name=container["name"], code=container["exitCode"]
            )
            reasons.append(str(said))
        if container.get("reason"):
            reasons.append(container["reason"])
    why = "; ".join(reason for reason in reasons if reason)
    return EcslabError(
        _("The task {id} stopped: {why}", id=handle(task).id[:8], why=why),
        _("lab.story(task) tells how it came to that."),
    )


def stop(bench: Bench, task: Task, progress: Progress, reason: str = "") -> Task:
    """Ask ECS to stop a task; one that is stopped or stopping already stays as it is."""
    progress.check()
    now = describe(bench, [task])[0]
    if now["desiredStatus"] == "STOPPED":
        progress.say(_("The task {id} is {status}.", id=task.id[:8], status=now["lastStatus"]))
        return handle(now)
    request = {"cluster": task.cluster, "task": task.arn}
    answer = bench.client("ecs").stop_task(**request, **({"reason": reason} if reason else {}))
    progress.say(_("✓ The task {id} is being stopped.", id=task.id[:8]))
    return handle(answer["task"])


def interrupt(bench: Bench, task: Task, progress: Progress) -> Task:
    """Let Fargate Spot take the capacity of a task back; the task as it is then."""
    progress.check()
    bench.interrupt(task.arn)
    progress.say(_("✓ Spot took back what the task {id} ran on.", id=task.id[:8]))
    return handle(describe(bench, [task])[0])


def url(bench: Bench, task: Task) -> Url:
    """The page of a task: the first port of its containers, where it can be opened.

    Raises EcslabError when the task does not run, has no port, or neither it nor its instance has
    a public address.
    """
    now = describe(bench, [task])[0]
    if now["lastStatus"] != "RUNNING":
        raise EcslabError(
            _("The task {id} is {status}.", id=task.id[:8], status=now["lastStatus"]),
            _("Its page is there when it is RUNNING: lab.wait(task)."),
        )
    interface = interface_of(now)
    ports = container_ports(bench.client("ecs"), now["taskDefinitionArn"]) if interface else []
    ports = ports or open_ports(now)
    if not ports:
        raise EcslabError(
            _("No container of the task {id} opens a port.", id=task.id[:8]),
            _("Add portMappings to the task definition, register it and run it."),
        )
    ip = _interface_ip(bench, now) if interface else _public_ip(bench, now)
    return Url(bench.locate(ip, ports[0]))


def open_ports(task: Mapping[str, Any]) -> list[int]:
    """The TCP host ports of a task's containers, in their order."""
    return [
        binding["hostPort"]
        for container in task.get("containers", [])
        for binding in container.get("networkBindings", [])
        if binding.get("protocol", "tcp") == "tcp"
    ]


def _interface_ip(bench: Bench, task: Mapping[str, Any]) -> str:
    found = public_addresses(bench.client("ec2"), [task])
    if not found:
        raise EcslabError(
            _(
                "The network interface of the task {id} has no public address.",
                id=handle(task).id[:8],
            ),
            _("Only Fargate gives one (assignPublicIp); else put a load balancer in front."),
        )
    return found[interface_of(task)]


def _public_ip(bench: Bench, task: Mapping[str, Any]) -> str:
    instance = bench.client("ecs").describe_container_instances(
        cluster=task["clusterArn"], containerInstances=[task["containerInstanceArn"]]
    )["containerInstances"][0]
    machines = bench.client("ec2").describe_instances(InstanceIds=[instance["ec2InstanceId"]])
    ip = machines["Reservations"][0]["Instances"][0].get("PublicIpAddress")
    if not ip:
        raise EcslabError(
            _("The instance {id} has no public address.", id=instance["ec2InstanceId"]),
            _("Create the cluster with lab.create_cluster(): its subnets give one."),
        )
    return str(ip)
