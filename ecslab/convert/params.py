"""ecs-params.yml: what ecs-cli's users kept beside their Compose file. Its values win.

Source: developer guide of the (retired) Amazon ECS CLI, "Using Amazon ECS parameters". Every key is
read; what belongs to running a task rather than to its definition is named, and so is what nobody
knows.
"""

from __future__ import annotations

from typing import Any

from ecslab.compose.tree import Path, find
from ecslab.compose.types import seconds, size
from ecslab.convert import extension
from ecslab.convert.codecs import MIB
from ecslab.convert.notes import Notes
from ecslab.convert.params_keys import PARAMS
from ecslab.convert.rule import DROP
from ecslab.convert.shape import CONTAINER, TASK, Kind
from ecslab.convert.trip import Trip
from ecslab.convert.values import Values
from ecslab.locale import translator

_ = translator("convert")

_TASK_MEMBERS = {
    "ecs_network_mode": "networkMode",
    "task_role_arn": "taskRoleArn",
    "task_execution_role": "executionRoleArn",
    "pid_mode": "pidMode",
    "ipc_mode": "ipcMode",
    "placement_constraints": "placementConstraints",
}
_CONTAINER_MEMBERS = {
    "essential": "essential",
    "cpu_shares": "cpu",
    "firelens_configuration": "firelensConfiguration",
}
_DOCKER = {
    "scope": "scope",
    "autoprovision": "autoprovision",
    "driver": "driver",
    "driver_opts": "driverOpts",
    "labels": "labels",
}
_EFS = {
    "filesystem_id": "fileSystemId",
    "root_directory": "rootDirectory",
    "transit_encryption": "transitEncryption",
    "transit_encryption_port": "transitEncryptionPort",
}

Task = dict[str, Any]


def laid_over(task: Task, document: Any, trip: Trip) -> Task:
    """The definition with ecs-params.yml laid over it. Problems and losses are remembered."""
    notes = Notes(lambda path: find(document, path))
    read = Params(notes).read(document)
    made = extension.laid_over(task, _task(read), TASK)
    for member in _task(read):
        _say_won(member, task, made, _WHERE.get(member, ()), notes)
    made["volumes"] = _volumes(made.get("volumes") or [], read)
    if not made["volumes"] and "volumes" not in task:
        del made["volumes"]
    containers = list(made["containerDefinitions"])
    for service, wanted in (read.get("services") or {}).items():
        here = ("task_definition", "services", service)
        if service not in trip.containers:
            notes.say(
                "params-service",
                "dropped",
                _("There is no service {service} in the Compose files.", service=service),
                None,
                here,
            )
            continue
        index = list(trip.containers).index(service)
        over = _container(wanted, trip, here, notes)
        found = extension.laid_over(containers[index], over, CONTAINER)
        for member in over:
            _say_won(member, containers[index], found, here, notes)
        containers[index] = found
    made["containerDefinitions"] = containers
    trip.notes.diagnostics.extend(notes.diagnostics)
    trip.notes.problems.extend(notes.problems)
    return made


_WHERE: dict[str, Path] = {
    member: ("task_definition", key) for key, member in _TASK_MEMBERS.items()
}


def _say_won(member: str, before: Task, after: Task, path: Path, notes: Notes) -> None:
    if member in before and before[member] != after[member]:
        notes.say(
            "params-win",
            "adapted",
            _("ecs-params.yml says another {member} than the Compose file, and it counts.",
              member=member),
            None,
            path,
        )  # fmt: skip


class Params(Values):
    """Reads ecs-params.yml: an unknown key is lost, and named."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes, loose=True, nulls=False)

    def read(self, value: Any, kind: Kind = PARAMS, path: Path = ()) -> Any:
        """The ``task_definition`` part."""
        if kind == "any":
            return value
        if kind == "words":
            return (
                ["CMD-SHELL", value]
                if isinstance(value, str)
                else super().read(value, ["text"], path)
            )
        found = super().read(value, kind, path)
        if path:
            return found
        if found is DROP:
            return {}
        if "run_params" in found:
            self.notes.say(
                "run-params",
                "dropped",
                _("run_params are for running a task, not for its definition."),
                _("Give them to run_task or create_service: subnets, security groups, strategy."),
                ("run_params",),
            )
        return found.get("task_definition") or {}

    def unknown(self, key: str, kind: dict[str, Kind], path: Path) -> Any:
        """Name a key nobody knows; it is lost."""
        from difflib import get_close_matches

        near = get_close_matches(key, kind, 1, 0.6)
        self.notes.say(
            "params-unknown",
            "dropped",
            _("ecs-params.yml has no key {key} here.", key=key),
            _("Did you mean {near}?", near=near[0]) if near else None,
            path,
        )
        return DROP


def _renamed(given: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names[key]: value for key, value in given.items() if key in names}


def _task(read: dict[str, Any]) -> Task:
    made = _renamed(read, _TASK_MEMBERS)
    sizes = read.get("task_size") or {}
    made.update(_renamed(sizes, {"cpu_limit": "cpu", "mem_limit": "memory"}))
    return made


def _volumes(volumes: list[Task], read: dict[str, Any]) -> list[Task]:
    """The volumes, those of ecs-params.yml in place of, or behind, the ones of that name."""
    made = {volume.get("name"): volume for volume in volumes}
    for one in read.get("docker_volumes") or ():
        config = _renamed(one, _DOCKER)
        made[one.get("name")] = {"name": one.get("name"), "dockerVolumeConfiguration": config}
    for one in read.get("efs_volumes") or ():
        config = _renamed(one, _EFS)
        access = _renamed(one, {"access_point": "accessPointId", "iam": "iam"})
        if access:
            config["authorizationConfig"] = access
        made[one.get("name")] = {"name": one.get("name"), "efsVolumeConfiguration": config}
    return list(made.values())


def _container(given: dict[str, Any], trip: Trip, path: Path, notes: Notes) -> Task:
    """What a service's part says of its container."""
    made = _renamed(given, _CONTAINER_MEMBERS)
    if "init_process_enabled" in given:
        made["linuxParameters"] = {"initProcessEnabled": given["init_process_enabled"]}
    if "repository_credentials" in given:
        made["repositoryCredentials"] = _renamed(
            given["repository_credentials"], {"credentials_parameter": "credentialsParameter"}
        )
    for key, member in (("mem_limit", "memory"), ("mem_reservation", "memoryReservation")):
        if key in given:
            found = _measured(given[key], size, notes, (*path, key))
            if found is not None:
                made[member] = -(-found // MIB)
    if "healthcheck" in given:
        made["healthCheck"] = _health(given["healthcheck"], notes, (*path, "healthcheck"))
    if "secrets" in given:
        made["secrets"] = _secrets(given["secrets"])
    options = (given.get("logging") or {}).get("secret_options")
    if options is not None:
        made["logConfiguration"] = {"secretOptions": _secrets(options)}
    if "gpu" in given:
        made["resourceRequirements"] = [{"value": given["gpu"], "type": "GPU"}]
    if "depends_on" in given:
        made["dependsOn"] = [
            {
                "containerName": trip.names.get(
                    one.get("container_name", ""), one.get("container_name")
                ),
                "condition": one.get("condition", "START"),
            }
            for one in given["depends_on"]
        ]
    return made


def _secrets(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": one.get("name", ""), "valueFrom": one.get("value_from", "")} for one in given]


def _measured(written: Any, measure: Any, notes: Notes, path: Path) -> Any:
    try:
        return measure(written)
    except ValueError:
        notes.wrong(
            "params-value",
            _("{value} is no size such as 512m, and no time such as 30s.", value=written),
            None,
            path,
        )
        return None


def _health(given: dict[str, Any], notes: Notes, path: Path) -> Task:
    made: Task = {}
    if "test" in given:
        made["command"] = given["test"]
    for key, member in (
        ("interval", "interval"),
        ("timeout", "timeout"),
        ("start_period", "startPeriod"),
    ):
        if key in given:
            text = given[key]
            found = int(text) if text.isdecimal() else _measured(text, seconds, notes, (*path, key))
            if found is not None:
                made[member] = int(found)
    if "retries" in given:
        made["retries"] = given["retries"]
    return made
