"""The short form of a port: ``[[IP:]HOST:]CONTAINER[/PROTOCOL]``, with ranges."""

from __future__ import annotations

from typing import Any

from ecslab.compose.longform import At
from ecslab.compose.tree import Map
from ecslab.locale import Text, translator

_ = translator("compose")


def ports(written: str, at: At) -> list[Any]:
    """The mappings a short form stands for: one for each container port."""
    body, _slash, protocol = written.partition("/")
    if protocol.lower() not in ("", "tcp", "udp", "sctp"):
        return _wrong(written, _("There is no protocol {protocol}.", protocol=protocol), at)
    host_ip, host, container = _parts(body)
    targets, published = _range(container), _range(host) if host else None
    if targets is None or (host and published is None):
        return _wrong(written, _("Ports are numbers from 1 to 65535, or ranges."), at)
    if published and len(targets) > 1 and len(published) != len(targets):
        return _wrong(written, _("The two ranges have different lengths."), at)
    made = []
    for index, target in enumerate(targets):
        if published is None:
            host_port = None
        else:
            host_port = host if len(targets) == 1 else str(published[index])
        made.append(_port(target, host_port, host_ip, protocol.lower(), at))
    return made


def _parts(body: str) -> tuple[str, str, str]:
    """Address, host port, container port; an IPv6 address stands in brackets."""
    rest, _colon, container = body.rpartition(":")
    if not rest:
        return "", "", container
    if rest.startswith("["):
        address, _bracket, host = rest[1:].partition("]")
        return address, host.removeprefix(":"), container
    address, _colon, host = rest.rpartition(":")
    return address, host, container


def _range(text: str) -> range | None:
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()) or len(text) > 11:
        return None
    low, high = int(first), int(last or first)
    return range(low, high + 1) if 0 <= low <= high <= 65535 else None


def _port(target: int, published: str | None, host_ip: str, protocol: str, at: At) -> Map:
    made = Map(at.mark)
    made.put("target", target, at.mark)
    if published is not None:
        made.put("published", published, at.mark)
    if host_ip:
        made.put("host_ip", host_ip, at.mark)
    if protocol:
        made.put("protocol", protocol, at.mark)
    return made


def _wrong(written: str, why: Text, at: At) -> list[Any]:
    at.wrong(
        "port",
        _("{port} is no port mapping. {why}", port=written, why=why),
        _('Write it as "8080:80", "127.0.0.1:8080:80/udp" or "3000-3005".'),
    )
    return []
