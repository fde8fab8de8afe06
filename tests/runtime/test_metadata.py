"""What a task learns about itself."""

from dataclasses import replace

from ecslab.model.task import Claim, Container, NetworkInterface, Task
from ecslab.runtime import metadata
from ecslab.runtime.metadata import Told
from ecslab.runtime.port import Look
from tests.runtime.bench import order

LOOK = Look("ecslab-web", "sha256:1", "172.17.0.2", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")


def told(definition=None, **more):
    web = {"name": "web", "image": "nginx", **(definition or {})}
    task_order = order(web)
    container = Container("web", "arn:c", "nginx", cpu=10, memory=64, runtime_id="abc")
    task = Task(
        arn=task_order.task_arn,
        cluster_arn=task_order.cluster_arn,
        definition_arn="arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
        created_at=0.0,
        claim=Claim("family:web"),
        containers=(container,),
        availability_zone="us-east-1a",
        status="RUNNING",
        pull_started_at=1_700_000_000.25,
        **more,
    )
    return Told(task, task_order, lambda key: LOOK)


def test_tokens_name_a_task_and_one_of_its_containers():
    token = metadata.token_of("arn:aws:ecs:us-east-1:1:task/c/0a1b", 2)
    assert token == "0a1b-0000000002"
    assert metadata.read_token(token) == ("0a1b", 2)
    assert metadata.read_token("nonsense") is None
    assert metadata.read_token("0a1b-x") is None


def test_a_task_on_fargate_tells_its_address_and_its_size():
    interface = NetworkInterface("a", "eni-1", "subnet-1", "10.0.0.7", "0a:00")
    one = told(launch_type="FARGATE", cpu="256", memory="512", interface=interface)
    document = metadata.task_document(replace(one, subnet_cidr="10.0.0.0/24"), 4)
    assert document["Limits"] == {"CPU": 0.25, "Memory": 512}
    assert document["LaunchType"] == "FARGATE"
    (network,) = document["Containers"][0]["Networks"]
    assert network["NetworkMode"] == "awsvpc"
    assert network["IPv4Addresses"] == ["10.0.0.7"]
    assert network["IPv4SubnetCIDRBlock"] == "10.0.0.0/24"
    assert document["PullStartedAt"] == "2023-11-14T22:13:20.250000Z"


def test_version_3_tells_ports_and_no_arn():
    one = told({"portMappings": [{"containerPort": 80, "hostPort": 8080}, {"containerPort": 443}]})
    document = metadata.container_document(one, 0, 3)
    assert "ContainerARN" not in document
    assert document["Ports"] == [
        {"ContainerPort": 80, "Protocol": "tcp", "HostPort": 8080},
        {"ContainerPort": 443, "Protocol": "tcp"},
    ]
    assert document["Networks"] == [{"NetworkMode": "bridge", "IPv4Addresses": ["172.17.0.2"]}]


def test_health_and_service_are_told_where_there_are_any():
    plain = told()
    assert "Health" not in metadata.container_document(plain, 0, 4)
    assert "ServiceName" not in metadata.task_document(plain, 4)
    checked = replace(plain.task.containers[0], checked=True, health="HEALTHY", exit_code=0)
    full = replace(
        plain, task=replace(plain.task, containers=(checked,)), service="web", vpc_id="vpc-1"
    )
    container = metadata.container_document(full, 0, 4)
    assert (container["Health"], container["ExitCode"]) == ({"status": "HEALTHY"}, 0)
    task = metadata.task_document(full, 4)
    assert (task["ServiceName"], task["VPCID"]) == ("web", "vpc-1")
    gone = replace(full, look=lambda key: None)
    assert "CreatedAt" not in metadata.container_document(gone, 0, 4)
