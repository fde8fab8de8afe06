"""``volumes`` of services and of the top level ⇄ mountPoints and volumes.

A volume of ECS is a folder of the host, a Docker volume or a file system elsewhere. A bind mount
has no name in Compose, so its volume is called volume-1, volume-2 …, or as ``x-ecs.sourceVolume``
of the mount says.
"""

from __future__ import annotations

from typing import Any

from ecslab.convert import extension
from ecslab.convert.knots.volumes import Book, declared
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

_LOST = ("consistency", "image", "volume")
_MADE = ("create_host_path", True)
"""What Docker does for ECS anyway."""


def there(services: dict[str, Any], trip: Trip) -> None:
    """The declared volumes in order, then those that mounts bring."""
    book = Book(trip)
    written_volumes = trip.project.document.get("volumes")
    for key, written in (written_volumes or {}).items():
        if isinstance(written, dict):
            book.declare(key, written)
    for name in trip.containers:
        if "volumes" in services[name]:
            trip.enter(name, "volumes")
            _mounts(services[name]["volumes"], book, trip)
    book.close()
    if book.volumes or written_volumes is not None:
        trip.task["volumes"] = list(book.volumes.values())


def _mounts(mounts: list[dict[str, Any]], book: Book, trip: Trip) -> None:
    made: list[dict[str, Any]] = []
    for index, mount in enumerate(mounts):
        if mount["type"] == "tmpfs":
            continue
        volume = _volume(mount, index, book, trip)
        if volume is None:
            continue
        point: dict[str, Any] = {"sourceVolume": volume, "containerPath": mount.get("target", "")}
        if "read_only" in mount:
            point["readOnly"] = mount["read_only"]
        _lost(mount, index, trip)
        here = trip.path(index)
        trip.link(here, "containerDefinitions", trip.index, "mountPoints", len(made))
        trip.link(here, "volumes", book.index(volume))
        made.append(point)
    if made or not mounts:
        trip.put("mountPoints", made)


def _volume(mount: dict[str, Any], index: int, book: Book, trip: Trip) -> str | None:
    """The name of the volume a mount is of."""
    kind, source = mount["type"], mount.get("source")
    if kind == "bind" and source:
        return book.bind(source, index, book.said_of(mount, trip.path(index)))
    if kind == "volume":
        return book.names[source] if source in book.names else book.unnamed(index)
    trip.dropped(
        "mount-type",
        _("ECS has no mount of type {type}.", type=kind),
        _("Use a volume or a folder of the host."),
        index,
    )
    return None


def _lost(mount: dict[str, Any], index: int, trip: Trip) -> None:
    bind = mount.get("bind") or {}
    lost: list[tuple[str, ...]] = [(key,) for key in _LOST if mount.get(key)]
    lost += [("bind", key) for key, value in bind.items() if (key, value) != _MADE]
    for path in lost:
        trip.dropped(
            "mount-option",
            _("ECS has no mount option {option}.", option=".".join(path)),
            None,
            index,
            *path,
        )


# -- back -----------------------------------------------------------------------------------------


def back(task: dict[str, Any], back: Return) -> None:
    """Mounts in long form; volumes that need their place in the order are declared."""
    volumes = task.get("volumes")
    known = {one["name"]: one for one in volumes or () if "name" in one}
    containers = task["containerDefinitions"]
    mounted = [
        point.get("sourceVolume")
        for container in containers
        for point in container.get("mountPoints") or ()
    ]
    binds = [name for name in dict.fromkeys(mounted) if _path(known.get(name, {}))]
    others = [name for name in known if name not in binds]
    numbered = _numbered(binds, others, known)
    in_order = [*others, *binds] == list(known)
    for name, volume in known.items():
        if name not in binds:
            back.volumes[name] = declared(volume)
        elif not in_order:
            back.volumes[name] = {}
    for container in containers:
        points = container.get("mountPoints")
        if points is not None:
            items = [_mount(point, known, numbered and in_order) for point in points]
            back.services[container["name"]]["volumes"] = [item for item in items if item]


def _path(volume: dict[str, Any]) -> str | None:
    """The absolute folder of the host a volume is, if that is all it is."""
    path = (volume.get("host") or {}).get("sourcePath", "")
    return path if path.startswith("/") else None


def _numbered(binds: list[str], others: list[str], known: dict[str, Any]) -> bool:
    """Whether bind mounts get these very names anyway."""
    paths = [_path(known[name]) for name in binds]
    numbers = (f"volume-{number}" for number in range(1, len(known) + 1))
    names = [name for name in numbers if name not in others][: len(binds)]
    return binds == names and len(set(paths)) == len(paths)


def _mount(
    point: dict[str, Any], known: dict[str, Any], natural: bool
) -> dict[str, Any] | str | None:
    name = point.get("sourceVolume")
    if name not in known or "containerPath" not in point:
        return None
    path = _path(known[name])
    if path and natural and (short := _short(path, point)):
        return short
    made: dict[str, Any] = {"type": "bind" if path else "volume", "source": path or name}
    made["target"] = point["containerPath"]
    if "readOnly" in point:
        made["read_only"] = point["readOnly"]
    if path:
        made["bind"] = dict([_MADE])
        if not natural:
            made[extension.KEY] = {"sourceVolume": name}
    return made


def _short(path: str, point: dict[str, Any]) -> str | None:
    """``folder:folder[:ro]``, which every Compose reads alike; None where it cannot say it.

    The long form differs: some make a folder that is missing, some refuse, some do not know the
    word ``create_host_path``.
    """
    target = point["containerPath"]
    if ":" in path + target or not target.startswith("/") or point.get("readOnly") is False:
        return None
    return f"{path}:{target}:ro" if point.get("readOnly") else f"{path}:{target}"
