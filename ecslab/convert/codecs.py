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
