"""The log of facts: what happened, one commit a line, in the order it happened.

The log is the persistence: replaying it restores the state. A line holds a whole commit, so that a
crash loses a commit or keeps it, never half of it; a torn last line (the crash came while writing)
is cut off when the log is opened again.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox.filelock import FileLock
from ecslab.sandbox.places import own_file

_ = translator("sandbox")
log = logging.getLogger(__name__)

Record = dict[str, Any]


class FactLog:
    """An append-only file of commits with one writer at a time.

    Raises `EcslabError` when another sandbox writes to the same folder, or when a line in the
    middle cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "facts.jsonl"
        self._lock = FileLock(folder / "facts.lock")
        if not self._lock.acquire():
            raise EcslabError(
                _("Another sandbox is using the folder {folder}.", folder=folder),
                _("Stop it with `ecslab sandbox stop`, or choose another folder with --state."),
            )
        _cut_torn_line(self.path)
        # For its owner alone: it holds the environment of containers.
        self._file: IO[bytes] = own_file(self.path, "ab", buffering=0)

    def append(self, records: Sequence[Record]) -> None:
        """Write one commit; it is safe from a crash of this process once this returns.

        Raises OSError (a full disk) with nothing written.
        """
        line = json.dumps(records, separators=(",", ":")).encode() + b"\n"
        before = self._file.seek(0, os.SEEK_END)
        try:
            written = self._file.write(line)
        except OSError:
            self._file.truncate(before)
            raise
        if written != len(line):
            self._file.truncate(before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    def __iter__(self) -> Iterator[Record]:
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                yield from _read(line, number, self.path)

    def clear(self) -> None:
        """Forget everything."""
        self._file.truncate(0)

    def close(self) -> None:
        """Let another sandbox write."""
        self._file.close()
        self._lock.release()


def _read(line: bytes, number: int, path: Path) -> list[Record]:
    try:
        records: list[Record] = json.loads(line)
    except ValueError as error:
        raise EcslabError(
            _("Line {number} of {path} is damaged.", number=number, path=path),
            _("`ecslab sandbox reset` starts afresh; the folder can be copied away before."),
        ) from error
    return records


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        end = _end_of_last_line(file, size)
        if end != size:
            log.warning("cut a torn line of %d bytes off %s", size - end, path)
            file.truncate(end)


def _end_of_last_line(file: IO[bytes], size: int) -> int:
    """Where the last complete line ends: behind its newline, or 0."""
    position, step = size, 65536
    while position > 0:
        start = max(0, position - step)
        file.seek(start)
        newline = file.read(position - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        position = start
    return 0
