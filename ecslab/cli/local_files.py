"""The files of ``ecslab local``: task definitions read, Compose files made."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecslab import convert
from ecslab.cli.local import BASE, DEFINITION
from ecslab.compose import to_yaml
from ecslab.convert import local
from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("cli")


@dataclass(frozen=True)
class Made:
    """The two files of a task definition."""

    base: Path
    override: Path


@dataclass(frozen=True)
class Source:
    """A task definition, and where it came from: ``local`` a path, ``remote`` an ARN."""

    document: dict[str, Any]
    kind: str
    value: str


def create(
    *,
    file: str | None = None,
    remote: str | None = None,
    output: str | None = None,
    force: bool = False,
    use_role: bool = False,
) -> Made:
    """Make base and override from a task definition.

    Raises EcslabError where one of them is there already (unless `force`), and leaves nothing half
    done: both texts are made before a byte is written.
    """
    base = Path(output or BASE).absolute()
    made = Made(base, override_of(base))
    if not force:
        _refuse_to_replace(made)
    source = _remote(remote) if remote else _read(file or DEFINITION)
    texts = _texts(source, use_role)
    for path, text in zip((made.base, made.override), texts, strict=True):
        _write(path, text)
    return made


def for_up(
    *,
    file: str | None,
    remote: str | None,
    output: str | None,
    force: bool,
    use_role: bool,
) -> Path:
    """The base file that ``local up`` is to run: made where a definition is named, else found."""
    base = Path(output or BASE).absolute()
    if file is None and remote is None and base.exists() and not force:
        return base
    return create(file=file, remote=remote, output=output, force=force, use_role=use_role).base


def override_of(base: Path) -> Path:
    """``a.yml`` → ``a.override.yml``."""
    return base.with_name(f"{base.stem}.override{base.suffix or '.yml'}")


def existing(name: str) -> Path:
    """The file, absolute. Raises EcslabError where there is none."""
    path = Path(name).absolute()
    if not path.is_file():
        raise EcslabError(
            _("There is no file {file}.", file=name),
            _("`ecslab local create` makes {base} from a task definition.", base=BASE),
        )
    return path


def _refuse_to_replace(made: Made) -> None:
    there = [path.name for path in (made.base, made.override) if path.exists()]
    if there:
        raise EcslabError(
            _("{files} is there already.", files=", ".join(there)),
            _("--force replaces it; -o names another file."),
        )


def _texts(source: Source, use_role: bool) -> tuple[str, str]:
    converted = convert.to_compose(source.document)
    document = _unwrapped(source.document)
    services = list(converted.value["services"])
    above = local.override(
        document, services, input_type=source.kind, value=source.value, use_role=use_role
    )
    base_head = str(_("Made by `ecslab local create` from {value}: what the task definition says.",
                      value=source.value))  # fmt: skip
    head = str(_("What holds on this machine alone. Change it as you like: it wins over the base."))
    return converted.text(header=base_head), to_yaml(above, header=head)


def _unwrapped(document: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = document.get("taskDefinition")
    return inner if isinstance(inner, Mapping) else document


def _remote(name: str) -> Source:
    from ecslab.lab.local_secrets import registered_definition

    document, arn = registered_definition(name)
    return Source(document, "remote", arn)


def _read(name: str) -> Source:
    document = _checked(convert.read_definition(_data(name), name), name)
    value = "-" if name == "-" else str(Path(name).absolute())
    return Source(document, "local", value)


def _data(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except FileNotFoundError:
        raise EcslabError(
            _("There is no file {file}.", file=name),
            _(
                "Save a task definition there (aws ecs describe-task-definition --task-definition "
                "FAMILY), or name one with -f or -t."
            ),
        ) from None
    except OSError as error:
        raise EcslabError(
            _("{file} cannot be read: {why}.", file=name, why=error.strerror)
        ) from error


def _checked(document: dict[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(_unwrapped(document).get("containerDefinitions"), list):
        raise EcslabError(
            _("{file} is no task definition: it has no containerDefinitions.", file=name),
            _("A Compose file is run with `ecslab local up -c {file}`.", file=name),
        )
    return document


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EcslabError(
            _("{file} cannot be written: {why}.", file=path, why=error.strerror),
            _("Give another name with -o, in a folder you may write to."),
        ) from error
