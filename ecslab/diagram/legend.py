"""The legend below the cluster: each service, and while it rolls its deployments side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ecslab.diagram.rolling import side
from ecslab.diagram.scene import DeploymentBox, Frame, LegendEntry
from ecslab.model.snapshot import ServiceView

ENTRY_W, ENTRY_H = 292.0, 24.0
BOX_H, ARROW = 42.0, 26.0
MOST = 3
"""Deployments of a service that are shown; more than two are rare."""


class Legend(NamedTuple):
    """What stands in the legend, and where it ends."""

    entries: tuple[LegendEntry, ...]
    deployments: tuple[DeploymentBox, ...]
    bottom: float


def lay_legend(
    services: Sequence[ServiceView], hues: Mapping[str, int], x: float, y: float, room: float
) -> Legend:
    """Steady services in columns; one that rolls has a row of its own, from old to new."""
    entries: list[LegendEntry] = []
    boxes: list[DeploymentBox] = []
    across, column = max(1, int(room // (ENTRY_W - 10))), 0
    for service in services:
        rolls = len(service.deployments) > 1
        if column and (rolls or column == across):
            column, y = 0, y + ENTRY_H
        frame = Frame(x + column * ENTRY_W, y, ENTRY_W, 20)
        entries.append(LegendEntry(frame, service, hues[service.name]))
        column += 1
        if rolls:
            boxes += _deployments(service, hues[service.name], x + ENTRY_W, y, room - ENTRY_W)
            column, y = 0, y + BOX_H + 8
    frames = [one.frame for one in entries] + [one.frame for one in boxes]
    bottom = max((frame.bottom for frame in frames), default=y)
    return Legend(tuple(entries), tuple(boxes), bottom)


def _deployments(
    service: ServiceView, hue: int, x: float, y: float, room: float
) -> list[DeploymentBox]:
    # ECS names the newest first.
    shown = list(reversed(service.deployments[:MOST]))
    wide = (room - ARROW * (len(shown) - 1)) / len(shown)
    return [
        DeploymentBox(Frame(x + n * (wide + ARROW), y, wide, BOX_H), service, one, hue, side(one))
        for n, one in enumerate(shown)
    ]
