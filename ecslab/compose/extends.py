"""``extends``: a service that begins as another one, of the same file or of another file."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from ecslab.compose.merge import merge
from ecslab.compose.problems import Report
from ecslab.compose.tree import Map, Path, copied
from ecslab.locale import translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")

Open = Callable[[str, "Mark | None"], "Map | None"]
"""Reads another file: its canonical document, or None where that failed and was reported."""


def extend_all(document: Map, file: str, directory: str, open_file: Open, report: Report) -> None:
    """Resolve every ``extends`` of a document, in place."""
    services = document.get("services")
    if not isinstance(services, Map):
        return
    extender = _Extender(open_file, report)
    for name, service in list(services.items()):
        if isinstance(service, Map) and "extends" in service:
            services[name] = extender.resolved(services, name, file, directory, ())


class _Extender:
    """Follows chains of ``extends`` and notices when one bites its tail."""

    def __init__(self, open_file: Open, report: Report) -> None:
        self.open_file = open_file
        self.report = report
        self.done: dict[tuple[str, str], Map] = {}

    def resolved(
        self, services: Map, name: str, file: str, directory: str, chain: tuple[Any, ...]
    ) -> Map:
        """The service with all it extends under it."""
        service: Map = services[name]
        wanted = service.get("extends")
        if not isinstance(wanted, Map):
            return service
        if (file, name) in self.done:
            found: Map = copied(self.done[file, name])
            return found
        mark = service.marks.get("extends")
        path: Path = ("services", name, "extends")
        if (file, name) in chain:
            names = " → ".join([*(item[1] for item in chain), name])
            self.report.fatal(
                "extends-cycle",
                _("These services extend each other in a circle: {names}.", names=names),
                _("Let one of them stand on its own."),
                mark,
                path,
            )
        made: Map = self._over(services, service, wanted, file, directory, (*chain, (file, name)))
        self.done[file, name] = made
        return made

    def _over(
        self,
        services: Map,
        service: Map,
        wanted: Map,
        file: str,
        directory: str,
        chain: tuple[Any, ...],
    ) -> Map:
        mark = service.marks.get("extends")
        own = _without_extends(service)
        other = wanted.get("file")
        if other:
            file = posixpath.normpath(posixpath.join(directory, other))
            directory = posixpath.dirname(file)
            document = self.open_file(file, mark)
            if document is None:
                return own
            services = document.get("services") or Map()
        name = wanted["service"]
        if not isinstance(services.get(name), Map):
            self.report.error(
                "extends-service",
                _("There is no service {name} in {file} to extend.", name=name, file=file),
                _("Check the name under extends."),
                mark,
                ("services", chain[-1][1], "extends"),
            )
            return own
        base = self.resolved(services, name, file, directory, chain)
        return merge_service(copied(base), own)


def _without_extends(service: Map) -> Map:
    own = Map(service.mark)
    own.update(service)
    own.marks = dict(service.marks)
    own.tags = service.tags
    own.pop("extends", None)
    return own


def merge_service(base: Map, own: Map) -> Map:
    """A service over the one it extends, by the rules for files."""
    holder, over = Map(), Map()
    holder["services"] = Map()
    holder["services"]["_"] = base
    over["services"] = Map()
    over["services"]["_"] = own
    made: Map = merge(holder, over)["services"]["_"]
    return made
