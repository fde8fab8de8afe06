"""What happened to a task, in order, and why: read from what DescribeTasks keeps."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.locale import Text, translator
from ecslab.steps.observe import seconds
from ecslab.steps.shown import headed

_ = translator("steps")


@dataclass(frozen=True)
class Event:
    """One thing that happened; `at` in seconds since the epoch."""

    at: float
    text: Text | str

    def __str__(self) -> str:
        moment = datetime.datetime.fromtimestamp(self.at).strftime("%H:%M:%S")
        return f"{moment}  {self.text}"


@dataclass(frozen=True)
class Story:
    """The life of a task so far."""

    task: str
    events: tuple[Event, ...]

    def __str__(self) -> str:
        return "\n".join([self.task, *(f"  {event}" for event in self.events)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.task, self.events, "ol")


def story(task: Mapping[str, Any]) -> Story:
    """The story of a task that DescribeTasks gave."""
    why = task.get("stoppedReason") or "–"
    told: dict[str, Text] = {
        "createdAt": _born(task),
        "connectivityAt": _("Its agent is {state}.", state=task.get("connectivity", "?")),
        "pullStartedAt": _("The agent took it and pulls its images."),
        "pullStoppedAt": _("The images are there; containers are started."),
        "startedAt": _("RUNNING: its containers run."),
        "stoppingAt": _("It is to stop: {why}", why=why),
        "executionStoppedAt": _("Its containers ended{codes}.", codes=_codes(task)),
        "stoppedAt": _("STOPPED ({code}): {why}", code=task.get("stopCode") or "–", why=why),
    }
    events = [
        Event(at, text) for key, text in told.items() if (at := seconds(task.get(key))) is not None
    ]
    name = f"{_last(task['taskArn'])} ({_last(task['taskDefinitionArn'])})"
    return Story(name, tuple(sorted(events, key=lambda event: event.at)))


def _born(task: Mapping[str, Any]) -> Text:
    home = task.get("containerInstanceArn")
    by = task.get("startedBy") or task.get("group", "")
    if home:
        return _("Placed on the instance {instance} (by {by}).", instance=_last(home)[:8], by=by)
    return _("Created (by {by}).", by=by)


def _codes(task: Mapping[str, Any]) -> str:
    codes = [
        f"{container['name']}: {container['exitCode']}"
        for container in task.get("containers", [])
        if "exitCode" in container
    ]
    return f" ({', '.join(codes)})" if codes else ""


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]
