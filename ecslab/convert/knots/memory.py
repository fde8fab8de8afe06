"""Memory: the hard limit, the soft one, and swap, which Compose counts together with memory."""

from __future__ import annotations

from typing import Any

from ecslab.compose.types import size
from ecslab.convert.codecs import mebibytes
from ecslab.convert.knots.cpu import dig
from ecslab.convert.trip import Return, Trip
from ecslab.locale import Text, translator

_ = translator("convert")

LEAST_MEMORY = 6
"""MiB: what Docker needs for a container (ECS API, ContainerDefinition.memory)."""
_LIMITS = ("deploy", "resources", "limits", "memory")
_RESERVATIONS = ("deploy", "resources", "reservations", "memory")


def there(service: dict[str, Any], trip: Trip) -> None:
    """Limit, reservation, swap."""
    trip.key = ""
    limit = _one(service, "mem_limit", _LIMITS, "memory", trip)
    _one(service, "mem_reservation", _RESERVATIONS, "memoryReservation", trip)
    if "memswap_limit" in service:
        _swap(service["memswap_limit"], limit, trip)


def _one(
    service: dict[str, Any], key: str, deploy: tuple[str, ...], member: str, trip: Trip
) -> int | None:
    """MiB of the key, else of ``deploy``."""
    made = None
    for path in ((key,), deploy):
        written = dig(service, path)
        if written is None:
            continue
        if size(written) <= 0:
            trip.adapted(
                "memory-unlimited",
                _("{written} means no limit; ECS gets none.", written=written),
                None,
                *path,
            )
        elif made is None:
            made = _enough(mebibytes(written, trip, *path), trip, path)
            trip.put(member, made, trip.path(*path))
            if path is deploy:
                trip.adapted(
                    "memory-deploy",
                    _("{path} is {member} in ECS, which comes back as {key}.",
                      path=".".join(path), member=member, key=key),
                    None,
                    *path,
                )  # fmt: skip
        else:
            trip.dropped("memory-twice", _("{key} says it already.", key=key), None, *path)
    return made


def _enough(given: int, trip: Trip, path: tuple[str, ...]) -> int:
    if given >= LEAST_MEMORY:
        return given
    trip.adapted("memory-least", less_than_least(given), None, *path)
    return LEAST_MEMORY


def less_than_least(given: int) -> Text:
    """What is said of a container with too little memory."""
    return _("A container needs {least} MiB at least; {given} becomes {least}.",
             least=LEAST_MEMORY, given=given)  # fmt: skip


def _swap(written: Any, limit: int | None, trip: Trip) -> None:
    total = size(written)
    if limit is None or total <= 0:
        trip.dropped(
            "swap",
            _("ECS counts swap beside a memory limit; {written} alone says nothing to it.",
              written=written),
            _("Write mem_limit and a memswap_limit above it."),
            "memswap_limit",
        )  # fmt: skip
        return
    swap = mebibytes(written, trip, "memswap_limit") - limit
    if swap < 0:
        trip.dropped(
            "swap",
            _("memswap_limit is memory and swap together, so it cannot be below mem_limit."),
            None,
            "memswap_limit",
        )
        return
    trip.put("linuxParameters.maxSwap", swap, trip.path("memswap_limit"))


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """Sizes in MiB, as "512m"."""
    limit = container.get("memory", 0)
    for member, key in (("memory", "mem_limit"), ("memoryReservation", "mem_reservation")):
        if container.get(member, 0) > 0:
            service[key] = f"{container[member]}m"
    swap = dig(container, ("linuxParameters", "maxSwap"))
    if swap is not None and swap >= 0 and limit > 0:
        service["memswap_limit"] = f"{limit + swap}m"
