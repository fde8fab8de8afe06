"""What the learner's things cost: each once, nobody else's, at the prices of the region."""

from __future__ import annotations

import datetime

import pytest

import ecslab
from ecslab.model.prices import PRICES
from ecslab.sandbox import Status
from ecslab.steps.bench import LEARNER, Bench
from ecslab.steps.cost import cost

HOUR = 3600


def test_nothing_costs_nothing_and_says_so(stub_sandbox: Status) -> None:
    lab = ecslab.connect("sandbox", lang="en")
    lab.create_cluster(template="FARGATE")
    assert str(lab.cost()) == "Nothing of yours costs anything now."


def test_two_instances_cost_twice_their_price_with_disk_and_address(stub_sandbox: Status) -> None:
    lab = ecslab.connect("sandbox", lang="en")
    lab.create_cluster(instance_type="t2.micro", instances=2)
    found = lab.cost()
    each = PRICES["us-east-1"].machine("t2.micro")
    assert found.hourly == pytest.approx(2 * (each or 0))
    assert [charge.what.split()[1] for charge in found.charges] == ["(t2.micro)", "(t2.micro)"]
    assert found.region in found._repr_html_()


class Answers:
    """Clients that answer with what they were given, one page each."""

    def __init__(self, **answers: object) -> None:
        self._answers = answers

    def client(self, _service: str) -> Answers:
        return self

    def get_paginator(self, operation: str) -> Answers:
        return Answers(page=self._answers[operation])

    def paginate(self, **_request: object) -> list[object]:
        return [self._answers["page"]]

    def __getattr__(self, operation: str) -> object:
        return lambda **_request: self._answers[operation]


def test_fargate_tasks_and_balancers_cost_from_when_they_began_and_others_do_not() -> None:
    began = datetime.datetime.fromtimestamp(1_000_000, datetime.timezone.utc)
    me = [{"key": LEARNER, "value": "me"}]
    task = {"taskArn": "arn:task/c/0123456789", "cpu": "256", "memory": "512", "createdAt": began}
    balancers = [
        {"LoadBalancerArn": name, "LoadBalancerName": name, "CreatedTime": began}
        for name in ("mine", "hers")
    ]
    tags = [
        {"ResourceArn": name, "Tags": [{"Key": LEARNER, "Value": whose}]}
        for name, whose in (("mine", "me"), ("hers", "her"))
    ]
    session = Answers(
        list_clusters={"clusterArns": ["c"]},
        describe_clusters={"clusters": [{"clusterName": "c", "status": "ACTIVE", "tags": me}]},
        list_container_instances={"containerInstanceArns": []},
        list_tasks={"taskArns": ["a"]},
        describe_tasks={"tasks": [task]},
        describe_load_balancers={"LoadBalancers": balancers},
        describe_tags={"TagDescriptions": tags},
    )
    found = cost(Bench(session, tags={LEARNER: "me"}), now=1_000_000 + 2 * HOUR)
    # 0.25 vCPU × 0.04048 + 0.5 GB × 0.004445 + 0.005 for its address, two hours, by hand
    assert [charge.what for charge in found.charges] == ["Fargate 01234567 (256/512)", "mine"]
    assert found.charges[0].so_far == pytest.approx(2 * 0.0173425)
    assert found.charges[1].so_far == pytest.approx(2 * 0.0225)


def test_before_machines_are_made_their_price_is_said(
    stub_sandbox: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = ecslab.connect("sandbox", lang="en")
    lab.create_cluster(instances=1)
    lines = capsys.readouterr().out.splitlines()
    price = "1 × t2.micro: would cost about 0.020 USD an hour on AWS (list prices of "
    (said,) = [number for number, line in enumerate(lines) if line.startswith(price)]
    made = next(number for number, line in enumerate(lines) if "makes network" in line)
    assert said < made
    assert str(lab.cost()).startswith("On AWS this would cost 0.020 USD an hour")


def test_what_an_earlier_session_left_is_said_when_one_connects(
    stub_sandbox: Status, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ECSLAB_LEARNER", "yui")
    lab = ecslab.connect("sandbox", lang="en")
    tags = {**lab.names.tags, "ecslab:expires": "2020-01-01T00:00:00Z"}
    low = [{"key": key, "value": value} for key, value in tags.items()]
    lab.client("ecs").create_cluster(clusterName=lab.names.cluster, tags=low)
    capsys.readouterr()
    ecslab.connect("sandbox", lang="en")
    said = capsys.readouterr().out
    assert f"on AWS it would cost: {lab.names.cluster} (+" in said
    monkeypatch.setenv("ECSLAB_LEARNER", "mei")
    ecslab.connect("sandbox", lang="en")
    assert capsys.readouterr().out == ""
