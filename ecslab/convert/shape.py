"""The members of RegisterTaskDefinition and the kind of value each takes.

Kinds are written as in `ecslab.compose.schema`: "text", "int" or "bool"; a dict is a structure, a
list of one kind a list, a tuple of one kind a mapping of any names to that kind. Their order is the
order in which members are written. A test compares them with botocore's shape; this is no second
`ecslab.model.task_definition` but what the converter's command line can afford to import.
"""

from __future__ import annotations

from typing import Any

Kind = Any

_TEXTS = ["text"]
_PAIRS = ("text",)
_NAMED = {"name": "text", "value": "text"}
_SECRET = {"name": "text", "valueFrom": "text"}

CONTAINER: dict[str, Kind] = {
    "name": "text",
    "image": "text",
    "repositoryCredentials": {"credentialsParameter": "text"},
    "cpu": "int",
    "memory": "int",
    "memoryReservation": "int",
    "links": _TEXTS,
    "portMappings": [
        {
            "containerPort": "int",
            "hostPort": "int",
            "protocol": "text",
            "name": "text",
            "appProtocol": "text",
            "containerPortRange": "text",
        }
    ],
    "essential": "bool",
    "restartPolicy": {
        "enabled": "bool",
        "ignoredExitCodes": ["int"],
        "restartAttemptPeriod": "int",
    },
    "entryPoint": _TEXTS,
    "command": _TEXTS,
    "environment": [_NAMED],
    "environmentFiles": [{"value": "text", "type": "text"}],
    "mountPoints": [{"sourceVolume": "text", "containerPath": "text", "readOnly": "bool"}],
    "volumesFrom": [{"sourceContainer": "text", "readOnly": "bool"}],
    "linuxParameters": {
        "capabilities": {"add": _TEXTS, "drop": _TEXTS},
        "devices": [{"hostPath": "text", "containerPath": "text", "permissions": _TEXTS}],
        "initProcessEnabled": "bool",
        "sharedMemorySize": "int",
        "tmpfs": [{"containerPath": "text", "size": "int", "mountOptions": _TEXTS}],
        "maxSwap": "int",
        "swappiness": "int",
    },
    "secrets": [_SECRET],
    "dependsOn": [{"containerName": "text", "condition": "text"}],
    "startTimeout": "int",
    "stopTimeout": "int",
    "versionConsistency": "text",
    "hostname": "text",
    "user": "text",
    "workingDirectory": "text",
    "disableNetworking": "bool",
    "privileged": "bool",
    "readonlyRootFilesystem": "bool",
    "dnsServers": _TEXTS,
    "dnsSearchDomains": _TEXTS,
    "extraHosts": [{"hostname": "text", "ipAddress": "text"}],
    "dockerSecurityOptions": _TEXTS,
    "interactive": "bool",
    "pseudoTerminal": "bool",
    "dockerLabels": _PAIRS,
    "ulimits": [{"name": "text", "softLimit": "int", "hardLimit": "int"}],
    "logConfiguration": {"logDriver": "text", "options": _PAIRS, "secretOptions": [_SECRET]},
    "healthCheck": {
        "command": _TEXTS,
        "interval": "int",
        "timeout": "int",
        "retries": "int",
        "startPeriod": "int",
    },
    "systemControls": [{"namespace": "text", "value": "text"}],
    "resourceRequirements": [
        {
            "value": "text",
            "type": "text",
            "sharingStrategy": {"nvidiaMps": {"memory": "int", "maxComputePercent": "int"}},
        }
    ],
    "firelensConfiguration": {"type": "text", "options": _PAIRS},
    "credentialSpecs": _TEXTS,
}

VOLUME: dict[str, Kind] = {
    "name": "text",
    "host": {"sourcePath": "text"},
    "dockerVolumeConfiguration": {
        "scope": "text",
        "autoprovision": "bool",
        "driver": "text",
        "driverOpts": _PAIRS,
        "labels": _PAIRS,
    },
    "efsVolumeConfiguration": {
        "fileSystemId": "text",
        "rootDirectory": "text",
        "transitEncryption": "text",
        "transitEncryptionPort": "int",
        "authorizationConfig": {"accessPointId": "text", "iam": "text"},
    },
    "s3filesVolumeConfiguration": {
        "fileSystemArn": "text",
        "rootDirectory": "text",
        "transitEncryptionPort": "int",
        "accessPointArn": "text",
    },
    "fsxWindowsFileServerVolumeConfiguration": {
        "fileSystemId": "text",
        "rootDirectory": "text",
        "authorizationConfig": {"credentialsParameter": "text", "domain": "text"},
    },
    "configuredAtLaunch": "bool",
}

TASK: dict[str, Kind] = {
    "family": "text",
    "taskRoleArn": "text",
    "executionRoleArn": "text",
    "networkMode": "text",
    "containerDefinitions": [CONTAINER],
    "volumes": [VOLUME],
    "placementConstraints": [{"type": "text", "expression": "text"}],
    "requiresCompatibilities": _TEXTS,
    "cpu": "text",
    "memory": "text",
    "tags": [{"key": "text", "value": "text"}],
    "pidMode": "text",
    "ipcMode": "text",
    "proxyConfiguration": {"type": "text", "containerName": "text", "properties": [_NAMED]},
    "inferenceAccelerators": [{"deviceName": "text", "deviceType": "text"}],
    "ephemeralStorage": {"sizeInGiB": "int"},
    "runtimePlatform": {"cpuArchitecture": "text", "operatingSystemFamily": "text"},
    "enableFaultInjection": "bool",
    "trustedExecutionConfiguration": {"isolationMode": "text", "attestationPolicy": "text"},
}


def ordered(value: Any, kind: Kind) -> Any:
    """`value` with the members of structures in the order of this module, others behind them."""
    if isinstance(kind, dict) and isinstance(value, dict):
        known = {key: ordered(value[key], kind[key]) for key in kind if key in value}
        return {**known, **{key: value[key] for key in value if key not in kind}}
    if isinstance(kind, list) and isinstance(value, list) and not isinstance(kind[0], str):
        return [ordered(item, kind[0]) for item in value]
    return value
