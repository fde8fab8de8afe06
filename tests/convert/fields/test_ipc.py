"""``ipc`` ⇄ ipcMode: one word for the whole task"""

import pytest

from tests.convert.trips import Trip, task_from_ecs

TEXT = """
services:
  a: {{image: i, mem_limit: 64m{a}}}
  b: {{image: i, mem_limit: 64m{b}}}
"""


def trip(a, b):
    keys = {"a": f", ipc: {a}" if a else "", "b": f", ipc: {b}" if b else ""}
    return Trip(TEXT.format(**keys))


@pytest.mark.parametrize("word", ["host", "none"])
def test_the_same_word_on_every_service_is_the_tasks(word):
    made = trip(word, word)
    assert made.task["ipcMode"] == word
    assert [one["ipc"] for one in made.document["services"].values()] == [word, word]
    assert made.said == []


@pytest.mark.parametrize("word", ["host", "service:b"])
def test_on_some_services_it_is_lost_or_shared_by_all(word):
    made = trip(word, "")
    if word == "host":
        assert "ipcMode" not in made.task
        assert made.where("namespace") == ("dropped", 3, "services.a.ipc")
    else:
        assert made.task["ipcMode"] == "task"
        assert made.where("namespace-shared") == ("adapted", 3, "services.a.ipc")


def test_task_stands_in_ecs_own_words():
    document = task_from_ecs([{}, {}], ipcMode="task")
    assert document["x-ecs"] == {"ipcMode": "task"}
