"""No body makes a 500: bytes, JSON of any shape, and requests that are nearly right.

Behind the border stands the real control plane with a cluster, an instance, definitions, tasks and
a service, so that a nearly right request gets far. What it made is written down as the fact log
writes it and read again.
"""

import json

import botocore.session
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecslab import controlplane as cp
from ecslab.api import validate
from ecslab.api.http import make_app
from ecslab.controlplane import OPERATIONS
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from tests.api.wsgi import TARGET, ask
from tests.controlplane.fleet import fleet
from tests.controlplane.world import NETWORK

MODEL = botocore.session.get_session().get_service_model("ecs")
slow = settings(suppress_health_check=list(HealthCheck), deadline=None)


def furnished():
    """A world in which something can be asked for."""
    w = fleet(2, ports=[{"containerPort": 80}])
    w.register("eni", networkMode="awsvpc", tags=[{"key": "a", "value": "b"}])
    w.run(count=2, clientToken="t")
    w.create()
    w.settle()
    return w


@pytest.fixture(scope="module")
def first():
    return furnished().state


@pytest.fixture(scope="module")
def names(first):
    """Names and ARNs of what is there."""
    arns = [*first.clusters, *first.definitions, *first.instances, *first.tasks, *first.services]
    return [*arns, *(arn.rsplit("/", 1)[-1] for arn in arns), "web", "default", "t"]


@pytest.fixture
def app(first):
    w = furnished()
    w.state = first

    def ecs(operation, params, caller):
        outcome = cp.handle(w.state, operation, params, w.context())
        state = w.state
        for fact in outcome.facts:
            record = json.loads(json.dumps(cp.fact_to_json(fact)).encode())
            state = cp.evolve(state, cp.fact_from_json(record))
        cp.check(state)
        for _round in range(100):
            facts = cp.reconcile(state, w.context())
            if not facts:
                break
            for fact in facts:
                cp.orders(state, fact)
                state = cp.evolve(state, fact)
        return outcome.answer

    return make_app(ecs, lambda environ, start_response: [], operations=OPERATIONS)


def check(app, operation, body, caplog):
    status, headers, answer = ask(app, body, TARGET + operation)
    assert status in (200, 400), caplog.text
    assert headers["Content-Type"] == "application/x-amz-json-1.1"
    told = json.loads(answer)
    if status == 400:
        assert told["__type"].endswith("Exception")
        assert told["message"]


operations = st.sampled_from(sorted(OPERATIONS))
words = st.text(max_size=6) | st.sampled_from(
    ["\ud800", "\x00", "é" * 300, "9" * 5000, "web:" + "9" * 5000, "../..", "{}", "-1", "NaN", " "]
)
numbers = st.integers(-3, 12) | st.sampled_from(
    [2**31 - 1, -(2**31), 2**31, 2**63, 10**400, 1e308, -0.0, 0.5, 1e400]
)


@slow
@given(operations, st.binary(max_size=80))
def test_any_bytes(app, caplog, operation, body):
    check(app, operation, body, caplog)


anything = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=10,
)


@slow
@given(st.data())
def test_any_json_in_any_member(app, caplog, data):
    operation = data.draw(operations)
    members = sorted(MODEL.operation_model(operation).input_shape.members)
    body = data.draw(st.dictionaries(st.sampled_from(members), anything)) if members else {}
    check(app, operation, json.dumps(body).encode(), caplog)


def nearly(shape, names, depth=0):
    """A value of a shape, now and then a wrong one; structures have about the right members."""
    kind = shape.type_name
    if kind == "structure":
        if depth > 5:
            return st.just({})
        inner = {name: nearly(one, names, depth + 1) for name, one in shape.members.items()}
        required = {name: inner.pop(name) for name in shape.required_members if name in inner}
        few = st.lists(st.sampled_from(sorted(inner)), max_size=5, unique=True) if inner else None
        if few is None:
            return st.fixed_dictionaries(required)
        return few.flatmap(
            lambda chosen: st.fixed_dictionaries(required | {name: inner[name] for name in chosen})
        )
    if kind == "list":
        return st.lists(nearly(shape.member, names, depth + 1), max_size=3)
    if kind == "map":
        return st.dictionaries(words, nearly(shape.value, names, depth + 1), max_size=2)
    if kind == "boolean":
        return st.booleans()
    if kind == "string":
        return st.sampled_from(shape.enum) if shape.enum else st.sampled_from(names) | words
    return numbers


@slow
@given(st.data())
def test_requests_that_are_nearly_right(app, caplog, names, data):
    operation = data.draw(operations)
    shape = MODEL.operation_model(operation).input_shape
    body = data.draw(nearly(shape, names))
    check(app, operation, json.dumps(body).encode(), caplog)


SEEDS = {
    "RegisterTaskDefinition": {
        "family": "new",
        "networkMode": "bridge",
        "containerDefinitions": [
            {"name": "a", "image": "i", "memory": 64, "portMappings": [{"containerPort": 80}]},
            {"name": "b", "image": "i", "memory": 64},
        ],
    },
    "RunTask": {"taskDefinition": "web", "count": 1, "overrides": {"containerOverrides": []}},
    "StartTask": {"taskDefinition": "web", "containerInstances": ["INSTANCE"]},
    "CreateService": {"serviceName": "s", "taskDefinition": "web", "desiredCount": 1},
    "UpdateService": {"service": "web"},
    "ListTasks": {},
    "ListServices": {},
    "ListContainerInstances": {},
    "CreateCluster": {"clusterName": "new"},
    "PutAttributes": {"attributes": [{"name": "a", "targetId": "INSTANCE"}]},
    "StopTask": {"task": "TASK"},
    "DeregisterContainerInstance": {"containerInstance": "INSTANCE", "force": True},
    "DeleteService": {"service": "web", "force": True},
    "UpdateContainerInstancesState": {"containerInstances": ["INSTANCE"], "status": "DRAINING"},
    "DeregisterTaskDefinition": {"taskDefinition": "web:1"},
    "TagResource": {"resourceArn": "TASK", "tags": [{"key": "k", "value": "v"}]},
}
"""Requests that are right, to be spoilt in one place or two."""


def spoilt(draw, shape, value, names):
    """The value with something else somewhere in it."""
    if shape.type_name == "structure" and isinstance(value, dict) and shape.members:
        known = sorted(value.keys() & shape.members.keys())
        deeper = draw(st.booleans()) and known
        name = draw(st.sampled_from(known if deeper else sorted(shape.members)))
        inner = shape.members[name]
        if deeper:
            return {**value, name: spoilt(draw, inner, value[name], names)}
        return {**value, name: draw(nearly(inner, names))}
    if shape.type_name == "list" and isinstance(value, list) and value:
        at = draw(st.integers(0, len(value) - 1))
        made = spoilt(draw, shape.member, value[at], names)
        return [*value[:at], made, *value[at + 1 :]]
    return draw(nearly(shape, names))


@slow
@given(st.data())
def test_right_requests_spoilt_in_a_place_or_two(app, caplog, first, names, data):
    operation = data.draw(st.sampled_from(sorted(SEEDS)))
    text = json.dumps(SEEDS[operation]).replace("INSTANCE", next(iter(first.instances)))
    body = json.loads(text.replace("TASK", next(iter(first.tasks))))
    shape = MODEL.operation_model(operation).input_shape
    for _time in range(data.draw(st.integers(1, 2))):
        body = spoilt(data.draw, shape, body, names)
    check(app, operation, json.dumps(body).encode(), caplog)


@slow
@given(st.data())
def test_what_was_registered_can_be_run_however_odd_it_is(names, data):
    shape = MODEL.operation_model("RegisterTaskDefinition").input_shape
    body = SEEDS["RegisterTaskDefinition"]
    for _time in range(data.draw(st.integers(1, 3))):
        body = spoilt(data.draw, shape, body, names)
    w = fleet(2)
    try:
        w.call("RegisterTaskDefinition", **validate.check("RegisterTaskDefinition", body))
    except AwsError:
        return
    network = {"networkConfiguration": NETWORK} if body.get("networkMode") == "awsvpc" else {}
    w.call("RunTask", taskDefinition=body["family"], **network)
    w.wait(5)
    for order in w.orders:
        assert isinstance(order, m.RunTask)
        json.dumps(order.definition)
    cp.check(w.state)


@pytest.mark.parametrize("operation", SEEDS)
def test_the_requests_to_be_spoilt_are_right(app, first, operation):
    text = json.dumps(SEEDS[operation]).replace("INSTANCE", next(iter(first.instances)))
    body = text.replace("TASK", next(iter(first.tasks))).encode()
    status, _headers, answer = ask(app, body, TARGET + operation)
    assert status == 200, answer


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"cluster":' + b"9" * 100_000 + b"}",
        b'{"count":' + b"9" * 5000 + b"}",
        b'{"count":1e99999}',
        b'{"maxResults":' + b"9" * 4000 + b"}",
        b'{"cluster":"' + b"x" * 900_000 + b'"}',
        b'{"cluster":"\\ud800"}',
        b'{"cluster":"a","cluster":"b"}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"nul",
        b"-",
    ],
    ids=range(13),
)
def test_bodies_made_to_break_things(app, caplog, body):
    for operation in ("ListTasks", "RunTask", "RegisterTaskDefinition"):
        check(app, operation, body, caplog)


def test_a_filter_made_to_break_things(app, caplog):
    for text in ("(" * 100_000, "not " * 50_000, "a" * 100_000, "agentVersion < " + "9" * 9000):
        body = json.dumps({"filter": text}).encode()
        check(app, "ListContainerInstances", body, caplog)


def test_a_length_that_lies_is_no_trouble(app):
    status, _headers, _answer = ask(app, b"{}", TARGET + "ListTasks", CONTENT_LENGTH="nonsense")
    assert status == 200
