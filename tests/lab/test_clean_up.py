"""Clean-up: what is one's own goes, whatever fails on the way; what is another's stays."""

from __future__ import annotations

import json
import os

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

import ecslab
from ecslab.model.errors import EcslabError
from tests.lab.inventory import inventory

WEB = {"name": "web", "image": "nginx:alpine", "memory": 64}
PARAMETER = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "1"}}
TEMPLATE = json.dumps({"Resources": {"Note": PARAMETER}})


@pytest.fixture
def learner(stub_sandbox, monkeypatch):
    """`learner(name)`: the lab of a learner of that name."""

    def connect(name):
        monkeypatch.setenv("ECSLAB_LEARNER", name)
        return ecslab.connect("sandbox", lang="en")

    return connect


@pytest.fixture
def yui(learner):
    return learner("yui")


def make(lab, tags=None):
    """One of each kind, made quickly: with plain calls, and nothing waited for."""
    given = dict(tags or lab.names.tags)
    ecs, elb = lab.client("ecs"), lab.client("elbv2")
    low = [{"key": key, "value": value} for key, value in given.items()]
    high = [{"Key": key, "Value": value} for key, value in given.items()]
    name = lab.names.cluster
    ecs.create_cluster(clusterName=name, tags=low)
    asked = {"family": f"{name}-web", "containerDefinitions": [WEB], "tags": low}
    definition = ecs.register_task_definition(**asked)["taskDefinition"]["taskDefinitionArn"]
    subnets = [one["SubnetId"] for one in lab.client("ec2").describe_subnets()["Subnets"]][:2]
    (one,) = elb.create_load_balancer(Name=f"{name}-web", Subnets=subnets, Tags=high)[
        "LoadBalancers"
    ]
    (group,) = elb.create_target_group(
        Name=f"{name}-web", Protocol="HTTP", Port=80, VpcId=one["VpcId"], Tags=high
    )["TargetGroups"]
    group = group["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=one["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        Tags=high,
    )
    ecs.create_service(
        cluster=name, serviceName="web", taskDefinition=definition, desiredCount=0, tags=low
    )
    lab.client("application-autoscaling").register_scalable_target(
        **SCALED, ResourceId=f"service/{name}/web", MinCapacity=0, MaxCapacity=2
    )
    lab.client("cloudformation").create_stack(
        StackName=lab.names.stack, TemplateBody=TEMPLATE, Tags=high
    )


SCALED = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}


def of(lab):
    """All that is a learner's: by tag, and what scales their services."""
    found = lab.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    ids = [one["ResourceId"] for one in found["ScalableTargets"]]
    return [one for one in ids if one.split("/")[1] == lab.names.cluster] + [
        name
        for name, tags in inventory(lab).items()
        if tags.get("ecslab:learner") == lab.names.prefix
    ]


def refuse(lab, service, operation, code="AccessDeniedException"):
    """From now on this call is refused; gives what ends that."""

    def handler(**_rest):
        answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {}}
        raise ClientError(answer, operation)

    events, event = (
        lab.client(service).meta.events,
        f"before-call.{service_id(service)}.{operation}",
    )
    events.register(event, handler)
    return lambda: events.unregister(event, handler)


def service_id(service):
    return {"elbv2": "elastic-load-balancing-v2"}.get(service, service)


DELETES = [
    ("application-autoscaling", "DeregisterScalableTarget", "scalable-target"),
    ("ecs", "DeleteService", "service"),
    ("elbv2", "DeleteLoadBalancer", "load-balancer"),
    ("elbv2", "DeleteTargetGroup", "target-group"),
    ("cloudformation", "DeleteStack", "stack"),
    ("ecs", "DeleteCluster", "cluster"),
    ("ecs", "DeregisterTaskDefinition", "task-definition"),
    ("ecs", "DeleteTaskDefinitions", "task-definition"),
]


def test_after_a_failure_at_any_delete_the_next_run_leaves_nothing_of_ours_and_all_of_a_decoys(
    learner,
):
    mei, yui = learner("mei"), learner("yui")
    make(mei)
    theirs = of(mei)
    for service, operation, kind in DELETES:
        make(yui)
        allow = refuse(yui, service, operation)
        first = yui.cleanup()
        failed = [name for name, why in first.left if operation in why]
        assert [name.partition(" ")[0] for name in failed] == [kind]
        assert all("it waits for" in why for name, why in first.left if name not in failed)
        assert len(first.removed) + len(first.left) == len(first.found)
        allow()
        assert yui.cleanup(), operation
        assert of(yui) == [], operation
    assert of(mei) == theirs
    assert str(yui.cleanup()) == "There is nothing of yours to remove."


def test_what_does_not_hang_on_a_failure_is_removed(yui):
    make(yui)
    refuse(yui, "elbv2", "DeleteLoadBalancer")
    done = yui.cleanup()
    kinds = [name.partition(" ")[0] for name in done.removed]
    assert kinds == ["scalable-target", "service", "task-definition"]
    left = {name.partition(" ")[0]: why for name, why in done.left}
    assert "lacks this permission" in left["load-balancer"]
    assert left["cluster"].startswith(f"it waits for: load-balancer {yui.names.cluster}-web")


def test_what_cannot_be_looked_at_is_said_and_the_rest_is_removed(yui):
    make(yui)
    allow = refuse(yui, "elbv2", "DescribeLoadBalancers", "AccessDenied")
    done = yui.cleanup()
    allow()
    assert [name for name, _why in done.left] == ["load balancers"]
    assert {name.partition(" ")[0] for name in of(yui)} == {
        "load-balancer", "target-group", "listener",
    }  # fmt: skip


def test_without_a_network_it_does_not_try_each_thing_in_turn(yui):
    make(yui)
    tried = []

    def unreachable(model, **_rest):
        tried.append(model.name)
        raise EndpointConnectionError(endpoint_url="https://ecs.example")

    yui.client("ecs").meta.events.register("before-call.ecs.DeleteService", unreachable)
    yui.client("cloudformation").meta.events.register("before-call.cloudformation", unreachable)
    yui.client("ecs").meta.events.register("before-call.ecs.DescribeTaskDefinition", unreachable)
    with pytest.raises(EcslabError, match="does not answer"):
        yui.cleanup()
    assert tried == ["DescribeStacks"]


def test_a_login_that_expires_on_the_way_is_said_once_for_all_the_rest(yui):
    make(yui)
    again = refuse(yui, "ecs", "DeleteService", "ExpiredTokenException")
    done = yui.cleanup()
    whys = [why for _name, why in done.left]
    assert whys[0].startswith("The AWS login has expired.")
    assert set(whys[1:]) == {"not tried: The AWS login has expired."}
    assert [name.partition(" ")[0] for name in done.removed] == ["scalable-target"]
    again()
    assert yui.cleanup()


def test_a_stack_that_cannot_be_deleted_says_which_resource_and_why(yui):
    network = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}
    tags = [{"Key": key, "Value": value} for key, value in yui.names.tags.items()]
    yui.client("cloudformation").create_stack(
        StackName="mine", TemplateBody=json.dumps({"Resources": {"Net": network}}), Tags=tags
    )
    ec2 = yui.client("ec2")
    named = [{"Name": "cidr", "Values": ["10.9.0.0/16"]}]
    (vpc,) = ec2.describe_vpcs(Filters=named)["Vpcs"]
    made = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.9.1.0/24")["Subnet"]
    ((name, why),) = yui.cleanup().left
    assert name == "stack mine"
    assert "has dependencies" in why
    assert "run this again" in why
    ec2.delete_subnet(SubnetId=made["SubnetId"])
    assert yui.cleanup().removed == ("stack mine",)


def test_what_another_runs_in_ones_cluster_stays_and_keeps_the_cluster(learner):
    mei, yui = learner("mei"), learner("yui")
    make(yui)
    guest = mei.register_task_definition(containerDefinitions=[WEB])
    mei.create_service(guest, "guest", desired=0, cluster=yui.names.cluster)
    done = yui.cleanup()
    left = dict(done.left)
    assert f"service guest ({mei.names.prefix})" in left[f"stack {yui.names.stack}"]
    assert left[f"cluster {yui.names.cluster}"] == f"it waits for: stack {yui.names.stack}"
    assert any(name.endswith("/guest") for name in of(mei))
    assert len(mei.cleanup().removed) == 1  # its definition: the cluster is not mei's to enter
    ((arn,),) = [[name for name in inventory(yui) if name.endswith("/guest")]]
    yui.client("ecs").delete_service(
        cluster=yui.names.cluster, service=arn.rpartition("/")[2], force=True
    )
    assert yui.cleanup()


def test_what_has_no_tag_of_its_own_goes_with_the_cluster_it_is_in(yui):
    make(yui)
    ecs = yui.client("ecs")
    plain = ecs.register_task_definition(family="plain", containerDefinitions=[WEB])
    arn = plain["taskDefinition"]["taskDefinitionArn"]
    ecs.create_service(cluster=yui.cluster, serviceName="plain", taskDefinition=arn, desiredCount=0)
    assert yui.cleanup()
    assert of(yui) == []
    assert [name for name in inventory(yui) if "plain" in name] == [f"task-definition {arn}"]


def test_what_runs_in_a_cluster_of_nobodys_is_found_by_its_tag(yui):
    yui.client("ecs").create_cluster(clusterName="shared")
    web = yui.register_task_definition(containerDefinitions=[WEB])
    yui.create_service(web, "mine", desired=0, cluster="shared")
    assert "service shared/mine" in yui.cleanup().removed
    assert [name for name in inventory(yui) if name.startswith("cluster ")] == [
        "cluster arn:aws:ecs:us-east-1:123456789012:cluster/shared"
    ]


def test_another_kernel_on_another_machine_finds_what_the_learner_made(
    learner, monkeypatch, tmp_path
):
    make(learner("yui"))
    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path / "elsewhere"))
    import subprocess
    import sys

    command = [sys.executable, "-m", "ecslab", "--lang", "en", "cleanup", "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert of(learner("yui")) == []


# -- all learners ----------------------------------------------------------------------------------

PAST = "2020-01-01T00:00:00Z"


def test_all_learners_of_this_workshop_are_listed_and_removed_and_no_others(
    learner, monkeypatch, capsys
):
    yui, mei = learner("yui"), learner("mei")
    other = learner("ken")
    make(other, {**other.names.tags, "ecslab:workshop": "another"})
    theirs = of(other)
    make(yui)
    make(mei)
    planned = mei.cleanup(all_learners=True, dry_run=True)
    assert [one.learner for one in planned.owned] == sorted([yui.names.prefix, mei.names.prefix])
    assert f"{yui.names.prefix}: 7 things, until 20" in str(planned)
    monkeypatch.setattr("builtins.input", lambda question: "y")
    with pytest.raises(EcslabError, match=r"Nothing was removed\."):
        mei.cleanup(all_learners=True)
    assert len(of(yui)) == len(of(mei)) == 8
    asked = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "ecs-hands-on")
    assert mei.cleanup(all_learners=True)
    assert "14 things of 2 learners" in asked[0]
    assert (of(yui), of(mei), of(other)) == ([], [], theirs)


def test_the_records_of_a_class_go_with_what_all_learners_left(learner, monkeypatch, tmp_path):
    monkeypatch.setenv("ECSLAB_PROGRESS", str(tmp_path / "class"))
    yui = learner("yui")
    yui.register_task_definition(containerDefinitions=[WEB])
    assert yui.journal.flush()
    record = f"progress-record {yui.names.prefix}"
    assert yui.cleanup()
    assert yui.journal.flush()
    ken = learner("ken")
    assert record in ken.cleanup(all_learners=True, dry_run=True).found
    assert record in ken.cleanup(all_learners=True, yes=True).removed
    assert record not in ken.cleanup(all_learners=True, dry_run=True).found


def test_expired_removes_only_what_is_past_its_session(learner):
    yui, mei = learner("yui"), learner("mei")
    make(yui, {**yui.names.tags, "ecslab:expires": PAST})
    make(mei)
    theirs = of(mei)
    planned = mei.cleanup(all_learners=True, expired=True, dry_run=True)
    assert {one.learner for one in planned.owned} == {yui.names.prefix}
    assert "its session ended" in str(planned)
    assert mei.cleanup(all_learners=True, expired=True, yes=True)
    assert (of(yui), of(mei)) == ([], theirs)


def test_what_somebody_still_works_with_is_not_expired(yui):
    make(yui, {**yui.names.tags, "ecslab:expires": PAST})
    yui.create_cluster(template="FARGATE")  # the session goes on
    planned = yui.cleanup(expired=True, dry_run=True)
    kinds = {name.partition(" ")[0] for name in planned.found}
    assert kinds <= {"load-balancer", "target-group"}


def test_what_nothing_says_an_expiry_of_is_not_expired(yui):
    tags = dict(yui.names.tags)
    del tags["ecslab:expires"]
    make(yui, tags)
    assert yui.cleanup(expired=True, dry_run=True).found == ()
    assert len(yui.cleanup(dry_run=True).found) == 7


def test_a_dry_run_says_what_stands_longer_than_its_session(yui):
    make(yui, {**yui.names.tags, "ecslab:expires": PAST})
    found = str(yui.cleanup(dry_run=True))
    assert f"cluster {yui.names.cluster} – its session ended" in found
