"""What stands where: a Scene is boxes with ids and positions, in pixels, and nothing of SVG.

Named tuples, since a thousand of them are made for every frame.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from ecslab.model.snapshot import (
    DeploymentView,
    InstanceView,
    LoadBalancerView,
    ServiceView,
    Snapshot,
    TaskView,
)

Side = Literal["", "old", "new"]
"""Of which deployment something is while a service rolls from one to the next; else ""."""


class Frame(NamedTuple):
    """Where a box is."""

    x: float
    y: float
    w: float
    h: float

    @property
    def bottom(self) -> float:
        """The y of its lower edge."""
        return self.y + self.h


class TaskBox(NamedTuple):
    """A task card, or in a crowd a tile."""

    frame: Frame
    task: TaskView
    hue: int
    """Number of its service's colour; -1 without a service."""
    tile: bool = False
    side: Side = ""


class GhostBox(NamedTuple):
    """A task that a service wants and that is not there."""

    frame: Frame
    service: ServiceView
    hue: int
    number: int
    stands_for: int = 1
    """How many missing tasks this card tells of."""


class InstanceBox(NamedTuple):
    """A container instance and the tasks on it."""

    frame: Frame
    instance: InstanceView
    tasks: int
    tile: bool = False


class Lane(NamedTuple):
    """A place for tasks that are on no instance: waiting, fargate, elsewhere or stopped."""

    frame: Frame
    kind: str
    tasks: int
    left_out: int = 0


class Pill(NamedTuple):
    """A load balancer, outside the cluster."""

    frame: Frame
    balancer: LoadBalancerView
    healthy: int


class Wire(NamedTuple):
    """The way of requests from a load balancer to a healthy task."""

    balancer: str
    task: str
    points: tuple[tuple[float, float], ...]


class LegendEntry(NamedTuple):
    """What colour and glyph stand for which service."""

    frame: Frame
    service: ServiceView
    hue: int


class DeploymentBox(NamedTuple):
    """One of several deployments of a service that rolls."""

    frame: Frame
    service: ServiceView
    deployment: DeploymentView
    hue: int
    side: Side


class Scene(NamedTuple):
    """The whole picture, laid out."""

    width: float
    height: float
    snapshot: Snapshot
    cluster: Frame
    note: Frame | None
    """Room for the sentence that explains an empty picture."""
    instances: tuple[InstanceBox, ...]
    lanes: tuple[Lane, ...]
    tasks: tuple[TaskBox, ...]
    ghosts: tuple[GhostBox, ...]
    pills: tuple[Pill, ...]
    wires: tuple[Wire, ...]
    legend: tuple[LegendEntry, ...]
    deployments: tuple[DeploymentBox, ...]
