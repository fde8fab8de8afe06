"""Whether ECS, EC2, the load balancer and the runtime tell one story, and nothing is left over.

Asked over the API and, for the containers, of the runtime's own books; what should be is counted
here anew from the tasks and their definitions.
"""

from __future__ import annotations

from collections import Counter

from ecslab.sandbox import probe


def everything(ecs, name, found, **request):
    """All pages of a List operation."""
    pages = ecs.get_paginator(name).paginate(**request)
    return [arn for page in pages for arn in page[found]]


def live_tasks(ecs, cluster="web"):
    """The tasks that are not STOPPED, described."""
    arns = everything(ecs, "list_tasks", "taskArns", cluster=cluster)
    arns += everything(ecs, "list_tasks", "taskArns", cluster=cluster, desiredStatus="STOPPED")
    found = []
    for start in range(0, len(arns), 100):
        found += ecs.describe_tasks(cluster=cluster, tasks=arns[start : start + 100])["tasks"]
    return [one for one in found if one["lastStatus"] != "STOPPED"]


def faults(served, group=None):
    """Sentences on all that does not fit together; none where all is well."""
    ecs = served.client()
    tasks = live_tasks(ecs)
    return [
        *_services(ecs, tasks),
        *_containers(served, tasks),
        *_instances(ecs, tasks),
        *_targets(served, ecs, tasks, group),
        *_interfaces(served, tasks),
    ]


def services(ecs):
    """Every ACTIVE service, described."""
    arns = everything(ecs, "list_services", "serviceArns", cluster="web")
    described = []
    for start in range(0, len(arns), 10):
        answer = ecs.describe_services(cluster="web", services=arns[start : start + 10])
        described += answer["services"]
    return described


def _services(ecs, tasks):
    for one in services(ecs):
        counts = (one["desiredCount"], one["runningCount"], one["pendingCount"])
        mine = [task for task in tasks if task["group"] == f"service:{one['serviceName']}"]
        if counts != (one["desiredCount"], one["desiredCount"], 0):
            yield f"{one['serviceName']}: desired, running, pending are {counts}"
        if len(mine) != one["desiredCount"]:
            yield f"{one['serviceName']}: {len(mine)} tasks are there"
        states = [each["rolloutState"] for each in one["deployments"]]
        if states != ["COMPLETED"]:
            yield f"{one['serviceName']}: its deployments are {states}"


def _containers(served, tasks):
    """Each live task's containers run, nobody else's do, and only they hold ports."""
    held = probe.ask(served.port, "containers", timeout=20)["containers"]
    running = Counter(tuple(one["key"]) for one in held if one["running"])
    wanted = Counter(
        (task["taskArn"], container["name"])
        for task in tasks
        for container in task["containers"]
        if container["lastStatus"] == "RUNNING"
    )
    if running != wanted:
        yield f"containers too many: {running - wanted}; too few: {wanted - running}"
    for one in held:
        if one["ports"] and not one["running"]:
            yield f"{one['key']} is over and holds {one['ports']}"
    taken = Counter(tuple(at) for one in held for at in one["ports"])
    if any(times > 1 for times in taken.values()):
        yield f"ports twice: {taken}"


def _instances(ecs, tasks):
    """What is left of each instance is what its tasks do not take."""
    sizes: dict[str, tuple[int, int]] = {}
    arns = everything(ecs, "list_container_instances", "containerInstanceArns", cluster="web")
    if not arns:
        return
    told = ecs.describe_container_instances(cluster="web", containerInstances=arns)
    for one in told["containerInstances"]:
        cpu, memory = (_resource(one["registeredResources"], n) for n in ("CPU", "MEMORY"))
        mine = [t for t in tasks if t.get("containerInstanceArn") == one["containerInstanceArn"]]
        for task in mine:
            taken = _size(ecs, task["taskDefinitionArn"], sizes)
            cpu, memory = cpu - taken[0], memory - taken[1]
        left = tuple(_resource(one["remainingResources"], n) for n in ("CPU", "MEMORY"))
        if left != (cpu, memory):
            yield f"{one['ec2InstanceId']} has {left} left, not {(cpu, memory)}"
        if one["runningTasksCount"] + one["pendingTasksCount"] != len(mine):
            yield f"{one['ec2InstanceId']} counts other tasks than its {len(mine)}"


def _resource(listed, name):
    return next(one["integerValue"] for one in listed if one["name"] == name)


def _size(ecs, arn, known):
    if arn not in known:
        value = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        containers = value["containerDefinitions"]
        known[arn] = (
            sum(one.get("cpu", 0) for one in containers),
            sum(one.get("memory", 0) for one in containers),
        )
    return known[arn]


def _targets(served, ecs, tasks, group):
    """The balanced services' tasks are registered, each once, and nobody else is."""
    if group is None:
        return
    balanced = {
        f"service:{one['serviceName']}"
        for one in services(ecs)
        if any(each["targetGroupArn"] == group for each in one["loadBalancers"])
    }
    wanted = Counter(
        binding["hostPort"]
        for task in tasks
        if task["group"] in balanced
        for container in task["containers"]
        for binding in container.get("networkBindings", ())
    )
    told = served.client("elbv2").describe_target_health(TargetGroupArn=group)
    targets = told["TargetHealthDescriptions"]
    if Counter(one["Target"]["Port"] for one in targets) != wanted:
        yield f"targets are {targets}, tasks' ports {wanted}"
    if any(one["TargetHealth"]["State"] != "healthy" for one in targets):
        yield f"not all are healthy: {targets}"


def _interfaces(served, tasks):
    """Each awsvpc task has its interface, and no other is left."""
    wanted = {
        detail["value"]
        for task in tasks
        for attachment in task["attachments"]
        for detail in attachment["details"]
        if detail["name"] == "networkInterfaceId"
    }
    told = served.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    there = {one["NetworkInterfaceId"] for one in told if ":ecs:" in one.get("Description", "")}
    if there != wanted:
        yield f"network interfaces {there}, tasks have {wanted}"
