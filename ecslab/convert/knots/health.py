"""``healthcheck``: ECS has its own limits, and runs only what the definition says."""

from __future__ import annotations

from typing import Any

from ecslab.convert.codecs import whole_seconds, within
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

TIMES = (
    ("interval", "interval", 5, 300),
    ("timeout", "timeout", 2, 60),
    ("start_period", "startPeriod", 0, 300),
)
"""Compose key, ECS member, least and most seconds (ECS API, HealthCheck)."""
LEAST_RETRIES, MOST_RETRIES = 1, 10


def there(service: dict[str, Any], trip: Trip) -> None:
    """The command, and times in whole seconds within limits."""
    trip.key = "healthcheck"
    check = service["healthcheck"]
    test = check.get("test")
    if check.get("disable") or (test and test[0] == "NONE"):
        trip.adapted(
            "healthcheck-none",
            _("ECS never runs the image's own health check: there is nothing to switch off."),
        )
        return
    if not test:
        trip.dropped(
            "healthcheck-no-test",
            _("ECS does not know the image's own health check, so times alone say nothing."),
            _("Write the command under test."),
        )
        return
    made: dict[str, Any] = {"command": list(test)}
    for key, member, least, most in TIMES:
        if key in check:
            whole = whole_seconds(check[key], trip, key)
            made[member] = within(whole, least, most, trip, f"healthcheck-{key}", key)
    if "retries" in check:
        made["retries"] = within(
            check["retries"], LEAST_RETRIES, MOST_RETRIES, trip, "healthcheck-retries", "retries"
        )
    if "start_interval" in check:
        trip.dropped(
            "healthcheck-start-interval",
            _("ECS checks at the same interval from the start."),
            None,
            "start_interval",
        )
    for key in ("interval", "timeout", "retries", "start_period"):
        if key in check:
            member = "startPeriod" if key == "start_period" else key
            trip.link(trip.path(key), "containerDefinitions", trip.index, "healthCheck", member)
    trip.put("healthCheck", made)
    trip.link(trip.path("test"), "containerDefinitions", trip.index, "healthCheck", "command")


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """The same in Compose's words."""
    check = container.get("healthCheck")
    if check is None:
        return
    made: dict[str, Any] = {}
    if check.get("command"):
        made["test"] = list(check["command"])
    for key, member, _least, _most in TIMES:
        if check.get(member, -1) >= 0:
            made[key] = f"{check[member]}s"
    if "retries" in check:
        made["retries"] = check["retries"]
    service["healthcheck"] = made
