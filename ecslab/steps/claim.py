"""What is there already under a name: taken on if it is the learner's, else left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps import mine
from ecslab.steps.bench import EXPIRES, Bench, moment_of

_ = translator("steps")


class TakenError(EcslabError):
    """Something of this name is there and does not carry the learner's tag."""


def claim(bench: Bench, what: Text | str, tags: Iterable[Mapping[str, str]]) -> None:
    """Raise `TakenError` where these tags are not the learner's; `what` names the thing.

    Whoever has no tag of their own (`ecslab compose create`, say) makes no such difference.
    """
    there = mine.tags_of(tags)
    if not bench.learner or mine.is_mine(bench, tags):
        return
    owner = mine.owner_of(there)
    whose = _("it is {learner}'s", learner=owner) if owner else _("it carries nobody's tag")
    raise TakenError(
        _("{what} is there already, and {whose}.", what=what, whose=whose),
        _("Choose another name: your own begin with {prefix}.", prefix=bench.learner),
    )


def outlived(bench: Bench, tags: Iterable[Mapping[str, str]]) -> bool:
    """Whether the learner's session ends later than these tags say, so that they are old."""
    until = moment_of(mine.tags_of(tags).get(EXPIRES, ""))
    now = moment_of(bench.tags.get(EXPIRES, ""))
    return now is not None and (until is None or until < now)
