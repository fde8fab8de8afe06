"""The neighbours asked in process, as agents ask them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecslab.model.errors import AwsError
from tests.api.neighbours.conftest import Place, Settle

REGION = "us-east-1"


def test_what_boto3_wrote_is_read_in_process(place: Place) -> None:
    """Parameters, secrets, objects; in the region they are in."""
    place.client("ssm").put_parameter(Name="/a", Value="1", Type="SecureString")
    place.client("secretsmanager").create_secret(Name="b", SecretString="2")
    place.client("s3").create_bucket(Bucket="files")
    place.client("s3").put_object(Bucket="files", Key="dir/web 1.env", Body=b"A=1\n")
    asked = place.neighbours
    names = {"Names": ["/a", "/nobody"], "WithDecryption": True}
    told = asked.ask("ssm", "GetParameters", names, REGION)
    assert [one["Value"] for one in told["Parameters"]] == ["1"]
    assert told["InvalidParameters"] == ["/nobody"]
    secret = asked.ask("secretsmanager", "GetSecretValue", {"SecretId": "b"}, REGION)
    assert secret["SecretString"] == "2"
    assert asked.read_object("files", "dir/web 1.env", REGION) == b"A=1\n"
    with pytest.raises(AwsError, match="can't find the specified secret"):
        asked.ask("secretsmanager", "GetSecretValue", {"SecretId": "b"}, "eu-west-1")


def test_what_is_not_there_is_refused_in_the_words_of_its_service(place: Place) -> None:
    """Code and message."""
    with pytest.raises(AwsError) as refused:
        place.neighbours.read_object("nobody", "a", REGION)
    assert refused.value.code == "NoSuchBucket"
    stream = {"logGroupName": "g", "logStreamName": "s"}
    with pytest.raises(AwsError) as refused:
        place.neighbours.ask("logs", "CreateLogStream", stream, REGION)
    assert refused.value.code == "ResourceNotFoundException"
    assert refused.value.message == "The specified log group does not exist."


def test_objects_are_the_same_after_a_restart(settle: Settle, tmp_path: Path) -> None:
    """However the SDK encodes them on their way; and their metadata."""
    first = settle(tmp_path / "neighbours.jsonl")
    s3 = first.client("s3")
    s3.create_bucket(Bucket="files")
    s3.put_object(Bucket="files", Key="a", Body=b"x" * 70_000, Metadata={"mine": "yes"})
    second = settle(tmp_path / "neighbours.jsonl")
    told = second.client("s3").get_object(Bucket="files", Key="a")
    assert told["Body"].read() == b"x" * 70_000
    assert {k.lower(): v for k, v in told["Metadata"].items()} == {"mine": "yes"}
