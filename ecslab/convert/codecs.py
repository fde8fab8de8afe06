"""Values of one side ⇄ values of the other: a pair of functions for each kind.

``…_there`` reads a value of the canonical Compose project, ``…_back`` writes one. A value without
a form on the other side is `DROP`.
"""

from __future__ import annotations

from typing import Any

from ecslab.compose.types import seconds, size
from ecslab.convert.rule import DROP
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

MIB = 1 << 20


def same_there(value: Any, trip: Trip) -> Any:
    """A scalar or list that is the same on both sides."""
    return list(value) if isinstance(value, list) else value


def same_back(value: Any, back: Return) -> Any:
    """See `same_there`."""
    return list(value) if isinstance(value, list) else value


def rest_of(value: Any, made: list[Any]) -> Any:
    """What is left of a list; `DROP` where there was something and all of it was lost."""
    return made if made or not value else DROP


def words_there(value: Any, trip: Trip) -> Any:
    """A command: an empty one, "no command" in Compose, is the image's own for ECS."""
    if not value:
        trip.dropped(
            f"{trip.key}-empty",
            _("An empty {key} means the image's own to ECS.", key=trip.key),
            _("Make an image without it, or write a command that does nothing."),
        )
        return DROP
    return list(value)


def words_back(value: Any, back: Return) -> Any:
    """See `words_there`."""
    return list(value) or DROP


def mebibytes(value: Any, trip: Trip, *below: str | int) -> int:
    """Whole MiB of a byte size, rounded up, which is said."""
    wanted = size(value)
    whole = -(-wanted // MIB)
    if wanted % MIB:
        trip.adapted(
            "size-rounded",
            _("ECS counts memory in whole MiB: {written} becomes {mib}.", written=value, mib=whole),
            None,
            *below,
        )
    return whole


def size_there(value: Any, trip: Trip) -> Any:
    """Bytes → MiB."""
    return mebibytes(value, trip)


def size_back(value: Any, back: Return) -> Any:
    """MiB → "64m"."""
    return f"{value}m" if value >= 0 else DROP


def whole_seconds(value: Any, trip: Trip, *below: str | int) -> int:
    """Whole seconds of a duration, rounded up, which is said."""
    wanted = seconds(value)
    whole = int(wanted) if wanted == int(wanted) else int(wanted) + 1
    if whole != wanted:
        trip.adapted(
            "seconds-rounded",
            _(
                "ECS counts whole seconds: {written} becomes {seconds}.",
                written=value,
                seconds=whole,
            ),
            None,
            *below,
        )
    return whole


def seconds_there(value: Any, trip: Trip) -> Any:
    """Duration → seconds."""
    return whole_seconds(value, trip)


def seconds_back(value: Any, back: Return) -> Any:
    """Seconds → "30s"."""
    return f"{value}s" if value >= 0 else DROP


def within(value: int, least: int, most: int, trip: Trip, word: str, *below: str | int) -> int:
    """`value`, or the nearest that ECS takes, which is said."""
    if least <= value <= most:
        return value
    nearest = least if value < least else most
    trip.adapted(
        f"{word}-limits",
        _(
            "ECS takes {least} to {most} here: {value} becomes {nearest}.",
            least=least,
            most=most,
            value=value,
            nearest=nearest,
        ),
        None,
        *below,
    )
    return nearest


def pairs_there(value: Any, trip: Trip, *below: str) -> Any:
    """A mapping of text; a bare key has no value, which is the empty one."""
    for key, item in value.items():
        if item is None:
            trip.adapted(
                "empty-value",
                _("{key} has no value; ECS gets an empty one.", key=key),
                None,
                *below,
                key,
            )
    return {key: "" if item is None else item for key, item in value.items()}


def pairs_back(value: Any, back: Return) -> Any:
    """See `pairs_there`."""
    return dict(value)


def capabilities_there(value: Any, trip: Trip) -> Any:
    """Linux capabilities; ECS writes them in capitals and without CAP_."""
    made = []
    for index, written in enumerate(value):
        plain = written.upper().removeprefix("CAP_")
        if plain != written:
            trip.adapted(
                "capability-name",
                _("ECS writes the capability {written} as {name}.", written=written, name=plain),
                None,
                index,
            )
        made.append(plain)
    return made


def swappiness_there(value: Any, trip: Trip) -> Any:
    """0 to 100; -1 is the kernel's own, as if nothing were written."""
    if value == -1:
        trip.adapted("swappiness-default", _("-1 means the default, which ECS has anyway."))
        return DROP
    return within(value, 0, 100, trip, "swappiness")


def environment_there(value: Any, trip: Trip) -> Any:
    """Pairs in order; a variable nobody gives a value is not there."""
    made: list[dict[str, str]] = []
    for index, (name, text) in enumerate(value):
        if text is None:
            trip.dropped(
                "environment-unset",
                _("The variable {name} has no value, neither here nor in the shell.", name=name),
                _("Write {name}=VALUE, or set it before converting.", name=name),
                index,
            )
            continue
        trip.link(trip.path(index), *_MEMBERS, trip.index, "environment", len(made))
        made.append({"name": name, "value": text})
    return rest_of(value, made)


_MEMBERS = ("containerDefinitions",)


def environment_back(value: Any, back: Return) -> Any:
    """``NAME=value`` lines; what has no name or value stays with ``x-ecs``."""
    lines = [
        f"{pair['name']}={pair['value']}"
        for pair in value
        if pair.get("name") and "value" in pair and "=" not in pair["name"]
    ]
    return lines if lines or not value else DROP


_PERMISSIONS = {"r": "read", "w": "write", "m": "mknod"}
_LETTERS = {word: letter for letter, word in _PERMISSIONS.items()}


def devices_there(value: Any, trip: Trip) -> Any:
    """Devices of the host."""
    made = []
    for index, item in enumerate(value):
        source = item.get("source", "")
        if not source.startswith("/"):
            trip.dropped(
                "device-path",
                _("{device} is no path of a device on the host.", device=source),
                _("Write /dev/NAME."),
                index,
            )
            continue
        device: dict[str, Any] = {"hostPath": source}
        if "target" in item:
            device["containerPath"] = item["target"]
        if "permissions" in item:
            letters = item["permissions"]
            device["permissions"] = [_PERMISSIONS[one] for one in letters if one in _PERMISSIONS]
            if any(one not in _PERMISSIONS for one in letters):
                trip.dropped(
                    "device-permissions",
                    _("{letters} are no permissions: there are r, w and m.", letters=letters),
                    None,
                    index,
                    "permissions",
                )
        made.append(device)
    return rest_of(value, made)


def devices_back(value: Any, back: Return) -> Any:
    """See `devices_there`."""
    made = []
    for device in value:
        if not device.get("hostPath"):
            continue
        item = {"source": device["hostPath"]}
        if "containerPath" in device:
            item["target"] = device["containerPath"]
        if device.get("permissions"):
            item["permissions"] = "".join(_LETTERS.get(one, "") for one in device["permissions"])
        made.append(item)
    return made if made or not value else DROP


def sysctls_there(value: Any, trip: Trip) -> Any:
    """Kernel parameters."""
    return [{"namespace": name, "value": text} for name, text in pairs_there(value, trip).items()]


def sysctls_back(value: Any, back: Return) -> Any:
    """See `sysctls_there`."""
    return {one["namespace"]: one["value"] for one in value if len(one) == 2}


def ulimits_there(value: Any, trip: Trip) -> Any:
    """Limits, soft and hard; where one is missing it is the other."""
    made = []
    for name, limit in value.items():
        if not limit:
            trip.dropped("ulimit-empty", _("The limit {name} has no value.", name=name), None, name)
        elif len(limit) == 1:
            trip.adapted(
                "ulimit-one",
                _("ECS wants both limits of {name}: the other is the same.", name=name),
                None,
                name,
            )
        if limit:
            soft = limit.get("soft", limit.get("hard"))
            made.append({"name": name, "softLimit": soft, "hardLimit": limit.get("hard", soft)})
    return rest_of(value, made)


def ulimits_back(value: Any, back: Return) -> Any:
    """See `ulimits_there`."""
    return {
        one["name"]: {"soft": one["softLimit"], "hard": one["hardLimit"]}
        for one in value
        if len(one) == 3
    }


def hosts_there(value: Any, trip: Trip) -> Any:
    """Lines of /etc/hosts; ECS wants an address, and knows no host-gateway."""
    made = []
    for index, line in enumerate(value):
        name, _equals, address = line.partition("=")
        if address == "host-gateway":
            trip.dropped(
                "host-gateway",
                _("ECS has no word for the host's own address; {name} gets none.", name=name),
                _("Write an IP address."),
                index,
            )
            continue
        made.append({"hostname": name, "ipAddress": address})
    return rest_of(value, made)


def hosts_back(value: Any, back: Return) -> Any:
    """See `hosts_there`."""
    lines = [
        f"{one['hostname']}={one['ipAddress']}"
        for one in value
        if len(one) == 2 and "=" not in one["hostname"]
    ]
    return lines if lines or not value else DROP
