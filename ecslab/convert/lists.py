"""Lists of things: variables, devices, limits, hosts, kernel parameters."""

from __future__ import annotations

from typing import Any

from ecslab.convert.codecs import pairs_there, rest_of
from ecslab.convert.rule import DROP
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")


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
        trip.link(trip.path(index), "containerDefinitions", trip.index, "environment", len(made))
        made.append({"name": name, "value": text})
    return rest_of(value, made)


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
