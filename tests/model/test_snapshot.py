"""A snapshot is a value: compared, kept in sets, never changed."""

import dataclasses
import typing

import pytest

from ecslab.model import snapshot

VIEWS = [
    one
    for one in vars(snapshot).values()
    if dataclasses.is_dataclass(one) and one.__module__ == snapshot.__name__
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_a_view_is_frozen_and_holds_values_only(view):
    assert view.__dataclass_params__.frozen
    for hint in typing.get_type_hints(view).values():
        assert typing.get_origin(hint) not in (list, dict, set)


def test_equal_snapshots_are_equal_and_one_in_a_set():
    def made():
        task = snapshot.TaskView("t", "web:1", "RUNNING")
        home = snapshot.InstanceView("i", "i-1", ports=(80,))
        return snapshot.Snapshot("default", instances=(home,), tasks=(task,))

    assert made() == made()
    assert len({made(), made()}) == 1


def test_one_changed_task_makes_another_snapshot():
    task = snapshot.TaskView("t", "web:1", "PENDING")
    before = snapshot.Snapshot("default", tasks=(task,))
    after = dataclasses.replace(before, tasks=(dataclasses.replace(task, status="RUNNING"),))
    assert before != after
    assert before.tasks[0].status == "PENDING"
