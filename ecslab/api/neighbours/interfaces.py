"""The network interfaces ECS gives its tasks: EC2 shows them, moto knows nothing of them."""

from __future__ import annotations

from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap
from ecslab.model.network import TaskInterface


def interfaces_of_tasks_are_shown() -> None:
    """DescribeNetworkInterfaces lists them, by id and by filter, as those of EC2's own making.

    Only for looking: nothing that changes moto's world may hang on what ECS has at the moment, or
    replaying the journal would lead elsewhere.
    """
    from moto.ec2.models.elastic_network_interfaces import NetworkInterfaceBackend
    from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
    from moto.ec2.utils import generic_filter

    looking: list[bool] = []

    def describe(plain: Any, response: Any) -> Any:
        looking.append(True)
        try:
            return plain(response)
        finally:
            looking.pop()

    def get_all(plain: Any, backend: Any, eni_ids: Any = None, filters: Any = None) -> list[Any]:
        if not looking:
            found: list[Any] = plain(backend, eni_ids, filters)
            return found
        ours = {one["NetworkInterfaceId"]: one for one in _of_region(backend)}
        asked = [ours[eni] for eni in eni_ids if eni in ours] if eni_ids else list(ours.values())
        rest = [eni for eni in eni_ids or () if eni not in ours]
        theirs = plain(backend, rest, filters) if rest or not eni_ids else []
        return [*theirs, *generic_filter(filters, asked)]

    wrap(ElasticNetworkInterfaces, "describe_network_interfaces", describe)
    wrap(NetworkInterfaceBackend, "get_all_network_interfaces", get_all)


class Shown(dict[str, Any]):
    """An interface as the API tells it, which moto can filter."""

    def get_filter_value(self, name: str, method_name: str = "") -> Any:
        """What a filter of this name compares with."""
        return {
            "network-interface-id": self["NetworkInterfaceId"],
            "private-ip-address": self["PrivateIpAddress"],
            "addresses.private-ip-address": self["PrivateIpAddress"],
            "attachment.attachment-id": self["Attachment"]["AttachmentId"],
            "availability-zone": self["AvailabilityZone"],
            "description": self["Description"],
            "status": self["Status"],
            "subnet-id": self["SubnetId"],
            "vpc-id": self["VpcId"],
        }.get(name)


def _of_region(backend: Any) -> list[Shown]:
    """The tasks' interfaces in subnets of this region."""
    subnets = {id_: one for by_id in backend.subnets.values() for id_, one in by_id.items()}
    return [
        _shown(one, subnets[one.subnet_id], backend.account_id)
        for one in world.interfaces()
        if one.subnet_id in subnets
    ]


def _shown(one: TaskInterface, subnet: Any, account: str) -> Shown:
    address: dict[str, Any] = {"Primary": True, "PrivateIpAddress": one.private_ip}
    made = Shown(
        NetworkInterfaceId=one.id,
        SubnetId=one.subnet_id,
        VpcId=subnet.vpc_id,
        AvailabilityZone=subnet.availability_zone,
        PrivateIpAddress=one.private_ip,
        PrivateIpAddresses=[address],
        MacAddress=one.mac,
        Description=one.description,
        InterfaceType="interface",
        OwnerId=account,
        RequesterManaged=True,
        SourceDestCheck=True,
        Status="in-use",
        Attachment={
            "AttachmentId": f"eni-attach-{one.attachment_id[-17:]}",
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": "amazon-ecs",
            "Status": "attached",
        },
    )
    if one.public_ip:
        association = {"PublicIp": one.public_ip, "IpOwnerId": "amazon"}
        made["Association"] = address["Association"] = association
    return made
