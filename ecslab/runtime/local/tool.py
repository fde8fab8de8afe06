"""Docker's own Compose program, whichever is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError

_ = translator("runtime")

_NOISE = re.compile(r"^(Creating|Starting|Recreating|Pulling|Attaching|Network|Container|time=)\b")


@dataclass(frozen=True)
class ComposeTool:
    """``docker compose`` or ``docker-compose``."""

    words: tuple[str, ...]
    old: bool = False
    """Version 1, which ended in 2023 and does not know the whole language."""

    def up(
        self,
        files: Sequence[Path],
        *,
        project: str,
        folder: Path,
        variables: Mapping[str, str],
    ) -> None:
        """Start the services in the background; `variables` go by environment only.

        Raises EcslabError with the program's own last words.
        """
        line = [*self.words, "--project-directory", str(folder), "-p", project]
        for file in files:
            line += ["-f", str(file)]
        done = subprocess.run(
            [*line, "up", "-d", "--remove-orphans"],
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
        if done.returncode:
            why = hidden(last_words(done.stderr or done.stdout), variables)
            raise EcslabError(
                _("{program} could not start the services: {why}", program=self.name, why=why),
                _hint(why),
            )

    @property
    def name(self) -> str:
        """How it is called in a terminal."""
        return " ".join(self.words)


def compose_tool() -> ComposeTool:
    """The one that is there, the current one first. Raises EcslabError where none is."""
    docker = shutil.which("docker")
    if docker and _answers([docker, "compose", "version"]):
        return ComposeTool(("docker", "compose"))
    if shutil.which("docker-compose"):
        return ComposeTool(("docker-compose",), old=_is_old())
    raise EcslabError(
        _("Neither `docker compose` nor `docker-compose` is installed."),
        _("Install Docker's Compose plugin; `ecslab doctor` tells how."),
    )


def _is_old() -> bool:
    done = subprocess.run(["docker-compose", "version", "--short"], capture_output=True, text=True)
    return done.stdout.strip().lstrip("v").startswith("1.")


def _answers(line: list[str]) -> bool:
    try:
        return subprocess.run(line, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def last_words(text: str) -> str:
    """Why it failed: the lines that are no progress, on one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not _NOISE.match(line)] or lines
    return " ".join(telling[-3:])[:600] or "?"


def hidden(text: str, variables: Mapping[str, str]) -> str:
    """`text` without the values of `variables`: they may be secrets."""
    for value in sorted(variables.values(), key=len, reverse=True):
        if value:
            text = text.replace(value, "***")
    return text


def _hint(why: str) -> Text | None:
    if "port is already allocated" in why or "address already in use" in why:
        return _("Stop what uses the port, or change `published:` in the Compose file.")
    if any(sign in why for sign in ("pull access denied", "not found", "no such host", "lookup")):
        return _("Look at the image's name, and whether this machine reaches its registry.")
    return None
