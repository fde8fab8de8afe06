"""What Fargate asks of a task definition, and what it has not (ECS API; developer guide)."""

from __future__ import annotations

from collections.abc import Iterator

from ecslab.model import fargate
from ecslab.model.task_definition import ContainerDefinition, TaskDefinition
from ecslab.model.task_size import cpu_units, memory_mib

LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
TIMEOUTS = range(2, 120 + 1)
STORAGE = range(21, 200 + 1)
_HAS_NOT = "Fargate compatible task definitions do not support"
_TASKS = "Tasks using the Fargate launch type do not support"


def rules(definition: TaskDefinition) -> Iterator[str]:
    """The complaints, for a definition that says it is for Fargate."""
    if "FARGATE" in (definition.requires_compatibilities or ()):
        yield from complaints(definition)


def complaints(definition: TaskDefinition) -> Iterator[str]:
    """Everything that keeps a definition from running on Fargate."""
    if definition.network_mode != "awsvpc":
        yield "Fargate only supports network mode 'awsvpc'."
    yield from _size(definition)
    if definition.pid_mode == "host":
        yield f"{_TASKS} pidMode 'host'."
    if definition.ipc_mode:
        yield f"{_TASKS} ipcMode."
    if definition.placement_constraints:
        yield f"{_HAS_NOT} placementConstraints"
    if definition.inference_accelerators:
        yield f"{_HAS_NOT} inferenceAccelerators"
    for volume in definition.volumes or ():
        if volume.host is not None and volume.host.source_path:
            yield f"{_HAS_NOT} sourcePath"
        if volume.docker_volume_configuration is not None:
            yield f"{_HAS_NOT} dockerVolumeConfiguration"
    storage = definition.ephemeral_storage
    if storage is not None and storage.size_in_gib not in STORAGE:
        yield (
            f"Invalid 'ephemeralStorage' setting for task. Fargate gives {STORAGE.start} to "
            f"{STORAGE.stop - 1} GiB."
        )
    for one in definition.container_definitions:
        yield from _container(one, bool(definition.execution_role_arn))


def _size(definition: TaskDefinition) -> Iterator[str]:
    if not definition.cpu:
        yield "Fargate requires that 'cpu' be defined at the task level."
        return
    if not definition.memory:
        yield "Fargate requires that 'memory' be defined at the task level."
        return
    cpu, memory = cpu_units(definition.cpu), memory_mib(definition.memory)
    if cpu is None or memory is None or not fargate.is_size(cpu, memory):
        yield (
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See "
            "the Amazon ECS documentation for the valid values."
        )


def _container(one: ContainerDefinition, has_role: bool) -> Iterator[str]:
    if one.privileged:
        yield f"{_HAS_NOT} privileged"
    if one.docker_security_options:
        yield f"{_HAS_NOT} dockerSecurityOptions"
    if any(wanted.type == "GPU" for wanted in one.resource_requirements or ()):
        yield f"{_HAS_NOT} GPU"
    linux = one.linux_parameters
    if linux is not None:
        for word, value in (
            ("devices", linux.devices),
            ("sharedMemorySize", linux.shared_memory_size),
            ("maxSwap", linux.max_swap),
            ("swappiness", linux.swappiness),
        ):
            if value not in (None, ()):  # 0 is a value
                yield f"{_HAS_NOT} {word}"
        added = (linux.capabilities.add if linux.capabilities else None) or ()
        if set(added) - {"SYS_PTRACE"}:
            yield f"{_HAS_NOT} adding capabilities other than SYS_PTRACE"
    for word, value in (("startTimeout", one.start_timeout), ("stopTimeout", one.stop_timeout)):
        if value is not None and value not in TIMEOUTS:
            bounds = f"from {TIMEOUTS.start} to {TIMEOUTS.stop - 1} seconds"
            yield f"Invalid '{word}' setting for container '{one.name}'. On Fargate it is {bounds}."
    yield from _log(one, has_role)


def _log(one: ContainerDefinition, has_role: bool) -> Iterator[str]:
    driver = one.log_configuration.log_driver if one.log_configuration else ""
    if driver and driver not in LOG_DRIVERS:
        yield f"{_HAS_NOT} log driver '{driver}': Fargate has {', '.join(LOG_DRIVERS)}"
    if driver == "awslogs" and not has_role:
        yield (
            "Fargate requires task definition to have execution role ARN to support log driver "
            "awslogs."
        )
