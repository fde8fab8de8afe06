"""The table: every word of Compose and every member of a task definition, each in one row.

`RULES` and `KNOTS` have a partner on the other side, `GAPS` (in `ecslab.convert.gaps`) have none.
``docs/conversion.md`` is made from it.
"""

from __future__ import annotations

from ecslab.convert import codecs as c
from ecslab.convert import lists
from ecslab.convert.gaps import GAPS
from ecslab.convert.knots import (
    cpu,
    depends,
    gpu,
    health,
    image,
    logging,
    memory,
    mounts,
    names,
    namespaces,
    ports,
    restart,
    tmpfs,
)
from ecslab.convert.rule import Knot, Rule
from ecslab.locale import translator

_ = translator("convert")

_SAME = _("The same on both sides.")
_KEPT = _("Kept.")
_SKIPPED = _("Skipped with a warning.")
_COPIED_BACK = _("Kept; lost on the way back.")
_POD = "containerDefinitions[]."

RULES: tuple[Rule, ...] = (
    Rule("hostname", "hostname", "hostname", c.same_there, c.same_back, _SAME, _KEPT),
    Rule("user", "user", "user", c.same_there, c.same_back, _SAME, _KEPT),
    Rule("working-dir", "working_dir", "workingDirectory", c.same_there, c.same_back, _SAME, _KEPT),
    Rule(
        "entrypoint", "entrypoint", "entryPoint", c.words_there, c.words_back,
        _("A list of words; text is split as a shell splits it."), _KEPT,
    ),
    Rule(
        "command", "command", "command", c.words_there, c.words_back,
        _("A list of words; text is split as a shell splits it."), _KEPT,
    ),
    Rule(
        "environment", "environment", "environment", lists.environment_there,
        lists.environment_back,
        _("In order; what env_file says is written out. A variable nobody gives a value is left "
          "out."),
        _("Kept; a dollar sign was not doubled on the way back."),
    ),
    Rule(
        "links", "links", "links", depends.links_there, depends.links_back,
        _("The same; ECS takes them with the network mode bridge."), _KEPT,
    ),
    Rule(
        "volumes-from", "volumes_from", "volumesFrom", depends.sources_there, depends.sources_back,
        _(":ro and :rw are readOnly true and false."), _COPIED_BACK,
    ),
    Rule("dns", "dns", "dnsServers", c.same_there, c.same_back, _SAME, _KEPT),
    Rule("dns-search", "dns_search", "dnsSearchDomains", c.same_there, c.same_back, _SAME, _KEPT),
    Rule(
        "extra-hosts", "extra_hosts", "extraHosts", lists.hosts_there, lists.hosts_back,
        _("name=address; host-gateway has no form."), _KEPT,
    ),
    Rule(
        "cap-add", "cap_add", "linuxParameters.capabilities.add", c.capabilities_there,
        c.same_back, _("In capitals, without CAP_."), _KEPT,
    ),
    Rule(
        "cap-drop", "cap_drop", "linuxParameters.capabilities.drop", c.capabilities_there,
        c.same_back, _("In capitals, without CAP_."), _KEPT,
    ),
    Rule(
        "devices", "devices", "linuxParameters.devices", lists.devices_there, lists.devices_back,
        _("r, w and m are read, write and mknod."), _("Kept; permissions in a random order."),
    ),
    Rule(
        "init", "init", "linuxParameters.initProcessEnabled", c.same_there, c.same_back, _SAME,
        _("Only in ecs-params.yml."),
    ),
    Rule(
        "shm-size", "shm_size", "linuxParameters.sharedMemorySize", c.size_there, c.size_back,
        _("In whole MiB, rounded up."), _KEPT,
    ),
    Rule(
        "mem-swappiness", "mem_swappiness", "linuxParameters.swappiness", c.swappiness_there,
        c.same_back, _("0 to 100."), _SKIPPED,
    ),
    Rule("privileged", "privileged", "privileged", c.same_there, c.same_back, _SAME, _KEPT),
    Rule(
        "read-only", "read_only", "readonlyRootFilesystem", c.same_there, c.same_back, _SAME, _KEPT
    ),
    Rule(
        "security-opt", "security_opt", "dockerSecurityOptions", c.same_there, c.same_back, _SAME,
        _KEPT,
    ),
    Rule("stdin-open", "stdin_open", "interactive", c.same_there, c.same_back, _SAME, _SKIPPED),
    Rule("tty", "tty", "pseudoTerminal", c.same_there, c.same_back, _SAME, _KEPT),
    Rule("labels", "labels", "dockerLabels", c.pairs_there, c.pairs_back, _SAME, _KEPT),
    Rule(
        "ulimits", "ulimits", "ulimits", lists.ulimits_there, lists.ulimits_back,
        _("One number is both limits."), _KEPT,
    ),
    Rule(
        "sysctls", "sysctls", "systemControls", lists.sysctls_there, lists.sysctls_back, _SAME,
        _SKIPPED,
    ),
    Rule(
        "stop-grace-period", "stop_grace_period", "stopTimeout", c.seconds_there, c.seconds_back,
        _("In whole seconds, rounded up."), _COPIED_BACK,
    ),
)  # fmt: skip

_DEPLOY = "services.*.deploy."
_RESOURCES = f"{_DEPLOY}resources."
_LINUX = f"{_POD}linuxParameters"

KNOTS: tuple[Knot, ...] = (
    Knot(
        "names", ("name", "services.*"), ("family", "containerDefinitions[]", f"{_POD}name"),
        names.there, names.back,
        _("The project's name is the family, a service's the container's; ECS takes no dots. A "
          "family with capitals stands in x-ecs."),
        _("Kept; the family was lost on the way back."),
    ),
    Knot(
        "image", ("services.*.image", "services.*.build"), (f"{_POD}image",),
        image.there, image.back,
        _("The image; a build without one is called as docker compose calls it, and has to be "
          "pushed."),
        _("image kept, build skipped with a warning."), each=True,
    ),
    Knot(
        "cpu",
        ("services.*.cpu_shares", "services.*.cpus", f"{_RESOURCES}limits.cpus",
         f"{_RESOURCES}reservations.cpus"),
        (f"{_POD}cpu",), cpu.there, cpu.back,
        _("CPU units are Docker's CPU shares; of cpu_shares, reservations.cpus, limits.cpus and "
          "cpus the first counts, CPUs times 1024."),
        _("cpu_shares, or ecs-params.yml."), each=True,
    ),
    Knot(
        "memory",
        ("services.*.mem_limit", "services.*.mem_reservation", "services.*.memswap_limit",
         f"{_RESOURCES}limits.memory", f"{_RESOURCES}reservations.memory"),
        (f"{_POD}memory", f"{_POD}memoryReservation", f"{_LINUX}.maxSwap"),
        memory.there, memory.back,
        _("In whole MiB, rounded up, at least 6; 512 where nothing is said. memswap_limit less "
          "mem_limit is maxSwap."),
        _("mem_limit and mem_reservation; only a reservation set the limit too."), each=True,
    ),
    Knot(
        "ports", ("services.*.ports",), (f"{_POD}portMappings",), ports.there, ports.back,
        _("One for one. Without a host port ECS chooses one; a host address has no form."),
        _("Kept; an absent host port became 0, the address was dropped."), each=True,
    ),
    Knot(
        "depends-on", ("services.*.depends_on",), (f"{_POD}dependsOn",), depends.there,
        depends.back,
        _("service_started is START, service_healthy HEALTHY, service_completed_successfully "
          "SUCCESS; who is awaited to its end is not essential."),
        _("Skipped with a warning; only ecs-params.yml had it."), each=True,
    ),
    Knot(
        "restart", ("services.*.restart", f"{_DEPLOY}restart_policy"), (f"{_POD}restartPolicy",),
        restart.there, restart.back,
        _("always is enabled, on-failure ignores exit code 0, no is not enabled; the window is "
          "restartAttemptPeriod."),
        _SKIPPED, each=True,
    ),
    Knot(
        "healthcheck", ("services.*.healthcheck",), (f"{_POD}healthCheck",), health.there,
        health.back,
        _("In whole seconds and within ECS's limits: interval 5 to 300 s, timeout 2 to 60 s, "
          "retries 1 to 10, start_period 0 to 300 s. Without a timeout ECS waits 5 s, Docker "
          "30 s."),
        _KEPT, each=True,
    ),
    Knot(
        "logging", ("services.*.logging",),
        (f"{_POD}logConfiguration", f"{_POD}logConfiguration.logDriver",
         f"{_POD}logConfiguration.options"),
        logging.there, logging.back,
        _("Driver and options; without a driver it is json-file."), _KEPT, each=True,
    ),
    Knot(
        "gpu", ("services.*.gpus", f"{_RESOURCES}reservations.devices"),
        (f"{_POD}resourceRequirements",), gpu.there, gpu.back,
        _("The number of GPUs."), _("Only in ecs-params.yml."), each=True,
    ),
    Knot(
        "tmpfs", ("services.*.tmpfs", "services.*.volumes[].tmpfs"), (f"{_LINUX}.tmpfs",),
        tmpfs.there, tmpfs.back,
        _("path:size=64m,options; ECS wants a size, 64 MiB if none is said."),
        _("Kept; without a size it was an error."), each=True,
    ),
    Knot(
        "volumes",
        ("services.*.volumes", "volumes.*", "volumes.*.name", "volumes.*.driver",
         "volumes.*.driver_opts", "volumes.*.external", "volumes.*.labels"),
        (f"{_POD}mountPoints", "volumes[]", "volumes[].name", "volumes[].host",
         "volumes[].dockerVolumeConfiguration"),
        mounts.there, mounts.back,
        _("A folder of the host is host.sourcePath; a plain volume is one of the task's own; a "
          "name, a driver, options or labels make it a Docker volume that stays on the instance."),
        _("Folders of the host as volume-0, volume-1 …; named ones had to be empty."),
    ),
    Knot(
        "network-mode", ("services.*.network_mode",),
        ("networkMode", f"{_POD}disableNetworking"),
        namespaces.network_there, namespaces.network_back,
        _("host or none on every service is the task's; none on some is disableNetworking; all "
          "on service:X is awsvpc. bridge and awsvpc stand in x-ecs."),
        _("Only in ecs-params.yml."),
    ),
    Knot(
        "pid", ("services.*.pid",), ("pidMode",),
        namespaces.namespace_there("pid", "pidMode", ("host",)),
        namespaces.namespace_back("pid", "pidMode", ("host",)),
        _("host on every service is the task's; all on service:X is task."),
        _("Only in ecs-params.yml."),
    ),
    Knot(
        "ipc", ("services.*.ipc",), ("ipcMode",),
        namespaces.namespace_there("ipc", "ipcMode", ("host", "none")),
        namespaces.namespace_back("ipc", "ipcMode", ("host", "none")),
        _("host or none on every service is the task's; all on service:X is task."),
        _("Only in ecs-params.yml."),
    ),
    Knot(
        "platform", ("services.*.platform",), ("runtimePlatform",),
        namespaces.platform_there, namespaces.platform_back,
        _("linux/amd64 or linux/arm64; the platform is the whole task's."), _("Not known."),
    ),
)  # fmt: skip

ORDER: tuple[str, ...] = (
    "image", "platform", "entrypoint", "command", "user", "working_dir", "hostname", "restart",
    "depends_on", "links", "network_mode", "pid", "ipc", "ports", "dns", "dns_search",
    "extra_hosts", "environment", "volumes", "volumes_from", "tmpfs", "devices", "shm_size",
    "cpu_shares", "mem_limit", "mem_reservation", "memswap_limit", "mem_swappiness", "deploy",
    "healthcheck", "logging", "stop_grace_period", "cap_add", "cap_drop", "privileged",
    "read_only", "security_opt", "init", "stdin_open", "tty", "ulimits", "sysctls", "labels",
)  # fmt: skip
"""The service keys that are written, as people write them."""
ONCE: dict[str, str] = {
    "cap_add": "linuxParameters.capabilities.add",
    "cap_drop": "linuxParameters.capabilities.drop",
    "devices": "linuxParameters.devices",
    "dns": "dnsServers",
    "dns_search": "dnsSearchDomains",
    "environment": "environment",
    "extra_hosts": "extraHosts",
    "links": "links",
    "ports": "portMappings",
    "security_opt": "dockerSecurityOptions",
    "tmpfs": "linuxParameters.tmpfs",
    "volumes": "mountPoints",
    "volumes_from": "volumesFrom",
}
"""The service keys whose lists hold each item once (Compose specification, uniqueItems), and their
members in ECS, which may hold it twice.
"""

__all__ = ["GAPS", "KNOTS", "ONCE", "ORDER", "RULES"]
