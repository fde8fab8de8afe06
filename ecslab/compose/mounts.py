"""The short form of a mount: ``[SOURCE:]TARGET[:OPTIONS]``."""

from __future__ import annotations

from typing import Any

from ecslab.compose.longform import DROP, At
from ecslab.compose.tree import Map
from ecslab.locale import translator

_ = translator("compose")

_PROPAGATION = ("rprivate", "private", "rshared", "shared", "rslave", "slave")
_CONSISTENCY = ("cached", "delegated", "consistent")


def mount(written: str, at: At) -> Any:
    """The long form of a short one; `DROP` where it is none."""
    parts = _split(written)
    if len(parts) > 3 or not all(parts):
        return _wrong(written, at)
    if len(parts) == 1 and parts[0][1:2] == ":":
        return _wrong(written, at)
    if len(parts) == 1:
        return _made(at, type="volume", target=parts[0])
    source, target, *options = parts
    if not target.startswith("/") and target[1:2] != ":":
        return _wrong(written, at)
    if is_path(source):
        made = _made(at, type="bind", source=at.resolved(source), target=target)
        made.put("bind", _made(at, create_host_path=True), at.mark)
    else:
        made = _made(at, type="volume", source=source, target=target)
    for option in options[0].split(",") if options else ():
        _apply(made, option, at)
    return made


def _split(written: str) -> list[str]:
    """At the colons, but not at that of a Windows drive (``C:\\data``)."""
    parts = written.split(":")
    made: list[str] = []
    while parts:
        part = parts.pop(0)
        if len(part) == 1 and part.isalpha() and parts and parts[0][:1] in ("\\", "/"):
            part = f"{part}:{parts.pop(0)}"
        made.append(part)
    return made


def _wrong(written: str, at: At) -> Any:
    if written[1:2] == ":" and written[:1].isalpha():
        return at.wrong(
            "volume-drive",
            _(
                "A volume name of one letter, {name}, is taken for a Windows drive.",
                name=written[0],
            ),
            _("Give the volume a longer name, or use the long form."),
        )
    return at.wrong(
        "volume",
        _("{volume} is no mount.", volume=written),
        _('Write it as "name:/path", "./directory:/path" or "/host:/path:ro".'),
    )


def is_path(source: str) -> bool:
    """Whether a source is a path of the host and not a volume's name."""
    return source[:1] in (".", "/", "~", "\\") or source[1:3] in (":/", ":\\")


def _made(at: At, **values: Any) -> Map:
    made = Map(at.mark)
    for key, value in values.items():
        made.put(key, value, at.mark)
    return made


def _apply(made: Map, option: str, at: At) -> None:
    if option in ("ro", "rw"):
        made.put("read_only", option == "ro", at.mark)
    elif option == "nocopy":
        made.put("volume", _made(at, nocopy=True), at.mark)
    elif option in ("z", "Z"):
        _under_bind(made, "selinux", option, at)
    elif option in _PROPAGATION:
        _under_bind(made, "propagation", option, at)
    elif option in _CONSISTENCY:
        made.put("consistency", option, at.mark)
    else:
        at.wrong(
            "volume-option",
            _("There is no mount option {option}.", option=option),
            _("Options are ro, rw, z, Z, nocopy, cached, delegated, consistent, rslave and such."),
        )


def _under_bind(made: Map, key: str, value: str, at: At) -> None:
    if "bind" not in made:
        made.put("bind", Map(at.mark), at.mark)
    made["bind"].put(key, value, at.mark)


def tidy_mount(made: Any, at: At) -> Any:
    """A long form with its host path resolved, and what it cannot do without."""
    if made is DROP:
        return DROP
    kind = made.get("type")
    if kind is None:
        return at.wrong(
            "missing-key",
            _("{where} needs the key {key}.", where=at.where, key="type"),
            _("A mount's type is bind, volume or tmpfs."),
        )
    if kind not in ("bind", "volume", "tmpfs", "cluster", "npipe", "image"):
        return at.wrong(
            "volume-type",
            _("There is no mount of type {type}.", type=kind),
            _("A mount's type is bind, volume or tmpfs."),
        )
    if kind == "bind" and "source" in made:
        made["source"] = at.resolved(made["source"])
    return made
