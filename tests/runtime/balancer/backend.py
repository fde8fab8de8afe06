"""Targets for load balancers: small HTTP servers on real sockets, told what to do."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler


class Backend:
    """A server that says its name, and remembers what it was asked.

    `status` is what its health path answers, `slow` how long (real seconds) any answer takes.
    """

    def __init__(self, name: str, ip: str = "127.0.0.1", port: int = 0) -> None:
        self.name, self.status, self.slow = name, 200, 0.0
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.checks = 0
        backend = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                if self.path == "/health":
                    backend.checks += 1
                    return self._say(backend.status, "checked")
                backend.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                length = int(self.headers.get("Content-Length") or 0)
                if self.headers.get("Transfer-Encoding") == "chunked":
                    length = sum(1 for _ in iter(self._chunk, 0))
                    return self._say(200, f"{length} chunks")
                body = self.rfile.read(length)
                time.sleep(backend.slow)
                if self.path == "/hang-up":
                    self.close_connection = True
                    return None
                if self.path == "/half":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                    self.close_connection = True
                    return None
                if self.path == "/nonsense":
                    self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
                    self.close_connection = True
                    return None
                if self.path == "/stream":
                    return self._stream()
                return self._say(200, body.decode() or backend.name)

            def _chunk(self) -> int:
                size = int(self.rfile.readline(), 16)
                self.rfile.read(size + 2)
                return size

            def _stream(self) -> None:
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for word in (b"one", b"two", b"three"):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(word), word))
                    time.sleep(0.1)
                self.wfile.write(b"0\r\n\r\n")

            def _say(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.send_header("X-Name", backend.name)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text.encode())

            do_GET = do_POST = do_HEAD = do_PUT = _answer  # noqa: N815  http.server's names

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, address: object) -> None:
                """A visitor left: nothing to say."""

        self._server = Server((ip, port), Handler)
        self.ip, self.port = self._server.server_address
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; requests under way are finished."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def raw(address: tuple[str, int], request: bytes) -> bytes:
    """What comes back for these bytes until the other side hangs up."""
    with socket.create_connection(address, timeout=5) as link:
        link.sendall(request)
        return b"".join(iter(lambda: link.recv(65536), b""))
