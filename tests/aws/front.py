"""A front of AWS before a sandbox: it checks signatures, gives small pages, breaks on demand."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.aws.wire import SCOPE, Answer, Request, refusal

KEY = "AKIAFRONTOFAWS00YUI1"
SECRET = "front/secret+PLANTED/5Yk2wq7tB1xM0zR9uVnEc"
TOKEN = "FrontSessionTokenPLANTED//////////wEaDGV4YW1wbGU="
REGION = "us-east-1"
PAGE = 2
"""Items a page of a list has, so that there are several."""
DRIFT = 300.0
"""Seconds a signature may be off (AWS: five minutes)."""

_LISTS = ("ListClusters", "ListTasks", "ListContainerInstances", "ListServices",
          "ListTaskDefinitions", "ListTaskDefinitionFamilies", "ListAttributes")  # fmt: skip
_BY_NAME = ("Names.member.1", "LoadBalancerArns.member.1", "TargetGroupArns.member.1")


Faults = Callable[[Request, int], str]
"""What is to happen to a request, and to which call it belongs, counted from 0: "" for nothing, a
kind of `wire.SAID` or `wire.PAGES`, "closed", "lost" (closed after the server acted), "refused",
"late" (no answer in time)."""


@dataclass
class Seen:
    """A request that came."""

    service: str
    operation: str
    attempt: int
    fault: str = ""
    paged: bool = False


@dataclass
class Front:
    """The front, once it is opened: `url` is where AWS is."""

    behind: int
    """The port of the sandbox."""
    port: int
    seen: list[Seen] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What was wrong with signatures: must stay empty."""
    late: float = 1.5
    """Seconds a late answer takes."""
    drift: float = 0.0
    """Seconds AWS's clock is ahead of this machine's."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._door = threading.Lock()
        self._faults: Faults = _none
        self._calls: dict[str, int] = {}
        self.struck: list[Seen] = []
        self._server: ThreadingHTTPServer | None = None
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"http://127.0.0.1:{self.port}"

    # -- what tests do -------------------------------------------------------------------------

    def arm(self, faults: Faults) -> None:
        """Break what `faults` says; calls are counted from now on."""
        with self._lock:
            self._faults, self.struck = faults, []
            self._calls.clear()

    def mend(self) -> None:
        """All works again."""
        with self._lock:
            self._faults = _none
        self.open()

    def count(self, since: int = 0) -> Counter[str]:
        """How often each operation was asked for."""
        return Counter(f"{one.service}:{one.operation}" for one in self.seen[since:])

    def open(self) -> None:
        """Listen."""
        with self._door:
            if self._server is not None:
                return
            server = _Server(("127.0.0.1", self.port), _Handler, bind_and_activate=False)
            server.front = self
            server.server_bind()
            server.server_activate()
            self._server = server
        threading.Thread(target=_accept, args=(server,), daemon=True).start()

    def shut(self) -> None:
        """Nobody listens any more, and who is connected is not."""
        with self._door:
            server, self._server = self._server, None
            if server is not None:
                server.socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in `_accept`
                server.server_close()
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    # -- what happens to a request -------------------------------------------------------------

    def fault_of(self, request: Request) -> str:
        """What is to happen to this request instead of an answer; "" for nothing."""
        with self._lock:
            number = self._calls.setdefault(request.call, len(self._calls))
            return self._faults(request, number)

    def check(self, request: Request) -> None:
        """Complain of a request that AWS would not take."""
        scope = SCOPE.match(request.headers.get("authorization", ""))
        if scope is None:
            self.complaints.append(f"{request.operation} is not signed")
            return
        said = [
            ("key", scope["key"], KEY),
            ("region", scope["region"], REGION),
            ("token", request.headers.get("x-amz-security-token"), TOKEN),
            ("day", scope["day"], request.headers["x-amz-date"][:8]),
            ("signature", scope["sig"], self._signature(request, scope["signed"].split(";"))),
        ]
        for what, came, right in said:
            if came != right:
                self.complaints.append(f"{request.operation}: {what} is {came}, not {right}")

    def is_off(self, request: Request) -> bool:
        """Whether a request was signed too long ago by AWS's clock."""
        at = datetime.datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
        signed = at.replace(tzinfo=datetime.timezone.utc).timestamp()
        return abs(time.time() + self.drift - signed) > DRIFT

    def _signature(self, request: Request, signed: list[str]) -> str:
        """What the signature has to be, from the secret."""
        headers = {name: request.headers[name] for name in signed}
        url = f"http://{request.headers['host']}{request.path}"
        ours = AWSRequest(request.method, url, headers=headers, data=request.body)
        ours.context["timestamp"] = request.headers["x-amz-date"]
        sigv4 = SigV4Auth(Credentials(KEY, SECRET, TOKEN), request.service, REGION)
        canonical = sigv4.canonical_request(ours)
        return str(sigv4.signature(sigv4.string_to_sign(ours, canonical), ours))

    def forward(self, request: Request) -> Answer:
        """The sandbox's answer."""
        body = paged(request)
        headers = {**request.headers, "host": f"127.0.0.1:{self.behind}"}
        headers["content-length"] = str(len(body))
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.behind)) as line:
            line.request(request.method, request.path, body, headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers.get("content-type", ""), answer.read())


def _accept(server: _Server) -> None:
    with contextlib.suppress(OSError):
        while True:
            server.process_request(*server.get_request())


def _none(_request: Request, _number: int) -> str:
    return ""


def paged(request: Request) -> bytes:
    """The body, asking for small pages where a list can be paged."""
    if request.protocol == "json" and request.operation in _LISTS:
        wanted = json.loads(request.body or b"{}")
        wanted["maxResults"] = min(PAGE, wanted.get("maxResults", PAGE))
        return json.dumps(wanted).encode()
    if request.operation in ("DescribeLoadBalancers", "DescribeTargetGroups"):
        form = parse_qs(request.body.decode())
        if not any(name in form for name in _BY_NAME):
            return urlencode({**form, "PageSize": ["1"]}, doseq=True).encode()
    return request.body


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    front: Front

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that a fault closed is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *words: Any) -> None:
        """Nothing: `Front.seen` has it."""

    def setup(self) -> None:
        """As it comes; connections are known so that they can be cut."""
        super().setup()
        self.server.front._open.add(self.connection)

    def finish(self) -> None:
        """As it comes."""
        self.server.front._open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self) -> None:  # the base class looks for this name
        """Any API call: all of those the kit makes are POSTs."""
        front = self.server.front
        request = self._request()
        front.check(request)
        seen = Seen(request.service, request.operation, request.attempt, paged=_goes_on(request))
        front.seen.append(seen)
        if front.is_off(request):
            self._send(refusal("clock", request, TOKEN))
            return
        fault = front.fault_of(request)
        if not fault:
            self._send(front.forward(request))
            return
        seen.fault = fault
        front.struck.append(seen)
        self._break(fault, request)

    def _request(self) -> Request:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body)

    def _break(self, fault: str, request: Request) -> None:
        front = self.server.front
        if fault == "refused":
            front.shut()
            threading.Timer(0.01, front.open).start()
        elif fault == "late":
            time.sleep(front.late)
            self._cut()
        elif fault == "closed":
            self._cut()
        elif fault == "lost":
            front.forward(request)
            self._cut()
        else:
            self._send(refusal(fault, request, TOKEN))

    def _cut(self) -> None:
        """Close at once, as a network does that goes away."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, answer: Answer) -> None:
        moment = time.time() + self.server.front.drift
        with contextlib.suppress(OSError):
            self.send_response_only(answer.status)
            self.send_header("Date", self.date_time_string(int(moment)))
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)


def _goes_on(request: Request) -> bool:
    """Whether it asks for a further page."""
    return b'"nextToken"' in request.body or b"Marker=" in request.body


@contextlib.contextmanager
def fronted(behind: int, port: int) -> Iterator[Front]:
    """A front that listens at `port`, closed at the end."""
    front = Front(behind, port)
    front.open()
    try:
        yield front
    finally:
        front.shut()
