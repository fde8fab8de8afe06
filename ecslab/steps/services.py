"""Services: create, change, wait until steady, read the events, delete."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.balancer import short_name, target_group
from ecslab.steps.bench import Bench
from ecslab.steps.network import network_of
from ecslab.steps.observe import seconds
from ecslab.steps.progress import SHARED, Progress
from ecslab.steps.shown import headed
from ecslab.steps.things import Url

_ = translator("steps")

WAIT_TIMEOUT = 900.0
GRACE = 30
"""Seconds a new task's failing health checks are overlooked; without it a slow start is fatal."""
DRAIN_TIMEOUT = 600.0
"""Seconds; connections are drained, and tasks get 30 s to end."""


@dataclass(frozen=True)
class Service:
    """A service, as it was when it was last looked at."""

    name: str
    cluster: str
    arn: str
    definition: str
    """``family:revision``."""
    desired: int = 0
    running: int = 0
    dns: str = ""
    """The DNS name of its load balancer; "" without one."""

    def __str__(self) -> str:
        count = _("{running} of {desired} running", running=self.running, desired=self.desired)
        return f"{self.name} ({self.definition}) {count}"


@dataclass(frozen=True)
class Events:
    """What ECS says about a service, newest first."""

    service: str
    said: tuple[tuple[float, str], ...]

    def lines(self) -> list[str]:
        """A line each, with its time."""
        return [f"{_clock(at)}  {brief(message)}" for at, message in self.said]

    def __str__(self) -> str:
        return "\n".join([self.service, *(f"  {line}" for line in self.lines())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.service, self.lines())


def brief(message: str) -> str:
    """An event in ECS's words, with ids shortened to what tells them apart."""
    return _LONG_ID.sub(r"\1", _GROUP_ARN.sub(r"\1", message))


_GROUP_ARN = re.compile(r"arn:[^\s)]*:targetgroup/([^/\s)]+)/[0-9a-f]+")
_LONG_ID = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")


def _clock(at: float) -> str:
    return datetime.datetime.fromtimestamp(at).strftime("%H:%M:%S")


def find_service(bench: Bench, cluster: str, name: str) -> dict[str, Any] | None:
    """The service that is not INACTIVE, as DescribeServices gives it; None if there is none."""
    found = bench.client("ecs").describe_services(cluster=cluster, services=[name])["services"]
    return next((one for one in found if one["status"] != "INACTIVE"), None)


def create_service(
    bench: Bench, request: Mapping[str, Any], balanced: bool, progress: Progress
) -> Service:
    """Create the service `request` (CreateService's input) asks for.

    balanced: with a load balancer in front of its first container that has a port mapping. One
    that is there already is brought to the task definition and the count that are asked for.
    """
    cluster, name = request["cluster"], request["serviceName"]
    there = _settled(bench, cluster, name, progress)
    wanted = {
        "launchType": "EC2",
        "enableECSManagedTags": True,
        "propagateTags": "SERVICE",
        **request,
        "tags": bench.ecs_tags(request.get("tags") or ()),
    }
    if there is not None:
        progress.say(_("The service {name} is there already.", name=name))
        changes = {key: wanted[key] for key in ("taskDefinition", "desiredCount")}
        return update_service(bench, handle(bench, there), changes, progress)
    definition = _definition(bench, wanted["taskDefinition"])
    awsvpc = definition.get("networkMode") == "awsvpc"
    network = network_of(bench, cluster) if balanced or awsvpc else None
    if network is not None and awsvpc:
        public = wanted["launchType"] == "FARGATE"
        wanted.setdefault("networkConfiguration", network.of_task(public=public))
    dns = ""
    if network is not None and balanced:
        container, port = _first_port(definition)
        kind = "ip" if awsvpc else "instance"
        group, dns = target_group(bench, short_name(cluster, name), network, kind, progress)
        wanted["loadBalancers"] = [
            {"targetGroupArn": group, "containerName": container, "containerPort": port}
        ]
        wanted.setdefault("healthCheckGracePeriodSeconds", GRACE)
    progress.check()
    made = bench.client("ecs").create_service(**wanted)["service"]
    progress.say(_("✓ Made the service {name}.", name=name))
    return _view(made, dns)


def _settled(bench: Bench, cluster: str, name: str, progress: Progress) -> dict[str, Any] | None:
    """The ACTIVE service of this name; one that is being deleted is waited for."""

    def look() -> tuple[dict[str, Any] | None] | None:
        found = find_service(bench, cluster, name)
        if found is not None and found["status"] == "DRAINING":
            progress.say(_("An earlier service {name} is still being deleted.", name=name))
            return None
        return (found,)

    return progress.until(
        look,
        timeout=DRAIN_TIMEOUT,
        late=lambda: EcslabError(
            _("The earlier service {name} does not go.", name=name),
            _("lab.diagram() shows its tasks; run this again later."),
        ),
    )[0]


def _definition(bench: Bench, name: str) -> dict[str, Any]:
    answer = bench.client("ecs").describe_task_definition(taskDefinition=name)
    return dict(answer["taskDefinition"])


def _first_port(definition: Mapping[str, Any]) -> tuple[str, int]:
    for container in definition["containerDefinitions"]:
        for mapping in container.get("portMappings", []):
            return container["name"], int(mapping["containerPort"])
    raise EcslabError(
        _("No container of {family} opens a port.", family=definition["family"]),
        _("A load balancer needs one: add portMappings to the task definition."),
    )


def update_service(
    bench: Bench, service: Service, changes: Mapping[str, Any], progress: Progress
) -> Service:
    """Change a service: its task definition, its count, or what else UpdateService takes."""
    progress.check()
    answer = bench.client("ecs").update_service(
        cluster=service.cluster, service=service.name, **changes
    )
    now = _view(answer["service"], service.dns)
    progress.say(_("✓ The service is to be: {definition}, {count} tasks.",
                   definition=now.definition, count=now.desired))  # fmt: skip
    return now


def delete_service(bench: Bench, service: Service, progress: Progress) -> None:
    """Delete a service with its tasks and wait until they have ended; its balancer stays."""
    remove_service(bench, service.cluster, service.name, progress)
    progress.say(_("✓ The service {name} is deleted.", name=service.name))


def remove_service(bench: Bench, cluster: str, name: str, progress: Progress) -> None:
    """As `delete_service`, by name and without a word."""
    if (find_service(bench, cluster, name) or {}).get("status") != "DRAINING":
        bench.client("ecs").delete_service(cluster=cluster, service=name, force=True)

    def look() -> bool | None:
        return True if find_service(bench, cluster, name) is None else None

    progress.until(
        look,
        timeout=DRAIN_TIMEOUT,
        late=lambda: EcslabError(
            _("Tasks of the service {name} do not end.", name=name),
            _("lab.diagram() shows which; run this again later."),
        ),
    )


def wait(
    bench: Bench, service: Service, progress: Progress, timeout: float = WAIT_TIMEOUT
) -> Service:
    """Wait until a service is steady: one deployment, completed, with all its tasks.

    Says the counts and ECS's events as they change. Raises EcslabError with the reason when its
    deployment failed, or after `timeout` seconds.
    """
    heard = {event["id"] for event in _described(bench, service)["events"]}

    def look() -> Service | None:
        now = _just_seen(bench, service, progress.pace * SHARED)
        for event in reversed([one for one in now["events"] if one["id"] not in heard]):
            heard.add(event["id"])
            progress.say(brief(event["message"]))
        primary = next(one for one in now["deployments"] if one["status"] == "PRIMARY")
        if primary.get("rolloutState") == "FAILED":
            raise EcslabError(
                _("The deployment of {name} failed: {why}", name=service.name,
                  why=primary.get("rolloutStateReason", "–")),
                _("lab.events(service) tells how it came to that."),
            )  # fmt: skip
        return _view(now, service.dns) if steady(now) else None

    def late() -> EcslabError:
        return EcslabError(
            _("The service {name} is not steady after {seconds:.0f} s.", name=service.name,
              seconds=timeout),
            _("lab.events(service) says why; run this again to wait longer."),
        )  # fmt: skip

    return progress.until(look, timeout=timeout, late=late)


def _just_seen(bench: Bench, service: Service, within: float) -> Mapping[str, Any]:
    """The service as a live picture has seen it within these seconds, else as it is now."""
    seen = bench.recent.kept(("services", service.cluster), within) or ()
    there = (one for one in seen if one["serviceName"] == service.name)
    return next(there, None) or _described(bench, service)


def steady(described: Mapping[str, Any]) -> bool:
    """Whether a service, as DescribeServices gives it, has all it wants and nothing to replace."""
    deployments = described["deployments"]
    return (
        len(deployments) == 1
        and deployments[0].get("rolloutState", "COMPLETED") == "COMPLETED"
        and described["runningCount"] == described["desiredCount"]
    )


def events(bench: Bench, service: Service, count: int) -> Events:
    """The newest events of a service."""
    now = _described(bench, service)
    said = tuple((seconds(one["createdAt"]) or 0.0, one["message"]) for one in now["events"])
    return Events(str(_view(now, service.dns)), said[:count])


def url(bench: Bench, service: Service) -> Url:
    """The page of a service's load balancer, where it can be opened."""
    if not service.dns:
        raise EcslabError(
            _("The service {name} has no load balancer.", name=service.name),
            _("Create it with one: lab.create_service(definition, load_balancer=True)."),
        )
    return Url(bench.locate(service.dns, 80))


def _described(bench: Bench, service: Service) -> dict[str, Any]:
    found = find_service(bench, service.cluster, service.name)
    if found is None:
        raise EcslabError(
            _("There is no service {name} in the cluster {cluster}.", name=service.name,
              cluster=service.cluster),
            _("Create one: lab.create_service(definition)."),
        )  # fmt: skip
    return found


def handle(bench: Bench, described: Mapping[str, Any]) -> Service:
    """The handle of a service that DescribeServices gave, with its balancer's DNS name."""
    return _view(described, next(_names(bench, described), ""))


def _names(bench: Bench, described: Mapping[str, Any]) -> Iterator[str]:
    elb = bench.client("elbv2")
    for one in described.get("loadBalancers", []):
        group = elb.describe_target_groups(TargetGroupArns=[one["targetGroupArn"]])
        arns = group["TargetGroups"][0]["LoadBalancerArns"]
        if arns:
            answer = elb.describe_load_balancers(LoadBalancerArns=arns)
            yield from (balancer["DNSName"] for balancer in answer["LoadBalancers"])


def _view(described: Mapping[str, Any], dns: str) -> Service:
    return Service(
        name=described["serviceName"],
        cluster=described["clusterArn"].rsplit("/", 1)[-1],
        arn=described["serviceArn"],
        definition=described["taskDefinition"].rsplit("/", 1)[-1],
        desired=described["desiredCount"],
        running=described["runningCount"],
        dns=dns,
    )
