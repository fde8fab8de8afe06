"""The keys of ecs-params.yml and the kinds of their values, written as in `ecslab.convert.shape`.

Source: developer guide of the (retired) Amazon ECS CLI, "Using Amazon ECS parameters".
"""

from __future__ import annotations

from ecslab.convert.shape import Kind

_SECRETS = [{"value_from": "text", "name": "text"}]
_PAIRS = ("text",)
SERVICE: dict[str, Kind] = {
    "essential": "bool",
    "init_process_enabled": "bool",
    "repository_credentials": {"credentials_parameter": "text"},
    "cpu_shares": "int",
    "mem_limit": "text",
    "mem_reservation": "text",
    "healthcheck": {
        "test": "words",
        "interval": "text",
        "timeout": "text",
        "retries": "int",
        "start_period": "text",
    },
    "logging": {"secret_options": _SECRETS},
    "firelens_configuration": {"type": "text", "options": _PAIRS},
    "secrets": _SECRETS,
    "gpu": "text",
    "depends_on": [{"container_name": "text", "condition": "text"}],
}
PARAMS: dict[str, Kind] = {
    "version": "text",
    "task_definition": {
        "ecs_network_mode": "text",
        "task_role_arn": "text",
        "task_execution_role": "text",
        "task_size": {"cpu_limit": "text", "mem_limit": "text"},
        "pid_mode": "text",
        "ipc_mode": "text",
        "placement_constraints": [{"type": "text", "expression": "text"}],
        "docker_volumes": [
            {
                "name": "text",
                "scope": "text",
                "autoprovision": "bool",
                "driver": "text",
                "driver_opts": _PAIRS,
                "labels": _PAIRS,
            }
        ],
        "efs_volumes": [
            {
                "name": "text",
                "filesystem_id": "text",
                "root_directory": "text",
                "transit_encryption": "text",
                "transit_encryption_port": "int",
                "access_point": "text",
                "iam": "text",
            }
        ],
        "services": (SERVICE,),
    },
    "run_params": "any",
}
