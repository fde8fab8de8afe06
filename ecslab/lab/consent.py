"""Before a real account is used: show what it costs, ask once, remember the answer for a day."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

from ecslab.lab.names import Names
from ecslab.locale import is_yes, translator
from ecslab.model.errors import EcslabError
from ecslab.model.prices import PriceList, price_list
from ecslab.sandbox import places
from ecslab.steps.clean import Cleaned

_ = translator("lab")

HOLDS = 24 * 3600.0
"""Seconds an answer holds: each notebook has a kernel of its own, and a class should not be asked
eleven times; tomorrow's class is asked again."""


INSTANCES = 2
"""Machines of the workshop's cluster."""


def hourly_cost(prices: PriceList) -> float:
    """USD an hour of the workshop's cluster: instances, their disks and public addresses."""
    return INSTANCES * (prices.machine("t2.micro") or 0.0)


def agree(
    account: str,
    arn: str,
    region: str,
    given: bool = False,
    prices: PriceList | None = None,
    names: Names | None = None,
) -> None:
    """Show what is about to be used, made and paid; raise EcslabError unless the learner agrees.

    given: agreed beforehand, by a script.
    """
    known = prices or price_list(region)
    print(_("AWS account {account} as {arn}, region {region}", region=region,
            account=account, arn=arn))  # fmt: skip
    print(
        _(
            "The workshop's cluster (2 × t2.micro) costs about {cost:.3f} USD an hour "
            "(list prices of {date}) until you run lab.cleanup().",
            cost=hourly_cost(known),
            date=known.as_of,
        )
    )
    print(
        _(
            "Notebook 07 adds a load balancer ({balancer:.4f} USD an hour); a Fargate task "
            "(256/512) is {fargate:.4f} USD an hour. Prices of your own go into {file}.",
            balancer=known.load_balancer,
            fargate=known.fargate(256, 512) + known.public_ipv4,
            file=places.home() / "prices.yml",
        )
    )
    if names is not None:
        print(
            _(
                "Made are: a cluster, one stack (network, role, instances), task definitions, "
                "tasks, services; all named {prefix}… and tagged to expire after {hours:g} h.",
                prefix=names.prefix,
                hours=names.lease.hours,
            )
        )
    if given or _remembered(account, region):
        return
    if not _ask():
        raise EcslabError(
            _("Nothing was made: you did not agree to use this account."),
            _("Use the sandbox: ecslab.connect()."),
        )
    _remember(account, region)


def _ask() -> bool:
    question = str(_("Go on with this account? [y/N] "))
    try:
        answer = input(question)
    except (EOFError, RuntimeError) as error:  # a kernel without stdin raises a RuntimeError
        raise EcslabError(
            _("Nobody can be asked here whether to use this account."),
            _("If you want to: ecslab.connect('aws', consent=True)."),
        ) from error
    return is_yes(answer)


def agree_to_remove(planned: Cleaned, workshop: str) -> None:
    """Show what is about to be removed of all learners; raise EcslabError unless it is confirmed.

    To confirm, the name of the workshop is typed, or how many things are removed.
    """
    print(planned)
    count = len(planned.found)
    if not count:
        return
    question = _(
        "Remove these {count} things of {learners} learners? Type the workshop's name "
        "({workshop}) or their number: ",
        count=count,
        learners=len(planned.owned),
        workshop=workshop,
    )
    try:
        answer = input(str(question)).strip()
    except (EOFError, RuntimeError):
        print()
        answer = ""
    if answer not in (workshop, str(count)):
        raise EcslabError(
            _("Nothing was removed."),
            _("To remove it without being asked: `ecslab cleanup --all-learners --yes`, or "
              "lab.cleanup(all_learners=True, yes=True)."),
        )  # fmt: skip


def _file() -> Path:
    return places.home() / "consent.json"


def _answers() -> dict[str, float]:
    """When each account and region was agreed to, seconds since the epoch; {} if unreadable."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        found = json.loads(_file().read_text("utf-8")).items()
        return {str(key): float(at) for key, at in found if isinstance(at, (int, float))}
    return {}


def _remembered(account: str, region: str) -> bool:
    at = _answers().get(f"{account}/{region}", 0.0)
    return 0 <= time.time() - at < HOLDS


def _remember(account: str, region: str) -> None:
    answers = {**_answers(), f"{account}/{region}": time.time()}
    with contextlib.suppress(OSError):  # not remembered is asked again, no more
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text(json.dumps(answers), "utf-8")
