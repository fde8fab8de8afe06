"""A page as a visitor sees it."""

import http.server
import threading

import pytest

import ecslab
from ecslab.locale import set_language
from ecslab.steps import page as module


@pytest.fixture(autouse=True)
def english(monkeypatch):
    set_language("en")
    monkeypatch.setattr(module, "PATIENCE", 0.0)


@pytest.fixture
def url():
    class Greeting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<title>x</title><h1>Hello &lt;you&gt;</h1>")

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Greeting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_words_of_a_page_are_shown_with_a_link(url):
    seen = ecslab.page(url)
    assert str(seen) == f"✓ {url}\nHello <you>"
    assert f'href="{url}"' in seen._repr_html_()
    assert "Hello &lt;you&gt;" in seen._repr_html_()


def test_a_page_nobody_serves_is_a_sentence():
    seen = ecslab.page("http://127.0.0.1:9")
    assert str(seen).startswith("✗ http://127.0.0.1:9 does not answer: ")
    assert "while its containers run" in seen._repr_html_()
