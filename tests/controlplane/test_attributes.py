"""Custom attributes of container instances."""

import pytest

from tests.controlplane.world import world


def ready():
    w = world(2)
    first, second = w.call("ListContainerInstances")["containerInstanceArns"]
    return w, first, second


def put(w, target, **pairs):
    given = [{"name": name, "value": value, "targetId": target} for name, value in pairs.items()]
    return w.call("PutAttributes", attributes=given)["attributes"]


def listed(w, **params):
    return w.call("ListAttributes", targetType="container-instance", **params)["attributes"]


def refused(w, operation="PutAttributes", **attribute):
    return w.refused(operation, attributes=[attribute])[0]


def test_an_attribute_is_put_and_placement_sees_it():
    w, first, _second = ready()
    w.register()
    assert put(w, first, color="blue") == [
        {
            "name": "color",
            "value": "blue",
            "targetType": "container-instance",
            "targetId": first,
        }
    ]
    here = [{"type": "memberOf", "expression": "attribute:color == blue"}]
    homes = {w.task(arn)["containerInstanceArn"] for arn in w.run(placementConstraints=here)}
    assert homes == {first}


def test_putting_again_changes_the_value():
    w, first, _second = ready()
    put(w, first, color="blue")
    put(w, first, color="red")
    assert [one["value"] for one in listed(w, attributeName="color")] == ["red"]


def test_an_attribute_needs_no_value():
    w, first, _second = ready()
    w.call("PutAttributes", attributes=[{"name": "spare", "targetId": first}])
    (found,) = listed(w, attributeName="spare")
    assert "value" not in found


def test_attributes_are_listed_by_name_and_value():
    w, first, second = ready()
    put(w, first, color="blue")
    put(w, second, color="red")
    assert {one["targetId"] for one in listed(w, attributeName="color")} == {first, second}
    (red,) = listed(w, attributeName="color", attributeValue="red")
    assert red["targetId"] == second
    zones = listed(w, attributeName="ecs.availability-zone")
    assert {one["value"] for one in zones} == {"us-east-1a", "us-east-1b"}


def test_a_value_alone_lists_nothing():
    w, _first, _second = ready()
    code, _message = w.refused(
        "ListAttributes", targetType="container-instance", attributeValue="red"
    )
    assert code == "InvalidParameterException"


def test_an_attribute_is_deleted():
    w, first, _second = ready()
    put(w, first, color="blue", size="big")
    w.call("DeleteAttributes", attributes=[{"name": "color", "targetId": first}])
    assert listed(w, attributeName="color") == []
    assert len(listed(w, attributeName="size")) == 1


@pytest.mark.parametrize("operation", ["PutAttributes", "DeleteAttributes"])
def test_the_agents_own_attributes_stay_as_they_are(operation):
    w, first, _second = ready()
    given = {"name": "ecs.instance-type", "value": "t3.large", "targetId": first}
    assert refused(w, operation, **given) == "InvalidParameterException"


@pytest.mark.parametrize("operation", ["PutAttributes", "DeleteAttributes"])
def test_a_target_that_is_not_there_is_not_found(operation):
    w, first, _second = ready()
    assert refused(w, operation, name="a", targetId="abc") == "TargetNotFoundException"
    w.call("DeregisterContainerInstance", containerInstance=first)
    assert refused(w, operation, name="a", targetId=first) == "TargetNotFoundException"


@pytest.mark.parametrize("name", ["", "a b", "x" * 129, "色"])
def test_a_bad_name_is_refused(name):
    w, first, _second = ready()
    assert refused(w, name=name, targetId=first) == "InvalidParameterException"


@pytest.mark.parametrize("value", ["", " blue", "blue ", "x" * 129])
def test_a_bad_value_is_refused(value):
    w, first, _second = ready()
    assert refused(w, name="a", value=value, targetId=first) == "InvalidParameterException"


def test_an_instance_has_ten_attributes_of_ones_own():
    w, first, _second = ready()
    put(w, first, **{f"a{n}": "x" for n in range(10)})
    assert refused(w, name="one-more", targetId=first) == "AttributeLimitExceededException"
    put(w, first, a0="y")


@pytest.mark.parametrize("count", [0, 11])
def test_one_to_ten_attributes_can_be_put_at_once(count):
    w, first, _second = ready()
    given = [{"name": f"a{n}", "targetId": first} for n in range(count)]
    assert w.refused("PutAttributes", attributes=given)[0] == "InvalidParameterException"
