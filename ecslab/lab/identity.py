"""Which home of the kit this is: what tells two learners of one login apart."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places

_ = translator("lab")


def this_home() -> str:
    """The mark of ``ECSLAB_HOME``: chance, drawn once and kept there.

    Neither host name nor hardware would do: containers of one image share them. Raises EcslabError
    where it can neither be read nor kept, since names could then be somebody else's.
    """
    path = places.home() / "learner-id"
    try:
        return _kept(path) or _drawn(path)
    except OSError as error:
        raise EcslabError(
            _("{path} cannot be kept: {why}.", path=path, why=error.strerror),
            _("Name yourself, so that your names are yours: set ECSLAB_LEARNER."),
        ) from error


def _kept(path: Path) -> str:
    return path.read_text("utf-8", errors="replace").strip() if path.exists() else ""


def _drawn(path: Path) -> str:
    """A new mark, or the one that another kernel has just kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(16) + "\n")
        _put(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return _kept(path)


def _put(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)  # whole or not at all, and only one of two kernels succeeds
    except FileExistsError:
        if not _kept(path):  # an empty file, left by a full disk
            fresh.replace(path)
    except OSError:  # a file system without links
        fresh.replace(path)
