"""Requests the neighbours cannot take."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from tests.api.neighbours.conftest import Place

SCOPE = "AWS4-HMAC-SHA256 Credential=AK/20261124/us-east-1/{}/aws4_request, Signature=0"
BODIES = (
    b"",
    b"{",
    b"[]",
    b"\xff\xfe",
    b"Action=",
    b"Action=Dance",
    b"Action=RunInstances&MinCount=many",
    b"Action=CreateStack&StackName=x",
    b"Action=CreateStack&StackName=x&TemplateBody={",
    b"Action=CreateStack&StackName=x&TemplateBody=Resources: [1]",
)


def send(place: Place, service: str, body: bytes, target: str) -> tuple[int, str]:
    request = urllib.request.Request(place.url, data=body)
    request.add_header("Authorization", SCOPE.format(service))
    if target:
        request.add_header("X-Amz-Target", target)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"]


@pytest.mark.parametrize("service", ["ec2", "cloudformation", "ssm", "iam", "lambda", "nosuch"])
def test_no_body_makes_a_500_or_a_page(place: Place, service: str) -> None:
    for body in BODIES:
        for target in ("", "AmazonSSM.PutParameter", "garbage"):
            status, kind = send(place, service, body, target)
            assert status < 500, (body, target)
            assert "html" not in kind, (body, target)


def test_motos_own_interface_is_closed(place: Place) -> None:
    (before,) = place.client("ec2").run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)[
        "Instances"
    ]
    request = urllib.request.Request(place.url + "/moto-api/reset", data=b"")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)
    assert [i.id for i in place.neighbours.instances()] == [before["InstanceId"]]


def test_an_unsupported_operation_is_a_typed_error_in_the_services_words(place: Place) -> None:
    with pytest.raises(ClientError) as caught:
        place.client("lambda").invoke(FunctionName="x", Payload=b"{}")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404)
