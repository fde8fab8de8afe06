"""What tasks have around them, on both runtimes: metadata, credentials, secrets, logs, commands."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from ecslab import sandbox
from ecslab.sandbox import probe
from tests.sandbox.scene import running, the_task
from tests.sandbox.serving import launch, until

ROLE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@pytest.fixture(params=["stub", pytest.param("docker", marks=pytest.mark.docker)])
def served(request):
    """A sandbox with a cluster of one instance, on each runtime in turn."""
    server = request.getfixturevalue(f"{request.param}_sandbox")
    return with_cluster(server)


def with_cluster(server):
    ecs = server.client()
    ecs.create_cluster(clusterName="web", tags=[{"key": "team", "value": "blue"}])
    launch(server)
    until(lambda: ecs.list_container_instances(cluster="web")["containerInstanceArns"])
    return server


def role(server):
    made = server.client("iam").create_role(
        RoleName="task", AssumeRolePolicyDocument=json.dumps(ROLE)
    )
    return made["Role"]["Arn"]


def run(server, container, **more):
    """A task of one container, RUNNING; its ARN."""
    ecs = server.client()
    container = {"name": "web", "image": "nginx:alpine", "memory": 64, **container}
    settings = {name: more.pop(name) for name in tuple(more) if name.endswith("RoleArn")}
    ecs.register_task_definition(family="web", containerDefinitions=[container], **settings)
    (task,) = ecs.run_task(cluster="web", taskDefinition="web", **more)["tasks"]
    return task["taskArn"]


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def stopped(server, arn):
    ecs = server.client()
    return until(lambda: (one := the_task(ecs, arn))["lastStatus"] == "STOPPED" and one, 60)


def events(server, group, stream):
    logs = server.client("logs")
    try:
        told = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
    except ClientError:
        return []
    return [one["message"] for one in told["events"]]


def test_a_task_can_be_asked_about_itself_at_the_sandboxs_own_port(served):
    """Versions 3 and 4: the container, the task, with tags."""
    arn = run(served, {"cpu": 10}, tags=[{"key": "kind", "value": "test"}])
    task = running(served.client(), arn)
    token = f"{arn.rpartition('/')[2]}-0000000000"
    url = f"{sandbox.endpoint(served.port)}/v4/{token}"
    container = fetch(url)
    assert container["Name"] == "web"
    assert container["KnownStatus"] == "RUNNING"
    assert container["Limits"] == {"CPU": 10, "Memory": 64}
    assert container["ContainerARN"] == task["containers"][0]["containerArn"]
    assert container["Labels"]["com.amazonaws.ecs.task-arn"] == arn
    assert container["StartedAt"] > container["CreatedAt"]
    whole = fetch(f"{url}/task")
    assert (whole["TaskARN"], whole["Family"], whole["Revision"]) == (arn, "web", "1")
    assert (whole["DesiredStatus"], whole["KnownStatus"]) == ("RUNNING", "RUNNING")
    assert whole["LaunchType"] == "EC2"
    assert whole["Containers"] == [container]
    assert fetch(f"{url}/taskWithTags")["TaskTags"] == {"kind": "test"}
    old = fetch(f"{url.replace('/v4/', '/v3/')}/task")
    assert "LaunchType" not in old
    assert "ContainerARN" not in old["Containers"][0]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{sandbox.endpoint(served.port)}/v4/nobody-0000000000/task")


@pytest.mark.docker
def test_a_real_container_finds_its_metadata_and_the_credentials_of_its_role(docker_sandbox):
    """By the variables it was given, at an address that SDKs trust."""
    served = with_cluster(docker_sandbox)
    script = (
        "wget -qO- $ECS_CONTAINER_METADATA_URI_V4/task; echo;"
        "wget -qO- $ECS_CONTAINER_METADATA_URI; echo;"
        "wget -qO- $AWS_CONTAINER_CREDENTIALS_FULL_URI; echo;"
        "wget -qO- $ECS_CONTAINER_METADATA_URI_V4/stats; echo; sleep 60"
    )
    arn = run(
        served,
        {
            "image": "busybox:stable",
            "command": ["sh", "-c", script],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "/ecs/web",
                    "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": "ecs",
                    "awslogs-create-group": "true",
                },
            },
        },
        taskRoleArn=role(served),
    )
    running(served.client(), arn)
    stream = f"ecs/web/{arn.rpartition('/')[2]}"
    said = until(lambda: len(found := events(served, "/ecs/web", stream)) >= 4 and found, 30)
    task, container, credentials, stats = (json.loads(line) for line in said)
    assert task["TaskARN"] == arn
    assert task["Containers"][0]["LogOptions"]["awslogs-stream"] == stream
    assert container["DockerId"] == task["Containers"][0]["DockerId"]
    assert container["Networks"][0]["IPv4Addresses"]
    assert credentials["RoleArn"].endswith(":role/task")
    assert credentials["AccessKeyId"].startswith("ASIA")
    assert stats["memory_stats"]["usage"] > 0


def test_credentials_are_for_the_task_alone(stub_sandbox):
    """Who does not know the path gets none; a task without a role has none."""
    served = with_cluster(stub_sandbox)
    arn = run(served, {}, taskRoleArn=role(served))
    running(served.client(), arn)
    for path in (arn.rpartition("/")[2], f"{arn.rpartition('/')[2]}0000000000000000", "x"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(f"{sandbox.endpoint(served.port)}/v2/credentials/{path}")


def test_what_a_container_writes_is_in_cloudwatch_logs(served):
    """Also what it wrote last, before it ended."""
    served.client("logs").create_log_group(logGroupName="/ecs/web")
    options = {
        "awslogs-group": "/ecs/web",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": "app",
    }
    arn = run(
        served,
        {
            "image": "busybox:stable",
            "command": ["sh", "-c", "echo started; sleep 1; echo exited; exit 3"],
            "dockerLabels": {"ecslab.simulate.exit-code": "3"},
            "logConfiguration": {"logDriver": "awslogs", "options": options},
        },
    )
    stopped(served, arn)
    stream = f"app/web/{arn.rpartition('/')[2]}"
    said = until(lambda: any("exited" in one for one in events(served, "/ecs/web", stream)))
    assert said
    lines = events(served, "/ecs/web", stream)
    assert len(lines) == len(set(lines))
    assert sum("started" in one for one in lines) == 1


def test_a_log_group_there_is_not_fails_the_start(served):
    """In ECS's words."""
    options = {"awslogs-group": "/nobody", "awslogs-region": "us-east-1"}
    logs = {"logDriver": "awslogs", "options": options}
    task = stopped(served, run(served, {"logConfiguration": logs}))
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"] == (
        "CannotStartContainerError: Error response from daemon: failed to initialize logging "
        "driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified "
        "log group does not exist."
    )


@pytest.mark.docker
def test_secrets_and_files_of_variables_are_in_the_environment(docker_sandbox):
    """From Secrets Manager, the Parameter Store and S3; the definition's own win over files."""
    served = with_cluster(docker_sandbox)
    secret = served.client("secretsmanager").create_secret(
        Name="db", SecretString=json.dumps({"password": "p w"})
    )["ARN"]
    served.client("ssm").put_parameter(Name="/app/colour", Value="blue", Type="SecureString")
    s3 = served.client("s3")
    s3.create_bucket(Bucket="files")
    s3.put_object(Bucket="files", Key="web.env", Body=b"SIZE=7\nNAME=file\n")
    arn = run(
        served,
        {
            "image": "busybox:stable",
            "command": ["sleep", "60"],
            "environment": [{"name": "NAME", "value": "definition"}],
            "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::files/web.env"}],
            "secrets": [
                {"name": "PASSWORD", "valueFrom": f"{secret}:password::"},
                {"name": "COLOUR", "valueFrom": "/app/colour"},
            ],
        },
        executionRoleArn=role(served),
        enableExecuteCommand=True,
    )
    running(served.client(), arn)
    told = execute(served, arn, "sh -c 'echo $PASSWORD/$COLOUR/$SIZE/$NAME'")
    assert told["output"] == "p w/blue/7/definition\n"
    log = served.log()
    assert "p w" not in log


def test_a_secret_there_is_not_fails_the_start(served):
    """ResourceInitializationError, and what was looked for."""
    task = stopped(
        served,
        run(
            served,
            {"secrets": [{"name": "A", "valueFrom": "/nobody"}]},
            executionRoleArn=role(served),
        ),
    )
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"] == (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
        "retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 "
        "time(s): invalid ssm parameters: /nobody"
    )


def execute(server, arn, command):
    """What a command wrote, by the session that ExecuteCommand answers with."""
    answer = server.client().execute_command(
        cluster="web", task=arn, command=command, interactive=True
    )
    session = answer["session"]
    assert session["streamUrl"].startswith(sandbox.endpoint(server.port))
    path = session["streamUrl"].partition("/_ecslab/")[2]
    return probe.ask(server.port, f"{path}&token={session['tokenValue']}", "POST", timeout=20)


@pytest.mark.docker
def test_a_command_is_run_once_in_a_container(docker_sandbox):
    """Its exit code and its output; a second time the session is closed."""
    served = with_cluster(docker_sandbox)
    arn = run(
        served,
        {"image": "busybox:stable", "command": ["sleep", "60"]},
        enableExecuteCommand=True,
    )
    running(served.client(), arn)
    told = execute(served, arn, "sh -c 'ls /bin/busybox; exit 4'")
    assert (told["exit_code"], told["output"]) == (4, "/bin/busybox\n")


def test_no_command_is_run_in_a_simulated_container(stub_sandbox):
    """It says that it is simulated."""
    served = with_cluster(stub_sandbox)
    arn = run(served, {}, enableExecuteCommand=True)
    running(served.client(), arn)
    with pytest.raises(ClientError, match="Containers are simulated here") as refused:
        execute(served, arn, "ls")
    assert refused.value.response["Error"]["Code"] == "TargetNotConnectedException"
