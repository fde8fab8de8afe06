"""One request on its way to a target, and the answer on its way back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import h11

from ecslab.model.load_balancer import Target
from ecslab.runtime.balancer import heads
from ecslab.runtime.balancer.targets import Key, Targets
from ecslab.runtime.balancer.waiting import Deadline, Watchdog
from ecslab.runtime.balancer.wire import Wire, pipe
from ecslab.runtime.port import Address

CONNECT_SECONDS = 10.0
"""Seconds a target may take to accept a connection (an Application Load Balancer's)."""
LEAST_SILENCE = 5.0
"""Real seconds a connection may be silent, however fast the sandbox's clock runs."""

REPEATABLE = (b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE")
"""Methods whose request may be sent again when no answer came (RFC 9110, section 9.2.2)."""

Again = Literal["again"]


@dataclass(frozen=True)
class Surroundings:
    """What every exchange needs. `locate` gives the address a target is really at (for its own
    port, or another), None where nothing stands for it; `trace` makes an id for a request.
    """

    targets: Targets
    dog: Watchdog
    locate: Callable[[Target, int | None], Address | None]
    trace: Callable[[], str]


@dataclass(frozen=True)
class Asking:
    """A client's request. `idle_timeout` in seconds."""

    request: h11.Request
    source: str
    here: str
    """The address the client came to."""
    port: int
    """Of the listener, as it is configured."""
    idle_timeout: float

    @property
    def has_body(self) -> bool:
        """Does a body follow the head?"""
        named = dict(self.request.headers)
        return b"transfer-encoding" in named or named.get(b"content-length", b"0") != b"0"


class Exchange:
    """A request for one of the targets of a group.

    A target that cannot be connected to has been sent nothing: another one is asked. One that
    hangs up without a word, as a killed container's port does, may be replaced too, but only for
    requests without a body that may be repeated. An Application Load Balancer answers 502 then; it
    does not meet that as often, because its targets' ports fall silent with their machine.
    """

    def __init__(self, client: Wire, asking: Asking, around: Surroundings) -> None:
        self._client, self._asking, self._around = client, asking, around

    async def run(self, group_arn: str | None) -> int | None:
        """Pass it on. The status of an error the load balancer is to tell, None if all is told.

        Raises OSError where the client left, or has to be left in the middle of an answer.
        """
        if not self._asking.has_body:
            await self._client.event()  # its end: from here on it can be sent as often as needed
        tried: set[Key] = set()
        while group_arn and (lease := self._around.targets.lease(group_arn, tried)) is not None:
            tried.add(Key(*lease.target.key))
            try:
                told = await self._ask(lease.target)
            finally:
                lease.end()
            if told != "again":
                return told
        return 502 if tried else 503

    async def _ask(self, target: Target) -> int | Again | None:
        try:
            wire = await self._connect(target)
        except asyncio.TimeoutError:
            return 504
        except OSError:
            return "again"
        try:
            with self._around.dog.within(self._asking.idle_timeout, LEAST_SILENCE) as wait:
                wait.give_up = wire.abort
                return await self._exchange(wire, wait)
        finally:
            wire.abort()

    async def _connect(self, target: Target) -> Wire:
        address = self._around.locate(target, None)
        if address is None:
            raise ConnectionError(f"nothing on this machine stands for {target.id}")
        with self._around.dog.within(CONNECT_SECONDS, LEAST_SILENCE) as wait:
            opening = asyncio.ensure_future(asyncio.open_connection(*address))
            wait.give_up = opening.cancel
            try:
                return Wire(h11.CLIENT, *await opening)
            except asyncio.CancelledError:
                opening.cancel()
                if not wait.expired:
                    raise
                raise asyncio.TimeoutError from None

    async def _exchange(self, wire: Wire, wait: Deadline) -> int | Again | None:
        upload: asyncio.Future[None] | None = None
        try:
            await wire.send(*self._opening())
            if self._asking.has_body:
                upload = asyncio.ensure_future(self._upload(wire, wait))
            answer = await _answer(wire)
        except (OSError, h11.RemoteProtocolError):
            return self._unanswered(wait, upload)
        else:
            await self._pass_on(answer, wire, wait)
            return None
        finally:
            if upload is not None:
                upload.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError, h11.RemoteProtocolError):
                    await upload

    def _opening(self) -> list[h11.Request | h11.EndOfMessage]:
        request, asking = self._asking.request, self._asking
        headers = heads.for_target(
            request.headers.raw_items(),
            asking.source,
            asking.here,
            asking.port,
            self._around.trace(),
            upgrade=heads.wants_upgrade(request.headers),
        )
        head = h11.Request(method=request.method, target=request.target, headers=headers)
        return [head] if asking.has_body else [head, h11.EndOfMessage()]

    async def _upload(self, wire: Wire, wait: Deadline) -> None:
        """The body, as it comes. Drops the target where the client breaks off."""
        client = self._client
        try:
            if client.http.they_are_waiting_for_100_continue:
                await client.send(h11.InformationalResponse(status_code=100, headers=[]))
            while not isinstance(event := await client.event(), h11.EndOfMessage):
                wait.moved()
                if isinstance(event, h11.ConnectionClosed):
                    raise ConnectionResetError("the client left")
                await _offer(wire, event)
            await _offer(wire, event)
        except (OSError, h11.RemoteProtocolError):
            wire.abort()
            raise

    def _unanswered(
        self, wait: Deadline, upload: asyncio.Future[None] | None
    ) -> int | Again | None:
        """The target broke off before it answered, or did not speak HTTP."""
        if upload is not None and upload.done() and upload.exception() is not None:
            raise ConnectionResetError("the client left")
        if wait.expired:
            return 504
        repeatable = self._asking.request.method in REPEATABLE and upload is None
        return "again" if repeatable else 502

    async def _pass_on(
        self, answer: h11.Response | h11.InformationalResponse, wire: Wire, wait: Deadline
    ) -> None:
        client = self._client
        if isinstance(answer, h11.InformationalResponse):
            await self._tunnel(answer, wire, wait)
            return
        headers = heads.for_client(answer.headers.raw_items())
        head = h11.Response(status_code=answer.status_code, headers=headers, reason=answer.reason)
        await client.send(head)
        try:
            while not isinstance(event := await wire.event(), h11.EndOfMessage):
                wait.moved()
                await client.send(h11.Data(data=event.data))
        except h11.RemoteProtocolError as error:
            raise ConnectionResetError("the target broke off") from error
        await client.send(h11.EndOfMessage())

    async def _tunnel(self, answer: h11.InformationalResponse, wire: Wire, wait: Deadline) -> None:
        """Both sides speak another protocol now (WebSocket): bytes are bytes."""
        client = self._client
        await client.send(h11.InformationalResponse(status_code=101, headers=answer.headers))
        client.writer.write(wire.http.trailing_data[0])
        wire.writer.write(client.http.trailing_data[0])
        await asyncio.gather(
            pipe(client.reader, wire.writer, wait.moved),
            pipe(wire.reader, client.writer, wait.moved),
        )


async def _answer(wire: Wire) -> h11.Response | h11.InformationalResponse:
    """The target's answer; of those that only announce one, no word. 101 is one, too."""
    while isinstance(event := await wire.event(), h11.InformationalResponse):
        if event.status_code == 101:
            return event
    if not isinstance(event, h11.Response):
        raise ConnectionResetError("the target hung up")
    return event


async def _offer(wire: Wire, event: h11.Data | h11.EndOfMessage) -> None:
    """Say it to a target, which may have answered and hung up already."""
    with contextlib.suppress(OSError, h11.LocalProtocolError):
        await wire.send(event)
