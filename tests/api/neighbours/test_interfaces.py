"""EC2 shows the network interfaces ECS gives its tasks."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ecslab.model.network import TaskInterface
from tests.api.neighbours.conftest import Place


def subnet_of(place: Place) -> str:
    subnets = place.client("ec2").describe_subnets()["Subnets"]
    return str(subnets[0]["SubnetId"])


def interface(subnet: str, number: int = 1, public: str = "127.1.0.1") -> TaskInterface:
    return TaskInterface(
        f"eni-{number:017x}", subnet, f"10.0.0.{number}", public, "0a:00", "a-b-c", "ecs:attachment"
    )


def test_a_tasks_public_address_is_found_by_its_interface(place: Place) -> None:
    subnet = subnet_of(place)
    place.ecs.interfaces = [interface(subnet), interface(subnet, 2, "")]
    ec2 = place.client("ec2")
    (found,) = ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-00000000000000001"])[
        "NetworkInterfaces"
    ]
    assert found["Association"]["PublicIp"] == "127.1.0.1"
    assert found["PrivateIpAddresses"][0]["Association"]["PublicIp"] == "127.1.0.1"
    assert (found["SubnetId"], found["PrivateIpAddress"]) == (subnet, "10.0.0.1")
    assert (found["Status"], found["AvailabilityZone"][:-1]) == ("in-use", "us-east-1")
    (other,) = ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-00000000000000002"])[
        "NetworkInterfaces"
    ]
    assert "Association" not in other


def test_they_stand_beside_those_of_instances_and_are_filtered_like_them(place: Place) -> None:
    subnet = subnet_of(place)
    ec2 = place.client("ec2")
    ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, SubnetId=subnet)
    place.ecs.interfaces = [interface(subnet)]
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == 2
    for name, value in (
        ("private-ip-address", "10.0.0.1"),
        ("description", "ecs:attachment"),
    ):
        filters = [{"Name": name, "Values": [value]}, {"Name": "subnet-id", "Values": [subnet]}]
        (found,) = ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
        assert found["NetworkInterfaceId"] == "eni-00000000000000001"


def test_one_that_is_gone_is_not_found(place: Place) -> None:
    place.ecs.interfaces = [interface(subnet_of(place))]
    ec2 = place.client("ec2")
    ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-00000000000000001"])
    place.ecs.interfaces = []
    with pytest.raises(ClientError, match="does not exist"):
        ec2.describe_network_interfaces(NetworkInterfaceIds=["eni-00000000000000001"])


def test_those_of_another_region_are_not_shown(place: Place) -> None:
    place.ecs.interfaces = [interface(subnet_of(place))]
    ec2 = place.client("ec2", "eu-west-1")
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
