"""GPUs: ``gpus`` and ``deploy.resources.reservations.devices`` ⇄ resourceRequirements."""

from __future__ import annotations

from typing import Any

from ecslab.convert.knots.cpu import dig
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

_DEVICES = ("deploy", "resources", "reservations", "devices")


def there(service: dict[str, Any], trip: Trip) -> None:
    """The number of GPUs."""
    trip.key = ""
    count = 0
    sources = []
    for path in (("gpus",), _DEVICES):
        if dig(service, path) == []:
            trip.dropped("gpu-none", _("No GPU is asked for here."), None, *path)
        for index, request in enumerate(dig(service, path) or ()):
            found = _count(request, (*path, index), path == ("gpus",), trip)
            if found:
                count += found
                sources.append(trip.path(*path, index))
    for source in sources:
        trip.put("resourceRequirements", [{"value": str(count), "type": "GPU"}], source)


def _count(request: dict[str, Any], here: tuple[str | int, ...], implied: bool, trip: Trip) -> int:
    if not implied and "gpu" not in request.get("capabilities", ()):
        trip.dropped("device-request", _("ECS reserves GPUs and no other devices."), None, *here)
        return 0
    count = request.get("count", len(request.get("device_ids", ())))
    if not count or count == "all":
        trip.dropped(
            "gpu-count",
            _("ECS wants a number of GPUs."),
            _("Write count: 1, for example."),
            *here,
        )
        return 0
    for key in ("driver", "options", "device_ids"):
        if key in request:
            trip.dropped(
                "gpu-choice", _("ECS chooses the GPUs itself: no {key}.", key=key), None, *here, key
            )
    if implied:
        trip.adapted(
            "gpus",
            _("gpus comes back under deploy.resources.reservations.devices."),
            None,
            *here,
        )
    return int(count)


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """One requirement of GPUs; everything else stays with ``x-ecs``."""
    wanted = container.get("resourceRequirements") or []
    if len(wanted) != 1 or wanted[0].get("type") != "GPU":
        return
    value = wanted[0].get("value", "")
    if value.isdecimal() and int(value) > 0:
        resources = service.setdefault("deploy", {}).setdefault("resources", {})
        resources["reservations"] = {"devices": [{"capabilities": ["gpu"], "count": int(value)}]}
