"""What the agent reads out of an instance's user data, and what it registers."""

from dataclasses import dataclass

import pytest

from ecslab.sandbox.joining import AgentSettings, read_user_data, registration

HERE_DOCUMENT = """#!/bin/bash
cat <<'EOF' >> /etc/ecs/ecs.config
ECS_CLUSTER=Web
ECS_INSTANCE_ATTRIBUTES={"stack": "prod"}
ECS_CONTAINER_INSTANCE_TAGS={"team": "a b"}
ECS_RESERVED_MEMORY=64
EOF
"""


@pytest.mark.parametrize(
    "script",
    [
        "#!/bin/bash\necho ECS_CLUSTER=Web >> /etc/ecs/ecs.config",
        "#!/bin/bash\necho ECS_CLUSTER=Web>>/etc/ecs/ecs.config",
        "#!/bin/bash\necho 'ECS_CLUSTER=Web' >> /etc/ecs/ecs.config;",
        '#!/bin/bash\necho "ECS_CLUSTER=Web" > /etc/ecs/ecs.config',
        "#!/bin/bash\necho ECS_CLUSTER='Web' >> /etc/ecs/ecs.config",
        '#!/bin/bash\necho ECS_CLUSTER="Web" >> /etc/ecs/ecs.config',
        "#!/bin/bash\necho ECS_CLUSTER=Old\necho ECS_CLUSTER=Web",
        "#!/bin/bash\n# ECS_CLUSTER=Other\necho ECS_CLUSTER=Web\n  # ECS_CLUSTER=Other",
        HERE_DOCUMENT,
    ],
)
def test_the_cluster_is_found_however_the_script_writes_it(script):
    assert read_user_data(script).cluster == "Web"


@pytest.mark.parametrize("script", ["", "#!/bin/bash\nyum update -y", "echo MY_ECS_CLUSTER=x"])
def test_without_a_name_the_cluster_is_default(script):
    assert read_user_data(script) == AgentSettings(cluster="default", named=False)


def test_attributes_tags_and_reserved_memory_are_read():
    settings = read_user_data(HERE_DOCUMENT)
    assert settings.attributes == (("stack", "prod"),)
    assert settings.tags == (("team", "a b"),)
    assert settings.reserved_memory == 64


def test_attributes_with_escaped_quotes_are_read():
    script = 'echo "ECS_INSTANCE_ATTRIBUTES={\\"stack\\": \\"prod\\"}" >> /etc/ecs/ecs.config'
    assert read_user_data(script).attributes == (("stack", "prod"),)


@pytest.mark.parametrize("value", ["{nonsense}", '["a"]', '{"a": 1}'])
def test_attributes_that_are_no_object_of_strings_are_left_out(value):
    assert read_user_data(f"ECS_INSTANCE_ATTRIBUTES={value}").attributes == ()


@dataclass
class Micro:
    id: str = "i-1"
    image_id: str = "ami-1"
    user_data: str = ""
    instance_type: str = "t2.micro"
    vcpus: int = 1
    memory: int = 1024
    max_enis: int = 2
    architecture: str = "x86_64"
    region: str = "us-east-1"
    availability_zone: str = "us-east-1a"
    vpc_id: str = "vpc-1"
    subnet_id: str = "subnet-1"
    public_ip: str = "127.0.1.1"
    private_ip: str = "10.0.0.1"
    auto_scaling_group: str = ""


def test_a_t2_micro_registers_1024_cpu_and_993_memory():
    said = registration(Micro(), AgentSettings("web"), 5.0)
    assert (said.cpu, said.memory, said.cluster, said.at) == (1024, 993, "web", 5.0)


def test_reserved_memory_is_kept_from_tasks():
    assert registration(Micro(), AgentSettings(reserved_memory=93), 5.0).memory == 900


def test_the_attributes_the_agent_knows_are_registered():
    attributes = dict(registration(Micro(), AgentSettings(), 5.0).attributes)
    assert attributes["ecs.availability-zone"] == "us-east-1a"
    assert attributes["ecs.instance-type"] == "t2.micro"
    assert attributes["ecs.ami-id"] == "ami-1"
    assert attributes["ecs.os-type"] == "linux"
    assert attributes["ecs.cpu-architecture"] == "x86_64"
    assert attributes["ecs.capability.task-eni"] is None


def test_the_auto_scaling_group_that_launched_it_is_told():
    made = registration(Micro(auto_scaling_group="workers"), AgentSettings(), 0.0)
    assert made.auto_scaling_group == "workers"
