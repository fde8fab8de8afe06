"""Where the sandbox lives: its port, its folder, and the note a running server leaves there."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("sandbox")

DEFAULT_PORT = 4510
LOOPBACK = "127.0.0.1"


def home() -> Path:
    """The kit's folder: ``ECSLAB_HOME``, else the platform's folder for a user's data."""
    chosen = os.environ.get("ECSLAB_HOME")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("ecslab", appauthor=False))


def state_folder(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The folder a sandbox keeps its state in; absolute."""
    return (Path(chosen).expanduser() if chosen else home() / "sandbox").absolute()


def workspace(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The folder containers may mount from: the one chosen, else the one we are in; absolute.

    From among notebooks it is the folder that holds them all, with the hands-on's files.
    """
    here = Path(chosen or Path.cwd()).expanduser().absolute()
    return here.parents[1] if not chosen and here.parent.name == "notebooks" else here


def port(chosen: int | None = None) -> int:
    """The port of the sandbox: chosen, else ``ECSLAB_URL``'s, else ``ECSLAB_PORT``, else 4510.

    Raises `EcslabError` when it is no port.
    """
    if chosen is not None:
        return _checked(chosen, str(chosen), "--port")
    there = class_place()
    if there is not None:
        return there[1]
    text = os.environ.get("ECSLAB_PORT")
    if not text:
        return DEFAULT_PORT
    return _checked(int(text) if text.isdecimal() else -1, text, "ECSLAB_PORT")


def _checked(number: int, text: str, source: str) -> int:
    if 0 < number < 65536:
        return number
    raise EcslabError(
        _("{source} is {text!r}, which is not a port.", source=source, text=text),
        _("Give a number from 1 to 65535."),
    )


def class_place() -> tuple[str, int] | None:
    """Host and port of a class's sandbox, as ``ECSLAB_URL`` says; None where nothing says so.

    Raises `EcslabError` when it is no such URL.
    """
    text = os.environ.get("ECSLAB_URL", "").strip()
    if not text:
        return None
    from urllib.parse import urlsplit

    try:
        url = urlsplit(text)
        if url.scheme == "http" and url.hostname and url.path in ("", "/"):
            return url.hostname, url.port or DEFAULT_PORT
    except ValueError:
        pass
    raise EcslabError(
        _("ECSLAB_URL is {text!r}, which is not the address of a sandbox.", text=text),
        _("Copy the whole line again that your instructor gave you: http://ADDRESS:PORT."),
    )


def host_of(number: int) -> str:
    """Where the sandbox with this port is: this machine, if ``ECSLAB_URL`` does not say else."""
    there = class_place()
    return there[0] if there is not None and there[1] == number else LOOPBACK


def is_this_machine(host: str) -> bool:
    """Whether nobody but this machine reaches the address."""
    return host in ("localhost", "::1") or host.startswith("127.")


def url_of(number: int) -> str:
    """The endpoint of a sandbox that listens on this port."""
    return f"http://127.0.0.1:{number}"


@dataclass(frozen=True)
class Note:
    """What a running server writes down, so that others find it."""

    pid: int
    port: int
    started: float
    """Seconds since the epoch, wall time."""

    def write(self, folder: Path) -> None:
        """Leave the note in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "server.json.new"
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(folder / "server.json")

    @staticmethod
    def read(folder: Path) -> Note | None:
        """The note in `folder`, None when there is none that can be read."""
        try:
            found = json.loads((folder / "server.json").read_text(encoding="utf-8"))
            return Note(int(found["pid"]), int(found["port"]), float(found["started"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @staticmethod
    def remove(folder: Path) -> None:
        """Take the note away; harmless when there is none."""
        (folder / "server.json").unlink(missing_ok=True)


def own_file(path: Path, mode: str, **settings: Any) -> IO[Any]:
    """Open a file for writing that nobody but its owner may read, whoever made it before."""

    def opener(name: str, flags: int) -> int:
        descriptor = os.open(name, flags, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        return descriptor

    opened: IO[Any] = open(path, mode, opener=opener, **settings)  # noqa: SIM115  # Path.open takes no opener
    return opened


def log_file(folder: Path) -> Path:
    """Where a background server writes its log."""
    return folder / "server.log"
