"""One client's connection to a listener: its requests, one after the other, and their answers."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import h11

from ecslab.model.traffic import FixedResponse, Forward, Listener, Redirect
from ecslab.runtime.balancer import heads, replies
from ecslab.runtime.balancer.exchange import LEAST_SILENCE, Asking, Exchange, Surroundings
from ecslab.runtime.balancer.matching import choose
from ecslab.runtime.balancer.turns import Turns
from ecslab.runtime.balancer.wire import Wire

UNWANTED_EVENTS = 16
"""Pieces of an unwanted body (64 KiB each at most) that are read to keep a connection."""


@dataclass
class Door:
    """A listener as its visitors find it; it changes while they stay."""

    listener: Listener
    idle_timeout: float
    turns: Turns
    closing: bool = False


class Visit:
    """A client that came to a door."""

    def __init__(self, door: Door, wire: Wire, around: Surroundings) -> None:
        self._door, self._wire, self._around = door, wire, around
        peer = wire.writer.get_extra_info("peername")
        here = wire.writer.get_extra_info("sockname")
        self._source = str(peer[0]) if peer else "127.0.0.1"
        self._here = str(here[0]) if here else "127.0.0.1"

    async def run(self) -> None:
        """Answer until either side hangs up."""
        try:
            while (request := await self._next()) is not None:
                await self._serve(request)
                if self._door.closing or not self._once_more():
                    break
        except h11.RemoteProtocolError as error:
            with contextlib.suppress(OSError, h11.LocalProtocolError):
                await self._reply(replies.error(error.error_status_hint))
        except (OSError, h11.LocalProtocolError):
            self._wire.abort()  # the client left in the middle of something
        finally:
            await self._wire.close()

    def leave_if_idle(self) -> None:
        """Hang up, unless a request is being answered."""
        if self._wire.http.our_state is h11.IDLE:
            self._wire.abort()

    async def _next(self) -> h11.Request | None:
        """The next request; None where there is none."""
        with self._around.dog.within(self._door.idle_timeout, LEAST_SILENCE) as wait:
            wait.give_up = self._wire.abort
            event = await self._wire.event()
        return event if isinstance(event, h11.Request) else None

    def _once_more(self) -> bool:
        """Can the connection carry another request?"""
        http = self._wire.http
        if http.our_state is not h11.DONE or http.their_state is not h11.DONE:
            return False
        http.start_next_cycle()
        return True

    async def _serve(self, request: h11.Request) -> None:
        listener = self._door.listener
        headers = list(request.headers)
        asked = heads.asked(request.method, request.target, headers, self._source)
        rule = choose(listener.rules, asked)
        match rule.action:
            case FixedResponse() as action:
                await self._answer_self(replies.fixed(action))
            case Redirect() as action:
                await self._answer_self(replies.redirect(action, asked, listener.port))
            case Forward(groups=groups):
                group = self._door.turns.next(rule.arn, groups)
                asking = Asking(
                    request, self._source, self._here, listener.port, self._door.idle_timeout
                )
                status = await Exchange(self._wire, asking, self._around).run(group)
                if status is not None:
                    await self._answer_self(replies.error(status))

    async def _answer_self(self, reply: replies.Reply) -> None:
        """Answer for ourselves; a body nobody wants is read first, if it is short."""
        expects = self._wire.http.they_are_waiting_for_100_continue
        await self._reply(reply)
        if expects:
            return  # it will not send its body now
        with self._around.dog.within(self._door.idle_timeout, LEAST_SILENCE) as wait:
            wait.give_up = self._wire.abort
            for _event in range(UNWANTED_EVENTS):
                if self._wire.http.their_state is not h11.SEND_BODY:
                    return
                await self._wire.event()

    async def _reply(self, reply: replies.Reply) -> None:
        status, headers, body = reply
        head = h11.Response(status_code=status, headers=headers)
        await self._wire.send(head, h11.Data(data=body), h11.EndOfMessage())
