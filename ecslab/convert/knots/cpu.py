"""CPU: shares in both worlds; the fractions of a CPU that Compose also has are shares of 1024."""

from __future__ import annotations

from typing import Any

from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

UNITS = 1024
"""CPU units of one CPU (ECS API, ContainerDefinition.cpu)."""
FRACTIONS = (
    ("deploy", "resources", "reservations", "cpus"),
    ("deploy", "resources", "limits", "cpus"),
    ("cpus",),
)


def there(service: dict[str, Any], trip: Trip) -> None:
    """``cpu_shares``, else a reservation, else a limit."""
    trip.key = ""
    chosen = "cpu_shares" if "cpu_shares" in service else ""
    if chosen:
        trip.put("cpu", service["cpu_shares"], trip.path("cpu_shares"))
    for path in FRACTIONS:
        fraction = dig(service, path)
        if fraction is None:
            continue
        if chosen:
            trip.dropped(
                "cpu-twice",
                _("ECS has one number for CPU, and {chosen} gives it.", chosen=chosen),
                None,
                *path,
            )
            continue
        chosen = ".".join(path)
        units = round(fraction * UNITS)
        trip.put("cpu", units, trip.path(*path))
        trip.adapted(
            "cpu-units",
            _("{cpus} CPU is {units} CPU units, a share rather than a limit.",
              cpus=fraction, units=units),
            _("Write cpu_shares to say it in units."),
            *path,
        )  # fmt: skip


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """CPU units are shares."""
    if "cpu" in container:
        service["cpu_shares"] = container["cpu"]


def dig(node: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of mappings; None where there is none."""
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    return node
