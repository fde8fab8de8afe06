"""`connect()`: the one place where sandbox and AWS account are told apart."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ecslab.lab.core import Lab, Place
from ecslab.lab.names import my_names
from ecslab.locale import LANGUAGES, set_language, translator
from ecslab.model.errors import EcslabError
from ecslab.model.prices import AS_OF, price_list
from ecslab.steps.bench import Bench, plain_url
from ecslab.steps.calls import CallLog
from ecslab.steps.said import plainly

if TYPE_CHECKING:
    import boto3

_ = translator("lab")

SANDBOX_PACE = 0.3
AWS_PACE = 3.0
"""Seconds between two looks: ECS throttles per account, and a class shares one."""

_agreed: set[tuple[str, str]] = set()


def connect(
    target: str | None = None,
    *,
    profile: str | None = None,
    region: str | None = None,
    lang: str | None = None,
    consent: bool = False,
    live: Callable[[Lab], object] | None = None,
) -> Lab:
    """A lab on the sandbox (started if none runs) or, with "aws", on a real account.

    target:  "sandbox" or "aws"; default ``ECSLAB_TARGET``, else the sandbox
    profile: the AWS profile; region: the AWS region; both default to the standard AWS settings
    lang:    "ja" or "en"; default: the notebook's folder, else ``ECSLAB_LANG``, else the locale
    consent: True agrees beforehand to what a real account costs, for scripts
    live:    what `Lab.live()` shows; the front hall gives it

    Raises EcslabError when the target cannot be reached, or when nobody agrees to the cost.
    """
    choose_language(lang)
    chosen = target or os.environ.get("ECSLAB_TARGET") or "sandbox"
    if chosen == "sandbox":
        with plainly():
            return _sandbox(live)
    if chosen == "aws":
        with plainly():
            return _aws(profile, region, consent, live)
    raise EcslabError(
        _("There is no target {target!r}.", target=chosen),
        _('Use "sandbox" or "aws" (or set ECSLAB_TARGET to one of them).'),
    )


def choose_language(lang: str | None = None) -> None:
    """Speak `lang`, else what `ecslab.locale.language` finds."""
    if lang is not None and lang not in LANGUAGES:
        raise EcslabError(
            _("There is no language {lang!r}.", lang=lang),
            _("There are: {all}.", all=", ".join(LANGUAGES)),
        )
    set_language(lang)


def _sandbox(live: Callable[[Lab], object] | None) -> Lab:
    from ecslab import sandbox
    from ecslab.lab.sandbox_session import session_at

    found = sandbox.ensure_running()
    session = session_at(found.url, found.region, sandbox.ACCESS_KEY, sandbox.SECRET_KEY)
    names = my_names()
    bench = Bench(
        session,
        tags=names.tags,
        locate=lambda ip, port: plain_url(*sandbox.locate(ip, port)),
        pace=max(0.05, SANDBOX_PACE / found.speed),
        simulated=found.simulated,
    )
    place = Place(
        "sandbox", found.url, found.account, found.region, found.runtime, found.runtime_note
    )
    return Lab(bench, names, place, _recorded(session), live)


def _aws(
    profile: str | None, region: str | None, consent: bool, live: Callable[[Lab], object] | None
) -> Lab:
    import boto3

    session = boto3.Session(profile_name=profile, region_name=region)
    if not session.region_name:
        raise EcslabError(
            _("No AWS region is chosen."),
            _("Give one: ecslab.connect('aws', region='ap-northeast-1'), or set AWS_REGION."),
        )
    who = session.client("sts").get_caller_identity()
    _agree(who, session.region_name, consent)
    names = my_names()
    bench = Bench(session, tags=names.tags, pace=AWS_PACE)
    place = Place("aws", who["Arn"], who["Account"], session.region_name, "AWS")
    return Lab(bench, names, place, _recorded(session), live)


def hourly_cost(region: str, instance_type: str = "t2.micro", instances: int = 2) -> float:
    """USD an hour of the workshop's cluster: instances, their disks and public addresses."""
    prices = price_list(region)
    volume = 30 * prices.volume_gb_month / 730
    each = (prices.instance(instance_type) or 0.0) + prices.public_ipv4 + volume
    return instances * each


def _agree(who: dict[str, Any], region: str, consent: bool) -> None:
    """Show what is about to be used; raise EcslabError unless the learner agrees, once."""
    key = (who["Account"], region)
    print(_("AWS account {account} as {arn}, region {region}", region=region,
            account=who["Account"], arn=who["Arn"]))  # fmt: skip
    print(
        _(
            "The workshop's cluster (2 × t2.micro) costs about {cost:.3f} USD an hour "
            "(list prices of {date}) until you run lab.cleanup().",
            cost=hourly_cost(region),
            date=AS_OF,
        )
    )
    if consent or key in _agreed:
        _agreed.add(key)
        return
    if not _ask():
        raise EcslabError(
            _("Nothing was made: you did not agree to use this account."),
            _("Use the sandbox: ecslab.connect()."),
        )
    _agreed.add(key)


def _ask() -> bool:
    question = str(_("Go on with this account? [y/N] "))
    try:
        answer = input(question)
    except (EOFError, RuntimeError) as error:  # a kernel without stdin raises a RuntimeError
        raise EcslabError(
            _("Nobody can be asked here whether to use this account."),
            _("If you want to: ecslab.connect('aws', consent=True)."),
        ) from error
    return answer.strip().lower() in ("y", "yes", "はい", "ｙ")


def _recorded(session: boto3.Session) -> CallLog:
    calls = CallLog()
    calls.listen(session)
    return calls
