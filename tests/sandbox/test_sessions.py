"""Sessions of ExecuteCommand."""

import pytest

from ecslab.model.errors import AwsError, EcslabError
from ecslab.runtime.port import Key, Ran
from ecslab.sandbox.sessions import KEPT, Sessions


def answer(number=1):
    session = {"sessionId": f"s-{number}", "tokenValue": "t", "streamUrl": ""}
    return {"taskArn": "arn:task/c/1", "containerName": "web", "session": session}


class Runs:
    """Runs commands that all end with 3."""

    def __init__(self):
        self.ran = []

    def __call__(self, key, command):
        self.ran.append((key, command))
        return Ran(3, "out")


def test_a_session_runs_its_command_once_when_it_is_opened():
    runs = Runs()
    sessions = Sessions(runs, "http://here", simulated=False)
    told = sessions.begin({"command": "echo 'a b' $HOME"}, answer())
    assert told["session"]["streamUrl"] == "http://here/_ecslab/session?session=s-1"
    assert runs.ran == []
    with pytest.raises(EcslabError, match="no such session"):
        sessions.open({"session": "s-1", "token": "wrong"})
    opened = sessions.open({"session": "s-1", "token": "t"})
    assert opened == {"exit_code": 3, "output": "out", "cut": False}
    assert runs.ran == [(Key("arn:task/c/1", "web"), ("echo", "a b", "$HOME"))]
    with pytest.raises(EcslabError, match="opened already"):
        sessions.open({"session": "s-1", "token": "t"})


def test_sessions_nobody_opens_are_forgotten_in_the_end():
    sessions = Sessions(Runs(), "http://here", simulated=False)
    for number in range(KEPT + 1):
        sessions.begin({"command": "true"}, answer(number))
    with pytest.raises(EcslabError):
        sessions.open({"session": "s-0", "token": "t"})
    sessions.open({"session": "s-1", "token": "t"})


def test_a_command_that_cannot_be_read_is_refused():
    with pytest.raises(AwsError, match="The command cannot be read: No closing quotation"):
        Sessions(Runs(), "", simulated=False).begin({"command": "echo 'a"}, answer())


def test_a_container_that_is_gone_is_told():
    def gone(key, command):
        raise LookupError("the container web does not run")

    sessions = Sessions(gone, "", simulated=False)
    sessions.begin({"command": "ls"}, answer())
    with pytest.raises(EcslabError, match="the container web does not run"):
        sessions.open({"session": "s-1", "token": "t"})
