"""Each value in its long form and of its own type, with what is wrong about it.

The kinds are those of `schema`; what has a short form is spelled out in `short`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from ecslab.compose import types
from ecslab.compose.problems import Report, dotted
from ecslab.compose.schema import TOP, Kind
from ecslab.compose.tree import Map, Path, Seq, item_marks, key_marks
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")

_LIST = _("a list")

DROP: Any = object()
"""What stands for a value that is not there, or that is wrong and has been reported."""


READERS: dict[str, Callable[[Any, At], Any]] = {}
"""A reader for each kind that has a name; `short` fills it."""


class At:
    """Where a value stands, and who wants to know what is wrong about it."""

    __slots__ = ("directory", "home", "mark", "path", "report", "tagged")

    def __init__(self, report: Report, directory: str | None, home: str | None = None) -> None:
        self.report = report
        self.directory = directory
        self.home = home
        self.path: Path = ()
        self.mark: Mark | None = None
        self.tagged = False

    def wrong(self, code: str, message: Text, hint: Text | None = None) -> Any:
        """Report the value that is looked at now; gives `DROP`."""
        self.report.error(code, message, hint, self.mark, self.path)
        return DROP

    @property
    def where(self) -> str:
        """The dotted path of the value that is looked at now."""
        return dotted(self.path) or "compose.yaml"

    def resolved(self, path: str) -> str:
        """A path of this machine, from the project directory on; others are left alone."""
        if path.startswith("~") and self.home and path[1:2] in ("", "/"):
            return posixpath.normpath(self.home + path[1:])
        if self.directory is None or posixpath.isabs(path) or path[1:3] in (":/", ":\\"):
            return path
        return posixpath.normpath(posixpath.join(self.directory, path))


def model(document: Any, at: At) -> Map:
    """A whole Compose document in canonical form."""
    if not isinstance(document, dict):
        at.mark = getattr(document, "mark", None)
        at.wrong(
            "not-a-mapping",
            _("A Compose file is a mapping with the key services at its top."),
            _('Begin it with "services:".'),
        )
        return Map()
    import ecslab.compose.short  # noqa: F401  fills READERS

    made = mapping(document, TOP, at)
    return made if isinstance(made, Map) else Map()


def shape(value: Any, kind: Kind, at: At) -> Any:
    """`value` as a value of `kind`, `DROP` where it is null or wrong."""
    if type(kind) is str:
        return READERS[kind](value, at)
    if type(kind) is dict:
        return mapping(value, kind, at)
    if value is None:
        return DROP
    if type(kind) is tuple:
        return named(value, kind[0], at)
    return each(value, kind[0], at)


def mapping(value: Any, known: dict[str, Kind], at: At) -> Any:
    """A mapping whose keys are known, or begin with ``x-``."""
    if value is None:
        return DROP
    if not isinstance(value, dict):
        return _not_a(value, at, _("a mapping"))
    path, mark = at.path, at.mark
    made = Map(mark)
    marks, tags = key_marks(value), getattr(value, "tags", None)
    for key, item in value.items():
        at.path, at.mark = (*path, key), marks.get(key, mark)
        if tags and key in tags:
            at.tagged = True
            made.tag(key, tags[key])
            if tags[key] == "reset":
                made.put(key, None, at.mark)
                continue
        kind = known.get(key)
        if kind is not None:
            item = shape(item, kind, at)
        elif not key.startswith("x-"):
            item = _unknown(key, known, path, at)
        if item is not DROP:
            made[key] = item
            made.marks[key] = at.mark
    at.path, at.mark = path, mark
    return made


def named(value: Any, kind: Kind, at: At) -> Any:
    """A mapping of names of the user's own to values of one kind; null is an empty mapping."""
    if not isinstance(value, dict):
        return _not_a(value, at, _("a mapping"))
    path, mark = at.path, at.mark
    made = Map(mark)
    marks, tags = key_marks(value), getattr(value, "tags", None)
    for key, item in value.items():
        at.path, at.mark = (*path, key), marks.get(key, mark)
        if tags and key in tags:
            at.tagged = True
            made.tag(key, tags[key])
        if tags and tags.get(key) == "reset":
            item = None
        elif item is None:
            item = Map(at.mark)
        elif not (key.startswith("x-") and len(path) == 1 and not isinstance(item, dict)):
            item = shape(item, kind, at)
        if item is not DROP:
            made.put(key, item, at.mark)
    at.path, at.mark = path, mark
    return made


def each(value: Any, kind: Kind, at: At) -> Any:
    """A list of values of one kind."""
    return items(value, at, lambda item: [shape(item, kind, at)])


def items(value: Any, at: At, read: Callable[[Any], list[Any]]) -> Any:
    """A list; `read` gives what each item stands for, which may be several."""
    if value is None:
        return DROP
    if not isinstance(value, (list, tuple)):
        return _not_a(value, at, _LIST)
    path, mark = at.path, at.mark
    made = Seq(mark)
    for index, place in enumerate(item_marks(value, mark)):
        at.path, at.mark = (*path, index), place
        for item in read(value[index]):
            if item is not DROP:
                made.add(item, place)
    at.path, at.mark = path, mark
    return made


def _not_a(value: Any, at: At, wanted: Text) -> Any:
    return at.wrong(
        "type",
        _(
            "{where} is {found}; it has to be {wanted}.",
            where=at.where,
            found=kind_of(value),
            wanted=wanted,
        ),
        _("Put each item on its own line, with a dash before it.") if wanted == _LIST else None,
    )


def kind_of(value: Any) -> Text:
    """What a value is, in words."""
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("true or false")
    if isinstance(value, (int, float)):
        return _("a number")
    if isinstance(value, str):
        return _("text")
    return _("a mapping") if isinstance(value, dict) else _("a list")


def _unknown(key: str, known: dict[str, Kind], path: Path, at: At) -> Any:
    from difflib import get_close_matches

    near = get_close_matches(key, known, 1, 0.6)
    hint = (
        _("Did you mean {near}?", near=near[0])
        if near
        else _("Keys of your own begin with x-, as in x-{key}.", key=key)
    )
    if not path and isinstance(key, str) and key not in TOP:
        hint = hint if near else _("Services stand under the key services.")
    where = dotted(path)
    message = (
        _("{where} has no key {key}.", where=where, key=key)
        if where
        else _("A Compose file has no key {key} at its top.", key=key)
    )
    return at.wrong("unknown-key", message, hint)


def scalar_reader(convert: Callable[[Any], Any], wanted: Text) -> Callable[[Any, At], Any]:
    """A reader of one scalar; `convert` raises ValueError for what is wrong."""

    def read(value: Any, at: At) -> Any:
        if value is None:
            return DROP
        if isinstance(value, (dict, list, tuple)):
            return _not_a(value, at, wanted)
        try:
            return convert(value)
        except ValueError:
            return at.wrong(
                "value",
                _(
                    "{where} is {found}; it has to be {wanted}.",
                    where=at.where,
                    found=repr(value),
                    wanted=wanted,
                ),
            )

    return read


def _sized(value: Any) -> Any:
    types.size(value)
    return value


def _timed(value: Any) -> str:
    types.seconds(value)
    return str(value)


text = scalar_reader(types.text, _("text"))
whole = scalar_reader(types.whole, _("a whole number"))
number = scalar_reader(types.number, _("a number"))
truth = scalar_reader(types.truth, _("true or false"))
sized = scalar_reader(_sized, _("a size such as 512m or 1g"))
timed = scalar_reader(_timed, _("a duration such as 30s or 1m30s"))
