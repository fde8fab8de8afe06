"""What is about to be made costs: said before it is made."""

from __future__ import annotations

from ecslab.locale import Text, translator
from ecslab.steps.bench import Bench

_ = translator("steps")


def price_line(bench: Bench, what: str, hourly: float | None) -> Text:
    """One line on the cost of something, USD an hour; None where the list has no price of it."""
    prices = bench.prices
    if hourly is None:
        return _("The price list of {date} has no price of {what}.", date=prices.as_of, what=what)
    said = {"what": what, "cost": hourly, "date": prices.as_of, "region": prices.region}
    if bench.billed:
        return _(
            "{what}: about {cost:.3f} USD an hour until lab.cleanup() (list prices of {date}, "
            "{region}).",
            **said,
        )
    return _(
        "{what}: would cost about {cost:.3f} USD an hour on AWS (list prices of {date}, {region}).",
        **said,
    )
