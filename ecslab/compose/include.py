"""``include``: whole projects, with directory and ``.env`` of their own, added to this one."""

from __future__ import annotations

from collections.abc import Callable

from ecslab.compose.problems import Report
from ecslab.compose.tree import Map, plain
from ecslab.locale import translator

_ = translator("compose")

SECTIONS = ("services", "networks", "volumes", "secrets", "configs", "models", "jobs")

Bring = Callable[[Map], "Map | None"]
"""Reads what one item of ``include`` names, or None where that failed and was reported."""


def include_all(document: Map, bring: Bring, report: Report) -> Map:
    """The document with what it includes before its own, without the key ``include``."""
    wanted = document.pop("include", None)
    if not wanted:
        return document
    made = Map(document.mark)
    made.marks = dict(document.marks)
    made.tags = document.tags
    for item in wanted:
        brought = bring(item)
        if brought is not None:
            _add(made, brought, report)
    for key, value in document.items():
        if key in made and key in SECTIONS and isinstance(value, Map):
            _add_section(made, key, value, report)
        else:
            made[key] = value
    return made


def _add(made: Map, brought: Map, report: Report) -> None:
    for section in SECTIONS:
        if isinstance(brought.get(section), Map):
            _add_section(made, section, brought[section], report)


def _add_section(made: Map, section: str, more: Map, report: Report) -> None:
    target = made.get(section)
    if not isinstance(target, Map):
        target = Map(more.mark)
        made.put(section, target, made.marks.get(section) or more.mark)
    for name, value in more.items():
        if name in target and plain(target[name]) != plain(value):
            report.error(
                "include-conflict",
                _("{name} is already in an included file, and says something else.", name=name),
                _("Change what is included in an override file (compose.override.yaml)."),
                more.marks.get(name),
                (section, name),
            )
            continue
        target.put(name, value, more.marks.get(name))
    if more.tags:
        for name, tag in more.tags.items():
            target.tag(name, tag)
