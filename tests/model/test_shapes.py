"""Model types against botocore's shapes: every field has its member, every member its field."""

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping

import botocore.session
import pytest

from ecslab.model import cluster, container_instance, task, task_definition
from ecslab.model.agent_messages import NetworkBinding
from ecslab.model.cluster import Cluster
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.lifecycle import HealthStatus, StopCode
from ecslab.model.task import Container, Task
from ecslab.model.task_definition import TaskDefinition

SIMPLE = {"string": str, "integer": int, "long": int, "boolean": bool, "timestamp": float}


@functools.cache
def model():
    return botocore.session.get_session().get_service_model("ecs")


def register_input():
    return model().operation_model("RegisterTaskDefinition").input_shape


def plain(hint):
    """A type without its None."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (hint,) = [one for one in typing.get_args(hint) if one is not type(None)]
    return hint


def wire(field_name):
    """Written here anew: the first word small, the others with a capital; two odd ones."""
    odd = {"size_in_gib": "sizeInGiB", "bind_ip": "bindIP"}
    first, *rest = field_name.split("_")
    return odd.get(field_name, first + "".join(word.capitalize() for word in rest))


def pairs(shape, cls, path=""):
    """(path, shape of the owner, class of the owner) of every structure of a task definition."""
    yield path, shape, cls
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        member = shape.members.get(wire(field.name))
        hint = plain(hints[field.name])
        here = f"{path}.{wire(field.name)}".lstrip(".")
        if member is not None and member.type_name == "list":
            member, hint, here = member.member, typing.get_args(hint)[0], f"{here}[]"
        if member is not None and member.type_name == "structure":
            yield from pairs(member, hint, here)


STRUCTURES = list(pairs(register_input(), TaskDefinition))
IDS = [path or "TaskDefinition" for path, _shape, _cls in STRUCTURES]


@pytest.mark.parametrize(("path", "shape", "cls"), STRUCTURES, ids=IDS)
def test_every_field_of_a_definition_has_its_member_and_the_other_way_round(path, shape, cls):
    fields = {wire(field.name) for field in dataclasses.fields(cls)}
    missing = {f"{path}.{name}".lstrip(".") for name in shape.members.keys() - fields}
    assert fields <= shape.members.keys()
    assert missing <= task_definition.NOT_MODELLED.keys()


@pytest.mark.parametrize(("path", "shape", "cls"), STRUCTURES, ids=IDS)
def test_a_field_is_required_where_the_member_is(path, shape, cls):
    required = {
        wire(field.name)
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING
    }
    assert required == set(shape.required_members)


@pytest.mark.parametrize(("path", "shape", "cls"), STRUCTURES, ids=IDS)
def test_a_field_has_the_type_of_its_member(path, shape, cls):
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        member, hint = shape.members[wire(field.name)], plain(hints[field.name])
        if member.type_name == "list":
            assert typing.get_origin(hint) is tuple
            member, hint = member.member, typing.get_args(hint)[0]
        if member.type_name == "map":
            assert typing.get_origin(hint) is Mapping
        elif member.type_name == "structure":
            assert dataclasses.is_dataclass(hint)
        else:
            assert hint is SIMPLE[member.type_name]


@pytest.mark.parametrize(("path", "shape", "cls"), STRUCTURES, ids=IDS)
def test_what_is_optional_is_absent_unless_given(path, shape, cls):
    defaults = {field.default for field in dataclasses.fields(cls)} - {dataclasses.MISSING}
    assert defaults <= {None}


def members(path):
    """Whether a path of NOT_MODELLED leads to a member of RegisterTaskDefinition."""
    shape = register_input()
    for step in path.split("."):
        shape = shape.members[step.removesuffix("[]")]
        if step.endswith("[]"):
            shape = shape.member
    return shape


@pytest.mark.parametrize("path", task_definition.NOT_MODELLED)
def test_what_is_not_modelled_is_a_member_and_says_why(path):
    assert members(path)
    assert task_definition.NOT_MODELLED[path].endswith(".")


# -- nouns of our own: what they are called on the wire, and what is ours alone -------------------

NOUNS = [
    (
        Cluster,
        "Cluster",
        {
            "arn": "clusterArn",
            "name": "clusterName",
            "default_strategy": "defaultCapacityProviderStrategy",
        },
        set(),
    ),
    (
        ContainerInstance,
        "ContainerInstance",
        {
            "arn": "containerInstanceArn",
            "ec2_instance_id": "ec2InstanceId",
            "connected": "agentConnected",
            "cpu": "registeredResources",
            "memory": "registeredResources",
            "ports": "registeredResources",
            "ports_udp": "registeredResources",
            "gpus": "registeredResources",
            "agent_version": "versionInfo",
            "docker_version": "versionInfo",
        },
        {
            "cluster_arn",
            "public_ip",
            "private_ip",
            "max_enis",
            "left_at",
            "terminated",
            "auto_scaling_group",
        },
    ),
    (
        Task,
        "Task",
        {
            "arn": "taskArn",
            "definition_arn": "taskDefinitionArn",
            "instance_arn": "containerInstanceArn",
            "status": "lastStatus",
            "desired": "desiredStatus",
            "execute_command": "enableExecuteCommand",
            "interface": "attachments",
            "connected_at": "connectivityAt",
            "claim": "group",
            "capacity_provider": "capacityProviderName",
        },
        {
            "reference_id",
            "open_ports",
            "changed_at",
            "service_arn",
            "doors",
            "targets",
            "settled",
            "proven",
            "ill",
            "protected_until",
        },
    ),
    (
        Container,
        "Container",
        {
            "arn": "containerArn",
            "status": "lastStatus",
            "health": "healthStatus",
            "bindings": "networkBindings",
        },
        {"essential", "checked"},
    ),
    (NetworkBinding, "NetworkBinding", {}, set()),
]


@pytest.mark.parametrize(("cls", "shape", "called", "ours"), NOUNS, ids=[n[1] for n in NOUNS])
def test_every_field_of_a_noun_is_on_the_wire_or_ours_alone(cls, shape, called, ours):
    names = {field.name for field in dataclasses.fields(cls)}
    assert called.keys() | ours <= names
    told = {called.get(name, wire(name)) for name in names - ours}
    assert told <= model().shape_for(shape).members.keys()
    assert {wire(name) for name in ours}.isdisjoint(model().shape_for(shape).members)


GAPS = {
    **cluster.NOT_MODELLED,
    **container_instance.NOT_MODELLED,
    **task.NOT_MODELLED,
}


@pytest.mark.parametrize("gap", GAPS)
def test_what_no_answer_has_is_a_member_and_says_why(gap):
    shape, _dot, member = gap.partition(".")
    assert member in model().shape_for(shape).members
    assert GAPS[gap].endswith(".")


def test_stop_codes_health_and_container_words_are_those_of_the_api():
    assert set(typing.get_args(StopCode)) == set(model().shape_for("TaskStopCode").enum)
    assert set(typing.get_args(HealthStatus)) == set(model().shape_for("HealthStatus").enum)
