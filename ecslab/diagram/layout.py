"""Snapshot → Scene: nesting is placement.

The same snapshot gives the same scene whatever the order its parts came in: instances stand by
zone and EC2 id (so a booting one keeps its place when it joins), tasks by age.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ecslab.diagram.cards import GAP, HEAD, STATE, cards, frames, tiles
from ecslab.diagram.legend import Legend, lay_legend
from ecslab.diagram.rolling import with_sides
from ecslab.diagram.routes import route
from ecslab.diagram.scene import (
    Frame,
    GhostBox,
    InstanceBox,
    Lane,
    Pill,
    Scene,
    TaskBox,
)
from ecslab.diagram.sorting import missing, sort
from ecslab.diagram.words import empty_sentence
from ecslab.model.snapshot import InstanceView, Snapshot, TaskView

WIDTH = 900.0
MARGIN, PAD = 8.0, 14.0
CROWD = 500
STOPPED_SHOWN = GHOSTS_SHOWN = 8
CLUSTER_HEAD, INSTANCE_HEAD, LANE_HEAD = 60.0, 96.0, 32.0
TILE_HEAD = 62.0
PILL_W, PILL_H, PILL_BAND = 304.0, 46.0, 30.0
GHOST_H = HEAD + STATE + 4
_ACROSS = {1: 1, 2: 2, 3: 3, 4: 2}


def lay_out(snapshot: Snapshot) -> Scene:
    """Give every part of `snapshot` its place."""
    return _Page(snapshot).scene()


class _Page:
    """Filled from top to bottom; `y` is where the next thing goes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.services = sorted(snapshot.services, key=lambda service: service.name)
        self.hues = {service.name: n for n, service in enumerate(self.services)}
        self.x, self.room = MARGIN + PAD, WIDTH - 2 * (MARGIN + PAD)
        self.crowd = len(snapshot.tasks) > CROWD
        self.y = MARGIN
        self.tasks: list[TaskBox] = []
        self.instances: list[InstanceBox] = []
        self.lanes: list[Lane] = []
        self.ghosts: list[GhostBox] = []

    def scene(self) -> Scene:
        pills = self._pills()
        top = self.y
        self.y += CLUSTER_HEAD
        note = self._note()
        tasks = sort(self.snapshot)
        self._instances(tasks.placed)
        self._lane("fargate", tasks.fargate)
        self._lane("waiting", tasks.waiting)
        self._lane("elsewhere", tasks.elsewhere)
        self._lane("stopped", tasks.stopped[:STOPPED_SHOWN], len(tasks.stopped) - STOPPED_SHOWN)
        cluster = Frame(MARGIN, top, WIDTH - 2 * MARGIN, self.y - top + PAD - GAP)
        self.y = cluster.bottom
        legend = self._legend()
        boxes = with_sides(self.tasks, self.snapshot)
        return Scene(
            width=WIDTH,
            height=self.y + MARGIN,
            snapshot=self.snapshot,
            cluster=cluster,
            note=note,
            instances=tuple(self.instances),
            lanes=tuple(self.lanes),
            tasks=boxes,
            ghosts=tuple(self.ghosts),
            pills=pills,
            wires=() if self.crowd else route(pills, boxes, top),
            legend=legend.entries,
            deployments=legend.deployments,
        )

    def _pills(self) -> tuple[Pill, ...]:
        balancers = sorted(self.snapshot.load_balancers, key=lambda one: one.name)
        found: list[Pill] = []
        across = int((WIDTH - 2 * MARGIN + GAP) // (PILL_W + GAP))
        rest = iter(balancers)
        while row := list(islice(rest, across)):
            start = (WIDTH - len(row) * (PILL_W + GAP) + GAP) / 2
            for n, one in enumerate(row):
                frame = Frame(start + n * (PILL_W + GAP), self.y, PILL_W, PILL_H)
                found.append(Pill(frame, one, sum(t.state == "healthy" for t in one.targets)))
            self.y += PILL_H + GAP
        if found:
            self.y += PILL_BAND - GAP
        return tuple(found)

    def _note(self) -> Frame | None:
        if empty_sentence(self.snapshot) is None:
            return None
        frame = Frame(self.x, self.y, self.room, 40)
        self.y = frame.bottom + GAP
        return frame

    def _instances(self, placed: dict[str, list[TaskView]]) -> None:
        inside = sorted(self.snapshot.instances, key=lambda i: (i.availability_zone, i.ec2_id))
        across = 4 if self.crowd else _ACROSS.get(len(inside), 3)
        wide = (self.room - PAD * (across - 1)) / across
        rest = iter(inside)
        while row := list(islice(rest, across)):
            bottoms = [
                self._fill(one, placed.get(one.id, []), self.x + n * (wide + PAD), wide)
                for n, one in enumerate(row)
            ]
            high = max(bottoms) - self.y
            for n, one in enumerate(row):
                frame = Frame(self.x + n * (wide + PAD), self.y, wide, high)
                here = len(placed.get(one.id, []))
                self.instances.append(InstanceBox(frame, one, here, self.crowd))
            self.y += high + GAP

    def _fill(self, one: InstanceView, tasks: Sequence[TaskView], x: float, wide: float) -> float:
        """Put an instance's tasks into it; the lower edge it needs."""
        y = self.y + (TILE_HEAD if self.crowd else INSTANCE_HEAD)
        if self.crowd:
            boxes = tiles(tasks, self.hues, x + 10, y, wide - 20)
        else:
            boxes = cards(tasks, self.hues, x + PAD, y, wide - 2 * PAD)
        self.tasks += boxes
        if not boxes:
            return y + (4 if self.crowd else 34)
        return max(box.frame.bottom for box in boxes) + (10 if self.crowd else PAD)

    def _lane(self, kind: str, tasks: Sequence[TaskView], left_out: int = 0) -> None:
        ghosts = self._ghosts() if kind == "waiting" else []
        if not tasks and not ghosts:
            return
        y = self.y + LANE_HEAD
        inner_x, inner = self.x + PAD, self.room - 2 * PAD
        if self.crowd and kind != "stopped":
            boxes = tiles(tasks, self.hues, inner_x, y, inner)
        else:
            boxes = cards(tasks, self.hues, inner_x, y, inner)
        bottom = max((box.frame.bottom for box in boxes), default=y - GAP)
        self.tasks += boxes
        for ghost, place in zip(ghosts, self._beside(boxes, len(ghosts), bottom), strict=True):
            self.ghosts.append(ghost._replace(frame=place))
            bottom = max(bottom, place.bottom)
        frame = Frame(self.x, self.y, self.room, bottom + PAD - self.y)
        self.lanes.append(Lane(frame, kind, len(tasks) + max(0, left_out), max(0, left_out)))
        self.y = frame.bottom + GAP

    def _beside(self, boxes: Sequence[TaskBox], ghosts: int, bottom: float) -> list[Frame]:
        """Places for ghosts: in one flow with the cards; below tiles."""
        x, room = self.x + PAD, self.room - 2 * PAD
        if boxes and boxes[0].tile:
            return frames([GHOST_H] * ghosts, x, bottom + GAP, room)
        heights = [box.frame.h for box in boxes] + [GHOST_H] * ghosts
        return frames(heights, x, self.y + LANE_HEAD, room)[len(boxes) :]

    def _ghosts(self) -> list[GhostBox]:
        nowhere = Frame(0, 0, 0, 0)
        found: list[GhostBox] = []
        for service in self.services:
            gone = missing(service, self.snapshot)
            for number in range(min(gone, GHOSTS_SHOWN)):
                last = number == GHOSTS_SHOWN - 1
                stands_for = gone - number if last else 1
                hue = self.hues[service.name]
                found.append(GhostBox(nowhere, service, hue, number + 1, stands_for))
        return found

    def _legend(self) -> Legend:
        room = WIDTH - 2 * MARGIN
        found = lay_legend(self.services, self.hues, MARGIN, self.y + GAP, room)
        if found.entries:
            self.y = found.bottom
        return found
