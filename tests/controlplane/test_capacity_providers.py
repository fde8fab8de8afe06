"""Capacity providers: Fargate, Fargate Spot, and instances of an Auto Scaling group."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab import controlplane as cp
from ecslab.controlplane.capacity import allot
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from ecslab.model.service import Share
from tests.controlplane.fleet import Fleet, replayed

GROUP = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/workers"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-a"]}}
BOTH = [
    {"capacityProvider": "FARGATE", "weight": 1, "base": 2},
    {"capacityProvider": "FARGATE_SPOT", "weight": 3},
]


def fargate(**cluster):
    w = Fleet()
    w.call("CreateCluster", capacityProviders=["FARGATE", "FARGATE_SPOT"], **cluster)
    w.register(requiresCompatibilities=["FARGATE"], cpu="256", memory="512", networkMode="awsvpc")
    return w


def with_group():
    """A provider "workers" with one of two instances."""
    w = Fleet()
    w.call(
        "CreateCapacityProvider",
        name="workers",
        autoScalingGroupProvider={"autoScalingGroupArn": GROUP},
        tags=[{"key": "a", "value": "b"}],
    )
    w.call("CreateCluster", capacityProviders=["workers"])
    w.join()
    w.join(auto_scaling_group="workers")
    w.register()
    return w


def providers(w, arns):
    return Counter(w.task(arn).get("capacityProviderName") for arn in arns)


def refused(w, operation, **params):
    before = w.state
    with pytest.raises(AwsError) as caught:
        w.call(operation, **params)
    assert w.state is before
    return caught.value.code, caught.value.message


# -- strategies -----------------------------------------------------------------------------------


def test_the_base_comes_first_and_the_weights_share_the_rest():
    shares = (Share("FARGATE", 1, 2), Share("FARGATE_SPOT", 3))
    assert allot(shares, 10, {}) == {"FARGATE": 4, "FARGATE_SPOT": 6}
    assert allot(shares, 2, {}) == {"FARGATE": 2}
    assert allot(shares, 4, {"FARGATE": 2}) == {"FARGATE": 1, "FARGATE_SPOT": 3}


def test_a_weight_of_zero_gets_its_base_and_nothing_more():
    shares = (Share("a", 0, 1), Share("b", 1))
    assert allot(shares, 5, {}) == {"a": 1, "b": 4}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=4),
    st.integers(0, 60),
)
def test_every_task_finds_a_provider_and_shares_differ_by_less_than_one_task(pairs, count):
    pairs = [(pairs[0][0] + 1, pairs[0][1]), *pairs[1:]]
    shares = tuple(Share(f"p{n}", weight, base) for n, (weight, base) in enumerate(pairs))
    given_ = allot(shares, count, {})
    assert sum(given_.values()) == count
    beyond = {one.provider: given_.get(one.provider, 0) - one.base for one in shares}
    if all(beyond[one.provider] >= 0 for one in shares):
        rest, weights = sum(beyond.values()), sum(one.weight for one in shares)
        for one in shares:
            assert abs(beyond[one.provider] - rest * one.weight / weights) < len(shares)


def test_tasks_are_run_by_the_strategy_of_the_call():
    w = fargate()
    arns = w.run(count=6, capacityProviderStrategy=BOTH, networkConfiguration=NETWORK)
    assert providers(w, arns) == {"FARGATE": 3, "FARGATE_SPOT": 3}
    assert {w.task(arn)["launchType"] for arn in arns} == {"FARGATE"}


def test_without_one_the_clusters_default_strategy_holds():
    w = fargate(defaultCapacityProviderStrategy=BOTH)
    arns = w.run(count=2, networkConfiguration=NETWORK)
    assert providers(w, arns) == {"FARGATE": 2}
    w.create(desiredCount=6, networkConfiguration=NETWORK)
    assert providers(w, w.live()) == {"FARGATE": 3, "FARGATE_SPOT": 3}
    service = w.service()
    assert service["capacityProviderStrategy"] == [
        {"capacityProvider": "FARGATE", "weight": 1, "base": 2},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3, "base": 0},
    ]
    assert "launchType" not in service


def test_a_service_replaces_a_task_where_it_is_missing():
    w = fargate()
    w.create(desiredCount=6, capacityProviderStrategy=BOTH, networkConfiguration=NETWORK)
    w.pass_time(5)
    spot = next(arn for arn in w.live() if w.state.tasks[arn].capacity_provider == "FARGATE_SPOT")
    w.report(m.SpotInterrupted(spot, w.now))
    w.pass_time(5)
    task = w.task(spot)
    assert task["stopCode"] == "SpotInterruption"
    assert task["stoppedReason"] == "Your Spot Task was interrupted."
    assert task["lastStatus"] == "STOPPED"
    assert providers(w, w.live()) == {"FARGATE": 3, "FARGATE_SPOT": 3}


def test_only_spot_tasks_are_interrupted():
    w = fargate()
    (arn,) = w.run(launchType="FARGATE", networkConfiguration=NETWORK)
    before = w.state
    w.report(m.SpotInterrupted(arn, w.now))
    assert w.state is before


def test_a_services_strategy_changes_by_a_forced_deployment():
    w = fargate()
    w.create(desiredCount=2, launchType="FARGATE", networkConfiguration=NETWORK)
    w.pass_time(50)
    text = "must be forced"
    with pytest.raises(AwsError, match=text):
        w.update(capacityProviderStrategy=BOTH[1:])
    w.update(capacityProviderStrategy=BOTH[1:], forceNewDeployment=True)
    w.pass_time(60)
    assert providers(w, w.live()) == {"FARGATE_SPOT": 2}
    assert replayed(w) == w.state


@pytest.mark.parametrize(
    ("strategy", "text"),
    [
        ([{"capacityProvider": "none", "weight": 1}], "not associated with the cluster"),
        ([{"capacityProvider": "FARGATE"}], "needs a weight above 0"),
        ([{"capacityProvider": "FARGATE", "weight": 1001}], "between 0 and 1000"),
        ([{"capacityProvider": "FARGATE", "weight": 1, "base": -1}], "between 0 and 100000"),
        ([BOTH[0], BOTH[0]], "names each capacity provider once"),
        ([BOTH[0], {**BOTH[1], "base": 1}], "Only one capacity provider"),
    ],
)
def test_a_strategy_that_makes_no_sense_is_refused(strategy, text):
    w = fargate()
    said = refused(
        w,
        "RunTask",
        taskDefinition="web",
        capacityProviderStrategy=strategy,
        networkConfiguration=NETWORK,
    )
    assert said[0] == "InvalidParameterException"
    assert text in said[1]


# -- Auto Scaling groups --------------------------------------------------------------------------


def test_tasks_of_a_group_run_on_its_instances_only():
    w = with_group()
    strategy = [{"capacityProvider": "workers", "weight": 1}]
    arns = w.run(count=3, capacityProviderStrategy=strategy)
    homes = {w.state.instances[w.state.tasks[arn].instance_arn].ec2_instance_id for arn in arns}
    assert homes == {"i-00000000000000002"}
    assert providers(w, arns) == {"workers": 3}
    assert w.task(arns[0])["launchType"] == "EC2"


def test_an_instance_names_the_provider_it_belongs_to():
    w = with_group()
    arns = w.call("ListContainerInstances")["containerInstanceArns"]
    found = w.call("DescribeContainerInstances", containerInstances=arns)["containerInstances"]
    named = {one["ec2InstanceId"][-1]: one.get("capacityProviderName") for one in found}
    assert named == {"1": None, "2": "workers"}


def test_a_group_without_instances_is_an_empty_capacity_provider():
    w = with_group()
    w.report(m.InstanceTerminated("i-00000000000000002", w.now))
    strategy = [{"capacityProvider": "workers", "weight": 1}]
    answer = w.call("RunTask", taskDefinition="web", capacityProviderStrategy=strategy)
    (failure,) = answer["failures"]
    assert failure["reason"] == "EMPTY CAPACITY PROVIDER"
    assert failure["arn"].endswith(":capacity-provider/workers")


def test_a_service_waits_for_the_groups_first_instance():
    w = with_group()
    w.report(m.InstanceTerminated("i-00000000000000002", w.now))
    w.create(
        desiredCount=1, capacityProviderStrategy=[{"capacityProvider": "workers", "weight": 1}]
    )
    assert w.live() == []
    w.join(auto_scaling_group="workers")
    assert len(w.live()) == 1
    cp.check(w.state)


def test_fargate_and_groups_do_not_mix():
    w = with_group()
    both = ["FARGATE", "workers"]
    w.call(
        "PutClusterCapacityProviders",
        cluster="default",
        capacityProviders=both,
        defaultCapacityProviderStrategy=[],
    )
    mixed = [{"capacityProvider": name, "weight": 1} for name in both]
    said = refused(w, "RunTask", taskDefinition="web", capacityProviderStrategy=mixed)
    assert said[1].startswith("A capacity provider strategy cannot contain a mix")


# -- the providers themselves ---------------------------------------------------------------------


def test_every_account_has_fargate_and_its_own_are_described_with_them():
    w = with_group()
    found = w.call("DescribeCapacityProviders", include=["TAGS"])["capacityProviders"]
    assert [one["name"] for one in found] == ["FARGATE", "FARGATE_SPOT", "workers"]
    own = found[-1]
    assert (own["status"], own["type"]) == ("ACTIVE", "EC2_AUTOSCALING")
    assert own["autoScalingGroupProvider"]["autoScalingGroupArn"] == GROUP
    assert own["tags"] == [{"key": "a", "value": "b"}]
    answer = w.call("DescribeCapacityProviders", capacityProviders=["workers", "none"])
    assert [one["name"] for one in answer["capacityProviders"]] == ["workers"]
    assert answer["failures"][0]["reason"] == "MISSING"


def test_a_provider_goes_when_no_cluster_names_it():
    w = with_group()
    said = refused(w, "DeleteCapacityProvider", capacityProvider="workers")
    assert "associated with cluster: default" in said[1]
    w.call(
        "PutClusterCapacityProviders",
        cluster="default",
        capacityProviders=[],
        defaultCapacityProviderStrategy=[],
    )
    gone = w.call("DeleteCapacityProvider", capacityProvider="workers")["capacityProvider"]
    assert (gone["status"], gone["updateStatus"]) == ("INACTIVE", "DELETE_COMPLETE")
    assert replayed(w) == w.state


def test_a_provider_in_use_stays_with_its_cluster():
    w = with_group()
    w.run(capacityProviderStrategy=[{"capacityProvider": "workers", "weight": 1}])
    code, text = refused(
        w,
        "PutClusterCapacityProviders",
        cluster="default",
        capacityProviders=[],
        defaultCapacityProviderStrategy=[],
    )
    assert code == "ResourceInUseException"
    assert "workers" in text


@pytest.mark.parametrize(
    ("operation", "params", "text"),
    [
        ("CreateCapacityProvider", {"name": "aws-x"}, "does not begin with aws"),
        ("CreateCapacityProvider", {"name": "workers"}, "already exists"),
        ("CreateCapacityProvider", {"name": "x"}, "autoScalingGroupProvider must be given"),
        ("DeleteCapacityProvider", {"capacityProvider": "FARGATE"}, "reserved"),
        ("DeleteCapacityProvider", {"capacityProvider": "none"}, "was not found"),
        ("UpdateCapacityProvider", {"name": "none"}, "was not found"),
    ],
)
def test_what_cannot_be_done_with_a_provider_is_refused(operation, params, text):
    assert text in refused(with_group(), operation, **params)[1]


def test_the_sandbox_does_not_say_it_would_scale_a_group():
    w = with_group()
    group = {"autoScalingGroupArn": GROUP, "managedScaling": {"status": "ENABLED"}}
    said = refused(w, "CreateCapacityProvider", name="y", autoScalingGroupProvider=group)
    assert said[0] == "UnsupportedFeatureException"
    assert "set it to DISABLED" in said[1]
