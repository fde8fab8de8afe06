"""``restart`` and ``deploy.restart_policy``: the agent restarts a container by itself."""

from __future__ import annotations

from typing import Any

from ecslab.convert.codecs import whole_seconds, within
from ecslab.convert.knots.cpu import dig
from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

_POLICY = ("deploy", "restart_policy")
_SUCCESS = 0
"""The exit code after which on-failure does not restart."""
LEAST_PERIOD, MOST_PERIOD = 60, 1800
"""Seconds (ECS API, ContainerRestartPolicy.restartAttemptPeriod)."""


def there(service: dict[str, Any], trip: Trip) -> None:
    """``deploy.restart_policy`` where there is one, else ``restart``."""
    trip.key = ""
    policy = dig(service, _POLICY)
    written = service.get("restart")
    if policy is None:
        if written is not None:
            _restart(written, trip)
        return
    if written is not None:
        trip.dropped(
            "restart-twice", _("deploy.restart_policy takes the place of restart."), None, "restart"
        )
    _from_deploy(policy, trip)


def _restart(written: str, trip: Trip) -> None:
    word, _colon, attempts = written.partition(":")
    made = _RESTART.get(word)
    if made is None:
        trip.dropped(
            "restart",
            _("There is no restart policy {word}.", word=written),
            _("Use no, always, on-failure or unless-stopped."),
            "restart",
        )
        return
    if attempts:
        trip.adapted(
            "restart-attempts",
            _("ECS does not count attempts: it restarts again and again."),
            None,
            "restart",
        )
    if word == "unless-stopped":
        trip.adapted(
            "restart-unless-stopped",
            _("A task that is stopped is gone, so unless-stopped is the same as always."),
            None,
            "restart",
        )
    trip.put("restartPolicy", {**made}, trip.path("restart"))


_ALWAYS: dict[str, Any] = {"enabled": True}
_NEVER: dict[str, Any] = {"enabled": False}
_ON_FAILURE: dict[str, Any] = {"enabled": True, "ignoredExitCodes": [_SUCCESS]}
_RESTART = {
    "no": _NEVER,
    "always": _ALWAYS,
    "unless-stopped": _ALWAYS,
    "on-failure": _ON_FAILURE,
}
_DEPLOY = {"none": _NEVER, "any": _ALWAYS, "on-failure": _ON_FAILURE}


def _from_deploy(policy: dict[str, Any], trip: Trip) -> None:
    word = policy.get("condition", "any")
    if word not in _DEPLOY:
        trip.dropped(
            "restart",
            _("There is no restart policy {word}.", word=word),
            _("Use none, any or on-failure."),
            *_POLICY,
        )
        return
    made = {**_DEPLOY[word]}
    for key in ("delay", "max_attempts"):
        if key in policy:
            trip.dropped(
                f"restart-{key.replace('_', '-')}",
                _("ECS has no {key}: it restarts again and again.", key=key),
                None,
                *_POLICY,
                key,
            )
    if "window" in policy:
        here = (*_POLICY, "window")
        window = whole_seconds(policy["window"], trip, *here)
        made["restartAttemptPeriod"] = within(
            window, LEAST_PERIOD, MOST_PERIOD, trip, "restart-window", *here
        )
    else:
        trip.adapted(
            "restart-deploy",
            _("deploy.restart_policy without a window comes back as restart."),
            None,
            *_POLICY,
        )
    trip.put("restartPolicy", made, trip.path(*_POLICY))


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """``restart``; with a period ``deploy.restart_policy``, which has a window."""
    policy = container.get("restartPolicy")
    if not policy or "enabled" not in policy:
        return
    codes = policy.get("ignoredExitCodes")
    word = "no" if not policy["enabled"] else "on-failure" if codes == [_SUCCESS] else "always"
    period = policy.get("restartAttemptPeriod")
    if period is None or period < 0:
        service["restart"] = word
        return
    condition = {"no": "none", "always": "any"}.get(word, word)
    made = {"condition": condition, "window": f"{period}s"}
    service.setdefault("deploy", {})["restart_policy"] = made
