"""Every operation of the ECS API has an answer: its own, or an error that names it."""

import json

import botocore.session
import pytest

from ecslab.api.http import make_app
from ecslab.controlplane import OPERATIONS
from tests.api.wsgi import TARGET, ask
from tests.controlplane.world import world

EVERY = sorted(botocore.session.get_session().get_service_model("ecs").operation_names)
OTHERS = [name for name in EVERY if name not in OPERATIONS]


@pytest.fixture
def app():
    w = world()
    return make_app(
        lambda operation, params, caller: w.call(operation, **params),
        lambda environ, start_response: pytest.fail("ECS went to the neighbours"),
        operations=OPERATIONS,
    )


def test_every_operation_here_is_one_of_the_api():
    assert set(EVERY) >= OPERATIONS.keys()


@pytest.mark.parametrize("operation", OTHERS)
def test_an_operation_that_is_not_here_is_named_in_a_typed_error(app, operation):
    status, headers, body = ask(app, b"{}", TARGET + operation)
    told = json.loads(body)
    assert status == 400
    assert headers["Content-Type"] == "application/x-amz-json-1.1"
    assert told == {
        "__type": "UnsupportedFeatureException",
        "message": f"{operation} is not in this sandbox yet.",
    }


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_operation_that_is_here_answers_an_empty_request(app, operation):
    status, _headers, body = ask(app, b"{}", TARGET + operation)
    assert status in (200, 400)
    if status == 400:
        told = json.loads(body)
        assert told["__type"].endswith("Exception")
        assert told["__type"] not in ("UnsupportedFeatureException", "SerializationException")


@pytest.mark.parametrize(
    "target", ["", TARGET, TARGET + "Nonsense", TARGET + "runTask", "ECS.RunTask", TARGET + "é"]
)
def test_what_is_no_operation_is_said_to_be_none(app, target):
    scope = "AWS4-HMAC-SHA256 Credential=AK/20261124/us-east-1/ecs/aws4_request"
    status, _headers, body = ask(app, b"{}", target, HTTP_AUTHORIZATION=scope)
    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")
