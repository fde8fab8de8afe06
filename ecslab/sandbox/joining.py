"""What the ECS agent does when its EC2 instance has booted: read its settings and register.

Sources: AWS developer guide, "Amazon ECS container agent configuration" and "Bootstrapping Amazon
ECS Linux container instances to pass data"; the attribute names are those of the agent's
``agent_capability.go``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Protocol

from ecslab.model.agent_messages import InstanceRegistered

AGENT_VERSION = "1.89.0"
DOCKER_VERSION = "DockerVersion: 25.0.8"
DEFAULT_CLUSTER = "default"


class Machine(Protocol):
    """An EC2 instance as far as its agent knows it. Memory in MiB."""

    @property
    def id(self) -> str: ...
    @property
    def image_id(self) -> str: ...
    @property
    def user_data(self) -> str: ...
    @property
    def instance_type(self) -> str: ...
    @property
    def vcpus(self) -> int: ...
    @property
    def memory(self) -> int: ...
    @property
    def max_enis(self) -> int: ...
    @property
    def architecture(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def availability_zone(self) -> str: ...
    @property
    def vpc_id(self) -> str: ...
    @property
    def subnet_id(self) -> str: ...
    @property
    def public_ip(self) -> str: ...
    @property
    def private_ip(self) -> str: ...
    @property
    def auto_scaling_group(self) -> str: ...


@dataclass(frozen=True)
class AgentSettings:
    """What the user data wrote into ``/etc/ecs/ecs.config``."""

    cluster: str = DEFAULT_CLUSTER
    named: bool = False
    """True when the cluster was named; the agent makes a cluster only where none was."""
    attributes: tuple[tuple[str, str | None], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    reserved_memory: int = 0
    """MiB kept from tasks (ECS_RESERVED_MEMORY)."""


_ASSIGNMENT = re.compile(
    r"""(?<![A-Za-z0-9_])(?P<name>ECS_[A-Z_]+)=
        (?: '(?P<single>[^'\n]*)' | "(?P<double>(?:\\.|[^"\\\n])*)" | (?P<json>\{[^\n]*\}) |
            (?P<plain>[^\s;'"<>|&]*) )""",
    re.VERBOSE,
)


def read_user_data(user_data: str) -> AgentSettings:
    """The agent's settings out of a shell script, however it writes them (echo, here-document).

    The last assignment of a name holds, as it does when a shell reads the file. Attributes or tags
    that are no JSON object of strings are left out, as the agent leaves them out with a warning.
    """
    words: dict[str, str] = {}
    for line in user_data.splitlines():
        if not line.lstrip().startswith("#"):
            words.update((match["name"], _value(match)) for match in _ASSIGNMENT.finditer(line))
    memory = words.get("ECS_RESERVED_MEMORY", "")
    return AgentSettings(
        cluster=words.get("ECS_CLUSTER") or DEFAULT_CLUSTER,
        named=bool(words.get("ECS_CLUSTER")),
        attributes=tuple(_object(words.get("ECS_INSTANCE_ATTRIBUTES", "")).items()),
        tags=tuple(_object(words.get("ECS_CONTAINER_INSTANCE_TAGS", "")).items()),
        reserved_memory=int(memory) if memory.isdecimal() else 0,
    )


def _value(match: re.Match[str]) -> str:
    double = match["double"]
    if double is not None:
        return re.sub(r"\\(.)", r"\1", double)
    return match["single"] or match["json"] or match["plain"] or ""


def _object(text: str) -> dict[str, str]:
    try:
        # `echo "…={\\"a\\":…}"`: the shell takes the backslashes away before the agent reads it.
        found = json.loads(text.replace('\\"', '"')) if text else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}


def memory_for_tasks(memory: int) -> int:
    """MiB that the kernel of an instance with `memory` MiB reports as its total.

    The kernel and firmware keep about 3 %: a t2.micro (1024) registers 993, as recorded
    DescribeContainerInstances answers show; larger types are near to this, not exact.
    """
    return int(memory * 0.97)


def registration(machine: Machine, settings: AgentSettings, at: float) -> InstanceRegistered:
    """What the agent of this machine says when it registers (RegisterContainerInstance)."""
    return InstanceRegistered(
        cluster=settings.cluster,
        ec2_instance_id=machine.id,
        at=at,
        cpu=machine.vcpus * 1024,
        memory=max(0, memory_for_tasks(machine.memory) - settings.reserved_memory),
        attributes=(*_attributes(machine), *settings.attributes),
        public_ip=machine.public_ip,
        private_ip=machine.private_ip,
        agent_version=AGENT_VERSION,
        docker_version=DOCKER_VERSION,
        max_enis=machine.max_enis,
        tags=settings.tags,
        auto_scaling_group=machine.auto_scaling_group,
    )


def _attributes(machine: Machine) -> tuple[tuple[str, str | None], ...]:
    about: dict[str, str | None] = {
        "ecs.ami-id": machine.image_id,
        "ecs.availability-zone": machine.availability_zone,
        "ecs.cpu-architecture": machine.architecture,
        "ecs.instance-type": machine.instance_type,
        "ecs.os-family": "LINUX",
        "ecs.os-type": "linux",
        "ecs.subnet-id": machine.subnet_id or None,
        "ecs.vpc-id": machine.vpc_id or None,
    }
    return (*about.items(), *((name, None) for name in CAPABILITIES))


CAPABILITIES = (
    *(f"com.amazonaws.ecs.capability.docker-remote-api.1.{minor}" for minor in range(17, 45)),
    *(
        f"com.amazonaws.ecs.capability.logging-driver.{driver}"
        for driver in ("awsfirelens", "awslogs", "fluentd", "gelf", "journald", "json-file")
    ),
    "com.amazonaws.ecs.capability.logging-driver.none",
    "com.amazonaws.ecs.capability.logging-driver.splunk",
    "com.amazonaws.ecs.capability.logging-driver.syslog",
    "com.amazonaws.ecs.capability.ecr-auth",
    "com.amazonaws.ecs.capability.privileged-container",
    "com.amazonaws.ecs.capability.task-iam-role",
    "com.amazonaws.ecs.capability.task-iam-role-network-host",
    "ecs.capability.container-health-check",
    "ecs.capability.container-ordering",
    "ecs.capability.docker-plugin.local",
    "ecs.capability.ecr-endpoint",
    "ecs.capability.efs",
    "ecs.capability.efsAuth",
    "ecs.capability.env-files.s3",
    "ecs.capability.execution-role-awslogs",
    "ecs.capability.execution-role-ecr-pull",
    "ecs.capability.extensible-ephemeral-storage",
    "ecs.capability.firelens.fluentbit",
    "ecs.capability.firelens.fluentd",
    "ecs.capability.full-sync",
    "ecs.capability.increased-task-cpu-limit",
    "ecs.capability.pid-ipc-namespace-sharing",
    "ecs.capability.private-registry-authentication.secretsmanager",
    "ecs.capability.secrets.asm.environment-variables",
    "ecs.capability.secrets.ssm.environment-variables",
    "ecs.capability.task-cpu-mem-limit",
    "ecs.capability.task-eni",
)
