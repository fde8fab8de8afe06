"""What AWS says about a cluster → the `Snapshot` a diagram is drawn from.

Few calls, since many look at one account: two lists and one DescribeTasks a hundred tasks, one
DescribeContainerInstances a hundred instances, one EC2 DescribeInstances; one list of services, and
what `observe_services` adds where there are any; and what `interfaces.open_doors` asks where tasks
have network interfaces of their own.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ecslab.model.snapshot import ContainerView, InstanceView, Snapshot, TaskView
from ecslab.steps.bench import Clients, Locate, plain_url
from ecslab.steps.interfaces import open_doors
from ecslab.steps.observe_services import Services
from ecslab.steps.recent import Look

BATCH = 100  # DescribeTasks and DescribeContainerInstances take this many
BOOTING = ("pending", "running")

Wire = Mapping[str, Any]


def observe(
    session: Clients,
    cluster: str,
    *,
    locate: Locate = plain_url,
    simulated: bool = False,
    look: Look | None = None,
) -> Snapshot:
    """Look at `cluster` once; a cluster that is not there gives a Snapshot of status MISSING.

    look: what others have just seen and how old it may be; by default, everything is asked for
    """
    look = look or Look()
    ecs = session.client("ecs")
    region = ecs.meta.region_name
    found = look.rarely(
        ("cluster", cluster), lambda: ecs.describe_clusters(clusters=[cluster])["clusters"]
    )
    if not found:
        return Snapshot(cluster, "MISSING", region, simulated=simulated, at=time.time())
    tasks = _tasks(ecs, cluster, look)
    instances = look.often(("instances", cluster), lambda: _instances(ecs, cluster))
    machines = look.rarely(
        ("machines", cluster, *sorted(one["containerInstanceArn"] for one in instances)),
        lambda: _machines(session.client("ec2"), cluster, instances),
    )
    ips = {m["InstanceId"]: m.get("PublicIpAddress", "") for m in machines}
    views = [_instance_view(one, ips) for one in instances]
    homes, doors = {view.id: view for view in views}, open_doors(session, tasks)
    seen = tuple(_task_view(task, homes, doors, locate) for task in tasks)
    services = Services(session, cluster, look)
    return Snapshot(
        cluster=found[0]["clusterName"],
        status=found[0]["status"],
        region=region,
        account=found[0]["clusterArn"].split(":")[4],
        simulated=simulated,
        at=time.time(),
        instances=tuple(sorted([*views, *_booting(machines, views)], key=_place)),
        tasks=seen,
        services=services.views(),
        load_balancers=services.balancers(seen, views, locate),
        events=services.events(),
    )


def _place(instance: InstanceView) -> tuple[str, str]:
    return instance.availability_zone, instance.ec2_id


def _tasks(ecs: Any, cluster: str, look: Look) -> list[Wire]:
    arns: list[str] = []
    for desired in ("RUNNING", "STOPPED"):
        pages = ecs.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus=desired)
        arns += [arn for page in pages for arn in page["taskArns"]]
    found = described_tasks(ecs, cluster, arns, look).values()
    return sorted(found, key=lambda task: (seconds(task.get("createdAt")) or 0.0, task["taskArn"]))


def described_tasks(ecs: Any, cluster: str, arns: Sequence[str], look: Look) -> dict[str, Wire]:
    """ARN → the task as DescribeTasks gives it, of those that ECS knows, a hundred a call.

    What another has just seen is not asked for again.
    """
    recent = look.recent
    with recent.turn(("tasks", cluster)):
        found = {arn: task for arn in arns if (task := recent.kept(arn, look.within)) is not None}
        for part in _batches([arn for arn in arns if arn not in found]):
            began = time.monotonic()
            for task in ecs.describe_tasks(cluster=cluster, tasks=part)["tasks"]:
                found[task["taskArn"]] = task
                recent.keep(task["taskArn"], task, began)
    return found


def _instances(ecs: Any, cluster: str) -> list[Wire]:
    pages = ecs.get_paginator("list_container_instances").paginate(cluster=cluster)
    found: list[Wire] = []
    for part in _batches([arn for page in pages for arn in page["containerInstanceArns"]]):
        answer = ecs.describe_container_instances(cluster=cluster, containerInstances=part)
        found += answer["containerInstances"]
    return found


def _batches(arns: Sequence[str]) -> Iterable[Sequence[str]]:
    return (arns[start : start + BATCH] for start in range(0, len(arns), BATCH))


def _machines(ec2: Any, cluster: str, instances: Sequence[Wire]) -> list[Wire]:
    """EC2 instances of the cluster: those that joined, and those tagged for it that have not.

    An instance is known to be on its way by its Name tag, which the stack gives it.
    """
    found: dict[str, Wire] = {}
    states = {"Name": "instance-state-name", "Values": list(BOOTING)}
    named = [{"Name": "tag:Name", "Values": [cluster]}, states]
    for machine in _pages(ec2, Filters=named):
        found[machine["InstanceId"]] = machine
    # A machine that is not EC2's (ECS Anywhere) has no such id.
    ids = {one["ec2InstanceId"] for one in instances if one.get("ec2InstanceId")}
    rest = sorted(ids - found.keys())
    if rest:
        # By filter, not by id: an id that is gone would be an error.
        for machine in _pages(ec2, Filters=[{"Name": "instance-id", "Values": rest}]):
            found[machine["InstanceId"]] = machine
    return list(found.values())


def _pages(ec2: Any, **request: Any) -> Iterable[Wire]:
    for page in ec2.get_paginator("describe_instances").paginate(**request):
        for reservation in page["Reservations"]:
            yield from reservation["Instances"]


def _booting(machines: Iterable[Wire], joined: Sequence[InstanceView]) -> list[InstanceView]:
    there = {view.ec2_id for view in joined}
    return [
        InstanceView(
            id=machine["InstanceId"],
            ec2_id=machine["InstanceId"],
            status="BOOTING",
            connected=False,
            instance_type=machine.get("InstanceType", ""),
            availability_zone=machine.get("Placement", {}).get("AvailabilityZone", ""),
            public_ip=machine.get("PublicIpAddress", ""),
        )
        for machine in machines
        if machine["InstanceId"] not in there and machine["State"]["Name"] in BOOTING
    ]


def _instance_view(instance: Wire, ips: Mapping[str, str]) -> InstanceView:
    all_of = {r["name"]: r for r in instance.get("registeredResources", [])}
    free = {r["name"]: r for r in instance.get("remainingResources", [])}
    attributes = {a["name"]: a.get("value", "") for a in instance.get("attributes", [])}
    own = set(_ports(all_of))
    return InstanceView(
        id=_last(instance["containerInstanceArn"]),
        ec2_id=instance.get("ec2InstanceId", ""),
        status=instance["status"],
        connected=instance["agentConnected"],
        instance_type=attributes.get("ecs.instance-type", ""),
        availability_zone=attributes.get("ecs.availability-zone", ""),
        cpu=_amount(all_of, "CPU"),
        memory=_amount(all_of, "MEMORY"),
        cpu_free=_amount(free, "CPU"),
        memory_free=_amount(free, "MEMORY"),
        # "Remaining" ports are, oddly, the ones that are taken.
        ports=tuple(port for port in _ports(free) if port not in own),
        public_ip=ips.get(instance.get("ec2InstanceId", ""), ""),
    )


def _amount(resources: Mapping[str, Wire], name: str) -> int:
    return int(resources.get(name, {}).get("integerValue", 0))


def _ports(resources: Mapping[str, Wire]) -> list[int]:
    return sorted(int(port) for port in resources.get("PORTS", {}).get("stringSetValue", []))


def _task_view(
    task: Wire,
    instances: Mapping[str, InstanceView],
    doors: Mapping[str, tuple[str, int]],
    locate: Locate,
) -> TaskView:
    door = doors.get(task["taskArn"])
    home = _last(task["containerInstanceArn"]) if task.get("containerInstanceArn") else None
    group = task.get("group", "")
    return TaskView(
        id=_last(task["taskArn"]),
        definition=_last(task["taskDefinitionArn"]),
        status=task["lastStatus"],
        desired=task["desiredStatus"],
        launch_type=task.get("launchType", "EC2"),
        instance=home,
        service=group.removeprefix("service:") if group.startswith("service:") else None,
        health=task.get("healthStatus", "UNKNOWN"),
        cpu=int(task.get("cpu") or 0),
        memory=int(task.get("memory") or 0),
        containers=tuple(_container_view(c) for c in task.get("containers", [])),
        stopped_reason=task.get("stoppedReason", ""),
        stop_code=task.get("stopCode", ""),
        started_by=task.get("startedBy", ""),
        availability_zone=task.get("availabilityZone", ""),
        address=_address(task),
        url=locate(*door) if door else _url(task, instances.get(home or ""), locate),
        created_at=seconds(task.get("createdAt")) or 0.0,
        started_at=seconds(task.get("startedAt")),
        stopped_at=seconds(task.get("stoppedAt")),
    )


def _container_view(container: Wire) -> ContainerView:
    return ContainerView(
        name=container["name"],
        image=container.get("image", ""),
        status=container.get("lastStatus", "PENDING"),
        health=container.get("healthStatus", "UNKNOWN"),
        exit_code=container.get("exitCode"),
        reason=container.get("reason", ""),
        ports=tuple(
            f"{b['hostPort']}→{b['containerPort']}/{b.get('protocol', 'tcp')}"
            for b in container.get("networkBindings", [])
        ),
    )


def _address(task: Wire) -> str:
    for attachment in task.get("attachments", []):
        for detail in attachment.get("details", []):
            if detail.get("name") == "privateIPv4Address":
                return str(detail.get("value", ""))
    return ""


def _url(task: Wire, home: InstanceView | None, locate: Locate) -> str:
    if home is None or not home.public_ip or task["lastStatus"] != "RUNNING":
        return ""
    for container in task.get("containers", []):
        for binding in container.get("networkBindings", []):
            if binding.get("protocol", "tcp") == "tcp":
                return locate(home.public_ip, binding["hostPort"])
    return ""


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def seconds(moment: datetime.datetime | float | None) -> float | None:
    """Seconds since the epoch of what boto3 gives for a timestamp."""
    return moment.timestamp() if isinstance(moment, datetime.datetime) else moment
