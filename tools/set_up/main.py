"""The steps of a run, one after the other."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tools.set_up import asked, environment, system, words
from tools.set_up.asked import Asked
from tools.set_up.words import Trouble


def main(argv: Sequence[str], root: str) -> int:
    """Do what the command line asks for; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a screen without Japanese letters
    lang = asked.language_of(argv) or words.language()
    try:
        return _do(asked.read(argv), Path(root), lang)
    except Trouble as trouble:
        print(trouble.in_both(lang), file=sys.stderr)
        return trouble.status
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 1


def _do(wanted: Asked, root: Path, lang: str) -> int:
    if wanted.command == "help":
        print(words.text("help", lang), end="")
        return 0
    os.environ["ECSLAB_LANG"] = lang
    say = Telling(lang)
    if wanted.command == "lab":
        return _become(_lab_command(_python(root, "run", say), wanted, lang), root)
    if wanted.command == "check":
        return _check(_python(root, "test", say), root, say)
    return _test(wanted, root, say)


def _python(root: Path, kind: str, say: Telling) -> Path:
    began = time.monotonic()
    made = not environment.is_ready(root, kind, system.no_dot())
    python = environment.ensure(root, kind, say)
    if made:
        say("ready", seconds=time.monotonic() - began)
    return python


def _lab_command(python: Path, wanted: Asked, lang: str) -> list[str]:
    return [str(python), "-m", "ecslab", "lab", "--lang", lang, *wanted.rest]


def _become(command: list[str], root: Path) -> int:
    """Run JupyterLab in this process's place, so that its end and a signal are one thing."""
    os.chdir(root)
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execv(command[0], command)
    return subprocess.call(command)


def _check(python: Path, root: Path, say: Telling) -> int:
    say("checks")
    return min(1, subprocess.call([str(python), str(root / "tools" / "check.py")], cwd=root))


def _test(wanted: Asked, root: Path, say: Telling) -> int:
    on_ci = os.environ.get("CI", "").lower() in ("true", "1")
    with ExitStack() as after:
        if wanted.system or on_ci:
            system.install(say)
            after.enter_context(system.engine(say))
        python = _python(root, "test", say)
        found = _check(python, root, say) if on_ci else 0
        say("tests")
        return subprocess.call(pytest_command(python, wanted.rest), cwd=root) or found


def pytest_command(python: Path, rest: Sequence[str]) -> list[str]:
    """The whole suite on all cores; whoever gives ``-n`` or ``-p no:xdist`` decides himself."""
    decided = any(word.startswith("-n") or word == "no:xdist" for word in rest)
    spread = [] if decided else ["-n", "auto", "--dist", "loadgroup"]
    return [str(python), "-m", "pytest", *spread, "--durations=15", *rest]


class Telling:
    """Sentences on the screen, in the language chosen."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._transient = 0
        """How wide the line is that the next one replaces."""

    def __call__(self, key: str, transient: bool = False, **args: object) -> None:
        line = words.text(key, self._lang, **args)
        if transient and not sys.stdout.isatty():
            return
        wipe = f"\r{' ' * self._transient}\r" if self._transient else ""
        self._transient = 2 * len(line) if transient else 0
        print(wipe + line, end="" if transient else "\n", flush=True)
