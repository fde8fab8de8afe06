"""Cards in columns: how high a task card is, and where each one of many goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ecslab.diagram.scene import Frame, TaskBox
from ecslab.model.snapshot import TaskView

GAP = 10.0
CARD_MIN = 176.0
HEAD, STATE, CHIP, LINE = 24.0, 22.0, 38.0, 15.0
CHIPS = 5
REASON_LINES = 3
TILE_W, TILE_H, TILE_GAP = 22.0, 20.0, 3.0


def chips_shown(task: TaskView) -> int:
    """How many containers of a task get a chip; the others are counted in a line."""
    return min(len(task.containers), CHIPS)


def card_height(task: TaskView) -> float:
    """The height of a task's card."""
    height = HEAD + STATE + CHIP * chips_shown(task) + 4
    if len(task.containers) > CHIPS:
        height += LINE
    if task.launch_type == "FARGATE":
        height += LINE
    if task.status == "STOPPED":
        height += LINE * REASON_LINES
    return height


def columns(room: float, least: float = CARD_MIN) -> int:
    """How many cards fit side by side into `room`."""
    return max(1, int((room + GAP) // (least + GAP)))


def frames(heights: Sequence[float], x: float, y: float, room: float) -> list[Frame]:
    """A frame for each card, in rows from the left; cards of a row start at one height."""
    across = columns(room)
    wide = (room - GAP * (across - 1)) / across
    found: list[Frame] = []
    rest = iter(heights)
    while row := list(islice(rest, across)):
        found += [Frame(x + i * (wide + GAP), y, wide, high) for i, high in enumerate(row)]
        y += max(row) + GAP
    return found


def tiles(
    tasks: Sequence[TaskView], hues: dict[str, int], x: float, y: float, room: float
) -> list[TaskBox]:
    """A small tile for each task, for crowds."""
    across = max(1, int((room + TILE_GAP) // (TILE_W + TILE_GAP)))
    step, down = TILE_W + TILE_GAP, TILE_H + TILE_GAP
    return [
        TaskBox(
            Frame(x + n % across * step, y + n // across * down, TILE_W, TILE_H),
            task,
            hues.get(task.service, -1) if task.service else -1,
            True,
        )
        for n, task in enumerate(tasks)
    ]


def cards(
    tasks: Sequence[TaskView], hues: dict[str, int], x: float, y: float, room: float
) -> list[TaskBox]:
    """A card for each task."""
    places = frames([card_height(task) for task in tasks], x, y, room)
    return [
        TaskBox(place, task, hues.get(task.service or "", -1))
        for place, task in zip(places, tasks, strict=True)
    ]
