"""Is a step done? What is missing, and a hint."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.snapshot import Snapshot
from ecslab.steps import mine
from ecslab.steps.bench import Bench
from ecslab.steps.clean import clean_up
from ecslab.steps.observe import observe
from ecslab.steps.progress import Progress
from ecslab.steps.scaling import scaled
from ecslab.steps.shown import verdict

_ = translator("steps")

PAGE_TIMEOUT = 5.0
"""Seconds."""
OTHERS = 100
"""Task definitions under other names than the learner's that are looked at."""


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    ok: bool
    message: Text | str
    hint: Text | str = ""

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        sentence = f"{'✓' if self.ok else '✗'} {self.message}"
        return f"{sentence}\n  {self.hint}" if self.hint and not self.ok else sentence

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return verdict(self.ok, self.message, "" if self.ok else self.hint)


def check(bench: Bench, step: str, cluster: str) -> Checked:
    """Whether `step` is done for this cluster; raises EcslabError for a step there is not."""
    if step not in CHECKS:
        raise EcslabError(
            _("There is no check called {step!r}.", step=step),
            _("There are: {steps}.", steps=", ".join(CHECKS)),
        )
    return CHECKS[step](bench, cluster)


def _start(bench: Bench, _cluster: str) -> Checked:
    account = bench.client("sts").get_caller_identity()["Account"]
    bench.client("ecs").list_clusters(maxResults=1)
    return Checked(True, _("ECS answers (account {account}).", account=account))


def _cluster(bench: Bench, cluster: str) -> Checked:
    seen = observe(bench, cluster)
    if seen.status != "ACTIVE":
        return Checked(
            False,
            _("The cluster {name} is not there.", name=cluster),
            _("Create it with the form, or with lab.create_cluster()."),
        )
    if not seen.instances:
        return Checked(
            False,
            _("The cluster {name} is there, but it has no instance.", name=cluster),
            _("Choose the template EC2 Linux: lab.create_cluster(template='EC2')."),
        )
    joined = [i for i in seen.instances if i.status == "ACTIVE" and i.connected]
    if len(joined) < len(seen.instances):
        return Checked(
            False,
            _(
                "{joined} of {all} instances have joined the cluster.",
                joined=len(joined),
                all=len(seen.instances),
            ),
            _("Wait a moment: an instance joins when the agent on it has started."),
        )
    return Checked(
        True,
        _("The cluster {name} has {count} instances.", name=seen.cluster, count=len(joined)),
    )


def _definition(bench: Bench, _cluster: str) -> Checked:
    found = next(mine.definitions(bench, others=OTHERS), None)
    if found is None:
        return Checked(
            False,
            _("You have not registered a task definition yet."),
            _("Register one with the form, or with lab.register_task_definition(...)."),
        )
    return Checked(True, _("Registered: {definition}.", definition=mine.short(found)))


def _task(bench: Bench, cluster: str) -> Checked:
    seen = observe(bench, cluster)
    running = [task for task in seen.tasks if task.status == "RUNNING"]
    if running:
        return Checked(True, _("Tasks that are RUNNING: {count}.", count=len(running)))
    return Checked(False, *_why_no_task(seen))


def _why_no_task(seen: Snapshot) -> tuple[Text, Text]:
    coming = [task for task in seen.tasks if task.desired == "RUNNING"]
    if coming:
        return (
            _("The task {id} is still {status}.", id=coming[-1].id[:8], status=coming[-1].status),
            _("Wait for it: lab.wait(task)."),
        )
    if seen.tasks:
        last = seen.tasks[-1]
        return (
            _("The last task stopped: {why}", why=last.stopped_reason or last.stop_code or "–"),
            _("lab.story(task) tells how it came to that; mend it and run it again."),
        )
    return (
        _("No task runs in the cluster {name}.", name=seen.cluster),
        _("Run one with the form, or with lab.run_task(...)."),
    )


def _page(bench: Bench, cluster: str) -> Checked:
    task_done = _task(bench, cluster)
    if not task_done:
        return task_done
    seen = observe(bench, cluster, locate=bench.locate, simulated=bench.simulated)
    with_page = [task for task in seen.tasks if task.url]
    if not with_page:
        return Checked(
            False,
            _("No running task opens a host port."),
            _("Add a port mapping to the task definition: host port 80, container port 80."),
        )
    return _open(with_page[-1].url)


def _open(url: str) -> Checked:
    try:
        with urllib.request.urlopen(url, timeout=PAGE_TIMEOUT) as page:
            title = page.read(4096).decode("utf-8", "replace")
            status = page.status
    except (urllib.error.URLError, OSError) as error:
        return Checked(
            False,
            _("{url} does not answer: {error}", url=url, error=error),
            _("Does the container listen on the container port, and is the security group open?"),
        )
    found = title.partition("<title>")[2].partition("</title>")[0].strip()
    return Checked(
        True, _("{url} answers {status}: {title}", url=url, status=status, title=found or "–")
    )


def _service(bench: Bench, cluster: str) -> Checked:
    seen = observe(bench, cluster)
    if not seen.services:
        return Checked(
            False,
            _("No service is in the cluster {name}.", name=cluster),
            _("Create one: lab.create_service(definition)."),
        )
    for one in seen.services:
        if one.running != one.desired or len(one.deployments) != 1:
            return Checked(
                False,
                _("The service {name} is not steady: {running} of {desired} tasks run.",
                  name=one.name, running=one.running, desired=one.desired),
                _("Wait for it: lab.wait(service). lab.events(service) says what it does."),
            )  # fmt: skip
    steady = ", ".join(f"{one.name} ({one.running}/{one.desired})" for one in seen.services)
    return Checked(True, _("Steady: {services}.", services=steady))


def _autoscaling(bench: Bench, cluster: str) -> Checked:
    found = scaled(bench, cluster)
    if not found:
        return Checked(
            False,
            _("No service of the cluster {name} is scaled by itself.", name=cluster),
            _("Scale it: lab.autoscale(service, minimum=1, maximum=4, cpu=50)."),
        )
    told = ", ".join(f"{name} ({low}–{high})" for name, low, high in found)
    return Checked(True, _("Scaled by themselves: {services}.", services=told))


def _balancer(bench: Bench, cluster: str) -> Checked:
    seen = observe(bench, cluster, locate=bench.locate, simulated=bench.simulated)
    if not seen.load_balancers:
        return Checked(
            False,
            _("No service of the cluster {name} stands behind a load balancer.", name=cluster),
            _("Create one: lab.create_service(definition, load_balancer=True)."),
        )
    for one in seen.load_balancers:
        if not any(target.state == "healthy" for target in one.targets):
            return Checked(
                False,
                _("The load balancer {name} has no healthy target.", name=one.name),
                _("Wait for the service: lab.wait(service). The picture shows how each target is."),
            )
    return _open(seen.load_balancers[-1].url)


def _stopped(bench: Bench, cluster: str) -> Checked:
    ended = [task for task in observe(bench, cluster).tasks if task.status == "STOPPED"]
    if not ended:
        return Checked(
            False,
            _("No task of the cluster {name} has stopped yet.", name=cluster),
            _("Stop one and wait: lab.stop_task(task), lab.wait(task, until='STOPPED')."),
        )
    last = max(ended, key=lambda task: task.stopped_at or 0.0)
    why = last.stopped_reason or last.stop_code or "–"
    return Checked(True, _("The task {id} has stopped: {why}", id=last.id[:8], why=why))


def _no_service(bench: Bench, cluster: str) -> Checked:
    there = [one.name for one in observe(bench, cluster).services if one.status == "ACTIVE"]
    if there:
        return Checked(
            False,
            _("In the cluster {name} there is still: {services}.",
              name=cluster, services=", ".join(there)),
            _("Delete it: lab.delete_service(service). Its tasks end with it."),
        )  # fmt: skip
    return Checked(True, _("No service is left in the cluster {name}.", name=cluster))


def _fargate(bench: Bench, _cluster: str) -> Checked:
    for arn in mine.definitions(bench, others=OTHERS):
        found = bench.client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
        if "FARGATE" in found.get("requiresCompatibilities", []):
            size = f"{found['cpu']} CPU, {found['memory']} MiB"
            return Checked(True, _("{definition} fits Fargate: {size}.",
                                   definition=mine.short(arn), size=size))  # fmt: skip
    return Checked(
        False,
        _("You have not registered a task definition for Fargate yet."),
        _("It needs requiresCompatibilities=['FARGATE'], awsvpc, and a size that Fargate has."),
    )


def _clean(bench: Bench, _cluster: str) -> Checked:
    planned = clean_up(bench, Progress(lambda _line: None), dry_run=True)
    if planned.found or planned.left:
        left = [*planned.found, *(name for name, _why in planned.left)]
        return Checked(
            False,
            _("Of yours there is still: {things}.", things=", ".join(left)),
            _("Remove it: lab.cleanup(). It goes on where it was stopped."),
        )
    return Checked(True, _("Nothing of yours is left."))


CHECKS: dict[str, Callable[[Bench, str], Checked]] = {
    "start": _start,
    "cluster": _cluster,
    "task-definition": _definition,
    "task": _task,
    "page": _page,
    "service": _service,
    "autoscaling": _autoscaling,
    "balancer": _balancer,
    "stopped": _stopped,
    "no-service": _no_service,
    "fargate": _fargate,
    "clean": _clean,
}
