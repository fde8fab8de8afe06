"""A command's session over a WebSocket, as on AWS: the far side is a server of the tests."""

import struct
import threading
import time

import pytest

from ecslab.model.errors import EcslabError
from ecslab.steps import session
from ecslab.steps.progress import Progress, Stopped
from ecslab.steps.session import converse
from tests.steps.far_side import FarSide, closed, hello, output


@pytest.fixture
def far(request):
    """Makes far sides, and stops them."""
    made = []

    def make(*lines, **how):
        made.append(FarSide(*lines, **how))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(session, "LOOK_EVERY", 0.1)


def test_a_commands_output_comes_over_the_line(far):
    side = far(hello("SessionType"), output("bin\r\n", 1), output("etc\r\n", 2), closed())
    assert converse(side.url, "secret", Progress(), 5) == ("bin\netc\n", None, False)
    assert side.greeting["TokenValue"] == "secret"
    assert len(side.of_kind("acknowledge")) == 3


def test_a_line_that_ends_ends_the_command(far):
    side = far(output("done", 0), ends=True)
    assert converse(side.url, "t", Progress(), 5)[0] == "done"


def test_what_the_far_side_did_not_hear_is_said_again(far):
    side = far(hello("SessionType"), deaf=4)
    with pytest.raises(EcslabError, match="did not end in its time"):
        converse(side.url, "t", Progress(), 1)
    said = [one["sequence"] for one in side.of_kind("input_stream_data") if one["type"] == 6]
    assert len(said) > 1
    assert set(said) == {0}


def test_a_wish_to_stop_ends_the_command(far):
    side = far(output("tick", 0))
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped):
        converse(side.url, "t", Progress(stop=stop), 30)
    ends_with_terminate(side)


def test_a_flood_is_cut_and_ended(far):
    flood = [output("x" * 8000, number) for number in range(20)]
    side = far(*flood)
    text, _code, cut = converse(side.url, "t", Progress(), 5)
    assert cut
    assert len(text) == 64 * 1024
    ends_with_terminate(side)


def ends_with_terminate(side):
    end = time.monotonic() + 5
    while not (flags := [one for one in side.of_kind("input_stream_data") if one["type"] == 10]):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert flags[-1]["payload"] == struct.pack(">I", 2)


def test_a_cluster_that_encrypts_is_told_what_to_use(far):
    with pytest.raises(EcslabError, match="session-manager-plugin"):
        converse(far(hello("KMSEncryption", "SessionType")).url, "t", Progress(), 5)


def test_a_complaint_of_the_far_side_is_the_reason(far):
    side = far(closed("SessionId is not active"))
    with pytest.raises(EcslabError, match="cannot be run: SessionId is not active"):
        converse(side.url, "t", Progress(), 5)


@pytest.mark.parametrize("url", ["ws://127.0.0.1:9/none", "nonsense"])
def test_no_line_is_one_sentence_without_the_token(url):
    with pytest.raises(EcslabError, match="line to the container failed") as caught:
        converse(url, "secret", Progress(), 5)
    assert "secret" not in str(caught.value)
