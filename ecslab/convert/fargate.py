"""What Fargate takes: its network mode and sizes; what it refuses is taken away, and said.

Source: ECS API, RegisterTaskDefinition; developer guide, "Task definition differences for Fargate".
"""

from __future__ import annotations

from typing import Any

from ecslab.convert.laws import Law
from ecslab.locale import Text, translator
from ecslab.model.fargate import SIZES, is_size, smallest

_ = translator("convert")

LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
LEAST_TIMEOUT, MOST_TIMEOUT = 2, 120
"""Seconds of startTimeout and stopTimeout."""
_CAPABILITIES = ("SYS_PTRACE",)

_REFUSED: tuple[tuple[str, Text, Text | None], ...] = (
    ("privileged", _("Fargate runs no privileged containers."), None),
    ("dockerSecurityOptions", _("Fargate takes no security options."), None),
    ("disableNetworking", _("On Fargate every container has the network of its task."), None),
    ("dnsServers", _("Fargate sets no DNS servers."), None),
    ("dnsSearchDomains", _("Fargate sets no DNS search domains."), None),
    ("linuxParameters.devices", _("Fargate has no devices to hand on."), None),
    (
        "linuxParameters.sharedMemorySize",
        _("Fargate does not size the shared memory."),
        _("Mount a tmpfs."),
    ),
    ("linuxParameters.maxSwap", _("Fargate has no swap."), None),
    ("linuxParameters.swappiness", _("Fargate has no swap."), None),
)
_TASK_REFUSED: tuple[tuple[str, Text], ...] = (
    ("ipcMode", _("Fargate shares no IPC namespace.")),
    ("placementConstraints", _("On Fargate there are no instances to choose among.")),
    ("inferenceAccelerators", _("Fargate has no inference accelerators.")),
)


def apply(law: Law) -> None:
    """awsvpc, and without what Fargate refuses."""
    _network_mode(law)
    if law.task.get("pidMode") == "host":
        _take(law, "pidMode", _("On Fargate there is no host whose processes could be seen."))
    for member, message in _TASK_REFUSED:
        if member in law.task:
            _take(law, member, message)
    for index, volume in enumerate(law.task.get("volumes") or ()):
        _volume(law, index, volume)
    for index, container in enumerate(law.containers):
        for member, message, hint in _REFUSED:
            law.take(index, member, "fargate-refuses", message, hint)
        _container(law, index, container)


def _network_mode(law: Law) -> None:
    mode = law.task.get("networkMode")
    if mode not in (None, "awsvpc"):
        law.say(
            "fargate-network",
            "adapted",
            _("Fargate has the network mode awsvpc and no other: not {mode}.", mode=mode),
            None,
            "networkMode",
        )
    law.task["networkMode"] = "awsvpc"


def _take(law: Law, member: str, message: Text) -> None:
    del law.task[member]
    law.say("fargate-refuses", "dropped", message, None, member)


def _volume(law: Law, index: int, volume: dict[str, Any]) -> None:
    docker = volume.pop("dockerVolumeConfiguration", None)
    path = (volume.get("host") or {}).pop("sourcePath", None)
    if docker is None and path is None:
        return
    volume["host"] = {}
    what = path or "dockerVolumeConfiguration"
    law.say(
        "fargate-volume",
        "dropped",
        _("Fargate has no host to mount from: {what} becomes an empty volume.", what=what),
        _("Put the files into the image, or use EFS."),
        "volumes",
        index,
    )


def _container(law: Law, index: int, container: dict[str, Any]) -> None:
    here = ("containerDefinitions", index)
    log = container.get("logConfiguration")
    if log is not None and log.get("logDriver") not in LOG_DRIVERS:
        law.take(
            index, "logConfiguration", "fargate-log-driver",
            _("Fargate has no log driver {driver}.", driver=log.get("logDriver")),
            _("Use one of {all}.", all=", ".join(LOG_DRIVERS)),
        )  # fmt: skip
    added = ((container.get("linuxParameters") or {}).get("capabilities") or {}).get("add")
    if added and not {*added} <= {*_CAPABILITIES}:
        container["linuxParameters"]["capabilities"]["add"] = [
            one for one in added if one in _CAPABILITIES
        ]
        law.say(
            "fargate-refuses", "dropped",
            _("Fargate adds no capability but SYS_PTRACE."), None,
            *here, "linuxParameters", "capabilities", "add",
        )  # fmt: skip
    wanted = container.get("resourceRequirements")
    if wanted and any(one.get("type") == "GPU" for one in wanted):
        law.take(index, "resourceRequirements", "fargate-refuses", _("Fargate has no GPUs."), None)
    for member in ("startTimeout", "stopTimeout"):
        _timeout(law, index, container, member)


def _timeout(law: Law, index: int, container: dict[str, Any], member: str) -> None:
    given = container.get(member)
    if given is None or LEAST_TIMEOUT <= given <= MOST_TIMEOUT:
        return
    container[member] = min(max(given, LEAST_TIMEOUT), MOST_TIMEOUT)
    law.say(
        "fargate-timeout", "adapted",
        _("On Fargate {member} is {least} to {most} s; {given} becomes {nearest}.",
          member=member, least=LEAST_TIMEOUT, most=MOST_TIMEOUT, given=given,
          nearest=container[member]),
        None,
        "containerDefinitions", index, member,
    )  # fmt: skip


def size(law: Law) -> None:
    """The task's size: as said if Fargate sells it, else the smallest that holds all."""
    from ecslab.model.task_size import cpu_units, memory_mib

    task = law.task
    cpu, memory = cpu_units(task.get("cpu", "")), memory_mib(task.get("memory", ""))
    if cpu is not None and memory is not None and is_size(cpu, memory):
        return
    need_cpu = max(cpu or 0, sum(int(one.get("cpu", 0)) for one in law.containers))
    need_memory = max(memory or 0, _memory(law))
    found = smallest(need_cpu, need_memory)
    if found is None:
        largest = max(SIZES)
        law.notes.wrong(
            "fargate-too-large",
            _("{cpu} CPU units and {memory} MiB are more than Fargate has, which is {most_cpu} "
              "and {most_memory}.", cpu=need_cpu, memory=need_memory, most_cpu=largest,
              most_memory=SIZES[largest][-1]),
            _("Ask for less, or take EC2."),
            ("services",),
        )  # fmt: skip
        return
    task["cpu"], task["memory"] = (str(number) for number in found)
    law.say(
        "fargate-size", "adapted",
        _("Fargate wants a size for the task: {cpu} CPU units and {memory} MiB, the smallest that "
          "holds its containers.", cpu=found[0], memory=found[1]),
        _("Write x-ecs: {cpu: …, memory: …} at the top level for another."),
        "cpu" if law.source("cpu") else "memory",
    )  # fmt: skip


def _memory(law: Law) -> int:
    """MiB of all containers: the reservation of each, and no limit above the task's size."""
    limits = [one.get("memory", 0) for one in law.containers]
    reserved = [int(one.get("memoryReservation") or one.get("memory", 0)) for one in law.containers]
    return max(sum(reserved), max(limits, default=0))
