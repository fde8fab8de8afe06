"""The form facts have in the log.

A record names the fact and the version of its form: what an older version wrote can be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecslab.controlplane import facts, service_facts
from ecslab.controlplane.facts import Fact
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.model.wire import from_wire, to_wire

_ = translator("controlplane")

VERSION = 1
"""The form of the records this code writes and reads."""

_FACTS = {one.__name__: one for one in (*facts.FACTS, *service_facts.FACTS)}


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """The record of a fact in the log: plain values that JSON has."""
    return {"fact": type(fact).__name__, "v": VERSION, **to_wire(fact)}


def fact_from_json(record: Mapping[str, Any]) -> Fact:
    """The fact of a record. Raises `EcslabError` for a record this version cannot read."""
    kind, version = record.get("fact"), record.get("v")
    cls = _FACTS.get(str(kind))
    if cls is None or version != VERSION:
        raise EcslabError(
            _("The log holds a fact {kind} in version {version}.", kind=kind, version=version),
            _("A newer ecslab wrote it: update ecslab, or run `ecslab sandbox reset`."),
        )
    body = {name: value for name, value in record.items() if name not in ("fact", "v")}
    return from_wire(cls, body)
