"""Looking into real containers: what they write, and commands run in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ecslab.runtime import making
from ecslab.runtime.client import api_error, words
from ecslab.runtime.port import Held, Key, Line, Look, Ran, Usage

OUTPUT_LIMIT = 64 * 1024
"""Bytes of a command's output that are kept."""
SECOND = 1_000_000_000
_moment = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


def lines(api: Any, there: str, after: int) -> list[Line]:
    """What the container wrote after that moment (nanoseconds since the epoch), oldest first."""
    since = {"since": after / SECOND} if after else {}
    try:
        told = api.logs(there, timestamps=True, **since)
    except api_error():
        return []  # removed meanwhile
    found = (_line(one) for one in told.decode("utf-8", "replace").splitlines())
    # A float is not as fine as a nanosecond: the last line comes again.
    return sorted(one for one in found if one is not None and one.at > after)


def _line(text: str) -> Line | None:
    stamp, _, said = text.partition(" ")
    found = _moment.fullmatch(stamp)
    if found is None:
        return None
    whole = datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    nanoseconds = int((found[2] or "0").ljust(9, "0"))
    return Line(int(whole.timestamp()) * SECOND + nanoseconds, said)


def look(api: Any, there: str) -> Look | None:
    """What can be seen of the container; None where it is gone."""
    try:
        seen = api.inspect_container(there)
    except api_error():
        return None
    networks = (seen.get("NetworkSettings") or {}).get("Networks") or {}
    addresses = [one.get("IPAddress") for one in networks.values()]
    return Look(
        name=str(seen.get("Name") or "").removeprefix("/"),
        image_id=str(seen.get("Image") or ""),
        address=next((one for one in addresses if one), ""),
        created_at=str(seen.get("Created") or ""),
        started_at=str(seen["State"].get("StartedAt") or ""),
    )


def held(row: Mapping[str, Any]) -> Held:
    """A container from the engine's list of them."""
    key = Key(row["Labels"][making.TASK], row["Labels"][making.CONTAINER])
    ports = {
        (one.get("IP", ""), int(one["PublicPort"]), str(one["Type"]))
        for one in row.get("Ports") or ()
        if one.get("PublicPort")
    }
    return Held(key, row.get("State") == "running", tuple(sorted(ports)))


def stats(api: Any, there: str) -> Mapping[str, Any] | None:
    """What the container uses, measured once; None where it does not run."""
    try:
        told: dict[str, Any] = api.stats(there, stream=False)
    except api_error():
        return None
    return told if told.get("read", "0001").startswith("0001") is False else None


def usage(api: Any, there: str) -> Usage | None:
    """What the container has used so far; None where it does not run.

    One look at its counters: the engine's own percentages take it a second to work out.
    """
    try:
        told: dict[str, Any] = api.stats(there, stream=False, one_shot=True)
        spent = told["cpu_stats"]["cpu_usage"]["total_usage"]
        memory = told["memory_stats"]
    except (api_error(), OSError, KeyError):
        return None
    if not told.get("num_procs") and not (told.get("pids_stats") or {}).get("current"):
        return None  # it has just ended
    # What can be dropped at any time counts for nobody, as `docker stats` shows it.
    droppable = (memory.get("stats") or {}).get("inactive_file", 0)
    return Usage(spent / SECOND, max(0, int(memory.get("usage") or 0) - int(droppable)))


def execute(api: Any, there: str, command: Sequence[str]) -> Ran:
    """Run a command in the container and wait for its end.

    Raises LookupError with the engine's reason where it could not be run.
    """
    try:
        made = api.exec_create(there, list(command), stdin=False, tty=False)
        output, cut = _bounded(api.exec_start(made["Id"], stream=True))
        ended = api.exec_inspect(made["Id"])
    except api_error() as error:
        raise LookupError(words(error)) from error
    return Ran(ended["ExitCode"], output, cut)


def _bounded(pieces: Iterator[bytes]) -> tuple[str, bool]:
    """The output, and whether it was cut: what writes on and on is listened to no longer, and
    stands still at its full pipe.
    """
    kept = b""
    for piece in pieces:
        kept += piece
        if len(kept) > OUTPUT_LIMIT:
            break
    return kept[:OUTPUT_LIMIT].decode("utf-8", "replace"), len(kept) > OUTPUT_LIMIT
