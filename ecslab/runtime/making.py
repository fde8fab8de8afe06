"""A container definition as the body of the Docker Engine API's ContainerCreate.

Pure: no engine is asked. Sources: API_ContainerDefinition and API_LinuxParameters for what the
members mean, the amazon-ecs-agent for how it hands them to Docker (least CPU shares 2, no health
check of the image's own).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.model.agent_messages import NetworkBinding
from ecslab.runtime.port import ContainerSpec, Key

SANDBOX = "ecslab.sandbox"
TASK = "ecslab.task"
CONTAINER = "ecslab.container"
CLUSTER = "ecslab.cluster"
BINDINGS = "ecslab.bindings"
KIND = "ecslab.kind"

MIB = 1024 * 1024
SECOND = 1_000_000_000
LEAST_SHARES = 2
"""CPU shares of a container without `cpu`: the least the kernel knows."""
HELD = ("awsvpc", "host")
"""Network modes in which a task's containers share a namespace that a holder keeps."""
LOCAL_LOGS = ("json-file", "local", "journald")
"""Log drivers that need nobody else and can be read back."""


@dataclass(frozen=True)
class Place:
    """What is decided outside the definition."""

    sandbox: str
    network: str
    """Docker's NetworkMode: ``bridge``, ``none`` or ``container:ID``."""
    peer: Callable[[str], str]
    """Docker's id of another container of the task."""
    binds: tuple[str, ...] = ()
    log_drivers: tuple[str, ...] = ()
    """Log drivers the engine has."""
    publish_ip: str | None = None
    """Where to publish instead, any free port, if the machine lacks `host_ip`."""


def labels_of(key: Key, spec: ContainerSpec, sandbox: str, kind: str) -> dict[str, str]:
    """Labels of a container: the definition's, the ECS agent's, ours; ours cannot be overruled."""
    bindings = [[b.bind_ip, b.container_port, b.host_port, b.protocol] for b in spec.bindings]
    return {
        **(spec.labels if kind == "container" else {}),
        "com.amazonaws.ecs.cluster": spec.cluster_arn.rpartition("/")[2],
        "com.amazonaws.ecs.container-name": key.name,
        "com.amazonaws.ecs.task-arn": key.task_arn,
        "com.amazonaws.ecs.task-definition-family": spec.family,
        "com.amazonaws.ecs.task-definition-version": str(spec.revision),
        SANDBOX: sandbox,
        TASK: key.task_arn,
        CONTAINER: key.name,
        CLUSTER: spec.cluster_arn,
        BINDINGS: json.dumps(bindings),
        KIND: kind,
    }


def bindings_in(labels: Mapping[str, str]) -> tuple[NetworkBinding, ...]:
    """The bindings `labels_of` wrote down."""
    return tuple(NetworkBinding(*b) for b in json.loads(labels.get(BINDINGS) or "[]"))


def name_of(key: Key, spec: ContainerSpec) -> str:
    """A name that tells a reader of ``docker ps`` what it is, as the ECS agent has it."""
    task = key.task_arn.rpartition("/")[2]
    return _plain(f"ecslab-{spec.family}-{spec.revision}-{key.name}-{task}")


def volume_name(*parts: str) -> str:
    """A name of a Docker volume that no stranger has."""
    return _plain("-".join(("ecslab", *parts)))


def container_body(key: Key, spec: ContainerSpec, place: Place) -> dict[str, Any]:
    """The ContainerCreate body of one container of a task."""
    definition = spec.definition
    held = spec.network_mode in HELD
    body: dict[str, Any] = {
        "Image": definition["image"],
        "Labels": labels_of(key, spec, place.sandbox, "container"),
        "Env": _environment(spec),
        "Healthcheck": _health(definition.get("healthCheck")),
        "Tty": bool(definition.get("pseudoTerminal")),
        "OpenStdin": bool(definition.get("interactive")),
        "HostConfig": _host_config(spec, place),
        **_present(
            Cmd=definition.get("command"),
            Entrypoint=definition.get("entryPoint"),
            User=definition.get("user"),
            WorkingDir=definition.get("workingDirectory"),
            Hostname=None if held else definition.get("hostname"),
            NetworkDisabled=definition.get("disableNetworking"),
        ),
    }
    if not held:
        _publish(body, spec.bindings, place.publish_ip)
        body["HostConfig"].update(_names(definition))
        body["HostConfig"]["Links"] = _links(definition, place)
    return body


def holder_body(key: Key, spec: ContainerSpec, place: Place, image: str) -> dict[str, Any]:
    """The container that keeps the network namespace of a task, and its ports in host mode."""
    host: dict[str, Any] = {"NetworkMode": "bridge", "Init": True, **_names(spec.definition)}
    body = {
        "Image": image,
        "Entrypoint": ["sleep"],
        "Cmd": ["2147483647"],
        "Labels": labels_of(key, spec, place.sandbox, "network"),
        "HostConfig": host,
    }
    _publish(body, spec.task_bindings, place.publish_ip)
    return body


def _host_config(spec: ContainerSpec, place: Place) -> dict[str, Any]:
    definition = spec.definition
    linux = definition.get("linuxParameters") or {}
    capabilities = linux.get("capabilities") or {}
    return {
        "NetworkMode": place.network,
        "Binds": list(place.binds),
        "VolumesFrom": [
            place.peer(v["sourceContainer"]) + (":ro" if v.get("readOnly") else "")
            for v in definition.get("volumesFrom") or ()
        ],
        "CpuShares": max(LEAST_SHARES, int(definition.get("cpu") or 0)),
        "Memory": int(definition.get("memory") or 0) * MIB,
        "MemoryReservation": int(definition.get("memoryReservation") or 0) * MIB,
        "Privileged": bool(definition.get("privileged")),
        "ReadonlyRootfs": bool(definition.get("readonlyRootFilesystem")),
        "SecurityOpt": list(definition.get("dockerSecurityOptions") or ()),
        "CapAdd": list(capabilities.get("add") or ()),
        "CapDrop": list(capabilities.get("drop") or ()),
        "LogConfig": _logs(definition.get("logConfiguration") or {}, place.log_drivers),
        "Sysctls": {s["namespace"]: s["value"] for s in definition.get("systemControls") or ()},
        "Ulimits": [
            {"Name": u["name"], "Soft": u["softLimit"], "Hard": u["hardLimit"]}
            for u in definition.get("ulimits") or ()
        ],
        "Tmpfs": {t["containerPath"]: _tmpfs(t) for t in linux.get("tmpfs") or ()},
        "Devices": [_device(d) for d in linux.get("devices") or ()],
        **_swap(definition, linux),
        **_present(
            Init=linux.get("initProcessEnabled"),
            ShmSize=_mib(linux.get("sharedMemorySize")),
            PidMode="host" if spec.pid_mode == "host" else None,
            IpcMode=spec.ipc_mode if spec.ipc_mode in ("host", "none") else None,
        ),
    }


def _environment(spec: ContainerSpec) -> list[str]:
    """The definition's variables, then the platform's, which win."""
    merged = {e["name"]: e.get("value", "") for e in spec.definition.get("environment") or ()}
    merged.update(spec.environment)
    return [f"{name}={value}" for name, value in merged.items()]


def _health(check: Mapping[str, Any] | None) -> dict[str, Any]:
    if not check:
        return {"Test": ["NONE"]}  # ECS does not look at the image's own check
    command = list(check["command"])
    if command[0] not in ("CMD", "CMD-SHELL", "NONE"):
        command = ["CMD", *command]
    return {
        "Test": command,
        "Interval": _or(check.get("interval"), 30) * SECOND,
        "Timeout": _or(check.get("timeout"), 5) * SECOND,
        "Retries": _or(check.get("retries"), 3),
        "StartPeriod": _or(check.get("startPeriod"), 0) * SECOND,
    }


def _publish(
    body: dict[str, Any], bindings: tuple[NetworkBinding, ...], publish_ip: str | None
) -> None:
    ports: dict[str, list[dict[str, str]]] = {}
    for b in bindings:
        where = {"HostIp": b.bind_ip, "HostPort": str(b.host_port)}
        if publish_ip is not None:
            where = {"HostIp": publish_ip, "HostPort": ""}
        ports.setdefault(f"{b.container_port}/{b.protocol}", []).append(where)
    body["ExposedPorts"] = {port: {} for port in ports}
    body["HostConfig"]["PortBindings"] = ports


def _names(definition: Mapping[str, Any]) -> dict[str, Any]:
    """How names are found: who shares a namespace gets its holder's."""
    return {
        "Dns": list(definition.get("dnsServers") or ()),
        "DnsSearch": list(definition.get("dnsSearchDomains") or ()),
        "ExtraHosts": [
            f"{h['hostname']}:{h['ipAddress']}" for h in definition.get("extraHosts") or ()
        ],
    }


def _links(definition: Mapping[str, Any], place: Place) -> list[str]:
    made = []
    for link in definition.get("links") or ():
        name, _, alias = str(link).partition(":")
        made.append(f"{place.peer(name)}:{alias or name}")
    return made


def _logs(wanted: Mapping[str, Any], has: tuple[str, ...]) -> dict[str, Any]:
    """The driver asked for where it needs nobody else, json-file for those that send away."""
    driver = wanted.get("logDriver")
    if driver in LOCAL_LOGS and driver in has:
        return {"Type": driver, "Config": dict(wanted.get("options") or {})}
    return {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "2"}}


def _tmpfs(mount: Mapping[str, Any]) -> str:
    return ",".join([f"size={mount['size']}m", *(mount.get("mountOptions") or ())])


def _device(device: Mapping[str, Any]) -> dict[str, str]:
    letters = {"read": "r", "write": "w", "mknod": "m"}
    permissions = device.get("permissions") or list(letters)
    return {
        "PathOnHost": device["hostPath"],
        "PathInContainer": device.get("containerPath") or device["hostPath"],
        "CgroupPermissions": "".join(letters[p] for p in permissions),
    }


def _swap(definition: Mapping[str, Any], linux: Mapping[str, Any]) -> dict[str, Any]:
    """ECS counts swap alone; Docker counts memory and swap together."""
    memory, swap = definition.get("memory"), linux.get("maxSwap")
    if memory is None or swap is None:
        return {}
    total = {"MemorySwap": (int(memory) + int(swap)) * MIB}
    return total | _present(MemorySwappiness=linux.get("swappiness"))


def _present(**members: Any) -> dict[str, Any]:
    """Those that are given; false, 0 and "" are given."""
    return {name: value for name, value in members.items() if value is not None}


def _mib(value: Any) -> int | None:
    return None if value is None else int(value) * MIB


def _or(value: Any, otherwise: int) -> int:
    return otherwise if value is None else int(value)


def _plain(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_.-]", "-", name)
