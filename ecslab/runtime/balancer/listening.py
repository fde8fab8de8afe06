"""The listening sockets of all load balancers, and who came in through them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Iterator

import h11

from ecslab.model.traffic import Balancer, Listener
from ecslab.runtime.balancer.exchange import Surroundings
from ecslab.runtime.balancer.turns import Turns
from ecslab.runtime.balancer.visit import Door, Visit
from ecslab.runtime.balancer.wire import Wire
from ecslab.runtime.doors import listen
from ecslab.runtime.port import Address

LOW_PORT = 1024
"""Ports below need a right that learners seldom have."""
UP = 8000
"""What is added to a low port that cannot be opened: 80 becomes 8080."""


class Listening:
    """Opens and closes doors as the configuration says; lives on the loop of the traffic."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._open: dict[tuple[str, Address], _OpenDoor] = {}
        self.failed: dict[Address, str] = {}
        """Where no door could be opened at all, and why."""

    async def configure(self, balancers: Iterable[Balancer]) -> None:
        """Have exactly these listeners; those that stay keep their visitors."""
        wanted = {
            (listener.arn, (balancer.address, listener.port)): (balancer, listener)
            for balancer in balancers
            for listener in balancer.listeners
        }
        for key in [key for key in self._open if key not in wanted]:
            self._open.pop(key).close()
        self.failed = {}
        for key, (balancer, listener) in wanted.items():
            if key in self._open:
                self._open[key].change(balancer, listener)
            else:
                await self._open_door(key, balancer, listener)

    def substitutes(self) -> dict[Address, Address]:
        """Where a listener is that could not be opened at its own address and port."""
        return {key[1]: door.at for key, door in self._open.items() if door.at != key[1]}

    def close(self) -> None:
        """Close every door; who is inside is not waited for."""
        for door in self._open.values():
            door.close()
        self._open.clear()

    async def _open_door(
        self, key: tuple[str, Address], balancer: Balancer, listener: Listener
    ) -> None:
        try:
            opened = _bind(*key[1])
        except OSError as error:
            self.failed[key[1]] = str(error)
            return
        door = _OpenDoor(Door(listener, balancer.idle_timeout, Turns()), opened, self._around)
        await door.begin()
        self._open[key] = door


class _OpenDoor:
    """A listening socket and the visits that came through it."""

    def __init__(self, door: Door, opened: socket.socket, around: Surroundings) -> None:
        self.at: Address = opened.getsockname()[:2]
        self._door, self._socket, self._around = door, opened, around
        self._visits: set[Visit] = set()
        self._server: asyncio.Server | None = None

    async def begin(self) -> None:
        """Let visitors in."""
        self._server = await asyncio.start_server(self._receive, sock=self._socket)

    def change(self, balancer: Balancer, listener: Listener) -> None:
        """Other rules, from the next request on."""
        self._door.listener, self._door.idle_timeout = listener, balancer.idle_timeout

    def close(self) -> None:
        """Let nobody in any more; answers under way are finished."""
        self._door.closing = True
        if self._server is not None:
            self._server.close()
        for visit in self._visits:
            visit.leave_if_idle()

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(h11.SERVER, reader, writer)
        visit = Visit(self._door, wire, self._around)
        self._visits.add(visit)
        try:
            await visit.run()
        except asyncio.CancelledError:
            wire.abort()  # the sandbox ends
        finally:
            self._visits.discard(visit)


def _bind(ip: str, port: int) -> socket.socket:
    """A socket there, or at the nearest place this machine can open. OSError where it has none."""
    for place in _places(ip, port):
        opened = listen(*place)
        if opened is not None:
            return opened
    raise OSError(f"no port could be opened for {ip}:{port}")


def _places(ip: str, port: int) -> Iterator[Address]:
    yield ip, port
    if port < LOW_PORT:
        yield ip, port + UP
    yield "127.0.0.1", 0
