"""What the steps give back: handles that show themselves in a notebook and as plain text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from ecslab.locale import Text, translator
from ecslab.steps.shown import headed

_ = translator("steps")


class Url(str):
    """An address; in a notebook, a link."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        shown = html.escape(self, quote=True)
        return f'<a href="{shown}" target="_blank" rel="noopener">{shown}</a>'


@dataclass(frozen=True)
class Cluster:
    """A cluster that is there."""

    name: str
    arn: str
    stack: str | None = None
    """The CloudFormation stack with its machines; None for a cluster without (FARGATE)."""
    instances: tuple[str, ...] = ()
    """Ids of the EC2 instances that joined."""

    def __str__(self) -> str:
        if not self.instances:
            return str(_("cluster {name}", name=self.name))
        listed = ", ".join(self.instances)
        return str(_("cluster {name} with {instances}", name=self.name, instances=listed))


@dataclass(frozen=True)
class TaskDefinition:
    """A registered revision."""

    family: str
    revision: int
    arn: str
    document: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """As DescribeTaskDefinition gives it."""

    def __str__(self) -> str:
        return f"{self.family}:{self.revision}"


@dataclass(frozen=True)
class Task:
    """One task, as it was when it was last looked at (`status`)."""

    arn: str
    cluster: str
    definition: str
    """``family:revision``; can be run again."""
    status: str = "PROVISIONING"
    stop_code: str = ""
    stopped_reason: str = ""

    @property
    def id(self) -> str:
        """The last part of the ARN."""
        return self.arn.rsplit("/", 1)[-1]

    def __str__(self) -> str:
        reason = f" – {self.stopped_reason}" if self.stopped_reason else ""
        return f"{self.id[:8]} ({self.definition}) {self.status}{reason}"


@dataclass(frozen=True)
class Refusal:
    """Why one instance (or the cluster) could not take the task."""

    reason: str
    """AWS's word: RESOURCE:PORTS, RESOURCE:MEMORY, AGENT, ATTRIBUTE, …"""
    instance: str = ""
    """The EC2 instance, "" where the answer names none."""
    why: Text | str = ""

    def __str__(self) -> str:
        where = f"{self.instance}: " if self.instance else ""
        return f"{where}{self.reason} – {self.why}" if self.why else f"{where}{self.reason}"


@dataclass(frozen=True)
class RunResult(Sequence[Task]):
    """What RunTask answered: the tasks it placed, and per instance why it placed no more."""

    tasks: tuple[Task, ...]
    refusals: tuple[Refusal, ...] = ()
    definition: str = ""
    """``family:revision``; can be run again."""
    asked: int = 1

    @property
    def refused(self) -> bool:
        """True when fewer tasks were placed than were asked for."""
        return len(self.tasks) < self.asked

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Task]: ...
    def __getitem__(self, index: int | slice) -> Task | Sequence[Task]:
        return self.tasks[index]

    def __len__(self) -> int:
        return len(self.tasks)

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __str__(self) -> str:
        return "\n".join([str(self.headline()), *(f"  {line}" for line in self.lines())])

    __repr__ = __str__

    def headline(self) -> Text:
        """One sentence on what came of it."""
        if self.refused:
            return _(
                "✗ {placed} of {asked} placed: no instance could take the rest.",
                placed=len(self.tasks),
                asked=self.asked,
            )
        return _("✓ {placed} of {asked} placed.", placed=len(self.tasks), asked=self.asked)

    def lines(self) -> list[str]:
        """One line a task that was placed, one a refusal."""
        return [str(task) for task in self.tasks] + [str(refusal) for refusal in self.refusals]

    def _repr_html_(self) -> str:
        return headed(self.headline(), self.lines())
