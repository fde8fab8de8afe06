"""Visitors: told apart by who answered, failures counted, at a steady pace."""

from __future__ import annotations

import http.server
import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from ecslab.runtime.doors import page_of
from ecslab.steps.visits import MOST_A_SECOND, Crowd, recognised, visit


@pytest.fixture
def page() -> Iterator[str]:
    """Answers in turn as two servers would, and every third time with 503."""
    turn = itertools.count()

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = next(turn)
            self.send_response(503 if number % 3 == 2 else 200)
            self.end_headers()
            self.wfile.write(b"<title>t</title><p>v1 host-" + str(number % 3).encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_visit_says_who_answered_or_why_nobody_did(page: str) -> None:
    assert [visit(page).who for _turn in range(3)] == ["v1 host-0", "v1 host-1", ""]
    assert visit(page).failure == ""
    visit(page)
    assert visit(page).failure == "503 Service Unavailable"


def test_a_page_that_is_not_there_is_a_failure_with_its_reason() -> None:
    assert "refused" in visit("http://127.0.0.1:1/").failure


def test_a_simulated_container_is_told_apart_by_its_task_and_definition() -> None:
    task = "0123456789abcdef0123456789abcdef"
    assert recognised(page_of(task, "web:2", "nginx", "nginx:alpine")) == "web:2 01234567"


def test_a_page_is_recognised_by_its_words_only() -> None:
    assert recognised("<style>b{}</style><h1>v2</h1>  a &amp; b") == "v2 a & b"
    assert recognised("") == "–"


def test_a_crowd_comes_at_its_pace_and_is_counted(page: str) -> None:
    crowd = Crowd(page, 20)
    crowd.start()
    crowd.start()
    time.sleep(1.5)
    crowd.stop()
    time.sleep(0.2)
    counted = crowd.tally()
    assert 20 <= counted.visits <= 40
    assert set(counted.answered) == {"v1 host-0", "v1 host-1"}
    assert counted.visits // 3 <= counted.failed <= counted.visits // 3 + 1
    assert set(counted.failures) == {"503 Service Unavailable"}
    time.sleep(0.3)
    assert crowd.tally() == counted


def test_a_crowd_is_never_a_flood() -> None:
    assert Crowd("http://127.0.0.1:1/", 1e6).a_second == MOST_A_SECOND
