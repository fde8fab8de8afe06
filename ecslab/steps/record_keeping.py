"""Where progress records are kept: a parameter of Systems Manager, or a file in a shared folder."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.calls import watching
from ecslab.steps.progress_record import Record, read

_ = translator("steps")

OFF, SSM = "off", "ssm"
ROOT = "/ecslab"
"""What the names of the parameters begin with: ``/ecslab/<workshop>/<learner>``."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class Keeper(Protocol):
    """Keeps a record a learner."""

    def put(self, record: Record) -> None:
        """Keep it in place of the one before. Raises what the place raises."""

    def all(self) -> dict[str, Record | None]:
        """Every learner's of the workshop; None where one cannot be read."""

    def forget(self, learners: list[str]) -> None:
        """Remove these learners' records."""


class Parameters:
    """One parameter a learner, in the account (or the sandbox) the lab works on."""

    def __init__(self, client: Callable[[str], Any], workshop: str) -> None:
        self._client = client
        self._path = f"{ROOT}/{_checked(workshop)}"

    def put(self, record: Record) -> None:
        """As `Keeper.put`: one call."""
        name = f"{self._path}/{_checked(record.learner)}"
        with watching():
            self._client("ssm").put_parameter(
                Name=name, Value=record.text(), Type="String", Overwrite=True
            )

    def all(self) -> dict[str, Record | None]:
        """As `Keeper.all`: a call for ten learners, which is the most a page has."""
        pages = self._client("ssm").get_paginator("get_parameters_by_path")
        found: dict[str, Record | None] = {}
        with watching():
            for page in pages.paginate(Path=self._path, PaginationConfig={"PageSize": 10}):
                for one in page["Parameters"]:
                    learner = one["Name"].rpartition("/")[2]
                    found[learner] = read(one["Value"], learner)
        return found

    def forget(self, learners: list[str]) -> None:
        """As `Keeper.forget`: a call for ten."""
        names = [f"{self._path}/{_checked(one)}" for one in learners]
        for first in range(0, len(names), 10):
            self._client("ssm").delete_parameters(Names=names[first : first + 10])


class Folder:
    """One JSON file a learner in a folder that all can reach."""

    def __init__(self, folder: Path, workshop: str) -> None:
        self._folder = folder / _checked(workshop)

    def put(self, record: Record) -> None:
        """As `Keeper.put`: a reader sees the old file or the new one, never a part."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{record.learner}.{secrets.token_hex(4)}"
        try:
            fresh.write_text(record.text(), encoding="utf-8")
            fresh.replace(self._folder / f"{_checked(record.learner)}.json")
        finally:
            fresh.unlink(missing_ok=True)

    def all(self) -> dict[str, Record | None]:
        """As `Keeper.all`."""
        files = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        return {file.stem: _file(file) for file in files}

    def forget(self, learners: list[str]) -> None:
        """As `Keeper.forget`."""
        for learner in learners:
            (self._folder / f"{_checked(learner)}.json").unlink(missing_ok=True)


def _file(path: Path) -> Record | None:
    try:
        return read(path.read_text(encoding="utf-8", errors="replace"), path.stem)
    except OSError:
        return None


def keeper(setting: str, client: Callable[[str], Any], workshop: str) -> Keeper | None:
    """What ``ECSLAB_PROGRESS`` names: "ssm", the path of a folder, or "off" (None).

    Raises EcslabError for anything else.
    """
    if setting == OFF:
        return None
    if setting == SSM:
        return Parameters(client, workshop)
    if not ({"/", os.sep} & set(setting)):
        raise EcslabError(
            _("ECSLAB_PROGRESS is {text!r}, which is no place for progress records.", text=setting),
            _("Give ssm, off, or the path of a folder, for example /srv/class or ./class."),
        )
    return Folder(Path(os.path.expanduser(setting)), workshop)


def _checked(name: str) -> str:
    if _NAME.fullmatch(name) and name.strip("."):
        return name
    raise EcslabError(
        _("{name!r} cannot be part of the name of a progress record.", name=name),
        _("Use letters, digits, '-', '_' and '.' for ECSLAB_WORKSHOP."),
    )
