"""Which rule of a listener takes a request. Pure.

Source: the Application Load Balancer guide, "Listener rules" (rule condition types): hosts, query
strings and header values are compared without regard to case, paths and methods with it.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote_plus

from ecslab.model.traffic import Condition, Rule


@dataclass(frozen=True)
class Asked:
    """A request as far as rules look at it. Names of headers are lower case."""

    method: str
    path: str
    query: str = ""
    host: str = ""
    """Without its port."""
    source: str = "127.0.0.1"
    headers: tuple[tuple[str, str], ...] = ()


def choose(rules: Iterable[Rule], asked: Asked) -> Rule:
    """The first rule whose every condition holds; the last, the default one, has none."""
    return next(rule for rule in rules if all(holds(one, asked) for one in rule.conditions))


def holds(condition: Condition, asked: Asked) -> bool:
    """Does the condition hold for the request?"""
    values = condition.values
    match condition.field:
        case "path-pattern":
            return any(_like(value, asked.path) for value in values)
        case "host-header":
            return any(_like(value.lower(), asked.host.lower()) for value in values)
        case "http-header":
            name = condition.header.lower()
            sent = [text.lower() for key, text in asked.headers if key == name]
            return any(_like(value.lower(), text) for value in values for text in sent)
        case "http-request-method":
            return asked.method in values
        case "query-string":
            return any(_asks(pair, asked.query) for pair in condition.pairs)
        case "source-ip":
            return any(_within(asked.source, value) for value in values)
    return False


def _asks(wanted: tuple[str, str], query: str) -> bool:
    key, value = wanted[0].lower(), wanted[1].lower()
    for part in query.split("&"):
        name, _, text = part.partition("=")
        name, text = unquote_plus(name).lower(), unquote_plus(text).lower()
        if (not key or _like(key, name)) and _like(value, text):
            return True
    return False


def _within(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _like(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # fnmatch knows [sets] as well; in a rule a bracket is a bracket.
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
