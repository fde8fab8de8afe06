"""The life of a task is a table; what it does not hold cannot happen."""

import itertools
import typing

import pytest

from ecslab.model.lifecycle import (
    MAIN_LINE,
    TASK_MOVES,
    IllegalMoveError,
    TaskStatus,
    check_move,
)

STATES = typing.get_args(TaskStatus)
MOVES = {(move.before, move.after) for move in TASK_MOVES}
GUIDE = [
    "PROVISIONING",
    "PENDING",
    "ACTIVATING",
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
    "DELETED",
]
"""The states in the order of the developer guide's "Amazon ECS task lifecycle"."""


def test_the_states_are_those_of_the_guide():
    assert list(STATES) == GUIDE
    assert list(MAIN_LINE) == GUIDE


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATES, STATES)))
def test_only_moves_of_the_table_are_possible(before, after):
    if (before, after) in MOVES:
        check_move(before, after)
        return
    with pytest.raises(IllegalMoveError) as caught:
        check_move(before, after)
    assert str(caught.value) == f"A task cannot go from {before} to {after}."


def test_the_main_line_can_be_walked():
    for before, after in itertools.pairwise(MAIN_LINE):
        check_move(before, after)


def test_no_task_goes_back():
    order = {state: place for place, state in enumerate(GUIDE)}
    assert all(order[before] < order[after] for before, after in MOVES)


def test_every_state_but_the_first_is_reached_and_every_one_but_the_last_is_left():
    assert {after for _before, after in MOVES} == set(GUIDE[1:]) - {"PROVISIONING"}
    assert {before for before, _after in MOVES} == set(GUIDE[:-1])


def test_every_task_can_end():
    ends = {"DELETED"}
    while True:
        more = ends | {before for before, after in MOVES if after in ends}
        if more == ends:
            break
        ends = more
    assert ends == set(GUIDE)


def test_every_move_is_there_once_and_says_why():
    assert len(TASK_MOVES) == len(MOVES)
    assert all(move.why for move in TASK_MOVES)
