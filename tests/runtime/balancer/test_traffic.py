"""What a client meets, on real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter

import pytest

from ecslab.model.agent_messages import RegisterTarget
from ecslab.model.traffic import Condition, FixedResponse, Forward, HealthCheck, Plan, Redirect
from tests.runtime.balancer.backend import raw
from tests.runtime.balancer.scene import API, WEB, Scene, wait_for


def path(*values):
    return (Condition("path-pattern", values),)


def test_requests_go_to_the_group_their_rule_names(scene):
    """By path and by host, the default rule last."""
    web, api = scene.backend("web"), scene.backend("api")
    rules = (
        (Forward(((API, 1),)), path("/api/*")),
        (Forward(((API, 1),)), (Condition("host-header", ("api.*",)),)),
    )
    scene.configure(rules=rules)
    scene.healthy(web)
    scene.healthy(api, API)
    assert scene.ask("/") == (200, "web")
    assert scene.ask("/api/users") == (200, "api")
    assert scene.ask("/", headers={"Host": "api.example.com:80"}) == (200, "api")
    assert scene.ask("/api") == (200, "web")


def test_rules_change_under_open_connections(scene):
    """A changed rule holds from the next request on, on the same connection."""
    scene.healthy(scene.backend("web"))
    client = scene.connect()
    client.request("GET", "/")
    assert client.getresponse().read() == b"web"
    link = client.sock
    scene.configure(FixedResponse(410, body="closed"))
    client.request("GET", "/")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (410, b"closed")
    assert client.sock is link
    client.close()


def test_two_ports_of_one_instance_are_two_targets(scene):
    """Dynamic host ports: the same id, another port."""
    keys = [scene.healthy(scene.backend(name)) for name in ("one", "two")]
    assert {key.id for key in keys} == {"i-1"}
    assert len({scene.ask()[1] for _ in range(2)}) == 2


def test_round_robin_is_fair_and_takes_newcomers_in(scene):
    """Everybody gets his share, also who came later."""
    for name in "abc":
        scene.healthy(scene.backend(name))
    assert Counter(scene.ask()[1] for _ in range(30)) == {"a": 10, "b": 10, "c": 10}
    scene.healthy(scene.backend("d"))
    assert Counter(scene.ask()[1] for _ in range(40)) == {"a": 10, "b": 10, "c": 10, "d": 10}


def test_fewest_outstanding_requests_first(scene):
    """With that algorithm a target that is busy is spared."""
    scene.configure(algorithm="least_outstanding_requests")
    slow, quick = scene.backend("slow"), scene.backend("quick")
    keys = [scene.healthy(slow), scene.healthy(quick)]
    slow.slow = 0.5
    waiting = threading.Thread(target=scene.ask, args=("/first",))
    waiting.start()
    wait_for(lambda: sum(scene.plane.busy(key) for key in keys) == 1)
    told = {scene.ask()[1] for _ in range(4)}
    waiting.join()
    assert told == {"quick"}
    assert len(slow.seen) == 1


def test_weights_share_between_groups(scene):
    """3 to 1, evenly mixed; a weight of 0 gets nothing."""
    scene.configure(Forward(((WEB, 3), (API, 1))))
    scene.healthy(scene.backend("web"))
    scene.healthy(scene.backend("api"), API)
    assert Counter(scene.ask()[1] for _ in range(40)) == {"web": 30, "api": 10}
    scene.configure(Forward(((WEB, 0), (API, 1))))
    assert {scene.ask()[1] for _ in range(5)} == {"api"}
    scene.configure(Forward(((WEB, 0), (API, 0))))
    assert scene.ask()[0] == 503


def test_fixed_answers_and_redirects(scene):
    """What a rule answers itself."""
    teapot = FixedResponse(418, "application/json", '{"is": "a teapot"}')
    moved = Redirect(302, protocol="HTTPS", port="443", path="/new/#{path}", query="#{query}")
    scene.configure(rules=((teapot, path("/tea")), (moved, path("/old*"))))
    status, headers, body = scene.ask_all("/tea")
    assert (status, body) == (418, teapot.body)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    status, headers, _body = scene.ask_all("/old/a?b=c", headers={"Host": "me:8000"})
    assert (status, headers["Location"]) == (302, "https://me:443/new/old/a?b=c")


def test_the_target_learns_who_asked(scene):
    """X-Forwarded-…, a trace id, the client's own host; nothing of the client's connection."""
    web = scene.backend("web")
    scene.healthy(web)
    sent = {
        "Host": "shop.example",
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "https",
        "Connection": "keep-alive, X-Mine",
        "X-Mine": "1",
    }
    scene.ask("/", headers=sent)
    got = web.seen[-1][1]
    assert got["host"] == "shop.example"
    assert got["x-forwarded-for"] == "192.0.2.7, 127.0.0.1"
    assert got["x-forwarded-proto"] == "http"
    assert got["x-forwarded-port"] == str(scene.port)
    assert got["x-amzn-trace-id"].startswith("Root=1-")
    assert "x-mine" not in got
    assert got["connection"] == "close"


def test_a_connection_carries_many_requests(scene):
    """HTTP/1.1 keep-alive, HEAD and bodies included; HTTP/1.0 gets one answer."""
    scene.healthy(scene.backend("web"))
    client = scene.connect()
    client.connect()
    link = client.sock
    for method, body, expected in (
        ("GET", None, b"web"),
        ("HEAD", None, b""),
        ("POST", b"hello", b"hello"),
        ("GET", None, b"web"),
    ):
        client.request(method, "/", body=body)
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (200, expected)
        assert client.sock is link
    client.close()
    told = raw(scene.at, b"GET / HTTP/1.0\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200 ")
    assert told.endswith(b"web")


def test_requests_sent_at_once_are_answered_in_order(scene):
    """Pipelining."""
    scene.healthy(scene.backend("web"))
    one = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n%s\r\n\r\n"
    request = one % b"" + b"1" + one % b"Connection: close\r\n" + b"2"
    told = raw(scene.at, request.replace(b"\r\n\r\n\r\n", b"\r\n\r\n"))
    bodies = [part.rpartition(b"\r\n\r\n")[2][:1] for part in told.split(b"HTTP/1.1 200")[1:]]
    assert bodies == [b"1", b"2"]


def test_bodies_stream_both_ways(scene):
    """An answer is passed on as it comes, and so is a body without a length."""
    scene.healthy(scene.backend("web"))
    with socket.create_connection(scene.at, timeout=5) as link:
        link.sendall(b"GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        pieces = []
        while data := link.recv(65536):
            pieces.append((time.monotonic(), data))
    words = {word: at for at, data in pieces for word in (b"one", b"three") if word in data}
    assert words[b"three"] - words[b"one"] > 0.1
    client = scene.connect()
    client.request("POST", "/", body=iter([b"a" * 10, b"b" * 20]), encode_chunked=True,
                   headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    assert client.getresponse().read() == b"2 chunks"
    client.close()


def test_who_asks_before_sending_a_body_is_told_to_go_on(scene):
    """Expect: 100-continue is answered here and not passed on."""
    web = scene.backend("web")
    scene.healthy(web)
    with socket.create_connection(scene.at, timeout=5) as link:
        link.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert link.recv(1000).startswith(b"HTTP/1.1 100 ")
        link.sendall(b"hello")
        assert b"".join(iter(lambda: link.recv(1000), b"")).endswith(b"hello")
    assert "expect" not in web.seen[-1][1]


def test_nobody_there_is_503_and_nobody_home_is_502(scene):
    """No healthy target: 503. One that refuses or hangs up: 502."""
    assert scene.ask()[0] == 503
    web = scene.backend("web")
    scene.healthy(web)
    status, headers, body = scene.ask_all("/hang-up", "POST", body=b"x")
    assert (status, headers["Server"]) == (502, "awselb/2.0")
    assert "<center><h1>502 Bad Gateway</h1></center>" in body
    assert scene.ask("/nonsense", "POST", body=b"x")[0] == 502
    scene.backends.remove(web)
    web.stop()
    assert scene.ask()[0] == 502


def test_a_target_that_is_silent_for_too_long_is_504(scene, monkeypatch):
    """The idle timeout, by the sandbox's clock, yet never too few real seconds."""
    monkeypatch.setattr("ecslab.runtime.balancer.exchange.LEAST_SILENCE", 0.3)
    web = scene.backend("web")
    scene.healthy(web)
    web.slow = 2.0
    said = []
    asking = threading.Thread(target=lambda: said.append(scene.ask()[0]))
    asking.start()
    wait_for(lambda: web.seen)
    time.sleep(0.6)
    assert said == []  # much real time, no time of the clock
    scene.clock.advance(61)
    asking.join()
    assert said == [504]


def test_a_target_that_refuses_is_passed_over(scene):
    """Nothing was sent to it, so another one is asked, whatever the method."""
    gone, there = scene.backend("gone"), scene.backend("there")
    scene.healthy(gone)
    scene.healthy(there)
    scene.backends.remove(gone)
    gone.stop()
    assert [scene.ask()[1] for _ in range(4)] == ["there"] * 4
    assert [scene.ask("/", "POST", body=b"x") for _ in range(4)] == [(200, "x")] * 4


def test_only_what_may_be_repeated_is_sent_again(scene):
    """A target hung up without a word: a GET goes to the next, a POST was perhaps done."""
    one, two = scene.backend("one"), scene.backend("two")
    scene.healthy(one)
    scene.healthy(two)
    assert scene.ask("/hang-up")[0] == 502  # both were asked
    assert len(one.seen) == len(two.seen) == 1
    assert scene.ask("/hang-up", "POST", body=b"x")[0] == 502
    assert len(one.seen) + len(two.seen) == 3


def test_an_answer_that_breaks_off_breaks_off(scene):
    """Half an answer is never made to look whole."""
    scene.healthy(scene.backend("web"))
    told = raw(scene.at, b"GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
    assert told.endswith(b"half")
    assert b"Content-Length: 100" in told


@pytest.mark.parametrize(
    "request_bytes",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nbad\r\n\r\n"],
)
def test_a_client_that_does_not_speak_http_is_told_so(scene, request_bytes):
    """400, and the connection is closed."""
    told = raw(scene.at, request_bytes)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1") == 1


def test_a_head_that_never_ends_is_refused(scene):
    """More than 64 KiB of headers: 431."""
    endless = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-More: " + b"x" * 70_000
    assert raw(scene.at, endless).startswith(b"HTTP/1.1 431 ")


def test_another_protocol_is_tunnelled(scene):
    """WebSocket: after 101, bytes are bytes."""
    door = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        link, _peer = door.accept()
        head = link.recv(65536)
        assert b"pgrade: websocket" in head
        assert b"Sec-WebSocket-Key: k" in head
        link.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     b"Connection: Upgrade\r\n\r\nhello ")  # fmt: skip
        link.sendall(link.recv(100).upper())
        link.close()

    peer = threading.Thread(target=talk)
    scene.configure(check=HealthCheck(protocol="TCP"))
    port = door.getsockname()[1]
    scene.plane.obey(RegisterTarget(WEB, "i-9", port, "task/ws", "127.0.0.1"))
    scene.clock.advance(2)
    door.accept()[0].close()  # the health check
    wait_for(lambda: scene.plane.health(WEB)[0].state == "healthy")
    peer.start()
    with socket.create_connection(scene.at, timeout=5) as link:
        link.sendall(b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
                     b"Upgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n")  # fmt: skip
        head = b""
        while b"hello" not in head:
            head += link.recv(1000)
        assert head.startswith(b"HTTP/1.1 101 ")
        link.sendall(b"shout")
        assert link.recv(1000) == b"SHOUT"
    peer.join()
    door.close()


def test_where_a_port_cannot_be_opened_another_is_told(scene):
    """The substitute is real, and `addresses` names it."""
    taken = socket.create_server((scene.address, scene.port + 1))
    scene.port += 1
    scene.configure(FixedResponse(200, body="here"))
    assert scene.at != (scene.address, scene.port)
    assert scene.ask() == (200, "here")
    taken.close()


def test_a_listener_that_is_deleted_answers_no_more(scene):
    """Its port is closed, and idle clients are sent away."""
    scene.healthy(scene.backend("web"))
    client = scene.connect()
    client.request("GET", "/")
    client.getresponse().read()
    at = scene.at
    scene.plane.configure(Plan())
    wait_for(lambda: client.sock.recv(1) == b"")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(at, timeout=1)
    client.close()


def test_closing_ends_threads_and_connections():
    """Nothing is left, even with a request under way."""
    scene = Scene()
    scene.configure()
    web = scene.backend("web")
    scene.healthy(web)
    web.slow = 1
    client = scene.connect()
    client.request("GET", "/")
    wait_for(lambda: web.seen)
    started = time.monotonic()
    scene.plane.close()
    assert time.monotonic() - started < 0.5
    with pytest.raises(ConnectionError):
        client.getresponse()
    client.close()
    with pytest.raises(ConnectionRefusedError):
        scene.connect().connect()
    names = [thread.name for thread in threading.enumerate()]
    assert not {"ecslab-balancers", "ecslab-target-news"} & set(names)
    web.stop()
