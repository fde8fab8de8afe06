"""Remove what a learner made: found by tag, removed in the order things depend on each other."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import WORKSHOP, Bench, moment
from ecslab.steps.item import Item, latest
from ecslab.steps.mine import Whose
from ecslab.steps.progress import Progress, Stopped
from ecslab.steps.said import AwsRefusedError, sentence
from ecslab.steps.shown import headed
from ecslab.steps.survey import Beside, Survey

_ = translator("steps")


@dataclass(frozen=True)
class Owned:
    """What one learner has."""

    learner: str
    until: float | None
    """When all of it may go, seconds since the epoch; None where nothing says so."""
    things: tuple[str, ...]


@dataclass(frozen=True)
class Cleaned:
    """What was found, and what came of it."""

    dry_run: bool
    found: tuple[str, ...]
    removed: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    """What could not be removed or looked at, and why."""
    owned: tuple[Owned, ...] = ()
    """The same by learner, where those of all learners were asked for."""
    overtime: dict[str, float] = field(default_factory=dict)
    """Of what was found: hours since its session ended, where that is over."""

    def __bool__(self) -> bool:
        return not self.left

    def lines(self) -> list[str]:
        """What is still to be removed, a line each, and why; what was removed was said then."""
        left = [f"✗ {name}: {why}" for name, why in self.left]
        if not self.dry_run:
            return left
        if not self.owned:
            return [*map(self._line, self.found), *left]
        groups = [(_heading(one), map(self._line, one.things)) for one in self.owned]
        return [*(line for head, things in groups for line in (head, *_indented(things))), *left]

    def _line(self, name: str) -> str:
        if name not in self.overtime:
            return name
        said = _("its session ended {hours:.1f} h ago", hours=self.overtime[name])
        return f"{name} – {said}"

    def headline(self) -> Text:
        """One sentence on it."""
        if self.dry_run and self.found:
            return _("This would be removed, in this order:")
        if self.dry_run and self.left:
            return _("Nothing was found, but not everything could be looked at:")
        if self.left:
            return _("Not everything could be removed; run it again when the cause is gone.")
        if self.found:
            return _("Everything is removed.") if self.owned else _OWN_REMOVED
        return _("There is nothing to remove.") if self.owned else _NOTHING_OWN

    def __str__(self) -> str:
        return "\n".join([str(self.headline()), *(f"  {line}" for line in self.lines())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.headline(), self.lines())


_OWN_REMOVED = _("Everything of yours is removed.")
_NOTHING_OWN = _("There is nothing of yours to remove.")


def _heading(one: Owned) -> str:
    count = len(one.things)
    if one.until is None:
        return str(_("{learner}: {count} things", learner=one.learner, count=count))
    until = moment(one.until)
    return str(
        _("{learner}: {count} things, until {until}", learner=one.learner, count=count, until=until)
    )


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


@dataclass(frozen=True)
class Wanted:
    """What a clean-up is to remove.

    all_learners: of everybody in this workshop, not only one's own
    expired:      only what is past its expiry
    """

    all_learners: bool = False
    expired: bool = False


def clean_up(
    bench: Bench,
    progress: Progress,
    *,
    dry_run: bool,
    wanted: Wanted | None = None,
    beside: Beside | None = None,
) -> Cleaned:
    """Remove everything that carries this learner's tag; with `dry_run` only say what that is.

    What cannot be removed is left with its reason, what hangs on it too; the rest goes on. `beside`
    finds what else is to be removed, last.
    """
    asked = wanted or Wanted()
    now = time.time()
    survey = Survey(bench, _whose(bench, asked), beside)
    found = survey.items()
    items = [item for item in found if item.past(now)] if asked.expired else found
    plan = Cleaned(
        True,
        tuple(map(str, items)),
        left=tuple(survey.blind),
        owned=_by_learner(items) if asked.all_learners else (),
        overtime={
            str(item): (now - (item.expires or now)) / 3600 for item in items if item.past(now)
        },
    )
    if dry_run:
        return plan
    removed, left = _remove_all(items, progress)
    return Cleaned(False, plan.found, tuple(removed), (*left, *survey.blind), plan.owned)


def _whose(bench: Bench, asked: Wanted) -> Whose:
    if not bench.learner:
        raise EcslabError(_("Nothing says whose things are meant."), _("Set ECSLAB_LEARNER."))
    return Whose("" if asked.all_learners else bench.learner, bench.tags.get(WORKSHOP, ""))


def _by_learner(items: Iterable[Item]) -> tuple[Owned, ...]:
    of: dict[str, list[Item]] = {}
    for item in items:
        of.setdefault(item.learner, []).append(item)
    return tuple(
        Owned(learner, latest(one.expires for one in things), tuple(map(str, things)))
        for learner, things in sorted(of.items())
    )


def _remove_all(
    items: Iterable[Item], progress: Progress
) -> tuple[list[str], list[tuple[str, str]]]:
    """What was removed, and what was not with its reason."""
    removed: list[str] = []
    left: dict[str, str] = {}
    lost: EcslabError | None = None
    for item in items:
        progress.check()
        waits = sorted(item.after & left.keys())
        if lost is not None:
            why: str | None = str(_("not tried: {why}", why=lost.message))
        elif waits:
            why = str(_("it waits for: {things}", things=", ".join(waits)))
        else:
            why, lost = _remove(item, progress)
        if why is None:
            removed.append(str(item))
            progress.say(f"✓ {item}")
        else:
            left[str(item)] = why
            progress.say(f"✗ {item}: {why}")
    return removed, list(left.items())


def _remove(item: Item, progress: Progress) -> tuple[str | None, EcslabError | None]:
    """Why it could not be removed, None when it is gone; and what makes all the rest vain."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        item.remove(progress)
    except Stopped:
        raise
    except EcslabError as error:
        return str(error), None
    except (BotoCoreError, ClientError) as error:
        said = sentence(error) or EcslabError(str(error))
        return str(said), None if isinstance(said, AwsRefusedError) else said
    return None, None
