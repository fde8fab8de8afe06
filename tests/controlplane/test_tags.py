"""Tags of clusters, definitions, instances and tasks."""

import pytest

from tests.controlplane.world import world


def ready():
    w = world()
    w.register()
    w.run()
    return w


def arns(w):
    return {
        "cluster": w.call("ListClusters")["clusterArns"][0],
        "task-definition": w.call("ListTaskDefinitions")["taskDefinitionArns"][0],
        "container-instance": w.call("ListContainerInstances")["containerInstanceArns"][0],
        "task": w.call("ListTasks")["taskArns"][0],
    }


def tags(w, arn):
    found = w.call("ListTagsForResource", resourceArn=arn)["tags"]
    return {one["key"]: one["value"] for one in found}


def given(**pairs):
    return [{"key": key, "value": value} for key, value in pairs.items()]


@pytest.mark.parametrize("kind", ["cluster", "task-definition", "container-instance", "task"])
def test_a_resource_is_tagged_and_untagged(kind):
    w = ready()
    arn = arns(w)[kind]
    assert tags(w, arn) == {}
    assert w.call("TagResource", resourceArn=arn, tags=given(a="1", b="")) == {}
    w.call("TagResource", resourceArn=arn, tags=given(a="2"))
    assert tags(w, arn) == {"a": "2", "b": ""}
    assert w.call("UntagResource", resourceArn=arn, tagKeys=["a", "nothing"]) == {}
    assert tags(w, arn) == {"b": ""}


@pytest.mark.parametrize(
    "bad",
    [
        given(**{"aws:x": "1"}),
        given(**{"AWS:x": "1"}),
        given(**{"": "1"}),
        given(**{"k" * 129: "1"}),
        given(k="v" * 257),
        [*given(k="1"), *given(k="2")],
        given(**{f"k{n}": "" for n in range(51)}),
    ],
)
def test_a_tag_that_cannot_be_is_refused_everywhere(bad):
    w = ready()
    container = {"name": "m", "image": "i", "memory": 6}
    calls = {
        "TagResource": {"resourceArn": arns(w)["task"]},
        "CreateCluster": {"clusterName": "other"},
        "RegisterTaskDefinition": {"family": "f", "containerDefinitions": [container]},
        "RunTask": {"taskDefinition": "web"},
    }
    for operation, params in calls.items():
        code, _message = w.refused(operation, tags=bad, **params)
        assert code == "InvalidParameterException"


def test_tags_without_a_key_are_told_as_such():
    code, message = ready().refused("CreateCluster", clusterName="other", tags=[{}, {}])
    assert code == "InvalidParameterException"
    assert message == "A tag key has 1 to 128 characters, not 0."


def test_a_resource_has_up_to_50_tags():
    w = ready()
    arn = arns(w)["task"]
    w.call("TagResource", resourceArn=arn, tags=given(**{f"k{n}": "" for n in range(50)}))
    assert w.refused("TagResource", resourceArn=arn, tags=given(more=""))[0] == (
        "InvalidParameterException"
    )
    w.call("TagResource", resourceArn=arn, tags=given(k0="changed"))


@pytest.mark.parametrize("operation", ["ListTagsForResource", "TagResource", "UntagResource"])
def test_what_is_not_there_has_no_tags(operation):
    w = ready()
    more = {"TagResource": {"tags": given(a="1")}, "UntagResource": {"tagKeys": ["a"]}}
    params = more.get(operation, {})
    for kind, arn in arns(w).items():
        code, _message = w.refused(operation, resourceArn=f"{arn}0", **params)
        expected = "ClusterNotFoundException" if kind == "cluster" else "InvalidParameterException"
        assert code == expected
    for arn in ("", "web", "arn:aws:s3:::bucket", "arn:aws:ecs:us-east-1:123456789012:task"):
        code, _message = w.refused(operation, resourceArn=arn, **params)
        assert code == "InvalidParameterException"


def test_a_deleted_cluster_has_no_tags():
    w = world(0)
    w.call("DeleteCluster", cluster="default")
    arn = w.state.clusters[next(iter(w.state.clusters))].arn
    assert w.refused("ListTagsForResource", resourceArn=arn) == (
        "InvalidParameterException",
        "The specified cluster is inactive. Specify an active cluster and try again.",
    )


def test_tags_of_a_task_are_forgotten_with_it():
    w = ready()
    arn = arns(w)["task"]
    w.call("TagResource", resourceArn=arn, tags=given(a="1"))
    w.moved(arn, "STOPPED")
    w.wait(3601)
    assert arn not in w.state.tags
