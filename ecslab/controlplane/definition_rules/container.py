"""Rules of one container, whatever is beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecslab.controlplane.definition_rules.task import NAME
from ecslab.model.task_definition import ContainerDefinition, HealthCheck, TaskDefinition

LEAST_MEMORY = 6
"""MiB: what Docker 20.10 and later needs for a container (ECS API, ContainerDefinition.memory)."""
_IMAGE = re.compile(r"[A-Za-z0-9_.:/#@-]+")
_HEALTH = {
    "interval": range(5, 300 + 1),
    "timeout": range(2, 60 + 1),
    "retries": range(1, 10 + 1),
    "start_period": range(300 + 1),
}
_GPUS = re.compile(r"[1-9][0-9]{0,2}")
_ATTEMPT = range(60, 1800 + 1)
_AWSLOGS = ("awslogs-region", "awslogs-group")


def names(definition: TaskDefinition) -> Iterator[str]:
    """Each has a name of its own."""
    seen: set[str] = set()
    for one in definition.container_definitions:
        if not one.name:
            yield "Container.name should not be null or empty."
        elif not NAME.fullmatch(one.name):
            yield "Container.name contains invalid characters."
        elif one.name in seen:
            yield "Container names must be unique within a Task Definition."
        seen.add(one.name or "")


def images(definition: TaskDefinition) -> Iterator[str]:
    """Each has an image; up to 255 characters before a digest."""
    for one in definition.container_definitions:
        if not one.image:
            yield "Container.image should not be null or empty."
        elif not _IMAGE.fullmatch(one.image) or len(one.image.partition("@")[0]) > 255:
            yield "Container.image contains invalid characters."


def sizes(definition: TaskDefinition) -> Iterator[str]:
    """Each has a memory limit, hard or soft, unless the task has one; soft is at most hard."""
    for one in definition.container_definitions:
        said = f"for container '{one.name}'."
        if not (one.memory or one.memory_reservation or definition.memory):
            yield (
                f"Invalid setting {said} At least one of 'memory' or 'memoryReservation' must be "
                "specified."
            )
        for word, value in (("memory", one.memory), ("memoryReservation", one.memory_reservation)):
            if value is not None and value < LEAST_MEMORY:
                yield f"Invalid '{word}' setting {said} It must be at least {LEAST_MEMORY} MiB."
        if one.memory and (one.memory_reservation or 0) > one.memory:
            yield (
                f"Invalid setting {said} 'memoryReservation' cannot be greater than 'memory': it "
                "is the soft limit, 'memory' the hard one."
            )
        if one.cpu is not None and one.cpu < 0:
            yield f"Invalid 'cpu' setting {said}"
        for wanted in one.resource_requirements or ():
            if wanted.type == "GPU" and not _GPUS.fullmatch(wanted.value or ""):
                yield f"Invalid 'resourceRequirements' setting {said} GPU takes a whole number."


def health_checks(definition: TaskDefinition) -> Iterator[str]:
    """A health check has a command and times within bounds (ECS API, HealthCheck)."""
    for one in definition.container_definitions:
        if one.health_check is not None:
            yield from _health_check(one.name or "", one.health_check)


def _health_check(name: str, given: HealthCheck) -> Iterator[str]:
    where = f"in the health check of container '{name}'"
    if not given.command or given.command[0] not in ("CMD", "CMD-SHELL", "NONE"):
        yield f"Invalid 'command' setting {where}: it must start with CMD or CMD-SHELL."
    elif len(given.command) < 2 and given.command[0] != "NONE":
        yield f"Invalid 'command' setting {where}: there is no command after {given.command[0]}."
    for attribute, allowed in _HEALTH.items():
        value = getattr(given, attribute)
        if value is not None and value not in allowed:
            word = "startPeriod" if attribute == "start_period" else attribute
            bounds = f"from {allowed.start} to {allowed.stop - 1}"
            yield f"Invalid '{word}' setting {where}: it must be {bounds}, not {value}."


def logs(definition: TaskDefinition) -> Iterator[str]:
    """A log driver has the options it cannot do without."""
    for one in definition.container_definitions:
        log = one.log_configuration
        if log is not None and log.log_driver == "awslogs":
            missing = [name for name in _AWSLOGS if not (log.options or {}).get(name)]
            if missing:
                yield f"Log driver awslogs requires options: {', '.join(missing)}"


def limits(definition: TaskDefinition) -> Iterator[str]:
    """Limits are limits: soft is at most hard, each set once; waiting times are not negative."""
    for one in definition.container_definitions:
        seen: set[str] = set()
        for limit in one.ulimits or ():
            where = f"Invalid ulimit '{limit.name}' for container '{one.name}':"
            if limit.name in seen:
                yield f"{where} it is set more than once."
            if 0 <= limit.hard_limit < limit.soft_limit:
                yield f"{where} 'softLimit' cannot be greater than 'hardLimit'."
            seen.add(limit.name)
        for word, value in (("startTimeout", one.start_timeout), ("stopTimeout", one.stop_timeout)):
            if value is not None and value < 0:
                yield f"Invalid '{word}' setting for container '{one.name}'."
        yield from _restarts(one)


def _restarts(one: ContainerDefinition) -> Iterator[str]:
    policy = one.restart_policy
    if policy is None:
        return
    where = f"in the restart policy of container '{one.name}'"
    period = policy.restart_attempt_period
    if period is not None and period not in _ATTEMPT:
        bounds = f"from {_ATTEMPT.start} to {_ATTEMPT.stop - 1} seconds"
        yield f"Invalid 'restartAttemptPeriod' setting {where}: it must be {bounds}, not {period}."
    if len(policy.ignored_exit_codes or ()) > 50:
        yield f"Invalid 'ignoredExitCodes' setting {where}: there can be at most 50."


def secrets(definition: TaskDefinition) -> Iterator[str]:
    """Secrets need a role to be read with, and names of their own; environment files are ten."""
    for one in definition.container_definitions:
        known = {pair.name for pair in one.environment or ()}
        for pair in one.environment or ():
            if not pair.name:
                yield f"An environment variable of container '{one.name}' has no name."
        for secret in one.secrets or ():
            if not definition.execution_role_arn:
                yield (
                    "When you are specifying container secrets, you must also specify a value for "
                    "'executionRoleArn'."
                )
            if secret.name in known:
                yield (
                    "The secret name must be unique and not shared with any new or existing "
                    f"environment variables set on the container, such as '{secret.name}'."
                )
            known.add(secret.name)
        if len(one.environment_files or ()) > 10:
            yield f"Container '{one.name}' has more than 10 environment files."
        for file in one.environment_files or ():
            if not file.value.endswith(".env"):
                yield f"The environment file '{file.value}' must have the extension .env."


def kernel(definition: TaskDefinition) -> Iterator[str]:
    """Kernel options are within what the kernel takes (ECS API, LinuxParameters)."""
    for one in definition.container_definitions:
        linux = one.linux_parameters
        if linux is None:
            continue
        where = f"for container '{one.name}'."
        if linux.swappiness is not None and linux.swappiness not in range(100 + 1):
            yield f"Invalid 'swappiness' setting {where} It must be from 0 to 100."
        if linux.max_swap is not None and linux.max_swap < 0:
            yield f"Invalid 'maxSwap' setting {where} It cannot be negative."
        if linux.shared_memory_size is not None and linux.shared_memory_size < 1:
            yield f"Invalid 'sharedMemorySize' setting {where} It must be at least 1 MiB."
        for mount in linux.tmpfs or ():
            if mount.size < 1:
                yield f"Invalid 'tmpfs' setting {where} The size must be at least 1 MiB."
            if not mount.container_path.startswith("/"):
                yield f"Invalid 'tmpfs' setting {where} The containerPath must begin with a slash."
