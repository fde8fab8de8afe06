"""The two languages: lazy messages that are rendered in the reader's language.

Message ids are English sentences; ``ja/LC_MESSAGES/<room>.po`` holds their Japanese. A message is
made where something happens and rendered where somebody reads it, so it keeps its parts apart
until then (`Text`). ``python tools/catalogues.py`` extracts, updates and compiles the catalogues.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

LANGUAGES = ("ja", "en")

_chosen: str | None = None
_catalogues: dict[tuple[str, str], Callable[[str], str]] = {}


def language() -> str:
    """The language messages are rendered in: "ja" or "en".

    The one chosen with `set_language`, else that of the notebook whose folder one is in, else
    ``ECSLAB_LANG``, else the locale's (``LC_ALL``, ``LC_MESSAGES``, ``LANG``); a locale that is
    not Japanese reads English.
    """
    chosen = _chosen or _of_folder()
    if chosen is not None:
        return chosen
    for name in ("ECSLAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


def _of_folder() -> str | None:
    """The language of the notebooks one is among: a kernel starts in its notebook's folder."""
    try:
        parent, name = os.path.split(os.getcwd())
    except OSError:  # the folder one is in was removed
        return None
    return name if name in LANGUAGES and os.path.basename(parent) == "notebooks" else None


def set_language(lang: str | None) -> None:
    """Choose the language for this process; ``None`` goes back to the environment's.

    Raises ValueError for a language the kit does not speak.
    """
    global _chosen
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    _chosen = lang


class Text:
    """A message that is translated and filled in when it is read: ``str(text)``."""

    __slots__ = ("args", "domain", "msgid")

    def __init__(self, domain: str, msgid: str, args: dict[str, Any]) -> None:
        self.domain = domain
        self.msgid = msgid
        self.args = args

    def render(self, lang: str | None = None) -> str:
        """The message in `lang` (default: the reader's), with its arguments filled in."""
        template = _lookup(self.domain, lang or language())(self.msgid)
        if not self.args:
            return template
        return template.format(**{name: _said(arg, lang) for name, arg in self.args.items()})

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        return f"Text({self.render('en')!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text):
            return NotImplemented
        return (self.domain, self.msgid, self.args) == (other.domain, other.msgid, other.args)

    def __hash__(self) -> int:
        return hash((self.domain, self.msgid))


def _said(arg: Any, lang: str | None) -> Any:
    """A message within a message speaks the same language."""
    return arg.render(lang) if isinstance(arg, Text) else arg


def is_yes(answer: str) -> bool:
    """Whether what somebody typed is a yes, in either language."""
    return answer.strip().lower() in ("y", "yes", "はい", "ｙ")


def translator(domain: str) -> Callable[..., Text]:
    """The ``_`` of a room: ``_("Cluster {name} is ready.", name=name)`` makes a `Text`.

    Placeholders are `str.format` fields filled from keyword arguments; a message without
    arguments is not formatted, so braces in it are plain characters.
    """

    def _(msgid: str, **args: Any) -> Text:
        return Text(domain, msgid, args)

    return _


def _lookup(domain: str, lang: str) -> Callable[[str], str]:
    key = (domain, lang)
    found = _catalogues.get(key)
    if found is None:
        # gettext costs a start-up some milliseconds: only who reads another language pays.
        if lang == "en":
            found = str
        else:
            import gettext

            here = os.path.dirname(__file__)
            found = gettext.translation(domain, here, [lang], fallback=True).gettext
        _catalogues[key] = found
    return found
