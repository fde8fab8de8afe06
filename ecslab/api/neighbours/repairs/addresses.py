"""Addresses of instances."""

from __future__ import annotations

import ipaddress
from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap


def public_addresses_are_of_this_machine() -> None:
    """A random public address becomes one of this machine's own, never given twice."""
    from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces

    wrap(elastic_network_interfaces, "random_public_ip", lambda plain: world.next_address())
    wrap(elastic_ip_addresses, "random_ip", lambda plain: world.next_address())


def private_addresses_follow_from_what_is_there() -> None:
    """An instance gets the subnet's lowest free address.

    moto takes one out of a set, and returns it when Python collects the instance: another one
    after each replay.
    """
    from moto.ec2.models.subnets import Subnet

    def lowest_free(plain: Any, subnet: Any, instance: Any) -> str:
        interfaces = subnet.ec2_backend.get_all_network_interfaces()
        taken = {
            address["PrivateIpAddress"]
            for interface in interfaces
            if getattr(interface.subnet, "id", "") == subnet.id
            for address in interface.private_ip_addresses
        }
        first = subnet.cidr.network_address + 4  # AWS keeps the first four and the last
        for number in range(int(first), int(subnet.cidr.broadcast_address)):
            address = str(ipaddress.ip_address(number))
            if address not in taken:
                subnet._subnet_ips[address] = instance
                return address
        found: str = plain(subnet, instance)
        return found

    wrap(Subnet, "get_available_subnet_ip", lowest_free)


def templates_say_which_subnets_are_public() -> None:
    """CloudFormation drops the subnet's MapPublicIpOnLaunch."""
    from moto.core.utils import ensure_boolean
    from moto.ec2.models.subnets import Subnet

    def create(plain: Any, name: str, resource: Any, *args: Any, **kwargs: Any) -> Any:
        subnet = plain(name, resource, *args, **kwargs)
        public = resource["Properties"].get("MapPublicIpOnLaunch", False)
        subnet.map_public_ip_on_launch = ensure_boolean(public)
        return subnet

    wrap(Subnet, "create_from_cloudformation_json", create)
