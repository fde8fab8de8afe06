"""``ports`` ⇄ portMappings: one for one, and ranges of container ports."""

from __future__ import annotations

from typing import Any

from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")

PROTOCOLS = ("tcp", "udp")
APP_PROTOCOLS = ("http", "http2", "grpc")
LONGEST_RANGE = 100
"""Ports of a range that are written out; a longer one stays with ``x-ecs``."""


def there(service: dict[str, Any], trip: Trip) -> None:
    """Each port in ECS's words."""
    trip.key = "ports"
    made: list[dict[str, Any]] = []
    for index, item in enumerate(service["ports"]):
        mapping = _mapping(item, index, trip)
        if mapping is not None:
            trip.link(
                trip.path(index), "containerDefinitions", trip.index, "portMappings", len(made)
            )
            made.append(mapping)
    if made or not service["ports"]:
        trip.put("portMappings", made)


def _mapping(item: dict[str, Any], index: int, trip: Trip) -> dict[str, Any] | None:
    protocol = item.get("protocol")
    made: dict[str, Any] = {"containerPort": item["target"]}
    if item.get("published") not in (None, ""):
        host_port = _host_port(item["published"], index, trip)
        if host_port is not None:
            made["hostPort"] = host_port
    if protocol is not None:
        if protocol.lower() not in PROTOCOLS:
            trip.dropped(
                "ports-protocol",
                _("ECS maps tcp and udp, not {protocol}.", protocol=protocol),
                None,
                index,
            )
            return None
        made["protocol"] = protocol.lower()
    if item.get("name") is not None:
        made["name"] = item["name"]
    _app_protocol(item, made, index, trip)
    _lost(item, index, trip)
    return made


def _host_port(published: str, index: int, trip: Trip) -> int | None:
    if published.isdecimal() and int(published) <= 65535:
        return int(published)
    trip.adapted(
        "ports-published-range",
        _("ECS takes one host port, not {published}: it chooses any free one.",
          published=published),
        _("Write one port, or none."),
        index,
        "published",
    )  # fmt: skip
    return None


def _app_protocol(item: dict[str, Any], made: dict[str, Any], index: int, trip: Trip) -> None:
    word = item.get("app_protocol")
    if word is None:
        return
    if word in APP_PROTOCOLS:
        made["appProtocol"] = word
        return
    trip.dropped(
        "ports-app-protocol",
        _("ECS knows http, http2 and grpc as application protocols, not {word}.", word=word),
        None,
        index,
        "app_protocol",
    )


def _lost(item: dict[str, Any], index: int, trip: Trip) -> None:
    if item.get("host_ip"):
        trip.dropped(
            "ports-host-ip",
            _("ECS opens a port on every address of the instance, not on {address} alone.",
              address=item["host_ip"]),
            _("Say with a security group who may reach it."),
            index,
            "host_ip",
        )  # fmt: skip
    if item.get("mode") is not None:
        trip.adapted(
            "ports-mode",
            _("ECS has one way of opening ports; mode {mode} says nothing to it.",
              mode=item["mode"]),
            None,
            index,
            "mode",
        )  # fmt: skip


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """Long forms; a range is written out, port by port."""
    mappings = container.get("portMappings")
    if mappings is None:
        return
    items = [item for mapping in mappings for item in _items(mapping)]
    if items or not mappings:
        service["ports"] = items


def _items(mapping: dict[str, Any]) -> list[dict[str, Any]]:
    target = mapping.get("containerPort")
    if target is None:
        return [_item({**mapping, "containerPort": port}) for port in _range(mapping)]
    return [_item(mapping)]


def _range(mapping: dict[str, Any]) -> range:
    first, _dash, last = mapping.get("containerPortRange", "").partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        return range(0)
    found = range(int(first), int(last) + 1)
    return found if len(found) <= LONGEST_RANGE else range(0)


def _item(mapping: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"target": mapping["containerPort"]}
    if mapping.get("hostPort") is not None:
        item["published"] = str(mapping["hostPort"])
    for member, key in (
        ("protocol", "protocol"),
        ("name", "name"),
        ("appProtocol", "app_protocol"),
    ):
        if member in mapping:
            item[key] = mapping[member]
    return item
