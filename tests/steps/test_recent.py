"""What one has just seen is not asked for again by another; what is changed makes it old."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import boto3
import pytest
from botocore.stub import Stubber

from ecslab.steps.recent import RARELY, Look, Recent


def asked(answers: list[int]) -> int:
    answers.append(len(answers))
    return answers[-1]


def test_within_its_time_an_answer_serves_all() -> None:
    recent, answers = Recent(), []
    assert [recent.get("a", 60, lambda: asked(answers)) for _turn in range(3)] == [0, 0, 0]
    assert recent.get("b", 60, lambda: asked(answers)) == 1


def test_who_wants_it_fresh_asks_and_serves_the_others() -> None:
    recent, answers = Recent(), []
    assert [recent.get("a", 0, lambda: asked(answers)) for _turn in range(2)] == [0, 1]
    assert recent.get("a", 60, lambda: asked(answers)) == 1


def test_an_answer_grows_old_and_what_hardly_changes_later() -> None:
    recent, answers = Recent(), []
    look = Look(recent, 0.05)
    look.often("a", lambda: asked(answers))
    time.sleep(0.06)
    assert look.rarely("a", lambda: asked(answers)) == 0
    assert look.often("a", lambda: asked(answers)) == 1
    assert RARELY * 0.05 > 0.06


def test_who_comes_while_another_asks_waits_for_that_answer() -> None:
    recent, answers = Recent(), []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return asked(answers)

    first = threading.Thread(target=recent.get, args=("a", 60, slow))
    first.start()
    assert begun.wait(10)
    found: list[int] = []
    second = threading.Thread(target=lambda: found.append(recent.get("a", 60, slow)))
    second.start()
    go_on.set()
    first.join(10)
    second.join(10)
    assert (found, answers) == ([0], [0])


def test_what_was_asked_before_a_change_does_not_count_after_it() -> None:
    recent = Recent()

    def changed_meanwhile() -> str:
        recent.forget()
        return "old"

    assert recent.get("a", 60, changed_meanwhile) == "old"
    assert recent.kept("a", 60) is None


@pytest.mark.parametrize(
    ("call", "request_", "counts"),
    [("list_clusters", {}, True), ("create_cluster", {"clusterName": "a"}, False)],
)
def test_calls_that_change_something_make_all_old_even_if_they_fail(
    call: str, request_: dict[str, str], counts: bool
) -> None:
    recent = Recent()
    session = boto3.Session("none", "none", region_name="us-east-1")
    recent.listen(session)
    client = session.client("ecs")
    with Stubber(client) as stub:
        stub.add_client_error(call, "ServerException")
        recent.keep("a", 1, time.monotonic())
        with pytest.raises(client.exceptions.ServerException):
            getattr(client, call)(**request_)
    assert (recent.kept("a", 60) == 1) == counts


def test_a_call_whose_answer_never_came_counts_as_a_change() -> None:
    recent = Recent()
    recent.keep("a", 1, time.monotonic())
    recent._called(event_name="after-call-error.ecs.DescribeTasks")
    assert recent.kept("a", 60) == 1
    recent._called(event_name="before-call.ecs.RunTask", model=SimpleNamespace(name="RunTask"))
    assert recent.kept("a", 60) is None
