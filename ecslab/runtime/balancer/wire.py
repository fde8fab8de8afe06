"""One HTTP/1.1 connection: h11's grammar over asyncio's streams."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import h11

CHUNK = 1 << 16
HEAD_LIMIT = 1 << 16
"""Bytes the head of a message may have (an Application Load Balancer takes 64 KiB)."""

HttpEvent = Any
"""An event of h11: Request, Response, Data, EndOfMessage, ConnectionClosed, PAUSED."""


class Wire:
    """A peer that speaks HTTP. Raises OSError where the connection breaks,
    h11.RemoteProtocolError where the peer does not speak HTTP.
    """

    def __init__(
        self, role: type[Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.http = h11.Connection(role, max_incomplete_event_size=HEAD_LIMIT)
        self.reader, self.writer = reader, writer

    async def event(self) -> HttpEvent:
        """The next thing the peer says."""
        while (event := self.http.next_event()) is h11.NEED_DATA:
            self.http.receive_data(await self.reader.read(CHUNK))
        return event

    async def send(self, *events: HttpEvent) -> None:
        """Say these things."""
        self.writer.write(b"".join(self.http.send(event) or b"" for event in events))
        await self.writer.drain()

    def abort(self) -> None:
        """Drop the connection; whoever waits for it wakes up."""
        self.writer.transport.abort()

    async def close(self) -> None:
        """Let what was said arrive, and hang up."""
        with contextlib.suppress(OSError):
            self.writer.close()
            await self.writer.wait_closed()


async def pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, moved: Callable[[], None]
) -> None:
    """Bytes from one side to the other until it ends; `moved` hears of each piece."""
    while data := await reader.read(CHUNK):
        moved()
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
