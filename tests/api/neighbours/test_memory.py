"""What the neighbours remember after their process is gone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from ecslab.api.neighbours import Neighbours
from ecslab.api.neighbours.journal import changes
from ecslab.model.errors import EcslabError
from tests.api.neighbours.conftest import Place, Settle


def world(place: Place) -> dict[str, Any]:
    """Everything a learner could see of the EC2 side."""
    ec2, cloudformation = place.client("ec2"), place.client("cloudformation")
    seen = {
        "instances": place.neighbours.instances(),
        "described": ec2.describe_instances()["Reservations"],
        "vpcs": ec2.describe_vpcs()["Vpcs"],
        "subnets": ec2.describe_subnets()["Subnets"],
        "interfaces": ec2.describe_network_interfaces()["NetworkInterfaces"],
        "volumes": ec2.describe_volumes()["Volumes"],
        "keys": ec2.describe_key_pairs()["KeyPairs"],
        "stacks": cloudformation.describe_stacks()["Stacks"],
        "events": cloudformation.describe_stack_events(StackName="lab")["StackEvents"],
        "groups": place.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"],
        "roles": place.client("iam").list_roles()["Roles"],
        "note": place.client("ssm").get_parameter(Name="/note")["Parameter"],
        "elsewhere": place.client("ec2", region="ap-northeast-1").describe_vpcs()["Vpcs"],
    }
    return {name: _sorted(value) for name, value in seen.items()}


def _sorted(value: Any) -> Any:
    """Lists that come out of sets have no order of their own."""
    if isinstance(value, dict):
        return {k: _sorted(v) for k, v in value.items() if k != "ResponseMetadata"}
    if isinstance(value, list):
        return sorted((_sorted(v) for v in value), key=repr)
    return value


def live(place: Place) -> None:
    """A life with some of everything."""
    place.make_stack()
    ec2, scaling = place.client("ec2"), place.client("autoscaling")
    ec2.create_key_pair(KeyName="mine")
    place.client("ssm").put_parameter(Name="/note", Value="1", Type="String")
    one, two = place.neighbours.instances()
    ec2.terminate_instances(InstanceIds=[one.id])
    ec2.stop_instances(InstanceIds=[two.id])
    ec2.start_instances(InstanceIds=[two.id])
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    for capacity in (4, 2):
        scaling.update_auto_scaling_group(
            AutoScalingGroupName=group["AutoScalingGroupName"], DesiredCapacity=capacity
        )


def test_the_world_is_the_same_after_a_restart(settle: Settle, tmp_path: Path) -> None:
    first = settle(tmp_path / "neighbours.jsonl")
    live(first)
    before = world(first)
    second = settle(tmp_path / "neighbours.jsonl")
    assert world(second) == before
    assert second.ecs.calls == []


def test_life_goes_on_after_a_restart(settle: Settle, tmp_path: Path) -> None:
    first = settle(tmp_path / "neighbours.jsonl")
    live(first)
    second = settle(tmp_path / "neighbours.jsonl")
    given = {i.public_ip for i in second.neighbours.instances()}
    second.client("ec2").run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)
    assert second.neighbours.instances()[-1].public_ip not in given
    before = world(second)
    assert world(settle(tmp_path / "neighbours.jsonl")) == before


def test_a_torn_last_line_is_cut_off(settle: Settle, tmp_path: Path) -> None:
    journal = tmp_path / "neighbours.jsonl"
    first = settle(journal)
    live(first)
    before = world(first)
    with journal.open("a") as file:
        file.write('{"at": 1, "se')
    second = settle(journal)
    assert world(second) == before
    second.client("ssm").put_parameter(Name="/more", Value="1", Type="String")
    assert json.loads(journal.read_text().splitlines()[-1])["method"] == "POST"


def test_a_broken_line_in_the_middle_is_told_with_its_number(tmp_path: Path) -> None:
    journal = tmp_path / "neighbours.jsonl"
    journal.write_text('{"version":1,"seed":"a"}\nnot json\n{"at":1}\n')
    with pytest.raises(EcslabError, match="Line 2"):
        Neighbours(journal).instances()


def test_without_a_journal_nothing_is_loaded_to_say_that_there_is_nothing(tmp_path: Path) -> None:
    started = time.perf_counter()
    assert Neighbours(tmp_path / "neighbours.jsonl").instances() == ()
    assert time.perf_counter() - started < 0.1


def test_reading_is_not_kept_and_neither_are_secrets(settle: Settle, tmp_path: Path) -> None:
    place = settle(tmp_path / "neighbours.jsonl")
    place.client("ec2").describe_vpcs()
    assert not (tmp_path / "neighbours.jsonl").exists()
    place.client("ssm").put_parameter(Name="/a", Value="1", Type="String")
    text = (tmp_path / "neighbours.jsonl").read_text()
    assert "Credential=AKIDLEARNER/" in text
    assert "Signature=0" in text
    assert "SECURITY_TOKEN" not in text.upper().replace("-", "_")
    assert (tmp_path / "neighbours.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, b"Action=DescribeVpcs&Version=1", False),
        ({}, b"Version=1&Action=RunInstances", True),
        ({"QUERY_STRING": "Action=ListRoles"}, b"", False),
        ({"HTTP_X_AMZ_TARGET": "AmazonSSM.GetParameter"}, b"{}", False),
        ({"HTTP_X_AMZ_TARGET": "AmazonSSM.PutParameter"}, b"{}", True),
        ({"HTTP_X_AMZ_TARGET": "Logs_20140328.PutLogEvents"}, b"{}", False),
        ({"REQUEST_METHOD": "GET"}, b"", False),
        ({"REQUEST_METHOD": "PUT"}, b"", True),
    ],
)
def test_what_changes_the_world(headers: dict[str, str], body: bytes, expected: bool) -> None:
    assert changes({"REQUEST_METHOD": "POST", **headers}, body) is expected
