"""The volumes of a task definition: what Compose's words make of one, and ``x-ecs`` beside them."""

from __future__ import annotations

from typing import Any

from ecslab.compose.tree import Path
from ecslab.convert import extension
from ecslab.convert.naming import ecs_name, is_ecs_name
from ecslab.convert.shape import VOLUME
from ecslab.convert.trip import Trip
from ecslab.convert.values import Values
from ecslab.locale import translator

_ = translator("convert")

KINDS = (
    "host",
    "dockerVolumeConfiguration",
    "efsVolumeConfiguration",
    "s3filesVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "configuredAtLaunch",
)
"""The members that say what a volume is; without one it is an empty folder of the task's own."""
_DOCKER = ("driver", "driver_opts", "labels", "external", "name")


class Book:
    """The volumes of a task definition that is being made.

    volumes: by name, in order; names: the ECS name of each declared key.
    """

    def __init__(self, trip: Trip) -> None:
        self.trip = trip
        self.volumes: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._declared: dict[str, str] = {}
        self._positions: dict[str, int] = {}
        self._number = 0
        self._values = Values(trip.notes, loose=True, nulls=True)

    def index(self, name: str) -> int:
        """Where a volume stands among the volumes."""
        return self._positions[name]

    def declare(self, key: str, written: dict[str, Any]) -> None:
        """A volume of the top level."""
        over = extension.read(written, VOLUME, ("volumes", key), self._values)
        name = over.get("name") or self._name(key, written)
        self.names[key] = name
        self._declared[name] = key
        self.trip.link(("volumes", key), "volumes", len(self.volumes))
        native = {"name": name, **_beside(self._kind(key, written), over)}
        self._add(name, extension.laid_over(native, over, VOLUME))
        if over and _words(written) != _words(declared(self.volumes[name])):
            self.trip.notes.say(
                "x-ecs-wins",
                "adapted",
                _("The volume {key} is what x-ecs says; what Compose says of it is not used.",
                  key=key),
                None,
                ("volumes", key),
            )  # fmt: skip

    def _kind(self, key: str, written: dict[str, Any]) -> dict[str, Any]:
        for words in ("driver_opts", "labels"):
            for word, text in (written.get(words) or {}).items():
                if text is None:
                    self.trip.notes.say(
                        "empty-value",
                        "adapted",
                        _("{key} has no value; ECS gets an empty one.", key=word),
                        None,
                        ("volumes", key, words, word),
                    )
        return _kind(written)

    def _add(self, name: str, volume: dict[str, Any]) -> None:
        self._positions[name] = len(self.volumes)
        self.volumes[name] = volume

    def _name(self, key: str, written: dict[str, Any]) -> str:
        """The name Docker knows a volume by where it is told, else the key."""
        external = written.get("external")
        told = written.get("name") or (external.get("name") if isinstance(external, dict) else None)
        if told and is_ecs_name(told) and told not in self.volumes:
            if told != key:
                self._say(
                    key,
                    _("Docker calls the volume {key} {name}, and so does ECS.",
                      key=key, name=told),
                )  # fmt: skip
            return str(told)
        if told:
            self._say(
                key, _("{name} is no name for a volume in ECS; it is called {key}.",
                       name=told, key=key),
            )  # fmt: skip
        name = ecs_name(key, self.volumes)
        if name != key:
            self._say(key, _("{key} is called {name} in ECS.", key=key, name=name))
        return name

    def _say(self, key: str, message: Any) -> None:
        self.trip.notes.say("volume-name", "adapted", message, None, ("volumes", key))

    def said_of(self, mount: dict[str, Any], path: Path) -> dict[str, Any]:
        """The ``x-ecs`` of a mount."""
        found: dict[str, Any] = extension.read(mount, {"sourceVolume": "text"}, path, self._values)
        return found

    def bind(self, source: str, index: int, over: dict[str, Any]) -> str:
        """A folder of the host."""
        name = over.get("sourceVolume")
        if name is None:
            name = self._paths.get(source) or self._next()
            self._paths[source] = name
        if name not in self.volumes:
            self._add(name, {"name": name, "host": {}})
        volume = self.volumes[name]
        host = volume.get("host")
        if host is None or host.get("sourcePath", source) != source:
            self.trip.notes.wrong(
                "volume-two",
                _("The volume {name} stands for {source} and for something else.",
                  name=name, source=source),
                _("Give each its own sourceVolume under x-ecs."),
                self.trip.path(index),
            )  # fmt: skip
        else:
            volume["host"] = {**host, "sourcePath": source}
        return name

    def unnamed(self, index: int) -> str:
        """A volume without a name, which lives as long as the task."""
        name = self._next()
        self._add(name, {"name": name, "host": {}})
        self.trip.adapted(
            "volume-unnamed",
            _("A volume without a name gets one: {name}.", name=name),
            None,
            index,
        )
        return name

    def _next(self) -> str:
        self._number += 1
        while f"volume-{self._number}" in self.volumes:
            self._number += 1
        return f"volume-{self._number}"

    def close(self) -> None:
        """Say of each plain volume how long it lives."""
        for name, key in self._declared.items():
            if self.volumes[name].get("host") == {}:
                self.trip.notes.say(
                    "volume-lifetime",
                    "adapted",
                    _("In ECS the volume {key} is empty at each start and gone with the task.",
                      key=key),
                    _("For data that stays: name: {key} keeps it on the instance; with x-ecs it "
                      "can be on EFS.", key=key),
                    ("volumes", key),
                )  # fmt: skip


def _kind(written: dict[str, Any]) -> dict[str, Any]:
    """What a volume is by Compose's words alone."""
    settings = [key for key in _DOCKER if written.get(key) not in (None, False)]
    if not settings:
        return {"host": {}}
    made: dict[str, Any] = {"scope": "shared"}
    if not written.get("external"):
        made["autoprovision"] = True
    if "driver" in written:
        made["driver"] = written["driver"]
    for key, member in (("driver_opts", "driverOpts"), ("labels", "labels")):
        if key in written:
            made[member] = {name: text or "" for name, text in written[key].items()}
    return {"dockerVolumeConfiguration": made}


def declared(volume: dict[str, Any]) -> dict[str, Any]:
    """A volume as the top level of a Compose file has it."""
    docker = volume.get("dockerVolumeConfiguration")
    made: dict[str, Any] = {}
    if docker is not None:
        if "driver" in docker:
            made["driver"] = docker["driver"]
        for member, key in (("driverOpts", "driver_opts"), ("labels", "labels")):
            if member in docker:
                made[key] = {name: text for name, text in docker[member].items() if name}
        if not made and docker.get("scope") == "shared":
            made = {"name": volume["name"]} if docker.get("autoprovision") else {"external": True}
    native = {"name": volume["name"], **_kind(made)}
    over = extension.difference(volume, native, VOLUME)
    if not _beside(_kind(made), over):
        over = extension.difference(volume, {"name": volume["name"]}, VOLUME)
    return {**made, extension.KEY: over} if over else made


def _beside(native: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """What Compose's words make of a volume, unless ``x-ecs`` makes it one of another kind."""
    given = [kind for kind in KINDS if over.get(kind) is not None]
    return {} if given and not any(kind in native for kind in given) else native


def _words(written: dict[str, Any]) -> dict[str, Any]:
    return {key: written[key] for key in _DOCKER if written.get(key) not in (None, False)}
