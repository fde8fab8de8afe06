"""``tmpfs``: ECS wants a size for each; a mount of type tmpfs is one too."""

from __future__ import annotations

from typing import Any

from ecslab.compose.types import size
from ecslab.convert.codecs import MIB
from ecslab.convert.knots.cpu import dig
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

SIZE = 64
"""MiB where nobody says a size: Docker's own default, half of the memory, has no form in ECS."""


def there(service: dict[str, Any], trip: Trip) -> None:
    """``PATH:size=64m,options``, then the mounts of type tmpfs."""
    made: list[dict[str, Any]] = []
    trip.key = "tmpfs"
    for index, line in enumerate(service.get("tmpfs") or ()):
        made.append(_line(line, trip, index))
    if "tmpfs" in service:
        trip.put("linuxParameters.tmpfs", made)
    trip.key = "volumes"
    for index, mount in enumerate(service.get("volumes") or ()):
        if mount.get("type") == "tmpfs":
            made.append(_mount(mount, trip, index))
            trip.put("linuxParameters.tmpfs", made, trip.path(index))


def _line(line: str, trip: Trip, index: int) -> dict[str, Any]:
    target, _colon, options = line.partition(":")
    made: dict[str, Any] = {"containerPath": target, "size": None}
    kept = []
    for option in options.split(",") if options else ():
        if option.startswith("size="):
            made["size"] = _mib(option.removeprefix("size="), trip, index)
        else:
            kept.append(option)
    if kept:
        made["mountOptions"] = kept
    return _sized(made, trip, index)


def _mib(written: Any, trip: Trip, *below: str | int) -> int | None:
    try:
        wanted = size(written)
    except ValueError:
        return None
    whole = -(-wanted // MIB)
    if wanted % MIB:
        trip.adapted(
            "size-rounded",
            _("ECS counts memory in whole MiB: {written} becomes {mib}.", written=written,
              mib=whole),
            None,
            *below,
        )  # fmt: skip
    return whole


def _sized(made: dict[str, Any], trip: Trip, index: int) -> dict[str, Any]:
    if made["size"] is None or made["size"] < 1:
        made["size"] = SIZE
        trip.adapted(
            "tmpfs-size",
            _("ECS wants a size for the tmpfs at {path}: it gets {size} MiB.",
              path=made["containerPath"], size=SIZE),
            _("Write {path}:size=128m, for example.", path=made["containerPath"]),
            index,
        )  # fmt: skip
    return made


def _mount(mount: dict[str, Any], trip: Trip, index: int) -> dict[str, Any]:
    settings = mount.get("tmpfs") or {}
    made: dict[str, Any] = {"containerPath": mount.get("target", ""), "size": None}
    if "size" in settings:
        made["size"] = _mib(settings["size"], trip, index, "tmpfs", "size")
    options = [f"mode={settings['mode']:o}"] if "mode" in settings else []
    if mount.get("read_only"):
        options.append("ro")
    if options:
        made["mountOptions"] = options
    trip.adapted(
        "tmpfs-mount",
        _("A mount of type tmpfs is one of the container's tmpfs, and comes back under tmpfs."),
        None,
        index,
    )
    return _sized(made, trip, index)


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """One line each."""
    found = dig(container, ("linuxParameters", "tmpfs"))
    if found is None:
        return
    lines = [
        ":".join((one["containerPath"], ",".join(_options(one))))
        for one in found
        if "containerPath" in one
    ]
    if lines or not found:
        service["tmpfs"] = lines


def _options(one: dict[str, Any]) -> list[str]:
    sized = [f"size={one['size']}m"] if one.get("size", 0) > 0 else []
    return [*sized, *one.get("mountOptions", ())]
