"""Elastic network interfaces of tasks: their subnets and addresses.

The private address is one of the subnet that nobody has. The address on this machine is one of
127.1.0.0/16 that no task has; on Fargate it is the public address too.
"""

from __future__ import annotations

import ipaddress

from ecslab.controlplane.context import Context
from ecslab.controlplane.placement import Home
from ecslab.controlplane.state import State
from ecslab.model.container_instance import SUBNET
from ecslab.model.network import Subnet, TaskInterface
from ecslab.model.task import NetworkInterface

_ADDRESSES = 256 * 254
"""How many addresses 127.1.0.0/16 has for interfaces."""


def attach(
    state: State,
    home: Home,
    subnets: tuple[str, ...],
    public: bool,
    context: Context,
    used: set[str],
) -> NetworkInterface:
    """A network interface for a task; `used` holds addresses given away in this call."""
    digits = context.ids.hex32()
    subnet = _subnet(home, subnets, context)
    private = _private(state, home, subnet, used)
    host = _host(state, int(digits[28:], 16), used)
    used |= {private, host}
    return NetworkInterface(
        attachment_id=context.ids.uuid(),
        eni_id=f"eni-{digits[:17]}",
        subnet_id=subnet.id,
        private_ip=private,
        mac="0a:" + ":".join(digits[at : at + 2] for at in range(18, 28, 2)),
        host=host,
        public_ip=host if public else "",
    )


def interfaces(state: State) -> list[TaskInterface]:
    """The network interfaces that are there now, as EC2 shows them."""
    arns = dict.fromkeys(state.index.addresses.values(), True)
    tasks = (state.tasks[arn] for arn in arns)
    return [
        TaskInterface(
            id=one.eni_id,
            subnet_id=one.subnet_id,
            private_ip=one.private_ip,
            public_ip=one.public_ip,
            mac=one.mac,
            attachment_id=one.attachment_id,
            description=f"arn:aws:ecs:{task.arn.split(':')[3]}:{task.arn.split(':')[4]}:attachment/"
            f"{one.attachment_id}",
        )
        for task in tasks
        if (one := task.interface) is not None
    ]


def _subnet(home: Home, subnets: tuple[str, ...], context: Context) -> Subnet:
    own = home.subnet or (home.instance.attribute.get(SUBNET) if home.instance else "") or ""
    chosen = own if own in subnets or not subnets else subnets[0]
    found = context.outside.subnet(chosen) if context.outside else None
    return found or Subnet(chosen)


def _private(state: State, home: Home, subnet: Subnet, used: set[str]) -> str:
    """An address of the subnet; where its range is not known, of the /24 of the instance.

    From the middle of the range on: EC2 gives instances the lowest ones. The first four of a
    subnet and its last are AWS's own.
    """
    near = home.instance.private_ip if home.instance else ""
    net = ipaddress.ip_network(subnet.cidr or f"{near or '10.0.0.10'}/24", strict=False)
    hosts = {one.private_ip for one in state.instances.values() if one.status != "INACTIVE"}
    size = net.num_addresses
    for step in range(size):
        at = (size // 2 + step) % size
        address = str(net[at])
        taken = address in state.index.addresses or address in used or address in hosts
        if 4 <= at < size - 1 and not taken:
            return address
    return near or str(net[size // 2])


def _host(state: State, chance: int, used: set[str]) -> str:
    """Any, so that two sandboxes on one machine seldom want the same."""
    for step in range(_ADDRESSES):
        third, fourth = divmod((chance + step) % _ADDRESSES, 254)
        address = f"127.1.{third}.{fourth + 1}"
        if address not in state.index.addresses and address not in used:
            return address
    return "127.0.0.1"
