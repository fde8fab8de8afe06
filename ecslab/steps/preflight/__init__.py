"""Before a real account is used: what is there, what is missing, and the command that mends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ecslab.locale import translator
from ecslab.model.finding import Finding
from ecslab.steps.login import login
from ecslab.steps.preflight import clock, identity, permissions, quotas, region, roles
from ecslab.steps.preflight.asking import Answer, Asker, tried

_ = translator("steps")

__all__ = ["connected", "look"]


def look(open_session: Callable[[], Any], learners: int = 1) -> list[Finding]:
    """Look at the account of a session; it asks in parallel, changes and raises nothing.

    open_session: gives a ``boto3.Session``; what it raises is a finding
    learners:     for how many the account is to be large enough
    """
    session = tried(open_session)
    if session.error is not None:
        return [identity.nobody(session, None)]
    asker, found = connected(session.value)
    return found if not asker.account else [*found, *_account(asker, learners)]


def connected(session: Any) -> tuple[Asker, list[Finding]]:
    """Who one is, and what is wrong on the way there; without an account if it is too much."""
    asker = Asker(session, session.region_name or "", login=login())
    held = tried(session.get_credentials)
    if held.error is not None:
        return asker, [identity.nobody(held, asker.login)]
    who = asker.ask("sts", "get_caller_identity")
    shown = clock.clock(clock.ahead_of(who, time.time()))
    told = [shown] if shown else []
    if who.error is not None:
        return asker, _nobody(asker, who, told)
    known = replace(asker, account=who.value["Account"], arn=who.value["Arn"], _clients={})
    return known, told


def _nobody(asker: Asker, who: Answer, told: list[Finding]) -> list[Finding]:
    """Why AWS does not say who one is; the likelier cause alone."""
    if told and told[0].state == "missing":
        return told
    known = tried(lambda: asker.session.get_available_regions("ecs")).value or []
    strange = region.misspelled(asker.region, known) if asker.region else None
    if strange is not None:
        return [strange]
    if identity.not_enabled(asker, who):
        return [region.not_enabled(asker.region, asker.option)]
    return [*told, identity.nobody(who, asker.login)]


def _account(asker: Asker, learners: int) -> list[Finding]:
    if not asker.region:
        return [identity.credentials(asker), identity.identity(asker), region.not_chosen(asker)]
    with ThreadPoolExecutor(8) as side_by_side:
        who = side_by_side.submit(identity.identity, asker)
        where = side_by_side.submit(region.region, asker)
        may = side_by_side.submit(permissions.permissions, asker)
        there = side_by_side.submit(roles.roles, asker)
        room = [side_by_side.submit(quotas.quota, asker, one, learners) for one in quotas.QUOTAS]
        first = [identity.credentials(asker), who.result(), where.result(), may.result().finding]
        return [*first, *(one.result() for one in room), *there.result()]
