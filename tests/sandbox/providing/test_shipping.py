"""Lines on their way to CloudWatch Logs."""

import threading
import time

import pytest

from ecslab.model.errors import AwsError
from ecslab.runtime.port import Created, Exited, Key, Line, Started
from ecslab.sandbox.providing import shipping
from ecslab.sandbox.providing.shipping import Shipper
from ecslab.sandbox.providing.streams import Stream

KEY = Key("arn:aws:ecs:us-east-1:1:task/c/t", "web")
STREAM = Stream("/ecs/web", "us-east-1", "ecs/web/t")


class Written:
    """What containers wrote; it counts how often it was looked at."""

    def __init__(self):
        self.lines, self.looks = [], 0

    def __call__(self, key, after):
        self.looks += 1
        return [one for one in self.lines if one.at > after]


class Logs:
    """CloudWatch Logs as far as it is asked."""

    def __init__(self):
        self.calls, self.refusal = [], None

    def ask(self, service, operation, params, region):
        if self.refusal is not None:
            raise self.refusal
        self.calls.append((operation, params))
        return {}

    @property
    def messages(self):
        return [
            event["message"]
            for operation, params in self.calls
            if operation == "PutLogEvents"
            for event in params["logEvents"]
        ]


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(shipping, "EVERY", 0.02)
    written, logs = Written(), Logs()
    shipper = Shipper(written, logs)
    yield shipper, written, logs
    shipper.close()


def wait_for(what, seconds=5):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_every_line_is_shipped_once_in_order(world):
    shipper, written, logs = world
    shipper.follow(KEY, STREAM)
    for number in range(5):
        written.lines.append(Line((number + 1) * 10**9, f"line {number}"))
        wait_for(lambda number=number: len(logs.messages) == number + 1)
    assert logs.messages == [f"line {number}" for number in range(5)]
    first = logs.calls[0][1]
    assert (first["logGroupName"], first["logStreamName"]) == ("/ecs/web", "ecs/web/t")
    assert first["logEvents"] == [{"timestamp": 1000, "message": "line 0"}]


def test_what_was_written_last_is_shipped_and_then_nobody_looks_any_more(world):
    shipper, written, logs = world
    shipper.follow(KEY, STREAM)
    written.lines.append(Line(1, "last words"))
    shipper.hear(Exited(KEY, 0))
    wait_for(lambda: logs.messages == ["last words"])
    time.sleep(0.1)
    looks = written.looks
    time.sleep(0.1)
    assert written.looks == looks
    written.lines.append(Line(2, "again"))
    shipper.hear(Started(KEY))  # a restart policy
    wait_for(lambda: logs.messages == ["last words", "again"])


def test_without_a_prefix_the_stream_has_the_name_of_the_container(world):
    shipper, written, logs = world
    written.lines.append(Line(1, "hello"))
    shipper.follow(KEY, Stream("/ecs/web", "us-east-1"))
    time.sleep(0.1)
    assert logs.calls == []
    shipper.hear(Created(KEY, "abc123"))
    wait_for(lambda: logs.messages == ["hello"])
    made = {"logGroupName": "/ecs/web", "logStreamName": "abc123"}
    assert logs.calls[0] == ("CreateLogStream", made)


def test_a_stream_that_is_gone_is_left_alone_and_others_go_on(world):
    shipper, written, logs = world
    logs.refusal = AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    written.lines.append(Line(1, "hello"))
    shipper.follow(KEY, STREAM)
    wait_for(lambda: not shipper._followed)
    logs.refusal = None
    shipper.follow(Key(KEY.task_arn, "other"), STREAM)
    wait_for(lambda: logs.messages == ["hello"])


def test_much_goes_in_several_calls_and_empty_lines_not_at_all(world):
    shipper, written, logs = world
    written.lines += [Line(number + 1, "" if number % 2 else "x") for number in range(2400)]
    shipper.follow(KEY, STREAM)
    wait_for(lambda: len(logs.messages) == 1200)
    assert len(logs.calls) == 3


def test_it_ends(world):
    shipper, _written, _logs = world
    shipper.close()
    assert "ecslab-log-shipper" not in [thread.name for thread in threading.enumerate()]
