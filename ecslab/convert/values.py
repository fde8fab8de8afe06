"""Members of a task definition as somebody wrote them: each of its type, or said what is wrong."""

from __future__ import annotations

from typing import Any

from ecslab.compose.longform import kind_of
from ecslab.compose.problems import dotted
from ecslab.compose.tree import Path
from ecslab.compose.types import text as as_text
from ecslab.convert.notes import Notes
from ecslab.convert.rule import DROP
from ecslab.convert.shape import Kind
from ecslab.locale import Text, translator

_ = translator("convert")

_WANTED: dict[str, Text] = {
    "text": _("text"),
    "int": _("a whole number"),
    "bool": _("true or false"),
}


class Values:
    """Reads values by their kinds. Members nobody knows are handed on, and named.

    `loose`: numbers are taken for text without a word, as in a YAML file; else that is said.
    `nulls`: a null of a member means that it is to be absent, and is kept.
    """

    def __init__(self, notes: Notes, *, loose: bool, nulls: bool) -> None:
        self.notes = notes
        self.loose = loose
        self.nulls = nulls

    def read(self, value: Any, kind: Kind, path: Path) -> Any:
        """The value; `DROP` where it is wrong, which is a problem."""
        if isinstance(kind, dict):
            return self._structure(value, kind, path)
        if isinstance(kind, list):
            return self._list(value, kind[0], path)
        if isinstance(kind, tuple):
            return self._mapping(value, kind[0], path)
        return self._scalar(value, kind, path)

    def _structure(self, value: Any, kind: dict[str, Kind], path: Path) -> Any:
        if not isinstance(value, dict):
            return self._not(value, _("a mapping"), path)
        made: dict[str, Any] = {}
        for key, item in value.items():
            here = (*path, key)
            if item is None:
                if self.nulls:
                    made[key] = None
                continue
            if key not in kind:
                found = self.unknown(key, kind, here)
                if found is not DROP:
                    made[key] = item
                continue
            found = self.read(item, kind[key], here)
            if found is not DROP:
                made[key] = found
        return made

    def unknown(self, key: str, kind: dict[str, Kind], path: Path) -> Any:
        """Name a member nobody knows; `DROP` if it is not to be handed on."""
        from difflib import get_close_matches

        near = get_close_matches(key, kind, 1, 0.6)
        self.notes.say(
            "unknown-member",
            "exact",
            _("{where} is no member ECS had when this was written; it is handed on.",
              where=dotted(path)),
            _("Did you mean {near}?", near=near[0]) if near else None,
            path,
        )  # fmt: skip
        return None

    def _list(self, value: Any, kind: Kind, path: Path) -> Any:
        if not isinstance(value, (list, tuple)):
            return self._not(value, _("a list"), path)
        # A list is replaced as a whole: inside of it null takes nothing away, it is nothing.
        nulls, self.nulls = self.nulls, False
        read = [self.read(item, kind, (*path, index)) for index, item in enumerate(value)]
        self.nulls = nulls
        return [item for item in read if item is not DROP]

    def _mapping(self, value: Any, kind: Kind, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._not(value, _("a mapping"), path)
        read = {key: self.read(item, kind, (*path, key)) for key, item in value.items()}
        return {key: item for key, item in read.items() if item is not DROP}

    def _scalar(self, value: Any, kind: str, path: Path) -> Any:
        made = _SCALARS[kind](value)
        if made is DROP:
            return self._not(value, _WANTED[kind], path)
        if type(made) is not type(value) and not self.loose:
            self.notes.say(
                "type",
                "adapted",
                _("{where} has to be {wanted}; {value} was taken for it.",
                  where=dotted(path), wanted=_WANTED[kind], value=value),
                None,
                path,
            )  # fmt: skip
        return made

    def _not(self, value: Any, wanted: Text, path: Path) -> Any:
        self.notes.wrong(
            "type",
            _("{where} is {found}; it has to be {wanted}.",
              where=dotted(path) or "x-ecs", found=kind_of(value), wanted=wanted),
            None,
            path,
        )  # fmt: skip
        return DROP


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value if _encodable(value) else DROP
    return as_text(value) if isinstance(value, (bool, int, float)) else DROP


def _encodable(text: str) -> bool:
    """Half a surrogate pair is no character: neither JSON nor YAML text can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        return DROP
    if isinstance(value, int):
        return value
    digits = isinstance(value, str) and value.isascii() and value.removeprefix("-").isdecimal()
    return int(value) if digits and len(value) < 20 else DROP


def _truth(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value, DROP) if isinstance(value, str) else DROP


_SCALARS = {"text": _text, "int": _whole, "bool": _truth}
