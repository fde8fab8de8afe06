"""The words of Compose files and the kind of value each takes.

A kind is one of

- a name: "text", "int", "number", "bool", "size", "duration", "path", "any", "texts" (a list of
  text, or one text), "list" (a list of text), "pairs" (a mapping, or a list of ``KEY=VALUE``),
  or a word with a short and a long form (`LONG` says what the long one is);
- a dict: a mapping with these keys, and ``x-`` keys;
- a tuple of one kind: a mapping of any names to that kind;
- a list of one kind: a list of that kind.

``tests/compose/test_schema.py`` compares the words with those of the Compose specification.
"""

from __future__ import annotations

from typing import Any

Kind = Any

_RATE = {"path": "text", "rate": "size"}
_WEIGHT = {"path": "text", "weight": "int"}
_DEVICE_REQUEST = {
    "capabilities": "list",
    "count": "count",
    "device_ids": "list",
    "driver": "text",
    "options": "pairs",
}
_UPDATE = {
    "parallelism": "int",
    "delay": "duration",
    "failure_action": "text",
    "monitor": "duration",
    "max_failure_ratio": "number",
    "order": "text",
}
HOOK = {
    "command": "command",
    "user": "text",
    "privileged": "bool",
    "working_dir": "text",
    "environment": "environment",
}
_GRANT = {"source": "text", "target": "text", "uid": "text", "gid": "text", "mode": "int"}

LONG: dict[str, Kind] = {
    "ports": [
        {
            "name": "text",
            "mode": "text",
            "host_ip": "text",
            "target": "int",
            "published": "text",
            "protocol": "text",
            "app_protocol": "text",
        }
    ],
    "volumes": [
        {
            "type": "text",
            "source": "text",
            "target": "text",
            "read_only": "bool",
            "consistency": "text",
            "bind": {
                "propagation": "text",
                "create_host_path": "bool",
                "recursive": "text",
                "selinux": "text",
            },
            "volume": {"labels": "pairs", "nocopy": "bool", "subpath": "text"},
            "tmpfs": {"size": "size", "mode": "int"},
            "image": {"subpath": "text"},
        }
    ],
    "devices": [{"source": "text", "target": "text", "permissions": "text"}],
    "env_file": [{"path": "path", "format": "text", "required": "bool"}],
    "grants": [_GRANT],
    "depends_on": ({"restart": "bool", "required": "bool", "condition": "text"},),
    "networks": (
        {
            "aliases": "list",
            "interface_name": "text",
            "ipv4_address": "text",
            "ipv6_address": "text",
            "link_local_ips": "list",
            "mac_address": "text",
            "driver_opts": "pairs",
            "priority": "number",
            "gw_priority": "number",
            "use_service_name_alias": "bool",
        },
    ),
    "models": ({"endpoint_var": "text", "model_var": "text"},),
    "ulimits": ({"hard": "int", "soft": "int"},),
    "build": {
        "context": "path",
        "dockerfile": "text",
        "dockerfile_inline": "text",
        "entitlements": "list",
        "args": "pairs",
        "ssh": "pairs",
        "labels": "pairs",
        "cache_from": "list",
        "cache_to": "list",
        "no_cache": "bool",
        "no_cache_filter": "texts",
        "additional_contexts": "pairs",
        "network": "text",
        "provenance": "flag",
        "sbom": "flag",
        "pull": "bool",
        "target": "text",
        "shm_size": "size",
        "extra_hosts": "extra_hosts",
        "isolation": "text",
        "privileged": "bool",
        "secrets": "grants",
        "tags": "list",
        "ulimits": "ulimits",
        "platforms": "list",
    },
    "gpus": [_DEVICE_REQUEST],
    "extends": {"service": "text", "file": "text"},
    "include": [{"path": "texts", "env_file": "texts", "project_directory": "text"}],
    "external": {"name": "text"},
    "schedule": [
        {"cron": "text", "timezone": "text", "concurrency": "text", "missed_fires": "text"}
    ],
}

CONTAINER: dict[str, Kind] = {
    "annotations": "pairs",
    "blkio_config": {
        "device_read_bps": [_RATE],
        "device_read_iops": [_RATE],
        "device_write_bps": [_RATE],
        "device_write_iops": [_RATE],
        "weight": "int",
        "weight_device": [_WEIGHT],
    },
    "cap_add": "list",
    "cap_drop": "list",
    "cgroup": "text",
    "cgroup_parent": "text",
    "command": "command",
    "configs": "grants",
    "cpu_count": "number",
    "cpu_percent": "number",
    "cpu_shares": "int",
    "cpu_quota": "duration-or-number",
    "cpu_period": "duration-or-number",
    "cpu_rt_period": "duration-or-number",
    "cpu_rt_runtime": "duration-or-number",
    "cpus": "number",
    "cpuset": "text",
    "credential_spec": {"config": "text", "file": "path", "registry": "text"},
    "device_cgroup_rules": "list",
    "devices": "devices",
    "dns": "texts",
    "dns_opt": "list",
    "dns_search": "texts",
    "domainname": "text",
    "entrypoint": "command",
    "env_file": "env_file",
    "label_file": "paths",
    "environment": "environment",
    "extra_hosts": "extra_hosts",
    "gpus": "gpus",
    "group_add": "list",
    "hostname": "text",
    "image": "text",
    "init": "bool",
    "ipc": "text",
    "isolation": "text",
    "labels": "pairs",
    "logging": {"driver": "text", "options": "pairs"},
    "mac_address": "text",
    "mem_limit": "size",
    "mem_reservation": "size",
    "mem_swappiness": "int",
    "memswap_limit": "size",
    "network_mode": "text",
    "models": "models",
    "networks": "networks",
    "oom_kill_disable": "bool",
    "oom_score_adj": "int",
    "pid": "text",
    "pids_limit": "int",
    "platform": "text",
    "privileged": "bool",
    "pull_policy": "text",
    "pull_refresh_after": "duration",
    "read_only": "bool",
    "runtime": "text",
    "security_opt": "list",
    "shm_size": "size",
    "secrets": "grants",
    "sysctls": "pairs",
    "stop_grace_period": "duration",
    "stop_signal": "text",
    "storage_opt": "any",
    "tmpfs": "texts",
    "ulimits": "ulimits",
    "umask": "int",
    "use_api_socket": "bool",
    "user": "text",
    "uts": "text",
    "userns_mode": "text",
    "volumes": "volumes",
    "volumes_from": "list",
    "working_dir": "text",
}

WORKLOAD: dict[str, Kind] = {
    "build": "build",
    "depends_on": "depends_on",
    "healthcheck": {
        "disable": "bool",
        "interval": "duration",
        "retries": "int",
        "test": "test",
        "timeout": "duration",
        "start_period": "duration",
        "start_interval": "duration",
    },
    "ports": "ports",
    "expose": "list",
    "stdin_open": "bool",
    "tty": "bool",
}

DEPLOY: dict[str, Kind] = {
    "mode": "text",
    "endpoint_mode": "text",
    "replicas": "int",
    "labels": "pairs",
    "rollback_config": _UPDATE,
    "update_config": _UPDATE,
    "resources": {
        "limits": {"cpus": "number", "memory": "size", "pids": "int"},
        "reservations": {
            "cpus": "number",
            "memory": "size",
            "generic_resources": [{"discrete_resource_spec": {"kind": "text", "value": "number"}}],
            "devices": [_DEVICE_REQUEST],
        },
    },
    "restart_policy": {
        "condition": "text",
        "delay": "duration",
        "max_attempts": "int",
        "window": "duration",
    },
    "placement": {
        "constraints": "list",
        "preferences": [{"spread": "text"}],
        "max_replicas_per_node": "int",
    },
}

SERVICE: dict[str, Kind] = {
    **CONTAINER,
    **WORKLOAD,
    "deploy": DEPLOY,
    "develop": {
        "watch": [
            {
                "ignore": "texts",
                "include": "texts",
                "path": "path",
                "action": "text",
                "target": "text",
                "exec": HOOK,
                "initial_sync": "bool",
            }
        ]
    },
    "profiles": "list",
    "restart": "text",
    "scale": "int",
    "attach": "bool",
    "container_name": "text",
    "provider": {"type": "text", "options": "any"},
    "extends": "extends",
    "links": "list",
    "external_links": "list",
    "pre_start": [{**CONTAINER, "per_replica": "bool"}],
    "post_start": [HOOK],
    "pre_stop": [HOOK],
}

JOB: dict[str, Kind] = {
    **CONTAINER,
    **WORKLOAD,
    "profiles": "list",
    "extends": "extends",
    "triggers": {"manual": "bool", "schedule": "schedule"},
}

_SOURCE = {
    "name": "text",
    "environment": "text",
    "file": "path",
    "external": "external",
    "labels": "pairs",
    "template_driver": "text",
}

TOP: dict[str, Kind] = {
    "version": "text",
    "name": "text",
    "include": "include",
    "services": (SERVICE,),
    "jobs": (JOB,),
    "models": ({"name": "text", "model": "text", "context_size": "int", "runtime_flags": "list"},),
    "networks": (
        {
            "name": "text",
            "driver": "text",
            "driver_opts": "pairs",
            "ipam": {
                "driver": "text",
                "config": [
                    {
                        "subnet": "text",
                        "ip_range": "text",
                        "gateway": "text",
                        "aux_addresses": "pairs",
                    }
                ],
                "options": "pairs",
            },
            "external": "external",
            "internal": "bool",
            "enable_ipv4": "bool",
            "enable_ipv6": "bool",
            "attachable": "bool",
            "labels": "pairs",
        },
    ),
    "volumes": (
        {
            "name": "text",
            "driver": "text",
            "driver_opts": "pairs",
            "external": "external",
            "labels": "pairs",
        },
    ),
    "secrets": ({**_SOURCE, "driver": "text", "driver_opts": "pairs"},),
    "configs": ({**_SOURCE, "content": "text"},),
}
