"""What is there, in the words of the API: state to wire form. Times are seconds since the epoch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ecslab.controlplane.load import Load, weight
from ecslab.controlplane.state import Definition, State, Tally
from ecslab.model.agent_messages import NetworkBinding
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.service import Share
from ecslab.model.task import Container, Task

Wire = dict[str, Any]
FARGATE_STORAGE = 20
"""GiB of ephemeral storage a Fargate task has unless it asks for more."""


def failure(arn: str, reason: str, detail: str | None = None) -> Wire:
    """One line of `failures`."""
    made = {"arn": arn, "reason": reason}
    return made if detail is None else {**made, "detail": detail}


def tags_of(state: State, arn: str) -> list[Wire]:
    """The tags of a resource."""
    return [{"key": tag.key, "value": tag.value} for tag in state.tags.get(arn, ())]


# -- clusters -------------------------------------------------------------------------------------


def cluster(state: State, one: Cluster, include: tuple[str, ...] = ()) -> Wire:
    """A cluster as DescribeClusters shows it."""
    tally = state.index.tallies.get(one.arn, Tally())
    roster = state.index.rosters.get(one.arn)
    services = _services(state, one)
    made: Wire = {
        "clusterArn": one.arn,
        "clusterName": one.name,
        "status": one.status,
        "registeredContainerInstancesCount": len(roster.arns) if roster else 0,
        "runningTasksCount": tally.running,
        "pendingTasksCount": tally.pending,
        "activeServicesCount": sum(services["ACTIVE"]),
        "statistics": _statistics(state, one, services) if "STATISTICS" in include else [],
        "tags": tags_of(state, one.arn) if "TAGS" in include else [],
        "settings": [],
        "capacityProviders": list(one.capacity_providers),
        "defaultCapacityProviderStrategy": [share(this) for this in one.default_strategy],
    }
    if "SETTINGS" in include:
        made["settings"] = [{"name": name, "value": value} for name, value in one.settings]
    if "CONFIGURATIONS" in include and one.configuration is not None:
        made["configuration"] = one.configuration
    if one.service_connect_defaults:
        made["serviceConnectDefaults"] = one.service_connect_defaults
    return made


def share(one: Share) -> Wire:
    """An item of a capacity provider strategy."""
    return {"capacityProvider": one.provider, "weight": one.weight, "base": one.base}


def _services(state: State, one: Cluster) -> dict[str, tuple[int, int]]:
    """Status → how many services have it: (on EC2, on Fargate)."""
    found = {"ACTIVE": (0, 0), "DRAINING": (0, 0)}
    for arn in state.index.services.get(one.arn) or ():
        service = state.services[arn]
        if service.status in found:
            on_fargate = service.primary.revision.on_fargate
            ec2, fargate = found[service.status]
            found[service.status] = (ec2 + (not on_fargate), fargate + on_fargate)
    return found


def _statistics(state: State, one: Cluster, services: Mapping[str, tuple[int, int]]) -> list[Wire]:
    counted: Counter[tuple[bool, int]] = Counter()
    for arn in state.index.members.get(one.arn) or ():
        task = state.tasks[arn]
        running, pending = weight(task)
        counted[task.instance_arn is None, 0] += running
        counted[task.instance_arn is None, 1] += pending
    counts = {
        "runningEC2TasksCount": counted[False, 0],
        "runningFargateTasksCount": counted[True, 0],
        "pendingEC2TasksCount": counted[False, 1],
        "pendingFargateTasksCount": counted[True, 1],
        "activeEC2ServiceCount": services["ACTIVE"][0],
        "activeFargateServiceCount": services["ACTIVE"][1],
        "drainingEC2ServiceCount": services["DRAINING"][0],
        "drainingFargateServiceCount": services["DRAINING"][1],
    }
    return [{"name": name, "value": str(value)} for name, value in counts.items()]


# -- task definitions -----------------------------------------------------------------------------


def definition(one: Definition) -> Wire:
    """A task definition as DescribeTaskDefinition shows it."""
    made = {
        "taskDefinitionArn": one.arn,
        **one.document,
        "status": one.status,
        "registeredAt": one.registered_at,
        "registeredBy": one.registered_by,
    }
    if one.deregistered_at is not None:
        made["deregisteredAt"] = one.deregistered_at
    if one.delete_requested_at is not None:
        made["deleteRequestedAt"] = one.delete_requested_at
    return made


# -- container instances --------------------------------------------------------------------------


def instance(state: State, one: ContainerInstance, include: tuple[str, ...] = ()) -> Wire:
    """A container instance as DescribeContainerInstances shows it."""
    load = state.index.loads[one.arn]
    made: Wire = {
        "containerInstanceArn": one.arn,
        "ec2InstanceId": one.ec2_instance_id,
        "version": one.version,
        "versionInfo": {
            "agentVersion": one.agent_version,
            "dockerVersion": one.docker_version,
        },
        "remainingResources": _remaining(load),
        "registeredResources": _registered(one),
        "status": one.status,
        "agentConnected": one.connected,
        "runningTasksCount": load.running,
        "pendingTasksCount": load.pending,
        "attributes": [_attribute(name, value) for name, value in one.attributes],
        "registeredAt": one.registered_at,
        "attachments": [],
        "tags": tags_of(state, one.arn) if "TAGS" in include else [],
    }
    provider = _provider_of(state, one)
    if provider:
        made["capacityProviderName"] = provider
    if "CONTAINER_INSTANCE_HEALTH" in include:
        made["healthStatus"] = {"overallStatus": "OK" if one.connected else "IMPAIRED"}
    return made


def _provider_of(state: State, one: ContainerInstance) -> str:
    """The capacity provider of its cluster that an instance belongs to; "" if there is none."""
    for name in (
        state.clusters[one.cluster_arn].capacity_providers if one.auto_scaling_group else ()
    ):
        provider = state.providers.get(f"{one.arn.rpartition(':')[0]}:capacity-provider/{name}")
        if provider is not None and provider.group == one.auto_scaling_group:
            return name
    return ""


def _attribute(name: str, value: str | None) -> Wire:
    return {"name": name} if value is None else {"name": name, "value": value}


def _remaining(load: Load) -> list[Wire]:
    return _resources(load.cpu, load.memory, load.tcp, load.udp, load.gpus)


def _registered(one: ContainerInstance) -> list[Wire]:
    ports, ports_udp = frozenset(one.ports), frozenset(one.ports_udp)
    return _resources(one.cpu, one.memory, ports, ports_udp, one.gpus)


def _resources(
    cpu: int, memory: int, tcp: frozenset[int], udp: frozenset[int], gpus: int
) -> list[Wire]:
    made = [
        _resource("CPU", "INTEGER", integerValue=cpu),
        _resource("MEMORY", "INTEGER", integerValue=memory),
        _resource("PORTS", "STRINGSET", stringSetValue=[str(port) for port in sorted(tcp)]),
        _resource("PORTS_UDP", "STRINGSET", stringSetValue=[str(port) for port in sorted(udp)]),
    ]
    if gpus:
        made.append(_resource("GPU", "INTEGER", integerValue=gpus))
    return made


def _resource(name: str, kind: str, **value: Any) -> Wire:
    zeros: Wire = {"doubleValue": 0.0, "longValue": 0, "integerValue": 0}
    return {"name": name, "type": kind, **zeros, **value}


# -- tasks ----------------------------------------------------------------------------------------


def task(state: State, one: Task, tags: list[Wire] | None = None) -> Wire:
    """A task as DescribeTasks shows it."""
    made: Wire = {
        "attachments": [_attachment(one)] if one.interface else [],
        "attributes": _task_attributes(state, one),
        "availabilityZone": one.availability_zone,
        "clusterArn": one.cluster_arn,
        "containers": [_container(one, container) for container in one.containers],
        "cpu": one.cpu,
        "createdAt": one.created_at,
        "desiredStatus": one.desired,
        "enableExecuteCommand": one.execute_command,
        "group": one.group,
        "healthStatus": one.health,
        "lastStatus": one.status,
        "launchType": one.launch_type,
        "memory": one.memory,
        "overrides": one.overrides,
        "tags": tags if tags is not None else [],
        "taskArn": one.arn,
        "taskDefinitionArn": one.definition_arn,
        "version": one.version,
    }
    if one.launch_type == "FARGATE":
        _add_fargate(made, state, one)
    _add_moments(made, one)
    _add_words(made, one)
    if one.connected_at is not None:
        made["connectivity"] = "CONNECTED" if _connected(state, one) else "DISCONNECTED"
        made["connectivityAt"] = one.connected_at
    return made


def _add_fargate(made: Wire, state: State, one: Task) -> None:
    definition = state.definitions.get(one.definition_arn)
    asked = definition.value.ephemeral_storage if definition else None
    given = (one.overrides or {}).get("ephemeralStorage") or {}
    size = given.get("sizeInGiB") or (asked.size_in_gib if asked else FARGATE_STORAGE)
    made["platformVersion"] = one.platform_version
    made["platformFamily"] = "Linux"
    made["ephemeralStorage"] = {"sizeInGiB": size}
    made["fargateEphemeralStorage"] = {"sizeInGiB": size}


_MOMENTS = (
    ("pullStartedAt", "pull_started_at"),
    ("pullStoppedAt", "pull_stopped_at"),
    ("startedAt", "started_at"),
    ("stoppingAt", "stopping_at"),
    ("executionStoppedAt", "execution_stopped_at"),
    ("stoppedAt", "stopped_at"),
)
_WORDS = (
    ("containerInstanceArn", "instance_arn"),
    ("startedBy", "started_by"),
    ("capacityProviderName", "capacity_provider"),
    ("stopCode", "stop_code"),
    ("stoppedReason", "stopped_reason"),
)


def _add_moments(made: Wire, one: Task) -> None:
    for name, attribute in _MOMENTS:
        value = getattr(one, attribute)
        if value is not None:
            made[name] = value


def _add_words(made: Wire, one: Task) -> None:
    for name, attribute in _WORDS:
        value = getattr(one, attribute)
        if value:
            made[name] = value


def _connected(state: State, one: Task) -> bool:
    if one.instance_arn is None:
        return True
    home = state.instances.get(one.instance_arn)
    return home is not None and home.connected


def _task_attributes(state: State, one: Task) -> list[Wire]:
    home = state.instances.get(one.instance_arn or "")
    architecture = home.attribute.get("ecs.cpu-architecture") if home else None
    if architecture is None:
        return []
    return [{"name": "ecs.cpu-architecture", "value": architecture}]


def _attachment(one: Task) -> Wire:
    interface = one.interface
    assert interface is not None
    status = {"PROVISIONING": "PRECREATED", "DEPROVISIONING": "DETACHING", "STOPPED": "DELETED"}
    details = {
        "subnetId": interface.subnet_id,
        "networkInterfaceId": interface.eni_id,
        "macAddress": interface.mac,
        "privateIPv4Address": interface.private_ip,
    }
    return {
        "id": interface.attachment_id,
        "type": "ElasticNetworkInterface",
        "status": status.get(one.status, "ATTACHED"),
        "details": [{"name": name, "value": value} for name, value in details.items()],
    }


def _container(one: Task, container: Container) -> Wire:
    made: Wire = {
        "containerArn": container.arn,
        "taskArn": one.arn,
        "name": container.name,
        "image": container.image,
        "lastStatus": container.status,
        "networkInterfaces": [],
        "healthStatus": container.health,
        "cpu": str(container.cpu),
    }
    if container.bindings:
        made["networkBindings"] = [binding(one) for one in container.bindings]
    if one.interface is not None:
        address = {
            "attachmentId": one.interface.attachment_id,
            "privateIpv4Address": one.interface.private_ip,
        }
        made["networkInterfaces"] = [address]
    if container.memory is not None:
        made["memory"] = str(container.memory)
    if container.memory_reservation is not None:
        made["memoryReservation"] = str(container.memory_reservation)
    if container.exit_code is not None:
        made["exitCode"] = container.exit_code
    if container.reason:
        made["reason"] = container.reason
    if container.runtime_id:
        made["runtimeId"] = container.runtime_id
    if container.image_digest:
        made["imageDigest"] = container.image_digest
    return made


def binding(one: NetworkBinding) -> Wire:
    """Where a container's port is open."""
    return {
        "bindIP": one.bind_ip,
        "containerPort": one.container_port,
        "hostPort": one.host_port,
        "protocol": one.protocol,
    }


def include_of(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The extra parts a call asks for."""
    return tuple(params.get("include") or ())
