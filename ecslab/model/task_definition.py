"""A task definition: every member of RegisterTaskDefinition, as frozen values.

Names are the wire names in snake_case (`ecslab.model.wire` translates). ``None`` means the member
was absent, which is not the same as empty, zero or false. CPU is in units (1024 = one vCPU), memory
in MiB, times in seconds. Source: the botocore model of ECS; a test compares every field with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NOT_MODELLED: dict[str, str] = {
    "containerDefinitions[].resourceRequirements[].sharingStrategy": (
        "Sharing one GPU among containers needs a GPU, which the sandbox's instances do not have."
    ),
    "trustedExecutionConfiguration": (
        "Isolation modes are a property of hardware the sandbox does not have."
    ),
}
"""Members by path that no class here carries, each with the reason."""


@dataclass(frozen=True)
class KeyValue:
    """A name with its value: an environment variable, a property."""

    name: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Secret:
    """A variable whose value is read from Secrets Manager or Parameter Store."""

    name: str
    value_from: str


@dataclass(frozen=True)
class EnvironmentFile:
    """A file of variables in S3."""

    value: str
    type: str


@dataclass(frozen=True)
class RepositoryCredentials:
    """The secret a private registry is opened with."""

    credentials_parameter: str


@dataclass(frozen=True)
class PortMapping:
    """A port of the container, and where it is open on the host."""

    container_port: int | None = None
    host_port: int | None = None
    protocol: str | None = None
    name: str | None = None
    app_protocol: str | None = None
    container_port_range: str | None = None


@dataclass(frozen=True)
class ContainerRestartPolicy:
    """Whether the agent restarts the container by itself."""

    enabled: bool
    ignored_exit_codes: tuple[int, ...] | None = None
    restart_attempt_period: int | None = None


@dataclass(frozen=True)
class MountPoint:
    """Where a volume of the task appears in the container."""

    source_volume: str | None = None
    container_path: str | None = None
    read_only: bool | None = None


@dataclass(frozen=True)
class VolumeFrom:
    """The volumes of another container."""

    source_container: str | None = None
    read_only: bool | None = None


@dataclass(frozen=True)
class KernelCapabilities:
    """Linux capabilities added to, or taken from, Docker's default set."""

    add: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Device:
    """A device of the host."""

    host_path: str
    container_path: str | None = None
    permissions: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Tmpfs:
    """A file system in memory; `size` in MiB."""

    container_path: str
    size: int
    mount_options: tuple[str, ...] | None = None


@dataclass(frozen=True)
class LinuxParameters:
    """Options of the Linux kernel; sizes in MiB."""

    capabilities: KernelCapabilities | None = None
    devices: tuple[Device, ...] | None = None
    init_process_enabled: bool | None = None
    shared_memory_size: int | None = None
    tmpfs: tuple[Tmpfs, ...] | None = None
    max_swap: int | None = None
    swappiness: int | None = None


@dataclass(frozen=True)
class ContainerDependency:
    """Another container of the task, and the condition it must have reached."""

    container_name: str
    condition: str


@dataclass(frozen=True)
class HostEntry:
    """A line of /etc/hosts."""

    hostname: str
    ip_address: str


@dataclass(frozen=True)
class Ulimit:
    """A resource limit of the container."""

    name: str
    soft_limit: int
    hard_limit: int


@dataclass(frozen=True)
class LogConfiguration:
    """Where the container's output goes."""

    log_driver: str
    options: Mapping[str, str] | None = None
    secret_options: tuple[Secret, ...] | None = None


@dataclass(frozen=True)
class HealthCheck:
    """The command that tells whether the container is healthy; times in seconds."""

    command: tuple[str, ...]
    interval: int | None = None
    timeout: int | None = None
    retries: int | None = None
    start_period: int | None = None


@dataclass(frozen=True)
class SystemControl:
    """A kernel parameter."""

    namespace: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class ResourceRequirement:
    """GPUs or other accelerators."""

    type: str
    value: str | None = None


@dataclass(frozen=True)
class FirelensConfiguration:
    """Makes this container route the logs of the others."""

    type: str
    options: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ContainerDefinition:
    """One container of the task."""

    name: str | None = None
    image: str | None = None
    repository_credentials: RepositoryCredentials | None = None
    cpu: int | None = None
    memory: int | None = None
    """The hard limit."""
    memory_reservation: int | None = None
    """The soft limit; where given it is what placement counts."""
    links: tuple[str, ...] | None = None
    port_mappings: tuple[PortMapping, ...] | None = None
    essential: bool | None = None
    restart_policy: ContainerRestartPolicy | None = None
    entry_point: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    environment: tuple[KeyValue, ...] | None = None
    environment_files: tuple[EnvironmentFile, ...] | None = None
    mount_points: tuple[MountPoint, ...] | None = None
    volumes_from: tuple[VolumeFrom, ...] | None = None
    linux_parameters: LinuxParameters | None = None
    secrets: tuple[Secret, ...] | None = None
    depends_on: tuple[ContainerDependency, ...] | None = None
    start_timeout: int | None = None
    stop_timeout: int | None = None
    version_consistency: str | None = None
    hostname: str | None = None
    user: str | None = None
    working_directory: str | None = None
    disable_networking: bool | None = None
    privileged: bool | None = None
    readonly_root_filesystem: bool | None = None
    dns_servers: tuple[str, ...] | None = None
    dns_search_domains: tuple[str, ...] | None = None
    extra_hosts: tuple[HostEntry, ...] | None = None
    docker_security_options: tuple[str, ...] | None = None
    interactive: bool | None = None
    pseudo_terminal: bool | None = None
    docker_labels: Mapping[str, str] | None = None
    ulimits: tuple[Ulimit, ...] | None = None
    log_configuration: LogConfiguration | None = None
    health_check: HealthCheck | None = None
    system_controls: tuple[SystemControl, ...] | None = None
    resource_requirements: tuple[ResourceRequirement, ...] | None = None
    firelens_configuration: FirelensConfiguration | None = None
    credential_specs: tuple[str, ...] | None = None


@dataclass(frozen=True)
class HostVolume:
    """A folder of the host; without a path Docker chooses one."""

    source_path: str | None = None


@dataclass(frozen=True)
class DockerVolumeConfiguration:
    """A Docker volume."""

    scope: str | None = None
    autoprovision: bool | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True)
class EfsAuthorizationConfig:
    """How an EFS file system is opened."""

    access_point_id: str | None = None
    iam: str | None = None


@dataclass(frozen=True)
class EfsVolumeConfiguration:
    """A file system of EFS."""

    file_system_id: str
    root_directory: str | None = None
    transit_encryption: str | None = None
    transit_encryption_port: int | None = None
    authorization_config: EfsAuthorizationConfig | None = None


@dataclass(frozen=True)
class S3FilesVolumeConfiguration:
    """A file system of S3 Files."""

    file_system_arn: str
    root_directory: str | None = None
    transit_encryption_port: int | None = None
    access_point_arn: str | None = None


@dataclass(frozen=True)
class FsxAuthorizationConfig:
    """How a Windows file server is opened."""

    credentials_parameter: str
    domain: str


@dataclass(frozen=True)
class FsxWindowsFileServerVolumeConfiguration:
    """A file system of FSx for Windows."""

    file_system_id: str
    root_directory: str
    authorization_config: FsxAuthorizationConfig


@dataclass(frozen=True)
class Volume:
    """A volume of the task."""

    name: str | None = None
    host: HostVolume | None = None
    docker_volume_configuration: DockerVolumeConfiguration | None = None
    efs_volume_configuration: EfsVolumeConfiguration | None = None
    s3files_volume_configuration: S3FilesVolumeConfiguration | None = None
    fsx_windows_file_server_volume_configuration: FsxWindowsFileServerVolumeConfiguration | None = (
        None
    )
    configured_at_launch: bool | None = None


@dataclass(frozen=True)
class PlacementConstraint:
    """A rule every home of the task must keep."""

    type: str | None = None
    expression: str | None = None


@dataclass(frozen=True)
class ProxyConfiguration:
    """The App Mesh proxy."""

    container_name: str
    type: str | None = None
    properties: tuple[KeyValue, ...] | None = None


@dataclass(frozen=True)
class InferenceAccelerator:
    """An Elastic Inference accelerator."""

    device_name: str
    device_type: str


@dataclass(frozen=True)
class EphemeralStorage:
    """Disk of a Fargate task, GiB."""

    size_in_gib: int


@dataclass(frozen=True)
class RuntimePlatform:
    """Operating system and processor the images are made for."""

    cpu_architecture: str | None = None
    operating_system_family: str | None = None


@dataclass(frozen=True)
class Tag:
    """A label of a resource."""

    key: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class TaskDefinition:
    """The input of RegisterTaskDefinition."""

    family: str
    container_definitions: tuple[ContainerDefinition, ...]
    task_role_arn: str | None = None
    execution_role_arn: str | None = None
    network_mode: str | None = None
    volumes: tuple[Volume, ...] | None = None
    placement_constraints: tuple[PlacementConstraint, ...] | None = None
    requires_compatibilities: tuple[str, ...] | None = None
    cpu: str | None = None
    memory: str | None = None
    tags: tuple[Tag, ...] | None = None
    pid_mode: str | None = None
    ipc_mode: str | None = None
    proxy_configuration: ProxyConfiguration | None = None
    inference_accelerators: tuple[InferenceAccelerator, ...] | None = None
    ephemeral_storage: EphemeralStorage | None = None
    runtime_platform: RuntimePlatform | None = None
    enable_fault_injection: bool | None = None
