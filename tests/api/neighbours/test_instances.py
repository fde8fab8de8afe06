"""EC2 instances: addresses, life, and how they are read."""

from __future__ import annotations

import json
from typing import Any

from ecslab.api.neighbours import Ec2Instance
from ecslab.api.neighbours.world import World
from ecslab.model.network import Subnet
from tests.api.neighbours.conftest import Place

RECOMMENDED = "/aws/service/ecs/optimized-ami/amazon-linux-{}/recommended"


def launch(place: Place, count: int = 1, **more: Any) -> list[str]:
    asked = {"ImageId": "ami-1", "MinCount": count, "MaxCount": count, "InstanceType": "t2.micro"}
    made = place.client("ec2").run_instances(**asked, **more)["Instances"]
    return [instance["InstanceId"] for instance in made]


def read(place: Place, instance: str) -> Ec2Instance:
    return next(i for i in place.neighbours.instances() if i.id == instance)


def test_an_instance_without_a_subnet_lives_in_a_default_one(place: Place) -> None:
    (made,) = launch(place, UserData="echo ECS_CLUSTER=x")
    found = read(place, made)
    assert found.subnet_id.startswith("subnet-")
    assert found.private_ip.startswith("172.31.")
    assert found.public_ip == "127.0.1.1"
    assert found.user_data == "echo ECS_CLUSTER=x"
    assert found.ecs_image is None


def test_no_address_is_given_twice(place: Place) -> None:
    made = launch(place, count=300)
    addresses = [read(place, instance).public_ip for instance in made]
    assert len(set(addresses)) == 300
    assert addresses[0] == "127.0.1.1"
    assert addresses[254] == "127.0.2.1"


def test_two_sandboxes_on_one_machine_give_different_addresses() -> None:
    worlds = [World(address_number=number) for number in (0, 97, -5)]
    given = [[world.next_address() for _ in range(20)] for world in worlds]
    assert given[1][0] == "127.0.1.98"
    assert given[2][4:6] == ["127.0.255.254", "127.0.1.1"]
    assert not set(given[0]) & set(given[1])


def test_an_address_given_before_a_restart_on_another_port_is_not_given_again() -> None:
    before = World(address_number=3)
    kept = [before.next_address() for _ in range(4)]
    after = World(address_number=0, replaying=True, made=list(before.made))
    assert [after.next_address() for _ in range(4)] == kept
    after.replaying = False
    assert not {after.next_address() for _ in range(10)} & set(kept)


def test_the_address_goes_when_the_instance_stops_and_a_new_one_comes(place: Place) -> None:
    ec2 = place.client("ec2")
    (made,) = launch(place)
    ec2.stop_instances(InstanceIds=[made])
    assert (read(place, made).state, read(place, made).public_ip) == ("stopped", "")
    ec2.start_instances(InstanceIds=[made])
    assert (read(place, made).state, read(place, made).public_ip) == ("running", "127.0.1.2")


def test_the_generation_grows_with_changes_only(place: Place) -> None:
    ec2 = place.client("ec2")
    ec2.describe_instances()
    before = place.neighbours.generation
    ec2.describe_instances()
    assert place.neighbours.generation == before
    (made,) = launch(place)
    after = place.neighbours.generation
    assert after > before
    ec2.create_tags(Resources=[made], Tags=[{"Key": "Name", "Value": "a"}])
    assert place.neighbours.generation > after
    assert ("Name", "a") in read(place, made).tags


def test_a_group_replaces_what_is_terminated_in_the_emptier_zone(place: Place) -> None:
    place.make_stack()
    first = next(i for i in place.neighbours.instances() if i.availability_zone == "us-east-1a")
    place.client("ec2").terminate_instances(InstanceIds=[first.id])
    assert read(place, first.id).state == "terminated"
    alive = [i for i in place.neighbours.instances() if i.state == "running"]
    assert sorted(i.availability_zone for i in alive) == ["us-east-1a", "us-east-1b"]
    assert all(i.instance_profile for i in alive)
    assert "127.0.1.3" in {i.public_ip for i in alive}


def test_disks_and_interfaces_are_tagged_as_the_launch_template_says(place: Place) -> None:
    place.make_stack()
    ec2 = place.client("ec2")
    ours = [{"Name": "tag:whose", "Values": ["ours"]}]
    assert len(ec2.describe_volumes(Filters=ours)["Volumes"]) == 2
    assert len(ec2.describe_network_interfaces(Filters=ours)["NetworkInterfaces"]) == 2


def test_recommended_images_are_json_with_the_same_id_as_the_parameter_below(place: Place) -> None:
    ssm = place.client("ssm")
    for system in ("2023", "2"):
        name = RECOMMENDED.format(system)
        told = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
        below = ssm.get_parameter(Name=f"{name}/image_id")["Parameter"]["Value"]
        assert told["image_id"] == below
        assert below.startswith("ami-")


def test_managed_policies_of_aws_are_there(place: Place) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
    assert place.client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


def test_subnets_are_known_to_ecs_as_soon_as_somebody_could_name_them(place: Place) -> None:
    """A region's default network is made by looking at it."""
    assert place.neighbours.subnet("subnet-1") is None
    (first, *_others) = place.client("ec2").describe_subnets()["Subnets"]
    found = place.neighbours.subnet(first["SubnetId"])
    assert found == Subnet(
        first["SubnetId"], first["AvailabilityZone"], first["CidrBlock"], first["VpcId"]
    )
    (made,) = [
        place.client("ec2").create_subnet(VpcId=first["VpcId"], CidrBlock="172.31.96.0/20")[
            "Subnet"
        ]
    ]
    assert place.neighbours.subnet(made["SubnetId"]) is not None
