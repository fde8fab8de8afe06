"""ecs-params.yml: all its keys, and its values win."""

import pytest

from ecslab import convert
from ecslab.convert.params_keys import PARAMS
from tests.convert.trips import load

COMPOSE = """
name: shop
services:
  web:
    image: nginx
    cpu_shares: 10
    mem_limit: 64m
  db.main:
    image: postgres
    mem_limit: 64m
"""


def converted(params, text=COMPOSE, **more):
    read = convert.read_ecs_params(params.encode(), "/p/ecs-params.yml", more)
    return convert.to_task_definition(load(text), ecs_params=read)


def web(made):
    return made.value["containerDefinitions"][0]


def said(made):
    return [(one.code, one.fidelity, one.mark.line, one.path) for one in made.diagnostics
            if one.code != "service-name"]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "member", "value"),
    [
        ("ecs_network_mode: awsvpc", "networkMode", "awsvpc"),
        ("task_role_arn: arn:r", "taskRoleArn", "arn:r"),
        ("task_execution_role: exec", "executionRoleArn", "exec"),
        ("pid_mode: task", "pidMode", "task"),
        ("ipc_mode: none", "ipcMode", "none"),
        ("task_size: {cpu_limit: 256}", "cpu", "256"),
        ("task_size: {mem_limit: 0.5GB}", "memory", "0.5GB"),
        (
            "placement_constraints: [{type: memberOf, expression: a == b}]",
            "placementConstraints",
            [{"type": "memberOf", "expression": "a == b"}],
        ),
        (
            "docker_volumes: [{name: v, scope: shared, autoprovision: true, driver: d,"
            " driver_opts: {a: b}, labels: {c: d}}]",
            "volumes",
            [
                {
                    "name": "v",
                    "dockerVolumeConfiguration": {
                        "scope": "shared",
                        "autoprovision": True,
                        "driver": "d",
                        "driverOpts": {"a": "b"},
                        "labels": {"c": "d"},
                    },
                }
            ],
        ),
        (
            "efs_volumes: [{name: v, filesystem_id: fs-1, root_directory: /, iam: ENABLED,"
            " transit_encryption: ENABLED, transit_encryption_port: 20, access_point: fsap-1}]",
            "volumes",
            [
                {
                    "name": "v",
                    "efsVolumeConfiguration": {
                        "fileSystemId": "fs-1",
                        "rootDirectory": "/",
                        "transitEncryption": "ENABLED",
                        "transitEncryptionPort": 20,
                        "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"},
                    },
                }
            ],
        ),
    ],
)
def test_a_key_of_the_task(key, member, value):
    made = converted(f"version: 1\ntask_definition:\n  {key}\n")
    assert made.value[member] == value
    assert said(made) == []


@pytest.mark.parametrize(
    ("key", "member", "value"),
    [
        ("essential: true", "essential", True),
        ("init_process_enabled: true", "linuxParameters", {"initProcessEnabled": True}),
        (
            "repository_credentials: {credentials_parameter: arn}",
            "repositoryCredentials",
            {"credentialsParameter": "arn"},
        ),
        ("mem_reservation: 32m", "memoryReservation", 32),
        (
            "healthcheck: {test: [CMD, a], interval: 10s, timeout: 5, retries: 2,"
            " start_period: 1m}",
            "healthCheck",
            {
                "command": ["CMD", "a"],
                "interval": 10,
                "timeout": 5,
                "retries": 2,
                "startPeriod": 60,
            },
        ),
        ("healthcheck: {test: curl localhost}", "healthCheck",
         {"command": ["CMD-SHELL", "curl localhost"]}),
        (
            "firelens_configuration: {type: fluentd, options: {a: b}}",
            "firelensConfiguration",
            {"type": "fluentd", "options": {"a": "b"}},
        ),
        ("secrets: [{value_from: arn, name: A}]", "secrets", [{"name": "A", "valueFrom": "arn"}]),
        ("gpu: 2", "resourceRequirements", [{"value": "2", "type": "GPU"}]),
        (
            "depends_on: [{container_name: db.main, condition: START}]",
            "dependsOn",
            [{"containerName": "db-main", "condition": "START"}],
        ),
    ],
)  # fmt: skip
def test_a_key_of_a_service(key, member, value):
    made = converted(f"task_definition:\n  services:\n    web:\n      {key}\n")
    assert web(made)[member] == value
    assert said(made) == []


def test_secret_options_join_the_log_driver():
    text = COMPOSE.replace("image: nginx", "image: nginx\n    logging: {driver: splunk}")
    made = converted(
        "task_definition: {services: {web: {logging:"
        " {secret_options: [{name: t, value_from: a}]}}}}",
        text,
    )
    assert web(made)["logConfiguration"] == {
        "logDriver": "splunk",
        "secretOptions": [{"name": "t", "valueFrom": "a"}],
    }


@pytest.mark.parametrize(
    ("key", "member", "value"),
    [("cpu_shares: 99", "cpu", 99), ("mem_limit: 128m", "memory", 128)],
)
def test_its_value_wins_over_the_compose_file_and_that_is_said(key, member, value):
    made = converted(f"task_definition:\n  services:\n    web:\n      {key}\n")
    assert web(made)[member] == value
    assert [one[:2] for one in said(made)] == [("params-win", "adapted")]


def test_the_same_value_says_nothing():
    assert said(converted("task_definition: {services: {web: {cpu_shares: 10}}}")) == []


def test_an_unknown_key_is_named_with_the_nearest():
    made = converted("task_definition:\n  task_roles_arn: x\n")
    assert said(made) == [("params-unknown", "dropped", 2, "task_definition.task_roles_arn")]
    assert "task_role_arn" in str(made.diagnostics[-1].hint) or any(
        "task_role_arn" in str(one.hint) for one in made.diagnostics
    )


def test_an_unknown_service_is_named():
    made = converted("task_definition:\n  services:\n    wbe: {essential: true}\n")
    assert said(made) == [("params-service", "dropped", 3, "task_definition.services.wbe")]


def test_run_params_are_named_since_they_are_no_part_of_a_definition():
    made = converted("run_params:\n  network_configuration: {}\n")
    assert said(made) == [("run-params", "dropped", 1, "run_params")]


def test_variables_are_filled_in():
    made = converted("task_definition: {task_role_arn: '${ROLE}-x'}", ROLE="r")
    assert made.value["taskRoleArn"] == "r-x"


def test_laws_hold_for_its_values_too():
    made = converted(
        "task_definition: {services: {web: {depends_on:"
        " [{container_name: db.main, condition: SUCCESS}]}}}"
    )
    assert made.value["containerDefinitions"][1]["essential"] is False


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("task_definition: [a]", "type", 1),
        ("task_definition:\n  services:\n    web:\n      mem_limit: much", "params-value", 4),
        ("task_definition:\n  services:\n    web:\n      cpu_shares: much", "type", 4),
        ("- a", "not-params", 1),
        ("a: ]", "yaml", 1),
    ],
)
def test_what_is_wrong_is_an_error_at_its_line(text, code, line):
    with pytest.raises(convert.ConvertError) as error:
        converted(text)
    assert [(one.code, one.mark.line) for one in error.value.problems] == [(code, line)]


@pytest.mark.parametrize("text", ["", "{}", "task_definition:", "task_definition: {services: }"])
def test_an_empty_file_changes_nothing(text):
    assert converted(text).value == convert.to_task_definition(load(COMPOSE)).value


def test_every_key_the_guide_lists_is_known():
    task = PARAMS["task_definition"]
    assert {*task} == {
        "ecs_network_mode", "task_role_arn", "task_execution_role", "task_size", "pid_mode",
        "ipc_mode", "placement_constraints", "docker_volumes", "efs_volumes", "services",
    }  # fmt: skip
    assert {*task["services"][0]} == {
        "essential", "init_process_enabled", "repository_credentials", "cpu_shares", "mem_limit",
        "mem_reservation", "healthcheck", "logging", "firelens_configuration", "secrets", "gpu",
        "depends_on",
    }  # fmt: skip
