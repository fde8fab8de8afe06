"""The environment in ``.venv``: made by uv, else by venv and pip, from lock files with hashes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools.set_up.words import Trouble

Say = Callable[..., None]

LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}
"""What is installed to run the kit, and to test it: the second holds the first."""
GRAPHVIZ_LOCK = "requirements-graphviz.lock"
STAMP = "ecslab-ready"
TAIL = 12
"""Lines of a failed command's output that are shown."""


def python_of(venv: Path) -> Path:
    """The interpreter of an environment."""
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def lock_files(root: Path, kind: str, with_graphviz: bool) -> list[Path]:
    """The lock files to install. Raises `Trouble` where one is missing."""
    files = [root / LOCKS[kind]] + [root / GRAPHVIZ_LOCK] * with_graphviz
    for file in files:
        if not file.is_file():
            raise Trouble("no file", file=file)
    return files


def digest(root: Path, files: Sequence[Path]) -> str:
    """What an environment made from these files is known by; another place is another one."""
    parts = [str(root).encode(), *(file.read_bytes() for file in [root / "pyproject.toml", *files])]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_ready(root: Path, kind: str, with_graphviz: bool) -> bool:
    """Whether ``.venv`` was made from the lock files as they are now."""
    venv = root / ".venv"
    stamp = venv / STAMP
    if not python_of(venv).exists() or not stamp.is_file():
        return False
    enough = [kind] if kind == "test" else ["run", "test"]
    extras = [True] if with_graphviz else [False, True]
    known = {digest(root, lock_files(root, one, extra)) for one in enough for extra in extras}
    return stamp.read_text("utf-8") in known


def commands(root: Path, files: Sequence[Path], uv: str | None) -> Iterator[list[str]]:
    """The command lines that make ``.venv`` and install the files and the kit itself."""
    venv = root / ".venv"
    python = str(python_of(venv))
    whole = python_of(venv).exists()
    if uv:
        if not whole:
            yield [uv, "venv", "--quiet", "--python", sys.executable, str(venv)]
        yield [uv, "pip", "sync", "--python", python, "--require-hashes", *map(str, files)]
        kit = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        # One that uv has made holds no pip; where pip is, ensurepip leaves it alone.
        yield [python, "-m", "ensurepip"] if whole else [sys.executable, "-m", "venv", str(venv)]
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
        listed = [word for file in files for word in ("-r", str(file))]
        yield [*pip, "install", "--progress-bar", "off", "--require-hashes", *listed]
        kit = [*pip, "install", "--quiet"]
    yield [*kit, "--no-deps", "--no-build-isolation", "--editable", str(root)]


def ensure(root: Path, kind: str, say: Say) -> Path:
    """The interpreter of an environment fit for `kind` ("run" or "test"); made where it is not."""
    with_graphviz = shutil.which("dot") is None
    venv = root / ".venv"
    if is_ready(root, kind, with_graphviz):
        return python_of(venv)
    files = lock_files(root, kind, with_graphviz)
    uv = shutil.which("uv")
    if not uv and any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise Trouble("no venv", python=sys.executable)
    say("making", tool="uv" if uv else "pip", folder=venv)
    if with_graphviz:
        say("no dot")
    _clear(venv)
    for command in commands(root, files, uv):
        run(command, say)
    (venv / STAMP).write_text(digest(root, files), "utf-8")
    return python_of(venv)


def _clear(venv: Path) -> None:
    """No stamp while work goes on; and no half environment without an interpreter."""
    try:
        (venv / STAMP).unlink(missing_ok=True)
        if venv.exists() and not python_of(venv).exists():
            shutil.rmtree(venv)
        venv.mkdir(exist_ok=True)
    except OSError as error:
        raise Trouble("cannot write", folder=venv.parent, why=error.strerror) from error


def run(command: Sequence[str], say: Say, key: str = "failed") -> None:
    """Run a command quietly, but for the packages it fetches; `Trouble` with its last lines."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    last: deque[str] = deque(maxlen=TAIL)
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=environment,
        ) as process:
            assert process.stdout is not None
            count = 0
            for line in process.stdout:
                last.append(f"    {line.rstrip()}")
                if line.startswith("Collecting "):
                    count += 1
                    say("fetching", transient=True, count=count, name=line.split()[1])
    except OSError as error:
        raise Trouble("cannot run", program=command[0], why=error.strerror) from error
    if process.returncode:
        shown = " ".join(command)
        raise Trouble(key, status=1, command=shown, tail="\n".join(last), code=process.returncode)
