"""From the merged document to the project: profiles, env files, dependencies, references."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ecslab.compose.interpolate import Lookup
from ecslab.compose.problems import Report
from ecslab.compose.tree import Implied, Map, Seq, item_marks
from ecslab.locale import translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")

Read = Callable[[str], "bytes | None"]
_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def choose(document: Map, profiles: Iterable[str]) -> dict[str, Any]:
    """Take out the services whose profiles are not asked for; gives what was taken out."""
    services, wanted = document.get("services"), set(profiles)
    if not isinstance(services, Map) or "*" in wanted:
        return {}
    out = {n: s for n, s in services.items() if s.get("profiles") and not wanted & {*s["profiles"]}}
    for name in out:
        del services[name]
    return out


def fill(service: Map, name: str, read: Read, lookup: Lookup, report: Report) -> None:
    """Put the variables of env files under ``environment``, and look bare names up."""
    own = service.get("environment")
    made: dict[str, tuple[Any, Mark | None]] = {}
    for entry in service.get("env_file") or ():
        made.update(_env_file(entry, name, read, lookup, report))
    if own is None and not made:
        return
    filled = Seq(own.mark if isinstance(own, Seq) else service.marks.get("env_file"))
    own = own if own is not None else Seq()
    said = {pair[0] for pair in own}
    for key, (value, mark) in made.items():
        if key not in said:
            filled.add([key, value], mark)
    for (key, value), mark in zip(own, item_marks(own, own.mark), strict=True):
        known = lookup(key) if value is None else value
        filled.add([key, known], mark)
    if "environment" not in service:
        service.marks["environment"] = service.marks.get("env_file")
    service["environment"] = filled


def _env_file(
    entry: Map, name: str, read: Read, lookup: Lookup, report: Report
) -> dict[str, tuple[Any, Mark | None]]:
    path, mark = entry["path"], entry.marks.get("path") or entry.mark
    data = read(path)
    if data is None:
        if entry.get("required") is not False:
            report.error(
                "env-file-missing",
                _("The env_file {path} does not exist.", path=path),
                _("Create it, or write required: false."),
                mark,
                ("services", name, "env_file"),
            )
        return {}
    from ecslab.compose import dotenv

    if entry.get("format") == "raw":
        pairs = dotenv.parse_raw(data, path, report)
    else:
        pairs = dotenv.parse(data, path, lookup, report)
    return {key: (value, place) for key, value, place in pairs}


def fill_labels(service: Map, name: str, read: Read, report: Report) -> None:
    """Put the labels of label files under ``labels``, where the file does not say them itself."""
    for path in service.get("label_file") or ():
        mark = service.marks.get("label_file")
        data = read(path)
        if data is None:
            report.error(
                "label-file-missing",
                _("The label_file {path} does not exist.", path=path),
                _("Create it, or correct the path."),
                mark,
                ("services", name, "label_file"),
            )
            continue
        from ecslab.compose import dotenv

        labels = service.get("labels")
        if not isinstance(labels, Map):
            labels = Map(mark)
            service.put("labels", labels, mark)
        for key, value, place in dotenv.parse(data, path, lambda _name: None, report):
            if key not in labels:
                labels.put(key, value, place)


def imply(service: Map) -> None:
    """Add the dependencies that other words imply (compose-go, normalize)."""
    wanted: dict[str, tuple[bool, str]] = {}
    for link in service.get("links") or ():
        wanted.setdefault(link.partition(":")[0], (True, "links"))
    for key in _NAMESPACES:
        value = service.get(key)
        if isinstance(value, str) and value.startswith("service:"):
            wanted.setdefault(value.removeprefix("service:"), (True, key))
    for source in service.get("volumes_from") or ():
        if not source.startswith("container:"):
            wanted.setdefault(source.partition(":")[0], (False, "volumes_from"))
    if not wanted:
        return
    depends = service.get("depends_on")
    if not isinstance(depends, Map):
        depends = Map(service.mark)
        service["depends_on"] = depends
        service.marks["depends_on"] = service.marks.get(next(iter(wanted.values()))[1])
    for name, (restart, key) in wanted.items():
        if name not in depends:
            how = Implied(service.marks.get(key))
            how.update(condition="service_started", required=True)
            if restart:
                how["restart"] = True
            depends.put(name, how, service.marks.get(key))


def check_references(document: Map, left_out: dict[str, Any], report: Report) -> None:
    """Every service, volume, network, secret and config that is named has to exist."""
    services = document.get("services") or {}
    for name, service in services.items():
        _check_runs(name, service, report)
        _check_needs(name, service, services, left_out, report)
        for key in ("networks", "secrets", "configs", "volumes"):
            declared = document.get(key) or {}
            for used, mark in _used(service, key):
                if used not in declared and (key, used) != ("networks", "default"):
                    _undeclared(name, key, used, mark, report)


def _check_runs(name: str, service: Map, report: Report) -> None:
    if service.get("image") is None and service.get("build") is None and "provider" not in service:
        report.error(
            "no-image",
            _("The service {name} has neither image nor build.", name=name),
            _("Write which image it runs: image: NAME."),
            service.mark,
            ("services", name),
        )


def _check_needs(
    name: str, service: Map, services: Any, left_out: dict[str, Any], report: Report
) -> None:
    for needed, how in list((service.get("depends_on") or {}).items()):
        if needed in services:
            continue
        if how.get("required") is False:
            del service["depends_on"][needed]
            continue
        hint = _("Correct the name, or add the service.")
        if needed in left_out:
            profile = left_out[needed]["profiles"][0]
            hint = _("Its profile is not active: add --profile {profile}.", profile=profile)
        report.error(
            "depends-on-unknown",
            _("The service {name} needs {needed}, which is not there.", name=name, needed=needed),
            hint,
            service["depends_on"].marks.get(needed),
            ("services", name, "depends_on", needed),
        )


def _used(service: Map, key: str) -> list[tuple[str, Mark | None]]:
    value = service.get(key)
    if isinstance(value, Map):
        return [(name, value.marks.get(name)) for name in value]
    found = []
    for item, mark in zip(value or (), item_marks(value or [], None), strict=True):
        source = item.get("source")
        if source and (key != "volumes" or item.get("type") == "volume"):
            found.append((source, mark))
    return found


def _undeclared(name: str, key: str, used: str, mark: Mark | None, report: Report) -> None:
    report.error(
        "undeclared",
        _(
            "The service {name} uses {used}, which is not declared under {key}.",
            name=name,
            used=used,
            key=key,
        ),
        _("Declare {used} under {key} at the top level.", key=key, used=used),
        mark,
        ("services", name, key),
    )
