"""The words without a partner, each with its reason."""

from __future__ import annotations

from ecslab.convert.rule import Gap
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Fidelity

_ = translator("convert")


def _service(key: str, why: Text, hint: Text | None = None, fidelity: Fidelity = "dropped") -> Gap:
    code = key.replace("_", "-").replace(".", "-")
    return Gap(code, "compose", (f"services.*.{key}",), why, hint, _before(key), fidelity)


def _before(keys: str) -> Text | None:
    first = keys.split()[0].partition(".")[0]
    if first == "env_file":
        return _("Written out, as here.")
    return _SKIPPED if first in _WARNED else None


def _services(code: str, keys: str, why: Text, hint: Text | None = None) -> Gap:
    paths = tuple(f"services.*.{key}" for key in keys.split())
    return Gap(code, "compose", paths, why, hint, _before(keys))


_READ = _("Already read in; the task definition has the result.")
_SKIPPED = _("Skipped with a warning.")
_WARNED = {
    "cgroup", "configs", "container_name", "deploy", "domainname", "expose", "external_links",
    "mac_address", "networks", "scale", "secrets", "stop_signal", "userns_mode",
}  # fmt: skip
"""What ecs-cli knew and left out; what it did with the others nobody has measured."""

_SERVICE = (
    _service("annotations", _("ECS hands no annotations to containers."), _("Use labels.")),
    _service("attach", _("It only says what docker compose shows on the screen.")),
    _service("blkio_config", _("ECS sets no weights or rates of block devices.")),
    _services("cgroup", "cgroup cgroup_parent", _("ECS chooses the control group itself.")),
    _service(
        "configs", _("ECS has no configs."),
        _("Put the file into the image or on a volume, or give the container a variable."),
    ),
    _service("container_name", _("The ECS agent names containers itself.")),
    _services(
        "cpu-limits",
        "cpu_count cpu_percent cpu_quota cpu_period cpu_rt_period cpu_rt_runtime",
        _("ECS has CPU units and no other measure of CPU."), _("Write cpu_shares."),
    ),
    _service("cpuset", _("ECS binds containers to no particular CPU.")),
    _service(
        "credential_spec", _("ECS reads credential specs from S3 or Parameter Store."),
        _("Write their ARN under x-ecs: {credentialSpecs: […]}."),
    ),
    _service("device_cgroup_rules", _("ECS has no rules for devices."), _("Use devices.")),
    _service("dns_opt", _("ECS sets servers and search domains, and no other DNS option.")),
    _service("domainname", _("ECS has no domain name."), _("Write it as part of hostname.")),
    _service(
        "env_file", _READ, _("With x-ecs: {environmentFiles: […]} ECS reads a file from S3."),
        "adapted",
    ),
    _service("expose", _("It opens nothing: containers of a task reach each other anyway.")),
    _service("extends", _READ, None, "adapted"),
    _service("external_links", _("A container of ECS knows the containers of its task only.")),
    _service("group_add", _("ECS adds no groups."), _("Write user: UID:GID.")),
    _service("isolation", _("ECS chooses the isolation itself.")),
    _service("label_file", _READ, None, "adapted"),
    _service("mac_address", _("ECS sets no MAC addresses.")),
    _service("models", _("ECS runs no models."), _("Call one of Amazon Bedrock, for example.")),
    _service(
        "networks", _("A task has no networks of its own."),
        _("Containers reach each other by links (bridge) or at localhost (awsvpc)."),
    ),
    _services("oom", "oom_kill_disable oom_score_adj",
              _("ECS leaves it to the kernel which process dies when memory runs out.")),
    _services("pids-limit", "pids_limit deploy.resources.limits.pids",
              _("ECS limits no number of processes; the agent has a setting for all tasks."),
              _("Write ulimits: {nproc: …}.")),
    _services("hooks", "pre_start post_start pre_stop",
              _("ECS runs nothing inside a container that is running."),
              _("Put it into the image's entrypoint, or into a container of its own that the "
                "others depend on.")),
    _service("profiles", _("The service is chosen; ECS has no profiles."), None, "adapted"),
    _service("provider", _("The service runs no container, so it is no part of the task.")),
    _services("pull", "pull_policy pull_refresh_after",
              _("The ECS agent decides when an image is pulled (ECS_IMAGE_PULL_BEHAVIOR).")),
    _service("runtime", _("ECS chooses the runtime itself.")),
    _services("replicas", "scale deploy.replicas deploy.mode",
              _("How many tasks run is a matter of the service, not of the task definition."),
              _("Give the ECS service a desiredCount.")),
    _service(
        "secrets", _("ECS has no secret files, but secrets as variables."),
        _("Write x-ecs: {secrets: [{name: NAME, valueFrom: ARN}]}."),
    ),
    _service("stop_signal", _("ECS sends the signal of the image, else SIGTERM."),
             _("Write STOPSIGNAL in the Dockerfile.")),
    _service("storage_opt", _("ECS sets no storage options.")),
    _service("umask", _("ECS sets no umask."), _("Set it in the image's entrypoint.")),
    _service("use_api_socket", _("ECS hands no Docker socket and no credentials on."),
             _("Mount /var/run/docker.sock if you have to.")),
    _service("userns_mode", _("ECS has no user namespaces.")),
    _service("uts", _("ECS has no word for the UTS namespace.")),
    _service("develop", _("It is for docker compose watch.")),
    _service("deploy.endpoint_mode", _("It is for Docker Swarm."),
             _("Use a load balancer or Service Connect.")),
    _service("deploy.labels", _("They are labels of a Swarm service."),
             _("Give the ECS service tags.")),
    _services("deployment", "deploy.update_config deploy.rollback_config",
              _("How a new version replaces the old is a matter of the service."),
              _("Give the ECS service a deploymentConfiguration.")),
    _service("deploy.placement", _("These are constraints of Docker Swarm."),
             _("Write x-ecs: {placementConstraints: […]} at the top level.")),
    _service("deploy.resources.reservations.generic_resources",
             _("ECS reserves GPUs and no other devices.")),
)  # fmt: skip

_TOP = (
    Gap("version", "compose", ("version",),
        _("It says nothing any more: every version is read alike."), None,
        _("Files without a version, and with 3.1 to 3.8, were refused."), "adapted"),
    Gap("include", "compose", ("include",), _READ, fidelity="adapted"),
    Gap("jobs", "compose", ("jobs",), _("ECS has no jobs in a task definition."),
        _("Let EventBridge Scheduler run a task.")),
    Gap("models", "compose", ("models",), _("ECS runs no models.")),
    Gap("networks", "compose", ("networks",), _("A task has no networks of its own."), None,
        _SKIPPED),
    Gap("secrets", "compose", ("secrets",), _("ECS has no secret files, but secrets as variables."),
        _("Keep them in Secrets Manager or Parameter Store."), _SKIPPED),
    Gap("configs", "compose", ("configs",), _("ECS has no configs."),
        _("Put the file into the image or on a volume."), _SKIPPED),
)  # fmt: skip

_X = _("Compose has no word for it: x-ecs carries it.")
_LOST = _("Lost on the way back.")
_PARAMS = _("Only in ecs-params.yml; lost on the way back.")
_POD = "containerDefinitions[]."


def _ecs(code: str, *paths: str, why: Text = _X, before: Text = _LOST) -> Gap:
    return Gap(code, "ecs", paths, why, None, before, "exact")


_ECS = (
    _ecs("task-role", "taskRoleArn", "executionRoleArn", before=_PARAMS),
    _ecs("task-size", "cpu", "memory", before=_PARAMS,
         why=_("The size of the whole task; Compose only knows those of containers.")),
    _ecs("essential", f"{_POD}essential", before=_PARAMS),
    _ecs("repository-credentials", f"{_POD}repositoryCredentials", before=_PARAMS),
    _ecs("environment-files", f"{_POD}environmentFiles",
         why=_("Files of variables in S3; env_file takes files of this machine.")),
    _ecs("container-secrets", f"{_POD}secrets", before=_PARAMS,
         why=_("Variables from Secrets Manager or Parameter Store; secrets of Compose are files.")),
    _ecs("start-timeout", f"{_POD}startTimeout"),
    _ecs("version-consistency", f"{_POD}versionConsistency"),
    _ecs("log-secrets", f"{_POD}logConfiguration.secretOptions", before=_PARAMS),
    _ecs("firelens", f"{_POD}firelensConfiguration", before=_PARAMS),
    _ecs("credential-specs", f"{_POD}credentialSpecs"),
    _ecs("gpu-sharing", f"{_POD}resourceRequirements[].sharingStrategy"),
    _ecs("efs", "volumes[].efsVolumeConfiguration", before=_PARAMS),
    _ecs("s3files", "volumes[].s3filesVolumeConfiguration"),
    _ecs("fsx", "volumes[].fsxWindowsFileServerVolumeConfiguration"),
    _ecs("configured-at-launch", "volumes[].configuredAtLaunch"),
    _ecs("placement-constraints", "placementConstraints", before=_PARAMS),
    _ecs("compatibilities", "requiresCompatibilities",
         before=_("By --launch-type; lost on the way back.")),
    _ecs("tags", "tags"),
    _ecs("proxy", "proxyConfiguration"),
    _ecs("inference-accelerators", "inferenceAccelerators"),
    _ecs("ephemeral-storage", "ephemeralStorage"),
    _ecs("fault-injection", "enableFaultInjection"),
    _ecs("trusted-execution", "trustedExecutionConfiguration"),
)  # fmt: skip

GAPS: tuple[Gap, ...] = (*_SERVICE, *_TOP, *_ECS)
