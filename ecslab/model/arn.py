"""Amazon Resource Names of ECS, in the long format that is mandatory since April 2021."""

from __future__ import annotations

import re
from typing import NamedTuple

from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("model")

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


class Piece(NamedTuple):
    """A piece of an ARN.

    kind:   "arn", "partition", "service", "region", "account"; of the resource "type", "cluster",
            "task", "family", "revision", "name", "id", or "resource" where no more is known
    text:   as it stands there; may be empty (IAM has no region)
    before: the character it is joined with, ":" or "/"; "" at the beginning
    """

    kind: str
    text: str
    before: str


HEAD = ("arn", "partition", "service", "region", "account")
_ACCOUNT = re.compile(r"[0-9]{12}|aws|")
_NAMED = {
    ("ecs", "cluster"): ("name",),
    ("ecs", "service"): ("cluster", "name"),
    ("ecs", "task"): ("cluster", "id"),
    ("ecs", "container-instance"): ("cluster", "id"),
    ("ecs", "container"): ("cluster", "task", "id"),
    ("ecs", "capacity-provider"): ("name",),
    ("ecs", "task-definition"): ("family", "revision"),
    ("iam", "role"): ("name",),
    ("ec2", "instance"): ("id",),
    ("ssm", "parameter"): ("name",),
    ("secretsmanager", "secret"): ("name",),
    ("logs", "log-group"): ("name",),
    ("elasticloadbalancing", "loadbalancer"): ("type", "name", "id"),
    ("elasticloadbalancing", "targetgroup"): ("name", "id"),
    ("ecr", "repository"): ("name",),
}
"""What the parts behind the resource's type are. Source: service authorization reference."""
_BARE = ("s3", "sns", "sqs")
"""Services whose resource is a name, without a type before it."""


def dissect(text: str) -> tuple[Piece, ...]:
    """An ARN of any service in its pieces; put together they are `text` again.

    Raises EcslabError, with what is wrong, for what is no ARN.
    """
    parts = text.split(":", 5)
    if parts[0] != "arn":
        raise EcslabError(
            _("{text} is no ARN: it does not begin with arn:.", text=text or '""'),
            _("A name alone, such as my-cluster, is none; the console shows ARNs in full."),
        )
    if len(parts) < 6:
        raise EcslabError(
            _("An ARN has six parts with colons between them; this one has {number}.",
              number=len(parts)),
            _("arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE"),
        )  # fmt: skip
    _refuse_odd(parts)
    pieces = [Piece("arn", "arn", "")]
    pieces += [Piece(kind, part, ":") for kind, part in zip(HEAD[1:], parts[1:5], strict=True)]
    return (*pieces, *_resource(parts[2], parts[5]))


def _refuse_odd(parts: list[str]) -> None:
    _arn, partition, service, _region, account, resource = parts
    empty = [name for name, part in (("PARTITION", partition), ("SERVICE", service),
                                     ("RESOURCE", resource)) if not part]  # fmt: skip
    if empty:
        raise EcslabError(
            _("{part} is empty in this ARN.", part=empty[0]),
            _("Only region and account may be empty, where a service has none."),
        )
    if not _ACCOUNT.fullmatch(account):
        raise EcslabError(
            _("{account} is no account: that is a number of 12 digits.", account=account),
            _("Look whether a part is missing, or doubled, before it."),
        )


def _resource(service: str, text: str) -> list[Piece]:
    """``task/web/0a1b…`` and ``task-definition/web:3``; a bare ``my-bucket`` has no type."""
    kind = None if service in _BARE else re.match(r"[a-z-]+(?=[:/].)", text)
    if kind is None:
        return [Piece("resource", text, ":")]
    before, rest = text[kind.end()], text[kind.end() + 1 :]
    made = [Piece("type", kind[0], ":")]
    for name in _names(service, kind[0], rest)[:-1]:
        at = re.search("[:/]", rest)
        if at is None:
            return [*made, Piece(name, rest, before)]
        made.append(Piece(name, rest[: at.start()], before))
        before, rest = at[0], rest[at.end() :]
    return [*made, Piece(_names(service, kind[0], text)[-1], rest, before)]


def _names(service: str, kind: str, rest: str) -> tuple[str, ...]:
    """What the parts behind the type are; the old short form of ECS had no cluster."""
    names = _NAMED.get((service, kind), ("resource",))
    return names[1:] if names[0] == "cluster" and "/" not in rest else names
