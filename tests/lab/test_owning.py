"""Whose things are: three tags on whatever can carry them, and hands off what is another's."""

from __future__ import annotations

import pytest

import ecslab
from ecslab.model.errors import EcslabError
from tests.lab.inventory import inventory

TAGS = {"ecslab:learner", "ecslab:workshop", "ecslab:expires"}
WEB = {
    "name": "web",
    "image": "nginx:alpine",
    "memory": 64,
    "portMappings": [{"containerPort": 80, "hostPort": 0}],
}
FARGATE = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256"}


@pytest.fixture
def lab(stub_sandbox, monkeypatch):
    """A learner on an empty sandbox."""
    monkeypatch.setenv("ECSLAB_LEARNER", "yui")
    return ecslab.connect("sandbox", lang="en")


def everything(lab):
    """What the notebooks make: machines, tasks, a service with its balancer, a Fargate task."""
    lab.create_cluster(instances=1)
    web = lab.register_task_definition(containerDefinitions=[WEB])
    lab.wait(lab.run_task(web))
    lab.wait(lab.create_service(web, "web", desired=1, load_balancer=True))
    small = lab.register_task_definition(
        family=lab.names.family("small"), memory="512", containerDefinitions=[NO_PORT], **FARGATE
    )
    lab.wait(lab.run_task(small, launchType="FARGATE"))


NO_PORT = {"name": "web", "image": "nginx:alpine"}


def test_everything_that_can_carry_tags_carries_learner_workshop_and_expiry(lab):
    before = set(inventory(lab))
    everything(lab)
    made = {name: tags for name, tags in inventory(lab).items() if name not in before}
    kinds = {name.partition(" ")[0] for name in made}
    assert kinds == {
        "cluster", "container-instance", "task", "service", "task-definition", "stack", "vpc",
        "subnet", "security-group", "route-table", "internet-gateway", "instance", "volume",
        "network-interface", "launch-template", "auto-scaling-group", "role", "load-balancer",
        "target-group", "listener",
    }  # fmt: skip
    assert {name: TAGS - set(tags) for name, tags in made.items() if TAGS - set(tags)} == {}
    assert {tags["ecslab:learner"] for tags in made.values()} == {lab.names.prefix}


def test_tags_that_one_adds_stand_beside_ours(lab):
    tag = {"key": "course", "value": "autumn"}
    web = lab.register_task_definition(containerDefinitions=[WEB], tags=[tag])
    lab.create_cluster(instances=1)
    lab.run_task(web, tags=[tag])
    found = inventory(lab)
    marked = [name for name, tags in found.items() if tags.get("course") == "autumn"]
    assert {name.partition(" ")[0] for name in marked} == {"task", "task-definition"}
    assert all(set(found[name]) >= TAGS for name in marked)


def test_a_cluster_of_anothers_under_ones_own_name_is_left_alone(lab, capsys):
    theirs = [{"key": "ecslab:learner", "value": "ecslab-mei-00000000"}]
    lab.client("ecs").create_cluster(clusterName=lab.names.cluster, tags=theirs)
    made = lab.create_cluster(template="FARGATE")
    assert made.name == lab.cluster == f"{lab.names.cluster}-2"
    said = capsys.readouterr().out
    assert "it is ecslab-mei-00000000's" in said
    assert f"So yours is called {made.name}." in said
    assert lab.create_cluster(template="FARGATE") == made


def test_a_name_one_chose_oneself_is_refused_when_it_is_anothers(lab):
    lab.client("ecs").create_cluster(clusterName="prod")
    with pytest.raises(EcslabError, match="it carries nobody's tag"):
        lab.create_cluster("prod", template="FARGATE")


def test_the_same_definition_of_anothers_gives_a_revision_of_ones_own(lab, monkeypatch):
    monkeypatch.setenv("ECSLAB_LEARNER", "mei")
    mei = ecslab.connect("sandbox", lang="en")
    theirs = mei.register_task_definition(family="nginx", containerDefinitions=[WEB])
    ours = lab.register_task_definition(family="nginx", containerDefinitions=[WEB])
    again = lab.register_task_definition(family="nginx", containerDefinitions=[WEB])
    assert (theirs.revision, ours.revision, again.revision) == (1, 2, 2)


def test_who_goes_on_working_renews_the_expiry_of_the_cluster(lab, monkeypatch):
    lab.create_cluster(template="FARGATE")
    (first,) = [tags for name, tags in inventory(lab).items() if name.startswith("cluster ")]
    monkeypatch.setenv("ECSLAB_SESSION_HOURS", "5")
    ecslab.connect("sandbox", lang="en").create_cluster(template="FARGATE")
    (second,) = [tags for name, tags in inventory(lab).items() if name.startswith("cluster ")]
    assert second["ecslab:expires"] > first["ecslab:expires"]
