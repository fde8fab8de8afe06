"""Bad task definitions and what ECS says about each; good ones that look bad."""

import pytest

from ecslab.model.errors import AwsError
from tests.controlplane.world import world

ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
SECRET = {"name": "KEY", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/key"}
CHECK = {"command": ["CMD-SHELL", "true"]}


def c(name="web", **more):
    return {"name": name, "image": "nginx:alpine", "memory": 128, **more}


def ports(*mappings):
    names = ("containerPort", "hostPort")
    return {"portMappings": [dict(zip(names, given, strict=False)) for given in mappings]}


def task(*containers, **more):
    return {"family": "web", "containerDefinitions": list(containers or [c()]), **more}


def fargate(*containers, **more):
    given = {
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
    }
    return task(*containers, **{**given, **more})


def waits(condition, **other):
    return task(c("a", dependsOn=[{"containerName": "b", "condition": condition}]), c("b", **other))


SAID_BY_ECS = {
    "no image": (task(c(image=None)), "Container.image should not be null or empty."),
    "empty image": (task(c(image="")), "Container.image should not be null or empty."),
    "image with a space": (
        task(c(image="nginx alpine")),
        "Container.image contains invalid characters.",
    ),
    "no name": (task(c(None)), "Container.name should not be null or empty."),
    "name with a space": (task(c("my web")), "Container.name contains invalid characters."),
    "name in Japanese": (task(c("ウェブ")), "Container.name contains invalid characters."),
    "name of 256 letters": (task(c("w" * 256)), "Container.name contains invalid characters."),
    "two of one name": (
        task(c(), c()),
        "Container names must be unique within a Task Definition.",
    ),
    "no containers": (
        {"family": "web", "containerDefinitions": []},
        "Container list cannot be empty.",
    ),
    "eleven containers": (task(*(c(f"c{n}") for n in range(11))), "Too many containers."),
    "no memory": (
        task(c(memory=None)),
        "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' "
        "must be specified.",
    ),
    "memory above the task's": (
        task(c(memory=1024), memory="512"),
        "The 'memory' setting for container 'web' is greater than for the task.",
    ),
    "soft limits above the task's memory": (
        task(c("a", memoryReservation=100), c("b", memoryReservation=100), memory="128"),
        "The sum of all container 'memoryReservation' values cannot be greater than the value of "
        "the task 'memory'.",
    ),
    "CPU above the task's": (
        task(c("a", cpu=200), c("b", cpu=200), cpu="256"),
        "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    ),
    "CPU of the task in words": (task(cpu="much"), "Invalid 'cpu' setting for task."),
    "empty CPU of the task": (task(cpu=""), "Invalid 'cpu' setting for task."),
    "CPU of the task below 128": (task(cpu="64"), "Invalid 'cpu' setting for task."),
    "CPU of the task above 192 vCPU": (task(cpu="193 vCPU"), "Invalid 'cpu' setting for task."),
    "memory of the task in words": (task(memory="1 TB"), "Invalid 'memory' setting for task."),
    "awsvpc with another host port": (
        task(c(**ports((80, 8080))), networkMode="awsvpc"),
        "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    ),
    "host with another host port": (
        task(c(**ports((80, 8080))), networkMode="host"),
        "When networkMode=host, the host ports and container ports in port mappings must match.",
    ),
    "a host port twice": (
        task(c("a", **ports((80, 3000))), c("b", **ports((81, 3000)))),
        "TCP host port '3000' is mapped multiple times in task.",
    ),
    "a container port twice with awsvpc": (
        task(c("a", **ports((80,))), c("b", **ports((80,))), networkMode="awsvpc"),
        "TCP host port '80' is mapped multiple times in task.",
    ),
    "no container port": (
        task(c(portMappings=[{"hostPort": 80}])),
        "Invalid 'containerPort' setting for container 'web'.",
    ),
    "container port above 65535": (
        task(c(**ports((65536,)))),
        "Invalid 'containerPort' setting for container 'web'.",
    ),
    "links with awsvpc": (
        task(c("a", links=["b"]), c("b"), networkMode="awsvpc"),
        "Links are not supported when networkMode=awsvpc.",
    ),
    "links in a circle": (
        task(c("a", links=["b:db"]), c("b", links=["a"])),
        "Container links should not have a cycle",
    ),
    "host name with awsvpc": (
        task(c(hostname="web"), networkMode="awsvpc"),
        "hostname is not supported on container when networkMode=awsvpc.",
    ),
    "a volume that is not there": (
        task(c(mountPoints=[{"sourceVolume": "data", "containerPath": "/data"}])),
        "Unknown volume 'data'.",
    ),
    "a mount point of no volume": (
        task(c(mountPoints=[{"containerPath": "/data"}])),
        "Unknown volume 'null'.",
    ),
    "waiting for nobody": (
        task(c(dependsOn=[{"containerName": "log", "condition": "START"}])),
        "Cannot depend on container + 'log' because it does not exist",
    ),
    "waiting for the end of an essential container": (
        waits("SUCCESS"),
        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential "
        "container",
    ),
    "waiting for the completion of an essential container": (
        waits("COMPLETE", essential=True),
        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential "
        "container",
    ),
    "awslogs without options": (
        task(c(logConfiguration={"logDriver": "awslogs"})),
        "Log driver awslogs requires options: awslogs-region, awslogs-group",
    ),
    "secrets without a role": (
        task(c(secrets=[SECRET])),
        "When you are specifying container secrets, you must also specify a value for "
        "'executionRoleArn'.",
    ),
    "a secret named as a variable": (
        task(
            c(secrets=[SECRET], environment=[{"name": "KEY", "value": "v"}]),
            executionRoleArn=ROLE,
        ),
        "The secret name must be unique and not shared with any new or existing environment "
        "variables set on the container, such as 'KEY'.",
    ),
    "Fargate on the bridge": (
        fargate(networkMode="bridge"),
        "Fargate only supports network mode 'awsvpc'.",
    ),
    "Fargate without a network mode": (
        fargate(networkMode=None),
        "Fargate only supports network mode 'awsvpc'.",
    ),
    "Fargate without CPU": (
        fargate(cpu=None),
        "Fargate requires that 'cpu' be defined at the task level.",
    ),
    "Fargate without memory": (
        fargate(memory=None),
        "Fargate requires that 'memory' be defined at the task level.",
    ),
    "Fargate in a size it does not sell": (
        fargate(cpu="512", memory="512"),
        "No Fargate configuration exists for given values: 512 CPU, 512 memory. See the Amazon "
        "ECS documentation for the valid values.",
    ),
    "Fargate in a size it does not sell, written with units": (
        fargate(cpu="1 vCPU", memory="1 GB"),
        "No Fargate configuration exists for given values: 1024 CPU, 1024 memory. See the Amazon "
        "ECS documentation for the valid values.",
    ),
    "Fargate with the host's processes": (
        fargate(pidMode="host"),
        "Tasks using the Fargate launch type do not support pidMode 'host'.",
    ),
    "Fargate with shared memory of others": (
        fargate(ipcMode="task"),
        "Tasks using the Fargate launch type do not support ipcMode.",
    ),
    "Fargate with a folder of the host": (
        fargate(volumes=[{"name": "d", "host": {"sourcePath": "/d"}}]),
        "Fargate compatible task definitions do not support sourcePath",
    ),
    "Fargate with awslogs and no role": (
        fargate(
            c(
                logConfiguration={
                    "logDriver": "awslogs",
                    "options": {"awslogs-region": "us-east-1", "awslogs-group": "g"},
                }
            )
        ),
        "Fargate requires task definition to have execution role ARN to support log driver "
        "awslogs.",
    ),
}
"""Definition → ECS's own words, as recorded in public issues and the developer guide."""

SAID_BY_US = {
    "family with a slash": (task(family="web/app"), "Family contains invalid characters"),
    "no family": (task(family=""), "Family should not be null or empty"),
    "nothing essential": (task(c(essential=False)), "must be essential"),
    "hard limit below the soft one": (task(c(memoryReservation=129)), "'memoryReservation' cannot"),
    "less memory than Docker gives": (task(c(memory=5)), "at least 6 MiB"),
    "less reserved than Docker gives": (task(c(memoryReservation=0)), "at least 6 MiB"),
    "negative CPU": (task(c(cpu=-1)), "Invalid 'cpu' setting for container 'web'"),
    "negative host port": (task(c(**ports((80, -1)))), "Invalid 'hostPort' setting"),
    "ports without a network": (task(c(**ports((80,))), networkMode="none"), "networkMode=none"),
    "a range of ports written backwards": (
        task(c(portMappings=[{"containerPortRange": "90-80"}])),
        "FIRST-LAST",
    ),
    "a range of ports beside a port": (
        task(c(portMappings=[{"containerPortRange": "80-90", "containerPort": 80}])),
        "in place of",
    ),
    "a range of ports with host": (
        task(c(portMappings=[{"containerPortRange": "80-90"}]), networkMode="host"),
        "networkMode=host",
    ),
    "a port named in capitals": (
        task(c(portMappings=[{"containerPort": 80, "name": "HTTP"}])),
        "Invalid 'name'",
    ),
    "a link to nobody": (task(c(links=["db"])), "'db', which is not in the task"),
    "links with host": (
        task(c("a", links=["b"]), c("b"), networkMode="host"),
        "Links are not supported when networkMode=host",
    ),
    "volumes from nobody": (
        task(c(volumesFrom=[{"sourceContainer": "data"}])),
        "'data', which is not in the task",
    ),
    "volumes from itself": (task(c(volumesFrom=[{"sourceContainer": "web"}])), "cycle"),
    "waiting in a circle of three": (
        task(
            *(
                c(a, dependsOn=[{"containerName": b, "condition": "START"}])
                for a, b in ("ab", "bc", "ca")
            )
        ),
        "dependencies should not have a cycle",
    ),
    "waiting for oneself": (
        task(c(dependsOn=[{"containerName": "web", "condition": "START"}])),
        "dependencies should not have a cycle",
    ),
    "waiting for health nobody checks": (waits("HEALTHY"), "'b' has no health check"),
    "two volumes of one name": (
        task(volumes=[{"name": "d"}, {"name": "d"}]),
        "Volume names must be unique",
    ),
    "a volume of two kinds": (
        task(volumes=[{"name": "d", "host": {}, "dockerVolumeConfiguration": {}}]),
        "one kind only",
    ),
    "two volumes at one path": (
        task(
            c(
                mountPoints=[
                    {"sourceVolume": "a", "containerPath": "/d"},
                    {"sourceVolume": "b", "containerPath": "/d"},
                ]
            ),
            volumes=[{"name": "a"}, {"name": "b"}],
        ),
        "two volumes at '/d'",
    ),
    "a mount point without a path": (
        task(c(mountPoints=[{"sourceVolume": "a"}]), volumes=[{"name": "a"}]),
        "no containerPath",
    ),
    "a health check without a command": (
        task(c(healthCheck={"command": []})),
        "CMD or CMD-SHELL",
    ),
    "a health check with CMD alone": (
        task(c(healthCheck={"command": ["CMD"]})),
        "no command after CMD",
    ),
    "a health check every 4 seconds": (
        task(c(healthCheck={**CHECK, "interval": 4})),
        "from 5 to 300, not 4",
    ),
    "a health check that takes a minute and a second": (
        task(c(healthCheck={**CHECK, "timeout": 61})),
        "from 2 to 60, not 61",
    ),
    "a health check without retries": (
        task(c(healthCheck={**CHECK, "retries": 0})),
        "from 1 to 10, not 0",
    ),
    "a health check that waits 301 seconds": (
        task(c(healthCheck={**CHECK, "startPeriod": 301})),
        "Invalid 'startPeriod'",
    ),
    "awslogs without a group": (
        task(
            c(
                logConfiguration={
                    "logDriver": "awslogs",
                    "options": {"awslogs-region": "us-east-1"},
                }
            )
        ),
        "requires options: awslogs-group",
    ),
    "a soft ulimit above the hard one": (
        task(c(ulimits=[{"name": "nofile", "softLimit": 2, "hardLimit": 1}])),
        "'softLimit' cannot be greater",
    ),
    "a ulimit twice": (
        task(c(ulimits=[{"name": "nofile", "softLimit": 1, "hardLimit": 1}] * 2)),
        "more than once",
    ),
    "swappiness of 101": (
        task(c(linuxParameters={"swappiness": 101})),
        "from 0 to 100",
    ),
    "a tmpfs of nothing": (
        task(c(linuxParameters={"tmpfs": [{"containerPath": "/t", "size": 0}]})),
        "at least 1 MiB",
    ),
    "a restart policy of 59 seconds": (
        task(c(restartPolicy={"enabled": True, "restartAttemptPeriod": 59})),
        "from 60 to 1800 seconds, not 59",
    ),
    "an environment file that is none": (
        task(c(environmentFiles=[{"type": "s3", "value": "arn:aws:s3:::b/vars.txt"}])),
        "extension .env",
    ),
    "extra hosts with awsvpc": (
        task(
            c(extraHosts=[{"hostname": "db", "ipAddress": "10.0.0.1"}]),
            networkMode="awsvpc",
        ),
        "extraHosts is not supported",
    ),
    "eleven constraints": (
        task(
            placementConstraints=[{"type": "memberOf", "expression": "agentConnected == true"}] * 11
        ),
        "At most 10 placement constraints",
    ),
    "a constraint a definition cannot have": (
        task(placementConstraints=[{"type": "distinctInstance"}]),
        "constraint.type 'distinctInstance' is not supported",
    ),
    "a constraint nobody can read": (
        task(placementConstraints=[{"type": "memberOf", "expression": "zone is east"}]),
        "Invalid expression: Unknown subject 'zone'",
    ),
    "more than 64 KB": (task(c(command=["x" * 66000])), "at most 65536 bytes"),
    "Fargate with a privileged container": (fargate(c(privileged=True)), "support privileged"),
    "Fargate with a Docker volume": (
        fargate(volumes=[{"name": "d", "dockerVolumeConfiguration": {"scope": "task"}}]),
        "dockerVolumeConfiguration",
    ),
    "Fargate with a log driver it has not": (
        fargate(c(logConfiguration={"logDriver": "json-file"})),
        "log driver 'json-file'",
    ),
    "Fargate that stops slowly": (fargate(c(stopTimeout=121)), "from 2 to 120 seconds"),
    "Fargate with no swapping": (fargate(c(linuxParameters={"swappiness": 0})), "swappiness"),
    "Fargate with constraints": (
        fargate(
            placementConstraints=[{"type": "memberOf", "expression": "agentConnected == true"}]
        ),
        "placementConstraints",
    ),
    "Fargate with 20 GiB of disk": (
        fargate(ephemeralStorage={"sizeInGiB": 20}),
        "21 to 200 GiB",
    ),
    "Fargate with every capability": (
        fargate(c(linuxParameters={"capabilities": {"add": ["ALL"]}})),
        "other than SYS_PTRACE",
    ),
}
"""Definition → a part of what is said, where ECS's own words are not known."""

GOOD = {
    "the lesson's nginx": task(c(**ports((80, 80)))),
    "soft and hard limit alike": task(c(memoryReservation=128)),
    "memory for the task alone": task(c(memory=None), memory="512"),
    "sizes with units": task(cpu=".25 vCPU", memory="0.5GB"),
    "one port for tcp and udp": task(
        c(
            portMappings=[
                {"containerPort": 53, "hostPort": 53, "protocol": p} for p in ("tcp", "udp")
            ]
        )
    ),
    "one container port left open twice": task(c("a", **ports((80,))), c("b", **ports((80, 0)))),
    "waiting for the end of a helper": waits("SUCCESS", essential=False),
    "waiting for health that is checked": waits("HEALTHY", healthCheck=CHECK),
    "no limit on open files": task(
        c(ulimits=[{"name": "nofile", "softLimit": -1, "hardLimit": -1}])
    ),
    "an image by digest": task(c(image="nginx@sha256:" + "a" * 64)),
    "Fargate": fargate(c(**ports((80, 80)))),
    "ten containers": task(*(c(f"c{n}") for n in range(10))),
}


def refused(definition):
    given = {k: v for k, v in definition.items() if v is not None}
    given["containerDefinitions"] = [
        {k: v for k, v in one.items() if v is not None} for one in given["containerDefinitions"]
    ]
    w = world(0)
    before = w.state
    with pytest.raises(AwsError) as caught:
        w.call("RegisterTaskDefinition", **given)
    assert w.state is before
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(("definition", "text"), SAID_BY_ECS.values(), ids=SAID_BY_ECS)
def test_a_bad_definition_is_refused_in_the_words_of_ecs(definition, text):
    assert refused(definition) == ("ClientException", text)


@pytest.mark.parametrize(("definition", "part"), SAID_BY_US.values(), ids=SAID_BY_US)
def test_a_bad_definition_is_refused_with_what_is_wrong(definition, part):
    code, message = refused(definition)
    assert code == "ClientException"
    assert part in message


@pytest.mark.parametrize("definition", GOOD.values(), ids=GOOD)
def test_a_good_definition_is_registered(definition):
    given = {**definition}
    given["containerDefinitions"] = [
        {k: v for k, v in one.items() if v is not None} for one in given["containerDefinitions"]
    ]
    made = world(0).call("RegisterTaskDefinition", **given)["taskDefinition"]
    assert made["revision"] == 1


def test_the_table_is_long_enough():
    assert len(SAID_BY_ECS) >= 40
