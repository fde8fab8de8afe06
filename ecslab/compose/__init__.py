"""Compose text <-> canonical Compose project with source marks.

`load` reads files, `canonical` takes a document that is already there, `to_yaml` writes one.

The canonical project
=====================

``Project.document`` is made of plain dicts, lists, text, numbers and booleans (of subclasses that
remember their places; ``Project.mark(*path)`` gives the place of a node or of its nearest parent).
Services are in the order they are written. What is absent in the text is absent here: no default
is filled in but those named below. ``x-`` keys stay as written, everywhere. All variables are
filled in, ``$$`` is ``$``; paths of this machine are absolute POSIX paths.

- ``name`` is the project's name; ``version``, ``include`` and ``extends`` are gone.
- ``ports``: list of {target: int, published: str, protocol, host_ip, mode, name, app_protocol}; a
  range of container ports is one item for each, a range of host ports stays text ("8000-8010").
- ``volumes``: list of {type, source, target, read_only, consistency, bind, volume, tmpfs, image}.
  A short form with a host path has ``bind: {create_host_path: True}``, as docker compose has it.
- ``environment``: list of ``[NAME, value]``, in order, doubles kept; the value is text, or None
  for a bare name nobody gives a value. Variables of ``env_file`` come first, unless said here.
- ``env_file``: list of {path, required: bool, format}; it is already part of ``environment``.
- ``labels`` (``label_file`` read in), ``annotations``, ``sysctls``, ``logging.options``,
  ``driver_opts``, ``build.args``: mapping of text to text, None for a bare key.
- ``depends_on``: {service: {condition, required, restart}}; condition and required always there.
  ``links``, ``volumes_from`` and ``network_mode: service:…`` add theirs as docker compose does.
- ``networks``, ``models`` of a service: {name: {…}}. ``ulimits``: {name: {soft: int, hard: int}}.
- ``command``, ``entrypoint``: list of words. ``healthcheck.test``: list; text became CMD-SHELL.
- ``devices``: list of {source, target, permissions}. ``extra_hosts``: list of "name=address".
- ``secrets``, ``configs`` of a service: list of {source, target, uid, gid, mode}.
- ``build``: {context, …}. ``gpus``: list of device requests; ``all`` is [{count: "all"}].
- ``dns``, ``dns_search``, ``tmpfs``, ``expose`` and the like: lists of text.
- ``deploy``: as written, numbers and booleans typed.
- top-level ``volumes``, ``networks``, ``secrets``, ``configs``: {name: {…}}, never None.
- Durations stay text (`seconds`), byte sizes stay text or numbers (`size`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ecslab.compose.problems import ComposeError, Problem, Report
from ecslab.compose.project import Project
from ecslab.compose.types import seconds, size

__all__ = [
    "ComposeError",
    "Problem",
    "Project",
    "canonical",
    "discover",
    "load",
    "seconds",
    "size",
    "to_yaml",
]

_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")


def load(
    files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    project_name: str | None = None,
    profiles: Iterable[str] = (),
    loader: Any = None,
    project_directory: str | os.PathLike[str] | None = None,
    env_files: Sequence[str] | None = None,
) -> Project:
    """The canonical project of one or several Compose files.

    files:             as docker compose's ``-f``; None finds the default names (see `discover`)
    environment:       the shell's variables, which win over ``.env`` (default: this process's)
    project_name:      as ``-p``; else COMPOSE_PROJECT_NAME, ``name:``, the directory's name
    profiles:          active profiles; those in COMPOSE_PROFILES are active too, "*" means all
    loader:            where text comes from, an object with ``read(path) -> bytes | None``
    project_directory: default: that of the first file
    env_files:         as ``--env-file``, in place of ``.env`` in the project directory

    Raises `ComposeError`, whose ``problems`` say what is wrong and where.
    """
    from ecslab.compose.reading import read_project

    known = dict(os.environ if environment is None else environment)
    source = FileLoader() if loader is None else loader
    paths = _paths(files)
    if not paths:
        start = os.getcwd() if project_directory is None else os.fspath(project_directory)
        paths = discover(start, known, loader=source)
    first = paths[0]
    directory = os.getcwd() if first == "-" else first.rpartition("/")[0] or "/"
    if project_directory is not None:
        directory = os.fspath(project_directory)
    return read_project(
        paths,
        loader=source,
        environment=known,
        directory=_absolute(directory),
        project_name=project_name,
        profiles=profiles,
        env_files=[_absolute(path) for path in env_files] if env_files else None,
    )


def _paths(files: Any) -> list[str]:
    if files is None:
        return []
    several = [files] if isinstance(files, (str, os.PathLike)) else files
    return [_absolute(os.fspath(file)) for file in several]


def _absolute(path: str) -> str:
    return path if path == "-" else os.path.abspath(path).replace("\\", "/")


def discover(
    directory: str, environment: Mapping[str, str] | None = None, *, loader: Any = None
) -> list[str]:
    """The files docker compose takes without ``-f``, as absolute paths.

    COMPOSE_FILE; else the first of compose.yaml, compose.yml, docker-compose.yml,
    docker-compose.yaml in `directory` or in the nearest parent that has one, with its override
    file. Raises `ComposeError` where there is none.
    """
    from ecslab.compose.discovering import default_files

    return default_files(_absolute(directory), environment or {}, loader or FileLoader(), _NAMES)


class FileLoader:
    """Reads the files of this machine; ``-`` is standard input."""

    def read(self, path: str) -> bytes | None:
        """The file's content; None where there is none. `ComposeError` for what is no file."""
        try:
            if path == "-":
                import sys

                return sys.stdin.buffer.read()
            with open(path, "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            from ecslab.compose.discovering import unreadable

            raise unreadable(path, error) from error


def canonical(document: Mapping[str, Any], *, name: str | None = None) -> Project:
    """A Compose document that is already filled in, in canonical form; nothing is read.

    `document` is not changed. Paths stay as they are. Raises `ComposeError`.
    """
    from ecslab.compose import finish
    from ecslab.compose.longform import At, model

    report = Report()
    made = model(document, At(report, None))
    report.stop()
    for service in (made.get("services") or {}).values():
        finish.imply(service)
    made["name"] = name or made.get("name", "")
    return Project(made["name"], made)


def to_yaml(document: Mapping[str, Any], *, escape: bool = False, header: str = "") -> str:
    """YAML text that docker compose reads back to the same; see `ecslab.compose.write`."""
    from ecslab.compose.write import write

    return write(document, escape=escape, header=header)
