"""The neighbours' memory: every changing request, in order, in a file of JSON lines.

moto forgets everything when its process ends. Its world is made again by sending the same requests
with the same time and the same seed of its random ids.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs

from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("api")

_READING = ("Describe", "Get", "List", "Head", "Lookup", "Search", "Filter", "Validate", "Simulate")
_NOT_KEPT = frozenset({"PutLogEvents", "AssumeRole", "DecodeAuthorizationMessage"})
"""Changes that are not worth a line: log events would fill the file."""
_KEPT_HEADERS = ("HTTP_HOST", "CONTENT_TYPE", "HTTP_CONTENT_ENCODING")
_AMZ = "HTTP_X_AMZ_"
"""Headers of AWS's own: the operation, how a body is encoded, tags and settings of an object."""
_SECRET = re.compile("TOKEN|KEY|SIGNATURE")
_credential = re.compile(r"Credential=[^,\s]+")


@dataclass(frozen=True)
class Entry:
    """One changing request. `made` is what no seed can make again (see `World.once`)."""

    at: float
    seed: int
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    """Base64."""
    made: list[Any] = field(default_factory=list)


def action(environ: dict[str, Any], body: bytes) -> str:
    """The name of the AWS operation, or the empty string where only a URL says it."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if isinstance(target, str) and target:
        return target.rpartition(".")[2]
    for text in (str(environ.get("QUERY_STRING", "")), body[:4096].decode("latin-1")):
        named = parse_qs(text).get("Action") if "Action=" in text else None
        if named:
            return named[0]
    return ""


def changes(environ: dict[str, Any], body: bytes) -> bool:
    """May this request change the world? What only reads is not kept."""
    named = action(environ, body)
    if named:
        return not named.startswith(_READING) and named not in _NOT_KEPT
    return environ.get("REQUEST_METHOD") not in ("GET", "HEAD", "OPTIONS")


def entry(environ: dict[str, Any], body: bytes, at: float) -> Entry:
    """What is kept of a request. Signature and session token are not: the key id and scope are."""
    headers = {name: environ[name] for name in environ if _is_kept(name) and environ[name]}
    credential = _credential.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential:
        headers["HTTP_AUTHORIZATION"] = (
            f"AWS4-HMAC-SHA256 {credential[0]}, SignedHeaders=host, Signature=0"
        )
    return Entry(
        at=at,
        seed=secrets.randbits(64),
        method=environ.get("REQUEST_METHOD", "POST"),
        path=environ.get("PATH_INFO", "/"),
        query=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=base64.b64encode(body).decode(),
    )


def _is_kept(name: str) -> bool:
    return name in _KEPT_HEADERS or (name.startswith(_AMZ) and not _SECRET.search(name))


class Journal:
    """The file. Without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.seed = secrets.token_hex(16)
        self._file: IO[str] | None = None
        self._first = not path or not path.exists() or path.stat().st_size == 0

    @property
    def empty(self) -> bool:
        """Is there nothing to replay?"""
        return self._first

    def read(self) -> list[Entry]:
        """All entries; a torn last line (the process died while writing it) is cut off.

        Raises EcslabError where a line in the middle cannot be read.
        """
        if self.path is None or self._first:
            return []
        whole, entries = 0, []
        for number, line in enumerate(self._lines(self.path), 1):
            try:
                kept = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                raise self._unreadable(number) from None
            if kept is None:
                break
            whole += len(line)
            if number == 1:
                self.seed = kept["seed"]
            else:
                entries.append(Entry(**kept))
        os.truncate(self.path, whole)
        self._first = whole == 0
        return entries

    def append(self, kept: Entry) -> None:
        """Keep one more request. It is with the operating system when this returns."""
        if self.path is None:
            return
        if self._file is None:
            self._file = self._open(self.path)
        self._write(asdict(kept))

    def close(self) -> None:
        """Close the file; `append` would open it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, path: Path) -> IO[str]:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="utf-8")
        if self._first:
            self._write({"version": 1, "seed": self.seed})
            self._first = False
        return self._file

    def _write(self, value: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(value, separators=(",", ":")) + "\n")
        self._file.flush()

    def clear(self) -> None:
        """Forget everything; a new seed makes a new world."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
        self.seed = secrets.token_hex(16)
        self._first = True

    @staticmethod
    def _lines(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from file

    def _unreadable(self, number: int) -> EcslabError:
        return EcslabError(
            _("Line {number} of {path} cannot be read.", number=number, path=self.path),
            _("Run `ecslab sandbox reset` to begin with an empty sandbox."),
        )
