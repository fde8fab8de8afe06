"""``logging``: the driver and its options."""

from __future__ import annotations

from typing import Any

from ecslab.convert.codecs import pairs_there
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

DRIVERS = (
    "json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens",
)  # fmt: skip
"""What ECS takes for a logDriver (ECS API, LogConfiguration)."""
_DEFAULT = "json-file"
"""Docker's driver where none is named."""


def there(service: dict[str, Any], trip: Trip) -> None:
    """A driver ECS knows; options without a driver are those of Docker's default."""
    trip.key = "logging"
    logging = service["logging"]
    driver = logging.get("driver")
    if driver is None:
        if "options" not in logging:
            trip.dropped("logging-empty", _("logging says nothing here."))
            return
        driver = _DEFAULT
        trip.adapted(
            "logging-driver",
            _("No driver is named; Docker's own is {driver}.", driver=driver),
        )
    if driver not in DRIVERS:
        trip.dropped(
            "logging-driver-unknown",
            _("ECS has no log driver {driver}.", driver=driver),
            _("Use one of {all}.", all=", ".join(DRIVERS)),
        )
        return
    made: dict[str, Any] = {"logDriver": driver}
    here = ("containerDefinitions", trip.index, "logConfiguration")
    if "options" in logging:
        made["options"] = pairs_there(logging["options"], trip, "options")
        trip.link(trip.path("options"), *here, "options")
    trip.put("logConfiguration", made)
    trip.link(trip.path("driver"), *here, "logDriver")


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """Driver and options."""
    log = container.get("logConfiguration")
    if not log or log.get("logDriver") not in DRIVERS:
        return
    service["logging"] = {"driver": log["logDriver"]}
    if "options" in log:
        service["logging"]["options"] = dict(log["options"])
