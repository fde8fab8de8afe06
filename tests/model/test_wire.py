"""snake_case here, camelCase there, and back again."""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.task import Task
from ecslab.model.task_definition import EphemeralStorage, PortMapping, TaskDefinition
from ecslab.model.wire import UnknownMemberError, camel, from_wire, snake, to_wire

LEAVES = {
    str: st.text("ab:/é", max_size=3),
    int: st.integers(-(2**31), 2**31 - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    typing.Any: st.sampled_from(["x", 0, False, None, [], {"a": 1}]),
}


def of(hint):
    """Any value of a type, made by this test's own reading of the hint."""
    if dataclasses.is_dataclass(hint):
        return made_of(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.none() if one is type(None) else of(one) for one in args])
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(of(args[0]), max_size=1).map(tuple)
    if origin is tuple:
        return st.tuples(*map(of, args))
    if origin is Mapping:
        return st.dictionaries(st.text("ab", max_size=2), of(args[1]), max_size=2)
    return LEAVES[hint]


def made_of(cls):
    hints = typing.get_type_hints(cls)
    return st.builds(
        cls, **{field.name: of(hints[field.name]) for field in dataclasses.fields(cls)}
    )


slow = settings(suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("cls", [TaskDefinition, Task, ContainerInstance, Cluster])
@slow
@given(st.data())
def test_what_goes_out_through_json_comes_back_the_same(cls, data):
    value = data.draw(made_of(cls))
    again = from_wire(cls, json.loads(json.dumps(to_wire(value))))
    assert to_wire(again) == json.loads(json.dumps(to_wire(value)))
    if cls is TaskDefinition:
        assert again == value


@slow
@given(made_of(TaskDefinition))
def test_every_name_on_the_wire_is_camel_case_and_nothing_is_null(value):
    def walk(document, free):
        for name, inner in document.items():
            assert inner is not None
            assert free or "_" not in name
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    walk(one, free or name in ("options", "labels", "driverOpts", "dockerLabels"))

    walk(to_wire(value), False)


def test_falsy_values_are_values_and_absent_ones_are_absent():
    mapping = PortMapping(container_port=0, name="", protocol=None)
    assert to_wire(mapping) == {"containerPort": 0, "name": ""}
    assert from_wire(PortMapping, {"hostPort": 0}) == PortMapping(host_port=0)


def test_keys_of_a_map_stay_as_they_are():
    wanted = {
        "family": "f",
        "containerDefinitions": [{"dockerLabels": {"my_label": "a_b", "myLabel": "c"}}],
    }
    assert to_wire(from_wire(TaskDefinition, wanted)) == wanted


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("family", "family"),
        ("container_definitions", "containerDefinitions"),
        ("size_in_gib", "sizeInGiB"),
        ("bind_ip", "bindIP"),
        ("ec2_instance_id", "ec2InstanceId"),
        ("s3files_volume_configuration", "s3filesVolumeConfiguration"),
    ],
)
def test_names_go_both_ways(ours, theirs):
    assert camel(ours) == theirs
    assert snake(theirs) == ours


def test_a_member_nobody_knows_is_named():
    with pytest.raises(UnknownMemberError) as caught:
        from_wire(EphemeralStorage, {"sizeInGiB": 21, "color": "blue"})
    assert caught.value.member == "color"


def test_a_required_member_that_is_missing_is_an_error():
    with pytest.raises(TypeError):
        from_wire(EphemeralStorage, {})
