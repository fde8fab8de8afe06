"""aws-cli on the sandbox: the commands of AWS's tutorial for a Linux cluster on EC2, in order."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ecslab import sandbox
from tests.sandbox.serving import IMAGE, Served, connected, until

AWS = Path(sys.executable).parent / "aws"
SLEEP = {
    "family": "sleep360",
    "containerDefinitions": [
        {
            "name": "sleep",
            "image": "public.ecr.aws/amazonlinux/amazonlinux:latest",
            "cpu": 10,
            "command": ["sleep", "360"],
            "memory": 10,
            "essential": True,
        }
    ],
}


class Cli:
    """``aws SERVICE COMMAND …`` against the sandbox, with what `ecslab sandbox env` prints."""

    def __init__(self, served, folder):
        self.served = served
        self.folder = folder
        made_up = sandbox.environment(served.port)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        self.env = {**kept, **made_up, "AWS_PAGER": "", "HOME": str(folder)}

    def __call__(self, *words):
        """The answer, read; raises AssertionError with what the command said."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def run(self, *words):
        line = [str(AWS), *map(str, words), "--output", "json"]
        return subprocess.run(line, env=self.env, capture_output=True, text=True, check=False)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return f"file://{path}"


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    served = Served(folder / "state", "--runtime", "stub", "--speed", "50")
    served.start()
    yield Cli(served, folder)
    served.stop()


def test_the_tutorial_from_create_cluster_to_delete_cluster(aws):
    cluster = ("--cluster", "MyCluster")

    made = aws("ecs", "create-cluster", "--cluster-name", "MyCluster")["cluster"]
    assert made["clusterName"] == "MyCluster"
    assert made["status"] == "ACTIVE"
    assert made["clusterArn"].endswith(":cluster/MyCluster")

    image = aws("ssm", "get-parameters", "--names", IMAGE)["Parameters"][0]["Value"]
    user_data = aws.file(
        "user-data", "#!/bin/bash\necho ECS_CLUSTER=MyCluster > /etc/ecs/ecs.config\n"
    )
    launched = aws(
        *("ec2", "run-instances", "--image-id", image, "--instance-type", "t2.micro"),
        *("--count", "1", "--user-data", user_data),
    )
    (machine,) = [one["InstanceId"] for one in launched["Instances"]]
    reservations = aws("ec2", "describe-instances", "--instance-ids", machine)["Reservations"]
    (found,) = reservations[0]["Instances"]
    assert (found["InstanceType"], found["ImageId"]) == ("t2.micro", image)
    until(lambda: connected(aws.served.client(), "MyCluster"))

    homes = aws("ecs", "list-container-instances", *cluster)["containerInstanceArns"]
    assert len(homes) == 1
    (home,) = aws("ecs", "describe-container-instances", *cluster, "--container-instances", *homes)[
        "containerInstances"
    ]
    assert home["ec2InstanceId"] == machine
    assert (home["status"], home["agentConnected"]) == ("ACTIVE", True)
    left = {one["name"]: one["integerValue"] for one in home["remainingResources"]}
    assert (left["CPU"], left["MEMORY"]) == (1024, 993)

    document = aws.file("sleep360.json", json.dumps(SLEEP))
    registered = aws("ecs", "register-task-definition", "--cli-input-json", document)
    assert registered["taskDefinition"]["revision"] == 1
    assert registered["taskDefinition"]["containerDefinitions"][0]["command"] == ["sleep", "360"]
    (definition,) = aws("ecs", "list-task-definitions")["taskDefinitionArns"]
    assert definition.endswith(":task-definition/sleep360:1")

    ran = aws("ecs", "run-task", *cluster, "--task-definition", "sleep360:1", "--count", "1")
    assert ran["failures"] == []
    assert ran["tasks"][0]["lastStatus"] == "PENDING"
    task = ran["tasks"][0]["taskArn"]
    assert aws("ecs", "list-tasks", *cluster)["taskArns"] == [task]
    aws("ecs", "wait", "tasks-running", *cluster, "--tasks", task)
    (shown,) = aws("ecs", "describe-tasks", *cluster, "--tasks", task)["tasks"]
    assert (shown["lastStatus"], shown["desiredStatus"]) == ("RUNNING", "RUNNING")
    assert shown["containerInstanceArn"] == homes[0]

    stopped = aws("ecs", "stop-task", *cluster, "--task", task, "--reason", "done")["task"]
    assert (stopped["desiredStatus"], stopped["stoppedReason"]) == ("STOPPED", "done")
    aws("ecs", "wait", "tasks-stopped", *cluster, "--tasks", task)
    gone = aws("ecs", "deregister-task-definition", "--task-definition", "sleep360:1")
    assert gone["taskDefinition"]["status"] == "INACTIVE"
    away = aws(
        *("ecs", "deregister-container-instance", *cluster),
        *("--container-instance", homes[0], "--force"),
    )
    assert away["containerInstance"]["status"] == "INACTIVE"
    ended = aws("ec2", "terminate-instances", "--instance-ids", machine)["TerminatingInstances"]
    assert [one["InstanceId"] for one in ended] == [machine]
    deleted = aws("ecs", "delete-cluster", *cluster)["cluster"]
    assert (deleted["clusterName"], deleted["status"]) == ("MyCluster", "INACTIVE")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["run-task", "--cluster", "nowhere", "--task-definition", "a"],
            "An error occurred (ClusterNotFoundException) when calling the RunTask operation: "
            "Cluster not found.",
        ),
        (
            ["describe-task-definition", "--task-definition", "nothing"],
            "An error occurred (ClientException) when calling the DescribeTaskDefinition "
            "operation: Unable to describe task definition.",
        ),
        (
            ["discover-poll-endpoint"],
            "An error occurred (UnsupportedFeatureException) when calling the "
            "DiscoverPollEndpoint operation: DiscoverPollEndpoint is not in this sandbox yet.",
        ),
    ],
)
def test_what_goes_wrong_is_told_as_aws_tells_it(aws, words, told):
    done = aws.run("ecs", *words)
    assert done.returncode != 0
    assert told in done.stderr


def test_a_long_list_is_walked_page_by_page(aws):
    ecs = aws.served.client()
    for number in range(7):
        ecs.create_cluster(clusterName=f"page-{number}")
    arns = aws("ecs", "list-clusters", "--page-size", "2")["clusterArns"]
    found = [arn.rsplit("/", 1)[-1] for arn in arns]
    assert [name for name in found if name.startswith("page-")] == [f"page-{n}" for n in range(7)]
