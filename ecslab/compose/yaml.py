"""YAML text → documents with places, read as docker compose reads them.

PyYAML's parser gives the events; what they mean is decided here, since PyYAML's own loaders take
``yes`` for true and ``22:22`` for 1342, let a second key win in silence, and expand any alias.
"""

from __future__ import annotations

from typing import Any, NoReturn

import yaml

from ecslab.compose.problems import Report
from ecslab.compose.tree import Map, Seq, copied
from ecslab.compose.types import scalar
from ecslab.locale import translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")

DEEPEST = 100
"""Levels of nesting; a Compose file needs about ten."""
LARGEST = 200_000
"""Nodes after aliases are expanded."""

_STANDARD = "tag:yaml.org,2002:"
_OWN_TAGS = {"!reset": "reset", "!override": "override"}
_NO_KEY: Any = object()


def decode(data: bytes, file: str, report: Report) -> str:
    """The text of a file; UTF-8, with or without a byte order mark."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        report.fatal(
            "encoding",
            _("{file} is not UTF-8 text.", file=file),
            _("Save it in the encoding UTF-8."),
            Mark(file, line, column),
        )
    return text.replace("\r\n", "\n")


def documents(data: bytes, file: str, report: Report) -> list[Any]:
    """The documents of one file; what is wrong goes to `report`.

    Raises ComposeError where the text cannot be read further.
    """
    text = decode(data, file, report)
    builder = _Builder(file, report)
    try:
        parser = _parser(text)
        while True:
            event = parser.get_event()
            if event is None or type(event) is yaml.StreamEndEvent:
                return builder.documents
            builder.take(event)
    except yaml.YAMLError as error:
        _explain(error, text, file, report)


def _parser(text: str) -> Any:
    """Libyaml's parser where it is there, which is ten times as fast."""
    fast = getattr(yaml, "CSafeLoader", None)
    return fast(text) if fast else yaml.SafeLoader(text)


def _explain(error: yaml.YAMLError, text: str, file: str, report: Report) -> NoReturn:
    mark = getattr(error, "problem_mark", None)
    place = Mark(file, mark.line + 1, mark.column + 1) if mark else Mark(file, 1, 1)
    if isinstance(error, yaml.reader.ReaderError):
        at = error.position if isinstance(error.position, int) else 0
        before = text[:at]
        place = Mark(file, before.count("\n") + 1, at - before.rfind("\n"))
        problem = _("a character that YAML does not allow (U+{code})", code=_code(error.character))
        report.fatal("yaml", _("This is not YAML: {problem}.", problem=problem), None, place)
    said = getattr(error, "problem", None) or str(error)
    line = text.split("\n")[place.line - 1] if place.line <= text.count("\n") + 1 else ""
    hint = None
    if "\t" in line[: place.column]:
        hint = _("Indent with spaces: YAML does not allow tabs there.")
    elif "mapping values are not allowed" in said:
        hint = _("Check the indentation, and put quotes around a text that has a colon in it.")
    report.fatal("yaml", _("This is not YAML: {problem}.", problem=said), hint, place)


def _code(character: Any) -> str:
    number = character if isinstance(character, int) else ord(str(character)[:1] or "\0")
    return f"{number:04X}"


class _Frame:
    """A mapping or sequence that is still open."""

    __slots__ = ("anchor", "before", "key", "key_mark", "mark", "merged", "tag", "value")

    def __init__(
        self, value: Map | Seq, mark: Mark, anchor: str | None, tag: str, before: int
    ) -> None:
        self.value = value
        self.mark = mark
        self.anchor = anchor
        self.tag = tag
        self.before = before
        self.key: Any = _NO_KEY
        self.key_mark: Mark = mark
        self.merged: list[Map] | None = None


class _Builder:
    """Makes values of events; an iterative machine, so that no depth of text can harm it."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report
        self.documents: list[Any] = []
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.actions = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        """Go one event further."""
        action = self.actions.get(type(event))
        if action is not None:
            action(event)

    def _document(self, event: Any) -> None:
        self.anchors = {}

    def _mark(self, event: Any) -> Mark:
        start = event.start_mark
        return Mark(self.file, start.line + 1, start.column + 1)

    def _count(self, more: int, mark: Mark) -> None:
        self.nodes += more
        if self.nodes > LARGEST:
            self.report.fatal(
                "alias-bomb",
                _("The aliases of this file expand to more than {most} values.", most=LARGEST),
                _("Write out what you need instead of nesting aliases in aliases."),
                mark,
            )

    def _scalar(self, event: Any) -> None:
        mark = self._mark(event)
        self._count(1, mark)
        value, tag = event.value, event.tag
        own = ""
        if tag is None:
            if event.implicit[0]:
                value = scalar(value)
        elif tag in _OWN_TAGS:
            own = _OWN_TAGS[tag]
            value = scalar(value) if not event.style else value
        elif tag != "!":
            value = self._standard(tag, value, mark)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._add(value, mark, own, bool(event.style))

    def _standard(self, tag: str, value: str, mark: Mark) -> Any:
        kind = tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else ""
        if kind == "str":
            return value
        if kind in ("int", "float", "bool", "null"):
            return scalar(value)
        self._unknown_tag(tag, mark)
        return value

    def _unknown_tag(self, tag: str, mark: Mark) -> None:
        name = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
        self.report.error(
            "yaml-tag",
            _("The YAML tag {tag} has no meaning in a Compose file.", tag=name),
            _("Only !reset and !override have one; leave the tag out."),
            mark,
        )

    def _open(self, event: Any) -> None:
        mark = self._mark(event)
        self._count(1, mark)
        if len(self.stack) >= DEEPEST:
            self.report.fatal(
                "nesting",
                _("This is nested more than {most} levels deep.", most=DEEPEST),
                _("A Compose file needs about ten levels."),
                mark,
            )
        own = _OWN_TAGS.get(event.tag or "", "")
        if event.tag and not own and event.tag not in ("!", _STANDARD + "map", _STANDARD + "seq"):
            self._unknown_tag(event.tag, mark)
        value = Map(mark) if type(event) is yaml.MappingStartEvent else Seq(mark)
        if event.anchor:
            self.anchors[event.anchor] = (_NO_KEY, 0)
        self.stack.append(_Frame(value, mark, event.anchor, own, self.nodes))

    def _close(self, event: Any) -> None:
        frame = self.stack.pop()
        value = frame.value
        if frame.merged and isinstance(value, Map):
            value = _merged(value, frame.merged)
        if frame.anchor:
            self.anchors[frame.anchor] = (value, self.nodes - frame.before + 1)
        self._add(value, frame.mark, frame.tag, True)

    def _alias(self, event: Any) -> None:
        mark = self._mark(event)
        if event.anchor not in self.anchors:
            self.report.fatal(
                "alias-unknown",
                _("The alias *{name} has no anchor &{name} before it.", name=event.anchor),
                _("Define the anchor first, for example under an x- key."),
                mark,
            )
        value, size = self.anchors[event.anchor]
        if value is _NO_KEY:
            self.report.fatal(
                "alias-recursive",
                _("The alias *{name} stands inside what it stands for.", name=event.anchor),
                _("An alias can only stand for something that ends before it."),
                mark,
            )
        self._count(size, mark)
        self._add(copied(value), mark, "", True)

    def _add(self, value: Any, mark: Mark, tag: str, quoted: bool) -> None:
        """Put a finished value where it belongs: document, item, key or value of a key."""
        if not self.stack:
            self.documents.append(value)
            return
        frame = self.stack[-1]
        target = frame.value
        if isinstance(target, Seq):
            if tag != "reset":
                target.add(value, mark)
        elif frame.key is _NO_KEY:
            frame.key = value if type(value) is str else self._bad_key(value, mark)
            frame.key_mark = mark
            if value == "<<" and not quoted:
                frame.key = None
        else:
            self._set(frame, target, value, tag)
            frame.key = _NO_KEY

    def _set(self, frame: _Frame, target: Map, value: Any, tag: str) -> None:
        key, mark = frame.key, frame.key_mark
        if key is None:
            self._merge_key(frame, value)
            return
        if key in target:
            first = target.marks[key]
            self.report.error(
                "duplicate-key",
                _("The key {key} stands here a second time.", key=key),
                _("The first is in line {line}; keep one.", line=first.line if first else "?"),
                mark,
            )
        target[key] = value
        target.marks[key] = mark
        if tag:
            target.tag(key, tag)

    def _bad_key(self, value: Any, mark: Mark) -> str:
        shown = "[…]" if isinstance(value, list) else "{…}" if isinstance(value, dict) else value
        if shown is None or isinstance(shown, bool):
            shown = {None: "null", True: "true", False: "false"}[shown]
        self.report.error(
            "key-type",
            _("The key {key} is not text.", key=shown),
            _('Put it in quotes: "{key}".', key=shown),
            mark,
        )
        return str(shown)

    def _merge_key(self, frame: _Frame, value: Any) -> None:
        if frame.merged is not None:
            self.report.error(
                "duplicate-key",
                _("The key {key} stands here a second time.", key="<<"),
                _("Give << a list: <<: [*a, *b]."),
                frame.key_mark,
            )
        found = value if isinstance(value, Seq) else [value]
        if not all(isinstance(item, Map) for item in found):
            self.report.error(
                "merge-key",
                _("<< takes a mapping, or a list of mappings."),
                _("Write an alias to a mapping: <<: *name."),
                frame.key_mark,
            )
            found = []
        frame.merged = [*(frame.merged or []), *found]


def _merged(own: Map, sources: list[Map]) -> Map:
    """What `<<` brings in, under what the mapping says itself; an earlier source wins."""
    made = Map(own.mark)
    for source in (*reversed(sources), own):
        for key, value in source.items():
            made.put(key, value, source.marks.get(key))
            if made.tags:
                made.tags.pop(key, None)
        for key, tag in (source.tags or {}).items():
            made.tag(key, tag)
    return made
