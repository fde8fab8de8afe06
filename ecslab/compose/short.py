"""Short forms and what they stand for: the kinds of `schema` that have a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecslab.compose import types
from ecslab.compose.longform import (
    DROP,
    READERS,
    At,
    _not_a,
    each,
    items,
    mapping,
    named,
    number,
    sized,
    text,
    timed,
    truth,
    whole,
)
from ecslab.compose.schema import LONG
from ecslab.compose.tree import Map, Seq, item_marks, key_marks
from ecslab.locale import translator

_ = translator("compose")


def any_value(value: Any, at: At) -> Any:
    """A value that is kept as it is."""
    return DROP if value is None else value


def texts(value: Any, at: At) -> Any:
    """A list of text, or one text for a list of one."""
    if isinstance(value, (dict, list, tuple)) or value is None:
        return text_list(value, at)
    return _one(text(value, at), at)


def text_list(value: Any, at: At) -> Any:
    """A list of text."""
    return items(value, at, lambda item: [text(item, at)])


def _one(item: Any, at: At) -> Any:
    made = Seq(at.mark)
    if item is not DROP:
        made.add(item, at.mark)
    return made


def path(value: Any, at: At) -> Any:
    """A path, resolved; the address of a repository stays."""
    made = text(value, at)
    return made if made is DROP or _is_address(made) else at.resolved(made)


def _is_address(text: str) -> bool:
    return "://" in text or text.startswith(("git@", "github.com/"))


def paths(value: Any, at: At) -> Any:
    """A list of paths, or one path."""
    if isinstance(value, (dict, list, tuple)) or value is None:
        return items(value, at, lambda item: [path(item, at)])
    return _one(path(value, at), at)


def pairs(value: Any, at: At) -> Any:
    """A mapping, or a list of ``KEY=VALUE``; a bare key has the value None."""
    if value is None:
        return DROP
    made = Map(at.mark)
    for key, item, mark in _entries(value, at):
        made.put(key, item, mark)
    for key in _tagged(value, "reset", at):
        made.put(key, None, at.mark)
        made.tag(key, "reset")
    return made


def _tagged(value: Any, tag: str, at: At) -> tuple[str, ...]:
    """The keys whose values carry a tag."""
    tags = getattr(value, "tags", None) or {}
    at.tagged = at.tagged or bool(tags)
    return tuple(key for key, found in tags.items() if found == tag)


def environment(value: Any, at: At) -> Any:
    """The same as a list of ``[KEY, VALUE]``, which keeps doubles."""
    if value is None:
        return DROP
    made = Seq(at.mark)
    made.removed = _tagged(value, "reset", at)
    for key, item, mark in _entries(value, at):
        if key not in made.removed:
            made.add([key, item], mark)
    return made


def _entries(value: Any, at: At) -> list[tuple[str, Any, Any]]:
    """Key, text or None, place of each entry."""
    if isinstance(value, dict):
        marks = key_marks(value)
        return [
            (key, item if item is None else made, marks.get(key, at.mark))
            for key, item in value.items()
            if (made := None if item is None else _below(text, item, key, at, marks)) is not DROP
        ]
    made_list = _list_entries(value, at)
    return made_list if made_list is not DROP else []


def _below(read: Callable[[Any, At], Any], item: Any, key: str, at: At, marks: Any) -> Any:
    saved = at.path, at.mark
    at.path, at.mark = (*at.path, key), marks.get(key, at.mark)
    made = read(item, at)
    at.path, at.mark = saved
    return made


def _list_entries(value: Any, at: At) -> Any:
    if not isinstance(value, (list, tuple)):
        return _not_a(value, at, _("a mapping"))
    made = []
    for item, mark in zip(value, item_marks(value, at.mark), strict=True):
        if isinstance(item, (list, tuple)) and len(item) == 2:
            made.append((str(item[0]), None if item[1] is None else types.text(item[1]), mark))
            continue
        saved, at.mark = at.mark, mark
        entry = text(item, at)
        at.mark = saved
        if entry is not DROP:
            key, equals, rest = entry.partition("=")
            made.append((key, rest if equals else None, mark))
    return made


def command(value: Any, at: At) -> Any:
    """A list of words; text is split as a shell splits it (quotes and backslashes)."""
    if isinstance(value, str):
        made = Seq(at.mark)
        for word in _words(value, at):
            made.add(word, at.mark)
        return made
    if value is None or isinstance(value, (list, tuple, dict)):
        return text_list(value, at)
    return _one(text(value, at), at)


def _words(value: str, at: At) -> list[str]:
    if not any(mark in value for mark in "'\"\\"):
        return value.split()
    import shlex

    try:
        return shlex.split(value)
    except ValueError:
        at.wrong(
            "quotes",
            _("{where} has a quote or a backslash without its partner.", where=at.where),
            _("Write the command as a list, one word an item."),
        )
        return []


def check(value: Any, at: At) -> Any:
    """A health check's test: text is run by a shell."""
    if isinstance(value, str):
        made = Seq(at.mark)
        made.add("CMD-SHELL", at.mark)
        made.add(value, at.mark)
        return made
    return text_list(value, at)


def env_file(value: Any, at: At) -> Any:
    """Mappings of path, required and format."""

    def read(item: Any) -> list[Any]:
        if not isinstance(item, dict):
            made = Map(at.mark)
            found = path(item, at)
            if found is DROP:
                return []
            made.put("path", found, at.mark)
        else:
            made = mapping(item, LONG["env_file"][0], at)
            if "path" not in made:
                return [_missing("path", at)]
        made.setdefault("required", True)
        return [made]

    return items([value] if isinstance(value, (str, dict)) else value, at, read)


def _missing(key: str, at: At) -> Any:
    return at.wrong(
        "missing-key",
        _("{where} needs the key {key}.", where=at.where, key=key),
    )


def grants(value: Any, at: At) -> Any:
    """Secrets and configs: mappings with a source."""

    def read(item: Any) -> list[Any]:
        if isinstance(item, dict):
            return [mapping(item, LONG["grants"][0], at)]
        return [_mapping_of("source", text(item, at), at)]

    return items(value, at, read)


def _mapping_of(key: str, value: Any, at: At) -> Any:
    if value is DROP:
        return DROP
    made = Map(at.mark)
    made.put(key, value, at.mark)
    return made


def devices(value: Any, at: At) -> Any:
    """``HOST:CONTAINER:PERMISSIONS`` in its parts."""

    def read(item: Any) -> list[Any]:
        if isinstance(item, dict):
            return [mapping(item, LONG["devices"][0], at)]
        written = text(item, at)
        if written is DROP:
            return []
        made = Map(at.mark)
        for key, part in zip(("source", "target", "permissions"), written.split(":"), strict=False):
            made.put(key, part, at.mark)
        made.setdefault("target", made["source"])
        return [made]

    return items(value, at, read)


CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")


def depends_on(value: Any, at: At) -> Any:
    """Names of services to ``{condition, required, restart}``."""
    made = _names(value, "depends_on", at)
    if made is DROP:
        return DROP
    for name, how in made.items():
        if isinstance(how, Map):
            how.setdefault("condition", "service_started")
            how.setdefault("required", True)
            if how["condition"] not in CONDITIONS:
                saved = at.path, at.mark
                at.path, at.mark = (*at.path, name, "condition"), how.marks.get("condition")
                at.wrong(
                    "condition",
                    _("There is no condition {condition}.", condition=how["condition"]),
                    _("Use one of {all}.", all=", ".join(CONDITIONS)),
                )
                at.path, at.mark = saved
    return made


def _names(value: Any, kind: str, at: At) -> Any:
    """A list of names is a mapping of the names to nothing."""
    if isinstance(value, (list, tuple)):
        listed = text_list(value, at)
        made = Map(at.mark)
        for name, mark in zip(listed, listed.marks, strict=True):
            made.put(name, Map(mark), mark)
        return made
    return DROP if value is None else named(value, LONG[kind][0], at)


def networks(value: Any, at: At) -> Any:
    """Networks a service joins, each with its settings."""
    return _names(value, "networks", at)


def models(value: Any, at: At) -> Any:
    """Models a service uses, each with its settings."""
    return _names(value, "models", at)


def ulimits(value: Any, at: At) -> Any:
    """Limits with soft and hard; one number means both."""
    if not isinstance(value, dict):
        return DROP if value is None else _not_a(value, at, _("a mapping"))
    made = Map(at.mark)
    marks = key_marks(value)
    for name, limit in value.items():
        found = _below(_limit, limit, name, at, marks)
        if found is not DROP:
            made.put(name, found, marks.get(name, at.mark))
    return made


def _limit(value: Any, at: At) -> Any:
    if isinstance(value, dict):
        return mapping(value, LONG["ulimits"][0], at)
    found = whole(value, at)
    if found is DROP:
        return DROP
    made = _mapping_of("soft", found, at)
    made.put("hard", found, at.mark)
    return made


def extra_hosts(value: Any, at: At) -> Any:
    """Lines ``NAME=ADDRESS``."""
    made = Seq(at.mark)
    if isinstance(value, dict):
        marks = key_marks(value)
        for name, addresses in value.items():
            found = _below(texts, addresses, name, at, marks)
            for address in () if found is DROP else found:
                made.add(f"{name}={address}", marks.get(name, at.mark))
        return made
    return items(value, at, lambda item: [_host(text(item, at), at)])


def _host(line: Any, at: At) -> Any:
    if line is DROP:
        return DROP
    name, mark, address = line.partition("=" if "=" in line else ":")
    if not mark:
        return at.wrong(
            "extra-host",
            _("{line} is no host: it has no address.", line=line),
            _("Write it as name=address."),
        )
    return f"{name.strip()}={address.strip().removeprefix('[').removesuffix(']')}"


def build(value: Any, at: At) -> Any:
    """A build with its context; the contexts' paths are resolved."""
    if isinstance(value, dict):
        return mapping(value, LONG["build"], at)
    return DROP if value is None else _mapping_of("context", path(value, at), at)


def gpus(value: Any, at: At) -> Any:
    """``all``, or requests for devices."""
    if value == "all":
        return _one(_mapping_of("count", "all", at), at)
    return each(value, LONG["gpus"][0], at)


def count(value: Any, at: At) -> Any:
    """A number, or ``all``."""
    return value if value == "all" else whole(value, at)


def extends(value: Any, at: At) -> Any:
    """The service to extend, and its file if it is another one."""
    if isinstance(value, dict):
        made = mapping(value, LONG["extends"], at)
        return made if "service" in made else _missing("service", at)
    return _mapping_of("service", text(value, at), at)


def include(value: Any, at: At) -> Any:
    """Files to include, each with its directory and .env."""

    def read(item: Any) -> list[Any]:
        if isinstance(item, dict):
            made = mapping(item, LONG["include"][0], at)
            return [made if made.get("path") else _missing("path", at)]
        return [_mapping_of("path", texts(item, at), at)]

    return items([value] if isinstance(value, str) else value, at, read)


def external(value: Any, at: At) -> Any:
    """True or false; the old form ``{name: …}`` stays, since it says the name too."""
    return mapping(value, LONG["external"], at) if isinstance(value, dict) else truth(value, at)


def flag(value: Any, at: At) -> Any:
    """True, false, or settings as text."""
    return value if isinstance(value, bool) else text(value, at)


def duration_or_number(value: Any, at: At) -> Any:
    """Microseconds as a number, or a duration."""
    if isinstance(value, str) and value[-1:].isalpha():
        return timed(value, at)
    return number(value, at)


def schedule(value: Any, at: At) -> Any:
    """When a job runs: a cron line, or more."""

    def read(item: Any) -> list[Any]:
        if isinstance(item, dict):
            return [mapping(item, LONG["schedule"][0], at)]
        return [_mapping_of("cron", text(item, at), at)]

    return items(value, at, read)


def volumes(value: Any, at: At) -> Any:
    """What a service mounts."""
    from ecslab.compose.mounts import mount, tidy_mount

    def read(item: Any) -> list[Any]:
        if isinstance(item, dict):
            return [tidy_mount(mapping(item, LONG["volumes"][0], at), at)]
        written = text(item, at)
        return [DROP if written is DROP else mount(written, at)]

    return items(value, at, read)


def ports_of(value: Any, at: At) -> Any:
    """What a service publishes."""
    from ecslab.compose.ports import ports

    def read(item: Any) -> list[Any]:
        if isinstance(item, dict):
            made = mapping(item, LONG["ports"][0], at)
            return [made if "target" in made else _missing("target", at)]
        written = text(item, at)
        return [] if written is DROP else ports(written, at)

    return items(value, at, read)


READERS.update(
    {
        "any": any_value,
        "text": text,
        "int": whole,
        "number": number,
        "bool": truth,
        "size": sized,
        "duration": timed,
        "duration-or-number": duration_or_number,
        "path": path,
        "paths": paths,
        "texts": texts,
        "list": text_list,
        "pairs": pairs,
        "environment": environment,
        "command": command,
        "test": check,
        "env_file": env_file,
        "grants": grants,
        "devices": devices,
        "depends_on": depends_on,
        "networks": networks,
        "models": models,
        "ulimits": ulimits,
        "extra_hosts": extra_hosts,
        "build": build,
        "gpus": gpus,
        "count": count,
        "extends": extends,
        "include": include,
        "external": external,
        "flag": flag,
        "schedule": schedule,
        "volumes": volumes,
        "ports": ports_of,
    }
)
