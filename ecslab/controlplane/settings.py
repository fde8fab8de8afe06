"""Account settings."""

from __future__ import annotations

from typing import Any

from ecslab.controlplane import find
from ecslab.controlplane.context import Context, Outcome
from ecslab.controlplane.facts import AccountSettingDeleted, AccountSettingSet
from ecslab.controlplane.paging import cut
from ecslab.controlplane.state import State

Params = dict[str, Any]
_ON_OFF = ("enabled", "disabled")
_SETTINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "serviceLongArnFormat": (("enabled",), "enabled"),
    "taskLongArnFormat": (("enabled",), "enabled"),
    "containerInstanceLongArnFormat": (("enabled",), "enabled"),
    "awsvpcTrunking": (_ON_OFF, "disabled"),
    "containerInsights": (("enabled", "disabled", "enhanced"), "disabled"),
    "fargateFIPSMode": (_ON_OFF, "disabled"),
    "tagResourceAuthorization": (("on", "off"), "off"),
    "fargateTaskRetirementWaitPeriod": (("0", "7", "14"), "7"),
    "guardDutyActivate": (("on", "off"), "off"),
    "defaultLogDriverMode": (("blocking", "non-blocking"), "non-blocking"),
    "fargateEventWindows": (_ON_OFF, "disabled"),
}
"""Name → values it takes, and what it is where nobody set it.

The long ARN formats cannot be switched off since April 2021."""


def put(state: State, params: Params, context: Context) -> Outcome:
    """PutAccountSetting, for the caller or the principal named."""
    return _put(params, context, params.get("principalArn") or context.principal)


def put_default(state: State, params: Params, context: Context) -> Outcome:
    """PutAccountSettingDefault, for everybody without a setting of their own."""
    return _put(params, context, "")


def _put(params: Params, context: Context, principal: str) -> Outcome:
    name, value = _known(params["name"]), params["value"]
    values, _default = _SETTINGS[name]
    if value not in values:
        allowed = ", ".join(values)
        raise find.invalid(f"The setting {name} takes {allowed}, not {value!r}.")
    cause = "An account setting was put."
    fact = AccountSettingSet(context.now, cause, name, value, principal)
    return Outcome({"setting": _wire(name, value, principal)}, (fact,))


def delete(state: State, params: Params, context: Context) -> Outcome:
    """DeleteAccountSetting: the account's default holds again."""
    name = _known(params["name"])
    principal = params.get("principalArn") or context.principal
    old = state.settings.get((name, principal))
    answer = {"setting": _wire(name, effective(state, name, ""), principal)}
    if old is None:
        return Outcome(answer)
    cause = "DeleteAccountSetting was called."
    return Outcome(answer, (AccountSettingDeleted(context.now, cause, name, principal),))


def list_(state: State, params: Params, context: Context) -> Outcome:
    """ListAccountSettings: those set, or with effectiveSettings all that hold."""
    principal = params.get("principalArn") or context.principal
    if params.get("effectiveSettings"):
        found = {name: effective(state, name, principal) for name in _SETTINGS}
    else:
        found = {n: v for (n, who), v in state.settings.items() if who == principal}
    name, value = params.get("name"), params.get("value")
    if value and not name:
        raise find.invalid("name must be given with value.")
    kept = {n: v for n, v in found.items() if name in (None, n) and value in (None, v)}
    keys, following = cut(sorted(kept), params, most=10)
    return Outcome({"settings": [_wire(n, kept[n], principal) for n in keys], **following})


def _known(name: str) -> str:
    if name not in _SETTINGS:
        raise find.invalid(f"There is no account setting {name!r}: {', '.join(_SETTINGS)}.")
    return name


def effective(state: State, name: str, principal: str) -> str:
    """The value that holds for a principal: its own, else the account's."""
    own = state.settings.get((name, principal))
    return own if own is not None else state.settings.get((name, ""), _SETTINGS[name][1])


def _wire(name: str, value: str, principal: str) -> dict[str, Any]:
    made = {"name": name, "value": value, "type": "user"}
    return {**made, "principalArn": principal} if principal else made
