"""`connect()`: the one place where sandbox and AWS account are told apart."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from ecslab.lab.aws_session import ATTEMPTS, aws_session
from ecslab.lab.base import Place
from ecslab.lab.classroom import far_away, names_in_class
from ecslab.lab.consent import agree
from ecslab.lab.core import Lab
from ecslab.lab.names import my_names
from ecslab.lab.own_prices import my_prices
from ecslab.lab.recording import journal_for
from ecslab.locale import LANGUAGES, set_language, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Bench, plain_url
from ecslab.steps.calls import CallLog
from ecslab.steps.easing import Easing
from ecslab.steps.recent import Recent
from ecslab.steps.said import no_region, plainly

if TYPE_CHECKING:
    import boto3

_ = translator("lab")

SANDBOX_PACE = 0.3
AWS_PACE = 4.0
"""Seconds between two looks (3 to 5, varied): ECS throttles per account, and a class shares one."""
OUTAGE = 60.0
"""Seconds a wait goes on while AWS cannot be reached; a laptop finds its Wi-Fi again in less."""


def connect(
    target: str | None = None,
    *,
    profile: str | None = None,
    region: str | None = None,
    lang: str | None = None,
    consent: bool = False,
    live: Callable[..., object] | None = None,
    boards: Callable[..., object] | None = None,
) -> Lab:
    """A lab on the sandbox (started if none runs) or, with "aws", on a real account.

    target:  "sandbox" or "aws"; default ``ECSLAB_TARGET``, else the sandbox
    profile: the AWS profile; region: the AWS region; both default to the standard AWS settings
    lang:    "ja" or "en"; default: the notebook's folder, else ``ECSLAB_LANG``, else the locale
    consent: True agrees beforehand to what a real account costs, for scripts
    live:    what `Lab.live()` shows; boards: what `Lab.board()` does; the front hall gives them

    Raises EcslabError when the target cannot be reached, or when nobody agrees to the cost.
    """
    choose_language(lang)
    chosen = target or os.environ.get("ECSLAB_TARGET") or "sandbox"
    if chosen == "sandbox":
        with plainly():
            return _welcomed(_sandbox(live), boards)
    if chosen == "aws":
        with plainly():
            return _welcomed(_aws(profile, region, consent, live), boards)
    raise EcslabError(
        _("There is no target {target!r}.", target=chosen),
        _('Use "sandbox" or "aws" (or set ECSLAB_TARGET to one of them).'),
    )


def _welcomed(lab: Lab, boards: Callable[..., object] | None) -> Lab:
    """The lab, with its journal; what was left from an earlier session is said."""
    lab.use(journal_for(lab), boards)
    late = lab.overtime()
    if late is not None:
        print(late)
    return lab


def choose_language(lang: str | None = None) -> None:
    """Speak `lang`, else what `ecslab.locale.language` finds."""
    if lang is not None and lang not in LANGUAGES:
        raise EcslabError(
            _("There is no language {lang!r}.", lang=lang),
            _("There are: {all}.", all=", ".join(LANGUAGES)),
        )
    set_language(lang)


def _sandbox(live: Callable[..., object] | None) -> Lab:
    from ecslab import sandbox
    from ecslab.lab.sandbox_session import session_at

    found = sandbox.ensure_running()
    session = session_at(sandbox.endpoint(), found.region, *sandbox.keys())
    names = names_in_class(session) or my_names()
    bench = Bench(
        session,
        tags=names.tags,
        locate=lambda ip, port: plain_url(*sandbox.locate(ip, port)),
        pace=max(0.05, SANDBOX_PACE / found.speed),
        simulated=found.simulated,
        prices=my_prices(found.region),
        session_hours=names.lease.hours,
        interrupt=sandbox.interrupt,
        converse=lambda url, token, progress, timeout: sandbox.open_session(
            url, token, progress.check, timeout
        ),
    )
    bench.recent.listen(session)
    place = Place(
        "sandbox",
        sandbox.endpoint(),
        found.account,
        found.region,
        found.runtime,
        far_away() or found.runtime_note,
    )
    return Lab(bench, names, place, _recorded(session), live, sandbox.environment())


def _aws(
    profile: str | None, region: str | None, consent: bool, live: Callable[..., object] | None
) -> Lab:
    session = aws_session(profile, region)
    if not session.region_name:
        raise no_region()
    who = session.client("sts").get_caller_identity()
    names, prices = my_names(), my_prices(session.region_name)
    agree(who["Account"], who["Arn"], session.region_name, consent, prices, names)
    easing, recent = _shared(who["Account"], session.region_name)
    easing.listen(session)
    recent.listen(session)
    bench = Bench(
        session,
        tags=names.tags,
        pace=AWS_PACE,
        easing=easing,
        recent=recent,
        billed=True,
        prices=prices,
        session_hours=names.lease.hours,
    )
    place = Place("aws", who["Arn"], who["Account"], session.region_name, "AWS")
    variables = {"AWS_REGION": session.region_name, **({"AWS_PROFILE": profile} if profile else {})}
    return Lab(bench, names, place, _recorded(session), live, variables)


@cache
def _shared(account: str, region: str) -> tuple[Easing, Recent]:
    """What all labs of this kernel on one account have in common, so that one asks for all."""
    return Easing(OUTAGE, ATTEMPTS), Recent()


def _recorded(session: boto3.Session) -> CallLog:
    calls = CallLog()
    calls.listen(session)
    return calls
