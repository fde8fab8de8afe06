"""The ways of requests: from each load balancer to its healthy targets, and to no others."""

from __future__ import annotations

from collections.abc import Sequence

from ecslab.diagram.scene import Pill, TaskBox, Wire

GUTTER = 7.0  # left of a card, where no text is


def route(pills: Sequence[Pill], tasks: Sequence[TaskBox], top: float) -> tuple[Wire, ...]:
    """Down from the pill, along above the cluster, down beside the card, and in from the left."""
    where = {box.task.id: box for box in tasks}
    found: list[Wire] = []
    for number, pill in enumerate(pills):
        level = top - 12 + 4 * (number % 3)
        start = pill.frame.x + pill.frame.w / 2
        for target in pill.balancer.targets:
            box = where.get(target.task or "")
            if box is None or target.state != "healthy":
                continue
            x, y = box.frame.x - GUTTER, box.frame.y + 12
            points = ((start, pill.frame.bottom), (start, level), (x, level), (x, y))
            found.append(Wire(pill.balancer.name, box.task.id, (*points, (box.frame.x, y))))
    return tuple(found)
