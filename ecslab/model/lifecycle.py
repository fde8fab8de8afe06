"""The life of a task and of a container, as tables.

Source: AWS developer guide, "Amazon ECS task lifecycle". The picture of the lifecycle in the
notebooks is drawn from `TASK_MOVES`. A move that the table does not hold is an error and changes
nothing.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

TaskStatus = Literal[
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
ContainerStatus = Literal["PENDING", "CREATED", "RUNNING", "STOPPED"]
HealthStatus = Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]
StopCode = Literal[
    "TaskFailedToStart",
    "EssentialContainerExited",
    "UserInitiated",
    "ServiceSchedulerInitiated",
    "SpotInterruption",
    "TerminationNotice",
    "InfrastructureHealth",
]


class Move(NamedTuple):
    """One step a task may take, and why it takes it."""

    before: TaskStatus
    after: TaskStatus
    why: str


TASK_MOVES: tuple[Move, ...] = (
    Move("PROVISIONING", "PENDING", "its network interface is there"),
    Move("PENDING", "ACTIVATING", "the agent accepted it: images are pulled, containers made"),
    Move("ACTIVATING", "RUNNING", "its containers run"),
    Move("RUNNING", "DEACTIVATING", "it is to stop: load balancer targets are drained"),
    Move("DEACTIVATING", "STOPPING", "the targets are drained"),
    Move("STOPPING", "DEPROVISIONING", "its containers ended: its network interface goes"),
    Move("DEPROVISIONING", "STOPPED", "nothing of it is left"),
    Move("STOPPED", "DELETED", "it is forgotten after a while"),
    # Short ways: states with nothing to do in them are passed over.
    Move("PROVISIONING", "DEPROVISIONING", "stopped before it got its network interface"),
    Move("PROVISIONING", "STOPPED", "its network interface could not be made"),
    Move("PENDING", "RUNNING", "the agent reported it running"),
    Move("PENDING", "STOPPING", "stopped while it was waiting"),
    Move("PENDING", "DEPROVISIONING", "stopped while it was waiting"),
    Move("PENDING", "STOPPED", "it failed to start, or was stopped before it did"),
    Move("ACTIVATING", "DEACTIVATING", "stopped while it was starting"),
    Move("ACTIVATING", "STOPPING", "stopped while it was starting"),
    Move("ACTIVATING", "DEPROVISIONING", "it failed to start"),
    Move("ACTIVATING", "STOPPED", "it failed to start"),
    Move("RUNNING", "STOPPING", "it is to stop: containers get SIGTERM, then SIGKILL"),
    Move("RUNNING", "DEPROVISIONING", "an essential container exited"),
    Move("RUNNING", "STOPPED", "an essential container exited, or its instance was lost"),
    Move("DEACTIVATING", "DEPROVISIONING", "its containers ended meanwhile"),
    Move("DEACTIVATING", "STOPPED", "its containers ended meanwhile, or its instance was lost"),
    Move("STOPPING", "STOPPED", "its containers ended"),
)

_LEGAL = frozenset((move.before, move.after) for move in TASK_MOVES)

MAIN_LINE: tuple[TaskStatus, ...] = (
    "PROVISIONING",
    "PENDING",
    "ACTIVATING",
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
    "DELETED",
)


class IllegalMoveError(ValueError):
    """A task was to take a step its life does not have."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"A task cannot go from {before} to {after}.")
        self.before = before
        self.after = after


def check_move(before: TaskStatus, after: TaskStatus) -> None:
    """Raise `IllegalMoveError` unless a task may go from `before` to `after`."""
    if (before, after) not in _LEGAL:
        raise IllegalMoveError(before, after)
