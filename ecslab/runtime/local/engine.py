"""The engine of this machine, for ``ecslab local``; its refusals as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.runtime.client import words

_ = translator("runtime")


def client() -> Any:
    """A client of the engine that answers. Raises EcslabError where none does."""
    import docker

    try:
        made = docker.from_env(timeout=120).api
        made.ping()
    except Exception as error:
        raise EcslabError(
            _("No Docker engine answers on this machine: {why}.", why=_why(error)),
            _("Install or start Docker; `ecslab doctor` tells how."),
        ) from error
    return made


_SIGNS = {
    "No such file": _("its socket is not there"),
    "Permission denied": _("you may not use its socket"),
    "Connection refused": _("nothing listens at its address"),
}
"""What the SDK's error of an error of an error comes down to."""


def _why(error: Exception) -> Text | str:
    text = words(error)
    return next((said for sign, said in _SIGNS.items() if sign in text), text.rstrip("."))


@contextmanager
def plainly() -> Iterator[None]:
    """What the engine refuses is told in one sentence."""
    import docker

    try:
        yield
    except docker.errors.DockerException as error:
        raise EcslabError(_("The Docker engine refused: {why}", why=words(error))) from error
