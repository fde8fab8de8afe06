"""The stack behind an EC2 cluster: names AWS takes, and the parts an agent needs."""

from __future__ import annotations

import json

import pytest

from ecslab.steps import stack


@pytest.mark.parametrize(
    ("instance_type", "arm"),
    [("t2.micro", False), ("m5.large", False), ("t4g.micro", True), ("c7gn.large", True),
     ("g4dn.xlarge", False), ("im4gn.large", True)],
)  # fmt: skip
def test_the_image_fits_the_processor(instance_type, arm):
    assert ("arm64" in stack.image_parameter(instance_type)) == arm


@pytest.mark.parametrize("cluster", ["a", "my_cluster", "c" * 255])
def test_names_are_what_cloudformation_and_iam_take(cluster):
    assert len(stack.stack_name(cluster)) <= 128
    assert "_" not in stack.stack_name(cluster)
    role = stack.role_name("ecsInstanceRole", cluster)
    assert len(role) <= 64
    assert role.startswith("ecsInstanceRole-")


def test_every_reference_in_the_template_is_there():
    body = json.loads(stack.template("web"))
    known = set(body["Parameters"]) | set(body["Resources"])

    def named(node):
        if isinstance(node, dict):
            yield from [node["Ref"]] if "Ref" in node else []
            yield from node.get("Fn::GetAtt", [])[:1]
            depends = node.get("DependsOn", [])
            yield from [depends] if isinstance(depends, str) else depends
            for part in node.values():
                yield from named(part)
        elif isinstance(node, list):
            for part in node:
                yield from named(part)

    assert set(named(body["Resources"])) <= known
    values = stack.parameters("t2.micro", 2, "role", ["a", "b"])
    assert set(values) == set(body["Parameters"])


def test_only_the_ports_of_the_workshop_are_open_to_the_world():
    resources = json.loads(stack.template("web"))["Resources"]
    rules = resources["SecurityGroup"]["Properties"]["SecurityGroupIngress"]
    assert [(r["FromPort"], r["ToPort"]) for r in rules] == [(80, 80), (9090, 9090), (32768, 65535)]


def test_the_machines_join_the_cluster_and_guard_their_metadata():
    data = json.loads(stack.template("web"))["Resources"]["LaunchTemplate"]["Properties"]
    data = data["LaunchTemplateData"]
    assert "ECS_CLUSTER=web" in data["UserData"]["Fn::Base64"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
