"""Open host ports for simulated containers: one thread answers on all of them.

Each answer is a small page that says which task and container it stands for, and that it is
simulated.
"""

from __future__ import annotations

import html
import selectors
import socket
import threading
from collections.abc import Callable

from ecslab.runtime.port import Address

PATIENCE = 5.0
"""Seconds a visitor may take to ask."""

Page = Callable[[], str]
Visited = Callable[[bytes], None]
"""Hears of each request, as it came."""


class Doors:
    """Listening sockets by (ip, port), served by one thread that starts with the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: dict[Address, socket.socket] = {}
        self._elsewhere: dict[Address, Address] = {}
        self._selector: selectors.BaseSelector | None = None
        self._closed = False

    def open(self, ip: str, port: int, page: Page, visited: Visited | None = None) -> Address:
        """Answer with `page` at (ip, port), or at a substitute where that cannot be opened.

        Gives the address that really works. Raises OSError where none can be opened.
        """
        door = listen(ip, port)
        if door is None:
            # No such loopback address (macOS), no right to a low port, or taken by a stranger.
            door = listen("127.0.0.1", 0)
        if door is None:
            raise OSError(f"no port could be opened for {ip}:{port}")
        real: Address = door.getsockname()[:2]
        with self._lock:
            self._sockets[ip, port] = door
            if real != (ip, port):
                self._elsewhere[ip, port] = real
            self._selector = self._selector or self._begin()
            self._selector.register(door, selectors.EVENT_READ, (page, visited))
        return real

    def close(self, ip: str, port: int) -> None:
        """Answer there no longer; harmless when nothing was open."""
        with self._lock:
            door = self._sockets.pop((ip, port), None)
            self._elsewhere.pop((ip, port), None)
            if door is not None and self._selector is not None:
                self._selector.unregister(door)
                door.close()

    def substitutes(self) -> dict[Address, Address]:
        """Where a door is that could not be opened at its own address."""
        with self._lock:
            return dict(self._elsewhere)

    def close_all(self) -> None:
        """Close every door and end the thread."""
        for ip, port in list(self._sockets):
            self.close(ip, port)
        self._closed = True

    def _begin(self) -> selectors.BaseSelector:
        selector = selectors.DefaultSelector()
        threading.Thread(
            target=self._serve, args=(selector,), daemon=True, name="ecslab-doors"
        ).start()
        return selector

    def _serve(self, selector: selectors.BaseSelector) -> None:
        while not self._closed:
            for key, _events in selector.select(timeout=0.5):
                door, (page, visited) = key.fileobj, key.data
                try:
                    visitor, _address = door.accept()  # type: ignore[union-attr]  # sockets only
                except OSError:
                    continue  # closed in the meantime
                threading.Thread(target=_answer, args=(visitor, page, visited), daemon=True).start()


def listen(ip: str, port: int) -> socket.socket | None:
    """A socket that listens there; None where this machine cannot have one."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Without it a port stays shut for a minute after its last visitor.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((ip, port))
        door.listen(64)
    except OSError:
        door.close()
        return None
    return door


def _answer(visitor: socket.socket, page: Page, visited: Visited | None) -> None:
    with visitor:
        try:
            visitor.settimeout(PATIENCE)
            request = visitor.recv(65536)
            if visited is not None and request:
                visited(request)
            body = page().encode("utf-8")
            head = (
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                f"Content-Length: {len(body)}\r\nServer: ecslab-simulated\r\n"
                "X-Ecslab-Simulated: true\r\nConnection: close\r\n\r\n"
            ).encode("ascii")
            visitor.sendall(head if request.startswith(b"HEAD") else head + body)
        except OSError:
            pass  # the visitor left


def page_of(task: str, family: str, container: str, image: str) -> str:
    """The page of one simulated container, Japanese first."""
    task, family, container, image = (html.escape(v) for v in (task, family, container, image))
    return f"""<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>{container} – simulated</title>
<link rel="icon" href="data:,">
<style>
body{{font-family:system-ui,sans-serif;max-width:38rem;margin:4rem auto;padding:0 1rem;
line-height:1.6;color:#1f2933;background:#fff}}
@media (prefers-color-scheme:dark){{body{{color:#e5e9ee;background:#14181d}}}}
dt{{float:left;clear:left;width:9rem;color:#7b8794}}dd{{margin-left:9rem}}
.tag{{display:inline-block;border:1px dashed;border-radius:1rem;padding:.1rem .8rem}}
</style></head><body>
<p class="tag">シミュレーション / simulated</p>
<h1>{container}</h1>
<p>ここでは <b>{image}</b> は実際には動いていません。
ecslabのサンドボックスが代わりに答えています。<br>
<span lang="en">No real {image} runs here: the ecslab sandbox answers in its place.</span></p>
<dl><dt>タスク / task</dt><dd>{task}</dd><dt>タスク定義 / definition</dt><dd>{family}</dd>
<dt>コンテナ / container</dt><dd>{container}</dd><dt>イメージ / image</dt><dd>{image}</dd></dl>
</body></html>
"""
