"""What stands longer than its session: looked up in two calls, by the tags of clusters."""

from __future__ import annotations

import time

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps import mine
from ecslab.steps.bench import EXPIRES, Bench, moment_of
from ecslab.steps.progress import Stopped
from ecslab.steps.said import plainly

_ = translator("steps")


def overtime(bench: Bench) -> Text | None:
    """A warning of the learner's clusters whose session is over; None where there is none.

    It never fails: what cannot be looked at now is found by whatever the learner does next.
    """
    try:
        with plainly():
            clusters = [
                (name, moment_of(tags.get(EXPIRES, "")))
                for name, tags in mine.tagged_clusters(bench)
                if bench.learner and mine.owner_of(tags) == bench.learner
            ]
    except Stopped:
        raise
    except EcslabError:
        return None
    now = time.time()
    late = [(name, (now - until) / 3600) for name, until in clusters if until and until < now]
    if not late:
        return None
    things = ", ".join(f"{name} (+{hours:.1f} h)" for name, hours in late)
    if bench.billed:
        return _("⚠ Longer than its session, and it costs: {things}. See lab.cost(); "
                 "lab.cleanup() removes it.", things=things)  # fmt: skip
    return _("⚠ Longer than its session; on AWS it would cost: {things}. See lab.cost(); "
             "lab.cleanup() removes it.", things=things)  # fmt: skip
