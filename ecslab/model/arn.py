"""Amazon Resource Names of ECS, in the long format that is mandatory since April 2021."""

from __future__ import annotations

from typing import NamedTuple

KINDS = (
    "cluster",
    "container-instance",
    "task",
    "service",
    "service-deployment",
    "service-revision",
    "task-definition",
    "container",
    "capacity-provider",
)


class Place(NamedTuple):
    """The account and region a resource lives in."""

    region: str
    account: str

    def arn(self, kind: str, *path: str) -> str:
        """``arn:aws:ecs:REGION:ACCOUNT:KIND/PATH…``."""
        return f"arn:aws:ecs:{self.region}:{self.account}:{kind}/{'/'.join(path)}"

    def cluster(self, name: str) -> str:
        """The ARN of a cluster."""
        return self.arn("cluster", name)

    def task_definition(self, family: str, revision: int) -> str:
        """The ARN of a revision of a task definition."""
        return f"arn:aws:ecs:{self.region}:{self.account}:task-definition/{family}:{revision}"


class Parts(NamedTuple):
    """What an ARN of ECS says."""

    region: str
    account: str
    kind: str
    path: str


def parse(arn: str) -> Parts | None:
    """The parts of an ARN of ECS; None for anything else."""
    pieces = arn.split(":", 5)
    if len(pieces) != 6 or pieces[0] != "arn" or pieces[2] != "ecs":
        return None
    kind, slash, path = pieces[5].partition("/")
    if not slash or not path or kind not in KINDS:
        return None
    return Parts(pieces[3], pieces[4], kind, path)


def is_arn(text: str) -> bool:
    """Whether the text means to be an ARN."""
    return text.startswith("arn:")


def last(arn: str) -> str:
    """The last part: a task's id, a cluster's name, ``family:revision``."""
    return arn.rsplit("/", 1)[-1]
