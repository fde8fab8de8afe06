"""Create a cluster: with machines from one CloudFormation stack, or (FARGATE) the cluster alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps import stack as stacks
from ecslab.steps.bench import Bench
from ecslab.steps.calls import Call, planned
from ecslab.steps.claim import TakenError, claim, outlived
from ecslab.steps.priced import price_line
from ecslab.steps.progress import SHARED, Progress
from ecslab.steps.remedies import remedy, scrubbed
from ecslab.steps.settings import ClusterSettings
from ecslab.steps.things import Cluster

_ = translator("steps")

STACK_TIMEOUT = 900.0
JOIN_TIMEOUT = 600.0
"""Seconds; on AWS an instance takes one to two minutes to join."""


def create_cluster(bench: Bench, wanted: ClusterSettings, progress: Progress) -> Cluster:
    """Make the cluster `wanted` says; what is there already is kept.

    Raises EcslabError when a setting is wrong, a resource cannot be made, or the instances do not
    join in time.
    """
    for problem in wanted.check():
        raise EcslabError(_("{field}: {problem}", field=problem.field, problem=problem.message))
    zones = _zones(bench, wanted.instance_type) if wanted.template == "EC2" else []
    arn = _cluster(bench, wanted.name, progress)
    if wanted.template != "EC2":
        return Cluster(wanted.name, arn)
    name = _stack(bench, wanted, zones, progress)
    joined = _joined(bench, wanted, progress)
    made = Cluster(wanted.name, arn, name, tuple(joined))
    progress.say(_("✓ Ready: {cluster}.", cluster=made))
    return made


MARKS = 9
"""How many clusters of somebody else's may stand under our own name."""


def create_own(bench: Bench, wanted: ClusterSettings, progress: Progress) -> Cluster:
    """As `create_cluster`; where the name is somebody else's, under it with a number behind."""
    own = wanted.name
    for number in range(2, MARKS + 2):
        try:
            return create_cluster(bench, wanted, progress)
        except TakenError as error:  # noqa: PERF203  # at most nine times, each a call to AWS
            if number > MARKS:
                raise
            wanted = replace(wanted, name=f"{own}-{number}")
            progress.say(error.message)
            progress.say(_("So yours is called {name}.", name=wanted.name))
    raise AssertionError("the last try returns or raises")


def planned_calls(bench: Bench, wanted: ClusterSettings) -> list[Call]:
    """The calls that make this cluster where nothing of it is there yet; nothing is asked for.

    The zones come from an answer, so they are shown as ``<zone A>`` and ``<zone B>``.
    """
    alone = planned("ecs", "CreateCluster", _cluster_request(bench, wanted.name))
    if wanted.template != "EC2":
        return [alone]
    stack = _stack_request(bench, wanted, ["<zone A>", "<zone B>"])
    return [
        planned("ec2", "DescribeInstanceTypeOfferings", _zones_request(wanted.instance_type)),
        alone,
        planned("cloudformation", "CreateStack", stack),
    ]


def _zones_request(instance_type: str) -> dict[str, Any]:
    return {
        "LocationType": "availability-zone",
        "Filters": [{"Name": "instance-type", "Values": [instance_type]}],
    }


def _cluster_request(bench: Bench, name: str) -> dict[str, Any]:
    return {"clusterName": name, "tags": bench.ecs_tags()}


def _stack_request(bench: Bench, wanted: ClusterSettings, zones: list[str]) -> dict[str, Any]:
    return {
        "StackName": stacks.stack_name(wanted.name),
        "TemplateBody": stacks.template(wanted.name, bench.tags),
        "Parameters": _as_list(_values(wanted, zones)),
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": bench.aws_tags(),
    }


def _values(wanted: ClusterSettings, zones: list[str]) -> dict[str, str]:
    role = stacks.role_name(wanted.instance_role, wanted.name)
    return stacks.parameters(wanted.instance_type, wanted.instances, role, zones)


def _zones(bench: Bench, instance_type: str) -> list[str]:
    """Two availability zones that offer this type: not every zone has every type."""
    request = _zones_request(instance_type)
    answer = bench.client("ec2").describe_instance_type_offerings(**request)
    zones = sorted(offer["Location"] for offer in answer["InstanceTypeOfferings"])
    if len(zones) < 2:
        raise EcslabError(
            _("{type} is not offered in two zones of this region.", type=instance_type),
            _("Choose another instance type (t3.micro is nearly everywhere) or region."),
        )
    return zones[:2]


def find_cluster(bench: Bench, name: str) -> dict[str, Any] | None:
    """The ACTIVE cluster of this name, as DescribeClusters gives it; None if there is none."""
    answer = bench.client("ecs").describe_clusters(clusters=[name], include=["TAGS"])
    return next((c for c in answer["clusters"] if c["status"] == "ACTIVE"), None)


def _cluster(bench: Bench, name: str, progress: Progress) -> str:
    progress.check()
    found = find_cluster(bench, name)
    if found is not None:
        tags = found.get("tags", [])
        claim(bench, _("The cluster {name}", name=name), tags)
        progress.say(_("The cluster {name} is there already.", name=name))
        if outlived(bench, tags):  # who goes on working keeps what there is
            arn = found["clusterArn"]
            bench.client("ecs").tag_resource(resourceArn=arn, tags=bench.ecs_tags())
        return str(found["clusterArn"])
    made = bench.client("ecs").create_cluster(**_cluster_request(bench, name))
    progress.say(_("✓ Made the cluster {name}.", name=name))
    return str(made["cluster"]["clusterArn"])


def _stack(bench: Bench, wanted: ClusterSettings, zones: list[str], progress: Progress) -> str:
    name = stacks.stack_name(wanted.name)
    values = _values(wanted, zones)
    found = _settled(bench, name, progress)
    if found is not None:
        claim(bench, _("The stack {name}", name=name), found.get("Tags", []))
    if found is not None and found["StackStatus"] in _BROKEN:
        progress.say(_("An earlier stack {name} failed: it is deleted first.", name=name))
        delete_stack(bench, name, progress)
        found = None
    if found is None:
        each = bench.prices.machine(wanted.instance_type)
        what = f"{wanted.instances} × {wanted.instance_type}"
        progress.say(price_line(bench, what, each and each * wanted.instances))
        _create(bench, name, _stack_request(bench, wanted, zones))
        progress.say(_("The stack {name} makes network, role and instances.", name=name))
    elif _differs(found, values):
        _update(bench, name, values)
        progress.say(_("The stack {name} is changed to what you asked for.", name=name))
    else:
        progress.say(_("The stack {name} is there already.", name=name))
        return name
    made = _settled(bench, name, progress)
    if made is None or made["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise _failed(bench, name)
    progress.say(_("✓ The stack {name} is complete.", name=name))
    return name


def _create(bench: Bench, name: str, request: dict[str, Any]) -> None:
    """Make the stack; one that has come to be since we looked is the one, if it is the learner's.

    So it is when CloudFormation's answer was lost on its way, or two cells were run at once.
    """
    cloudformation = bench.client("cloudformation")
    try:
        cloudformation.create_stack(**request)
    except cloudformation.exceptions.AlreadyExistsException:
        there = find_stack(bench, name)
        claim(bench, _("The stack {name}", name=name), (there or {}).get("Tags", []))


_BROKEN = (
    "CREATE_FAILED",
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "DELETE_FAILED",
    "UPDATE_ROLLBACK_FAILED",
)


def _as_list(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def _update(bench: Bench, name: str, values: dict[str, str]) -> None:
    bench.client("cloudformation").update_stack(
        StackName=name,
        UsePreviousTemplate=True,
        Parameters=_as_list(values),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=bench.aws_tags(),
    )


def _differs(found: dict[str, Any], values: dict[str, str]) -> bool:
    """Whether the stack was made with other values; zones are where they are."""
    there = {p["ParameterKey"]: p.get("ParameterValue") for p in found.get("Parameters", [])}
    return any(there.get(key) != values[key] for key in ("InstanceType", "Instances"))


def find_stack(bench: Bench, name: str) -> dict[str, Any] | None:
    """The stack of this name, as DescribeStacks gives it; None if there is none."""
    from botocore.exceptions import ClientError

    try:
        found = bench.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # CloudFormation has no code of its own for "there is none".
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise
    living = [s for s in found if s["StackStatus"] != "DELETE_COMPLETE"]
    return living[0] if living else None


def _settled(bench: Bench, name: str, progress: Progress) -> dict[str, Any] | None:
    """The stack once nothing is in progress any more; None if there is none."""

    def look() -> tuple[dict[str, Any] | None] | None:
        found = find_stack(bench, name)
        if found is None:
            return (None,)
        status = found["StackStatus"]
        if status.endswith("_IN_PROGRESS"):
            progress.say(_("The stack {name}: {status}", name=name, status=status))
            return None
        return (found,)

    return progress.until(
        look,
        timeout=STACK_TIMEOUT,
        late=lambda: EcslabError(
            _("The stack {name} is still not finished.", name=name),
            _("Look at its events in the CloudFormation console, then run this again."),
        ),
    )[0]


def delete_stack(bench: Bench, name: str, progress: Progress) -> None:
    """Delete a stack and wait until it is gone; raises EcslabError with the reason if it stays."""
    bench.client("cloudformation").delete_stack(StackName=name)
    if _settled(bench, name, progress) is not None:
        raise _failed(bench, name)


def _failed(bench: Bench, name: str) -> EcslabError:
    """What a stack that is not complete ended with, in CloudFormation's own words."""
    told = [one for one in _latest_events(bench, name) if one.get("ResourceStatusReason")]
    failed = [one for one in told if one["ResourceStatus"].endswith("_FAILED")]
    turned = [one for one in told if one["ResourceStatus"].endswith("ROLLBACK_IN_PROGRESS")]
    if not failed and not turned:
        return EcslabError(
            _("The stack {name} could not be completed.", name=name),
            _("Look at its events in the CloudFormation console, then run this again."),
        )
    first = min(failed or turned, key=lambda event: event["Timestamp"])
    reason = scrubbed(first["ResourceStatusReason"])
    return EcslabError(
        _(
            "The stack {name} failed at {resource}: {reason}",
            name=name,
            resource=first.get("LogicalResourceId", "?"),
            reason=reason,
        ),
        remedy(reason)
        or _("Mend the cause and run this again, or lab.cleanup() to remove what was made."),
    )


def _latest_events(bench: Bench, name: str) -> list[dict[str, Any]]:
    """The events since the stack was last asked for something: what failed before is over."""
    events: list[dict[str, Any]] = []
    pages = bench.client("cloudformation").get_paginator("describe_stack_events")
    for page in pages.paginate(StackName=name):
        for event in page["StackEvents"]:  # newest first
            events.append(event)
            whole = event.get("PhysicalResourceId") == event["StackId"]
            if whole and event["ResourceStatus"] in _BEGINNINGS:
                return events
    return events


_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")


def _joined(bench: Bench, wanted: ClusterSettings, progress: Progress) -> list[str]:
    """Wait until the agents of all instances are connected; the EC2 ids."""

    def look() -> list[str] | None:
        connected = connected_instances(bench, wanted.name, within=progress.pace * SHARED)
        progress.say(
            _(
                "{joined} of {wanted} instances have joined the cluster.",
                joined=len(connected),
                wanted=wanted.instances,
            )
        )
        return connected if len(connected) >= wanted.instances else None

    return progress.until(
        look,
        timeout=JOIN_TIMEOUT,
        late=lambda: EcslabError(
            _("Not all instances have joined the cluster {name}.", name=wanted.name),
            _(
                "Does the role allow it, and can they reach ECS over the internet gateway? "
                "Look at the instances in the EC2 console, or run this again to wait longer."
            ),
        ),
    )


def connected_instances(bench: Bench, cluster: str, within: float = 0.0) -> list[str]:
    """EC2 ids of the ACTIVE container instances whose agent is connected."""
    return sorted(
        instance["ec2InstanceId"]
        for instance in bench.recent.get(
            ("instances", cluster), within, lambda: describe_instances(bench, cluster)
        )
        if instance["agentConnected"]
        and instance["status"] == "ACTIVE"
        and instance.get("ec2InstanceId")  # ECS Anywhere's have none
    )


def describe_instances(bench: Bench, cluster: str) -> list[dict[str, Any]]:
    """All container instances of a cluster, as DescribeContainerInstances gives them."""
    ecs = bench.client("ecs")
    pages = ecs.get_paginator("list_container_instances").paginate(cluster=cluster)
    arns = [arn for page in pages for arn in page["containerInstanceArns"]]
    found: list[dict[str, Any]] = []
    for start in range(0, len(arns), 100):
        part = arns[start : start + 100]
        answer = ecs.describe_container_instances(cluster=cluster, containerInstances=part)
        found += answer["containerInstances"]
    return found
