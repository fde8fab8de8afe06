"""ECS over HTTP, as boto3 and others speak it."""

from __future__ import annotations

import datetime
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecslab.api.dispatch import Call, Caller, dispatch
from ecslab.api.http import make_app
from ecslab.model.errors import AwsError
from tests.api.serving import client_at, serving

TARGET = "AmazonEC2ContainerServiceV20141113."
OPERATIONS = {"ListClusters", "RunTask", "CreateCluster", "DescribeTasks", "RegisterTaskDefinition"}


class FakeEcs:
    """Remembers what it was asked; answers what it was told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], Caller]] = []
        self.answer: Any = {}

    def __call__(self, operation: str, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        self.asked.append((operation, params, caller))
        if isinstance(self.answer, Exception):
            raise self.answer
        answer: dict[str, Any] = self.answer
        return answer


def neighbours(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"a neighbour"]


def status(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    return []


@pytest.fixture(scope="module")
def fake() -> FakeEcs:
    return FakeEcs()


@pytest.fixture(scope="module")
def url(fake: FakeEcs, calls: list[Call]) -> Iterator[str]:
    app = make_app(
        fake,
        neighbours,
        operations=OPERATIONS,
        routes={"/_ecslab/status": status, "/_ecslab/files/": status},
        record=calls.append,
        region="ap-northeast-1",
    )
    with serving(app) as at:
        yield at


@pytest.fixture(autouse=True)
def _quiet(fake: FakeEcs, calls: list[Call]) -> None:
    fake.asked.clear()
    fake.answer = {}
    calls.clear()


def send(url: str, body: bytes = b"{}", **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, data=body, method="POST")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, _named(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, _named(error.headers), error.read()


def _named(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def get(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url)
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_boto3_gets_the_answer_and_ecs_gets_operation_members_and_caller(
    url: str, fake: FakeEcs
) -> None:
    fake.answer = {"clusterArns": ["arn:x"]}
    ecs = client_at(url)("ecs", region="eu-west-1")
    assert ecs.list_clusters(maxResults=5)["clusterArns"] == ["arn:x"]
    operation, params, caller = fake.asked[0]
    assert (operation, params) == ("ListClusters", {"maxResults": 5})
    assert (caller.access_key, caller.region) == ("AKIDLEARNER", "eu-west-1")


def test_moments_go_as_seconds_since_the_epoch(url: str, fake: FakeEcs) -> None:
    moment = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)
    fake.answer = {"tasks": [{"createdAt": moment}, {"createdAt": moment.timestamp()}]}
    tasks = client_at(url)("ecs").describe_tasks(tasks=["a"])["tasks"]
    assert [task["createdAt"] for task in tasks] == [moment, moment]


def test_an_answer_carries_its_request_id_and_the_content_type_of_json_1_1(url: str) -> None:
    _, headers, _ = send(url, X_Amz_Target=TARGET + "ListClusters")
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert len(headers["x-amzn-requestid"]) == 36


def test_an_error_of_ecs_arrives_as_boto3s_typed_exception(url: str, fake: FakeEcs) -> None:
    fake.answer = AwsError("ClusterNotFoundException", "Cluster not found.")
    ecs = client_at(url)("ecs")
    with pytest.raises(ecs.exceptions.ClusterNotFoundException, match="Cluster not found"):
        ecs.run_task(taskDefinition="nginx")


def test_an_operation_outside_the_set_is_named_in_a_typed_error(url: str, fake: FakeEcs) -> None:
    ecs = client_at(url)("ecs")
    with pytest.raises(ecs.exceptions.UnsupportedFeatureException) as caught:
        ecs.create_service(serviceName="web")
    assert caught.value.response["Error"]["Message"] == "CreateService is not in this sandbox yet."
    assert fake.asked == []


@pytest.mark.parametrize("target", [TARGET + "Dance", TARGET, TARGET + "listclusters"])
def test_an_unknown_operation_is_told_so(url: str, target: str) -> None:
    code, _, body = send(url, X_Amz_Target=target)
    assert (code, json.loads(body)["__type"]) == (400, "UnknownOperationException")


def test_an_ecs_signature_without_a_target_is_answered_by_ecs(url: str) -> None:
    scope = "AWS4-HMAC-SHA256 Credential=AK/20261124/us-east-1/ecs/aws4_request, Signature=0"
    code, _, body = send(url, Authorization=scope)
    assert (code, json.loads(body)["__type"]) == (400, "UnknownOperationException")


def test_a_python_error_inside_is_a_server_exception_with_a_reference(
    url: str, fake: FakeEcs, caplog: pytest.LogCaptureFixture
) -> None:
    fake.answer = ZeroDivisionError("secret")
    code, headers, body = send(url, X_Amz_Target=TARGET + "ListClusters")
    told = json.loads(body)
    assert (code, told["__type"]) == (500, "ServerException")
    assert headers["x-amzn-requestid"] in told["message"]
    assert headers["x-amzn-requestid"] in caplog.text
    assert "secret" not in told["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"NaN", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_a_serialization_exception(url: str, body: bytes) -> None:
    code, _, answer = send(url, body, X_Amz_Target=TARGET + "ListClusters")
    assert (code, json.loads(answer)["__type"]) == (400, "SerializationException")


def test_an_empty_body_is_an_empty_request(url: str, fake: FakeEcs) -> None:
    assert send(url, b"", X_Amz_Target=TARGET + "ListClusters")[0] == 200
    assert fake.asked[0][1] == {}


def test_a_body_above_the_limit_is_refused_with_413(url: str, fake: FakeEcs) -> None:
    code, _, _ = send(url, b" " * ((1 << 20) + 1), X_Amz_Target=TARGET + "ListClusters")
    assert code == 413
    assert fake.asked == []


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["family", "containerDefinitions", "name", "image", "cpu", "memory", "tags", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(body=st.binary(max_size=60) | anything.map(lambda value: json.dumps(value).encode()))
@settings(suppress_health_check=list(HealthCheck))
def test_no_body_makes_a_500(url: str, fake: FakeEcs, body: bytes) -> None:
    fake.answer = {}
    code, headers, answer = send(url, body, X_Amz_Target=TARGET + "RegisterTaskDefinition")
    assert code in (200, 400)
    assert headers["content-type"] == "application/x-amz-json-1.1"
    json.loads(answer)


@pytest.mark.parametrize("host", ["evil.example"])
def test_a_foreign_host_is_refused(url: str, host: str, fake: FakeEcs) -> None:
    code, _, body = send(url, Host=host or "[", X_Amz_Target=TARGET + "ListClusters")
    assert code == 403
    assert b"this machine only" in body
    assert fake.asked == []


@pytest.mark.parametrize("host", ["localhost:4510", "127.0.0.1", "127.8.9.1:80", "[::1]:4510"])
def test_a_name_of_this_machine_is_welcome(url: str, host: str) -> None:
    assert send(url, Host=host, X_Amz_Target=TARGET + "ListClusters")[0] == 200


def test_a_page_of_another_site_is_refused(url: str) -> None:
    target = TARGET + "ListClusters"
    assert send(url, Origin="https://evil.example", X_Amz_Target=target)[0] == 403
    assert send(url, Origin="null", X_Amz_Target=target)[0] == 403
    assert send(url, Origin="http://localhost:8888", X_Amz_Target=target)[0] == 200


def test_a_person_gets_a_page_in_their_language(url: str) -> None:
    code, japanese = get(url + "/", Accept_Language="ja,en;q=0.8")
    assert code == 200
    assert 'lang="ja"' in japanese
    assert "サンドボックス" in japanese
    assert "The ecslab sandbox" in get(url + "/", Accept_Language="de, en")[1]


def test_the_servers_own_routes_come_first(url: str) -> None:
    assert get(url + "/_ecslab/status") == (200, "/_ecslab/status")
    assert get(url + "/_ecslab/files/a/b") == (200, "/_ecslab/files/a/b")


def test_everything_else_goes_to_the_neighbours(url: str) -> None:
    assert send(url, b"Action=DescribeVpcs")[2] == b"a neighbour"
    assert send(url, X_Amz_Target="AmazonSSM.GetParameter")[2] == b"a neighbour"
    scope = "AWS4-HMAC-SHA256 Credential=AK/20261124/us-east-1/s3/aws4_request, Signature=0"
    assert get(url + "/", Authorization=scope)[1] == "a neighbour"


def test_each_call_is_recorded(url: str, fake: FakeEcs, calls: list[Call]) -> None:
    before = time.time()
    ecs = client_at(url)("ecs")
    ecs.run_task(taskDefinition="nginx", clientToken="t")
    with pytest.raises(ClientError):
        ecs.create_service(serviceName="web")
    ran, refused = calls
    assert (ran.operation, ran.status) == ("RunTask", 200)
    assert ran.params == {"taskDefinition": "nginx", "clientToken": "t"}
    assert ran.caller.region == "us-east-1"
    assert before <= ran.at <= time.time()
    assert ran.milliseconds > 0
    assert (refused.operation, refused.status) == ("CreateService", 400)
    assert refused.error == "UnsupportedFeatureException"


def test_an_unsigned_call_is_in_the_servers_region(url: str, fake: FakeEcs) -> None:
    send(url, X_Amz_Target=TARGET + "ListClusters")
    assert fake.asked[0][2].region == "ap-northeast-1"


@pytest.mark.parametrize("value", ["\ud800", 2**70, "é", 0.1])
def test_an_answer_comes_as_json_whatever_is_in_it(value: object) -> None:
    answer = dispatch(
        lambda operation, params, caller: {"clusterArns": [value]},
        {"ListClusters"},
        "AmazonEC2ContainerServiceV20141113.ListClusters",
        b"{}",
        Caller(),
    )
    assert json.loads(answer.body) == {"clusterArns": [value]}
