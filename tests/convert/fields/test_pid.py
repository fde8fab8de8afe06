"""``pid`` ⇄ pidMode: one word for the whole task"""

import pytest

from tests.convert.trips import Trip, task_from_ecs

TEXT = """
services:
  a: {{image: i, mem_limit: 64m{a}}}
  b: {{image: i, mem_limit: 64m{b}}}
"""


def trip(a, b):
    keys = {"a": f", pid: {a}" if a else "", "b": f", pid: {b}" if b else ""}
    return Trip(TEXT.format(**keys))


@pytest.mark.parametrize("word", ["host"])
def test_the_same_word_on_every_service_is_the_tasks(word):
    made = trip(word, word)
    assert made.task["pidMode"] == word
    assert [one["pid"] for one in made.document["services"].values()] == [word, word]
    assert made.said == []


@pytest.mark.parametrize("word", ["host", "service:b"])
def test_on_some_services_it_is_lost_or_shared_by_all(word):
    made = trip(word, "")
    if word == "host":
        assert "pidMode" not in made.task
        assert made.where("namespace") == ("dropped", 3, "services.a.pid")
    else:
        assert made.task["pidMode"] == "task"
        assert made.where("namespace-shared") == ("adapted", 3, "services.a.pid")


def test_task_stands_in_ecs_own_words():
    document = task_from_ecs([{}, {}], pidMode="task")
    assert document["x-ecs"] == {"pidMode": "task"}
