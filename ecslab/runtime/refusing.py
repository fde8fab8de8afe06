"""What the sandbox does not do on a learner's machine unless it is told to.

A task definition may come from anywhere; a container of it must not get at the machine. Pure but
for the look at where a path really leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecslab.runtime.port import ContainerSpec

MIGHTY = {
    "ALL",
    "BPF",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "PERFMON",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_TIME",
}
"""Capabilities that reach beyond the container."""


@dataclass(frozen=True)
class Leave:
    """What a sandbox is allowed to do with the machine it runs on."""

    privileged: bool = False
    mounts: tuple[Path, ...] = ()
    """Folders that containers may see, the workspace among them."""


def refusal(spec: ContainerSpec, leave: Leave) -> str:
    """Why this container is not made, in one sentence; "" if it may be."""
    if not leave.privileged:
        for what in _powers(spec):
            return (
                f"{what} gives the container power over this machine, which the sandbox refuses; "
                "start it with --allow-privileged if you trust the task definition"
            )
    for path in _host_paths(spec):
        if not _inside(path, leave.mounts):
            return (
                f"the host path {path} is outside the workspace, which the sandbox refuses; "
                f"start it with --allow-mount {path} if the container may see it"
            )
    for volume in _used(spec):
        for kind in ("efsVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration"):
            if volume.get(kind):
                return f"volume {volume['name']} has {kind}, which only AWS can mount"
    return ""


def _powers(spec: ContainerSpec) -> Iterable[str]:
    definition = spec.definition
    linux = definition.get("linuxParameters") or {}
    if definition.get("privileged"):
        yield "privileged"
    if spec.pid_mode == "host":
        yield "pidMode host"
    if spec.ipc_mode == "host":
        yield "ipcMode host"
    if linux.get("devices"):
        yield "linuxParameters.devices"
    for name in (linux.get("capabilities") or {}).get("add") or ():
        if str(name).upper().removeprefix("CAP_") in MIGHTY:
            yield f"capability {name}"
    for option in definition.get("dockerSecurityOptions") or ():
        if not str(option).startswith("no-new-privileges"):
            yield f"dockerSecurityOptions {option}"
    for volume in _used(spec):
        if "dir=" in str(_driver_options(volume).get("o") or ""):  # folders of an overlay
            yield f"volume {volume['name']} with driverOpts o"


def _host_paths(spec: ContainerSpec) -> Iterable[str]:
    for volume in _used(spec):
        source = (volume.get("host") or {}).get("sourcePath")
        if source:
            yield str(source)
        # A "local" volume can be a mount of any folder or device, whatever its type says.
        device = str(_driver_options(volume).get("device") or "")
        if device not in ("", "tmpfs"):
            yield device


def _driver_options(volume: Mapping[str, Any]) -> Mapping[str, Any]:
    return (volume.get("dockerVolumeConfiguration") or {}).get("driverOpts") or {}


def _used(spec: ContainerSpec) -> list[Mapping[str, Any]]:
    names = {m.get("sourceVolume") for m in spec.definition.get("mountPoints") or ()}
    return [v for v in spec.volumes if v.get("name") in names]


def _inside(path: str, folders: Iterable[Path]) -> bool:
    """Whether the path leads into one of the folders, links followed."""
    real = Path(path).resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)
