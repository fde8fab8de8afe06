"""Files → project: one pass after the other, each in its own module.

A file is parsed, its variables are filled in, its values are brought into canonical form, what it
includes and extends is added; then the files are merged, and the whole is finished.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ecslab.compose import finish, yaml
from ecslab.compose.interpolate import interpolate
from ecslab.compose.longform import At, model
from ecslab.compose.problems import Report
from ecslab.compose.project import Project, is_name, normal_name
from ecslab.compose.tree import Map
from ecslab.locale import translator
from ecslab.model.diagnostics import Mark

_ = translator("compose")


if TYPE_CHECKING:
    from typing import Protocol

    class Loader(Protocol):
        """Where text comes from."""

        def read(self, path: str) -> bytes | None:
            """The content of the file at an absolute POSIX path; None where there is none.

            Raises `EcslabError` for a file that is there and cannot be read.
            """


class Reading:
    """One reading of a project, and of the projects it includes."""

    def __init__(self, loader: Loader, environment: Mapping[str, str], directory: str) -> None:
        self.loader = loader
        self.environment = environment
        self.directory = directory
        self.report = Report()
        self.chain: tuple[str, ...] = ()
        self.tagged = False
        self.files: list[str] = []
        self._extended: dict[str, Map | None] = {}

    # -- one file ---------------------------------------------------------------------------------

    def files_of(self, paths: Iterable[str]) -> Map:
        """All files, merged in the order given."""
        whole: Map | None = None
        for path in paths:
            for part in self.parts(path):
                whole = part if whole is None else _merged(whole, part)
        whole = Map() if whole is None else whole
        if self.tagged:
            from ecslab.compose.merge import settle

            settle(whole)
        return whole

    def parts(self, path: str) -> list[Map]:
        """The documents of one file, with all it includes and extends."""
        parts = self.documents(path, self.directory, None) or []
        return [self._grown(part, path) for part in parts]

    def _grown(self, part: Map, path: str) -> Map:
        if any("extends" in service for service in (part.get("services") or {}).values()):
            from ecslab.compose.extends import extend_all

            directory = posixpath.dirname(path)
            extend_all(part, path, directory, self.open_extended, self.report)
        if "include" not in part:
            return part
        from ecslab.compose.include import include_all

        return include_all(part, self.bring, self.report)

    def documents(self, path: str, directory: str, wanted: Mark | None) -> list[Map] | None:
        """The documents of one file in canonical form; None where the file is missing."""
        data = self.loader.read(path)
        if data is None:
            self.report.error(
                "file-missing",
                _("The file {path} does not exist.", path=path),
                _("Check the path; it counts from the file that names it."),
                wanted,
            )
            return None
        if path not in self.files:
            self.files.append(path)
        made = []
        for document in yaml.documents(data, path, self.report):
            if b"$" in data:
                interpolate(document, self.environment.get, self.report)
            at = At(self.report, directory, self.environment.get("HOME"))
            at.mark = getattr(document, "mark", None) or Mark(path, 1, 1)
            made.append(model(document, at))
            self.tagged = self.tagged or at.tagged
        if not made:
            self.report.error(
                "empty-file",
                _("The file {path} is empty.", path=path),
                _('Begin it with "services:".'),
                Mark(path, 1, 1),
            )
        return made

    # -- other files ------------------------------------------------------------------------------

    def open_extended(self, path: str, mark: Mark | None) -> Map | None:
        """A file that a service extends from; its paths count from its own directory."""
        if path not in self._extended:
            found = self.documents(path, posixpath.dirname(path), mark)
            whole = found[0] if found else None
            for more in (found or ())[1:]:
                whole = _merged(whole, more) if whole is not None else more
            self._extended[path] = whole
        return self._extended[path]

    def bring(self, item: Map) -> Map | None:
        """A project that is included."""
        mark = item.marks.get("path") or item.mark
        paths = [self._from_here(path) for path in item["path"]]
        for path in paths:
            if path in self.chain:
                self.report.fatal(
                    "include-cycle",
                    _(
                        "These files include each other in a circle: {files}.",
                        files=" → ".join([*self.chain, path]),
                    ),
                    _("Let one of them stand on its own."),
                    mark,
                    ("include",),
                )
        directory = item.get("project_directory")
        own = self._from_here(directory) if directory else posixpath.dirname(paths[0])
        env_files = item.get("env_file")
        inner = Reading(self.loader, self.environment, own)
        inner.environment = with_dotenv(
            self.loader,
            self.environment,
            [self._from_here(path) for path in env_files] if env_files else None,
            own,
            self.report,
        )
        inner.report, inner.files = self.report, self.files
        inner.chain = (*self.chain, *paths)
        return inner.files_of(paths)

    def _from_here(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.directory, path))


def _merged(base: Map, over: Map) -> Map:
    from ecslab.compose.merge import merge

    return merge(base, over)


def with_dotenv(
    loader: Loader,
    environment: Mapping[str, str],
    files: Sequence[str] | None,
    directory: str,
    report: Report,
) -> dict[str, str]:
    """The environment over what ``.env`` (or the files given instead of it) says."""
    known = dict(environment)
    made: dict[str, str] = {}
    for path in files if files is not None else [posixpath.join(directory, ".env")]:
        data = loader.read(path)
        if data is None:
            if files is not None:
                report.error(
                    "env-file-missing",
                    _("The env_file {path} does not exist.", path=path),
                    _("Create it, or correct the path."),
                )
            continue
        from ecslab.compose import dotenv

        lookup = {**made, **known}.get
        pairs = dotenv.parse(data, path, lookup, report)
        made.update({name: value for name, value, _mark in pairs if value is not None})
    return {**made, **known}


def read_project(
    paths: Sequence[str],
    *,
    loader: Loader,
    environment: Mapping[str, str],
    directory: str,
    project_name: str | None = None,
    profiles: Iterable[str] = (),
    env_files: Sequence[str] | None = None,
) -> Project:
    """The project of the given files; paths are absolute. Raises `ComposeError`."""
    report = Report()
    known = with_dotenv(loader, environment, env_files, directory, report)
    reading = Reading(loader, known, directory)
    reading.report = report
    reading.chain = tuple(paths)
    asked = project_name or known.get("COMPOSE_PROJECT_NAME")
    known["COMPOSE_PROJECT_NAME"] = asked or normal_name(posixpath.basename(directory))
    whole = reading.files_of(paths)
    report.stop()
    name = _named(asked, whole, directory, report)
    known["COMPOSE_PROJECT_NAME"] = name
    profiles = [*profiles, *_listed(known.get("COMPOSE_PROFILES", ""))]
    _finish(whole, reading, profiles)
    report.stop()
    whole["name"] = name
    whole.pop("version", None)
    return Project(
        name,
        whole,
        directory=directory,
        files=tuple(reading.files),
        diagnostics=tuple(report.notices),
    )


def _finish(whole: Map, reading: Reading, profiles: Iterable[str]) -> None:
    report = reading.report
    services = whole.get("services")
    if not isinstance(services, Map) or not services:
        report.fatal(
            "no-services",
            _("There is no service in these files."),
            _('Write one under "services:".'),
            whole.mark,
        )
    left_out = finish.choose(whole, profiles)
    for name, service in services.items():
        finish.fill(service, name, reading.loader.read, reading.environment.get, report)
        finish.fill_labels(service, name, reading.loader.read, report)
        finish.imply(service)
    finish.check_references(whole, left_out, report)


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _named(asked: str | None, whole: Map, directory: str, report: Report) -> str:
    """-p or COMPOSE_PROJECT_NAME, else ``name:``, else the directory's name."""
    written: Any = asked or whole.get("name")
    if written:
        if not is_name(written):
            report.fatal(
                "project-name",
                _("{name} is no project name.", name=written),
                _("Use a-z, 0-9, - and _, and begin with a letter or a digit."),
                None if asked else whole.marks.get("name"),
                ("name",),
            )
        return str(written)
    made = normal_name(posixpath.basename(directory))
    if not made:
        report.fatal(
            "project-name",
            _("The directory's name gives no project name."),
            _("Give one: -p NAME, or name: at the top of the file."),
        )
    return made
