"""Where real containers meet the sandbox: a network of their own with an address they all know.

The SDKs trust few addresses with credentials, most of them in 169.254.170.0/24: .2 is the ECS
agent's, and where `ecslab local` puts its container; .23 is one more that they trust (EKS's), and
here the gateway of the network, which is an address of this machine. No right beyond Docker's is
needed. Docker Desktop keeps its networks in a virtual machine: there containers know this machine
by a name, which the SDKs do not trust.
"""

from __future__ import annotations

import logging
import socket
import sys
from typing import Any

from ecslab.runtime.client import api_error
from ecslab.runtime.port import Meeting

log = logging.getLogger(__name__)

NETWORK = "ecs-local-network"
SUBNET = "169.254.170.0/24"
GATEWAY = "169.254.170.23"
LABEL = "ecslab.local"


def ensure_network(api: Any) -> None:
    """The network, made where it is missing. Raises docker's error where it cannot be made."""
    if not _found(api):
        pool = {"Subnet": SUBNET, "Gateway": GATEWAY}
        api.create_network(NETWORK, ipam={"Config": [pool]}, labels={LABEL: "network"})


def meet(api: Any) -> Meeting | None:
    """The place where containers and the sandbox meet; None where there can be none."""
    if sys.platform in ("darwin", "win32"):
        return Meeting("host.docker.internal", "127.0.0.1", trusted=False)
    try:
        ensure_network(api)
    except api_error() as error:
        log.warning("containers will not find their metadata: no network for them (%s)", error)
        return None
    return Meeting(GATEWAY, GATEWAY, trusted=True) if _is_here(GATEWAY) else None


def join(api: Any, container: str) -> None:
    """Let a container that was made, but does not run yet, into the network."""
    try:
        ensure_network(api)  # `ecslab local down` may have removed it
        api.connect_container_to_network(container, NETWORK)
    except api_error() as error:
        log.warning("a container will not find its metadata: %s", error)


def clear_away(api: Any) -> None:
    """Remove the network, unless somebody is in it."""
    try:
        api.remove_network(NETWORK)
    except api_error():
        return  # in use, or gone


def _found(api: Any) -> bool:
    return bool(api.networks(names=[NETWORK], filters={"name": f"^{NETWORK}$"}))


def _is_here(address: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
