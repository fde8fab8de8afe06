"""The log of API calls: lines one can paste, nothing secret, what changed something."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig

import pytest

import ecslab
from ecslab import sandbox
from ecslab.steps.calls import MOST, Call, CallLog, planned, watching

NGINX = {
    "name": "nginx",
    "image": "nginx:alpine",
    "memory": 128,
    "essential": True,
    "environment": [{"name": "GREETING", "value": 'it\'s $HOME "here" ✓'}],
    "portMappings": [{"containerPort": 80, "hostPort": 80}],
}


@pytest.fixture
def lab(stub_sandbox):
    made = ecslab.connect("sandbox", lang="en")
    made.create_cluster(template="FARGATE")
    made.register_task_definition(containerDefinitions=[NGINX])
    return made


def test_changes_are_the_calls_that_did_not_only_ask() -> None:
    names = ("ListClusters", "CreateCluster", "DescribeTasks", "RunTask", "GetCallerIdentity")
    log = CallLog([Call("ecs", name, {}) for name in names])
    assert [call.operation for call in log.changes] == ["CreateCluster", "RunTask"]
    assert "boto3.client" in log.changes._repr_html_()


def test_the_boto3_line_does_what_was_done(lab):
    line = lab.calls.changes.last.boto3.replace('memory": 128', 'memory": 64')
    again = eval(line, {"boto3": lab.session})["taskDefinition"]
    assert again["revision"] == 2
    assert again["containerDefinitions"][0]["environment"] == NGINX["environment"]


def test_the_cli_line_does_what_was_done_whatever_is_in_it(lab, stub_sandbox):
    line = lab.calls.changes.last.cli.replace('memory": 128', 'memory": 64')
    done = subprocess.run(
        ["sh", "-c", line],
        env={
            **sandbox.environment(stub_sandbox.port),
            "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    again = json.loads(done.stdout)["taskDefinition"]
    assert again["revision"] == 2
    assert again["containerDefinitions"][0]["environment"] == NGINX["environment"]


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"dryRun": True}, "--dry-run"),
        ({"dryRun": False}, "--no-dry-run"),
        ({"names": ["a b", "c"]}, "--names 'a b' c"),
        ({"names": []}, "--names '[]'"),
        ({"count": 0}, "--count 0"),
        ({"tags": [{"key": "it's"}]}, """--tags '[{"key": "it'"'"'s"}]'"""),
    ],
)
def test_each_kind_of_value_has_its_form_on_the_command_line(params, shown):
    assert planned("ecs", "DoThing", params).cli == f"aws ecs do-thing {shown}"


@pytest.mark.parametrize(
    ("params", "secret"),
    [
        ({"password": "hunter2"}, "hunter2"),
        ({"environment": [{"name": "DB_PASSWORD", "value": "hunter2"}]}, "hunter2"),
        ({"environment": [{"name": "API_KEY", "value": "hunter2"}]}, "hunter2"),
        ({"tags": [{"Key": "access_token", "Value": "hunter2"}]}, "hunter2"),
        ({"nested": {"deep": [{"clientSecret": "hunter2"}]}}, "hunter2"),
    ],
)
def test_what_is_secret_is_masked_in_every_form(params, secret):
    call = planned("ecs", "DoThing", params)
    assert secret not in f"{call}{call.boto3}{call.cli}{CallLog([call])._repr_html_()}"
    assert "****" in call.cli


def test_where_a_secret_is_kept_is_no_secret():
    arn = "arn:aws:ssm:us-east-1:123456789012:parameter/db"
    call = planned("ecs", "DoThing", {"secrets": [{"name": "DB", "valueFrom": arn}]})
    assert arn in call.cli


def test_a_long_text_is_a_file_and_is_there_to_be_read():
    call = planned("cloudformation", "CreateStack", {"TemplateBody": "{…}"})
    assert "file://templatebody.json" in call.cli
    assert 'open("templatebody.json").read()' in call.boto3
    assert call.files == {"templatebody.json": "{…}"}


def test_the_same_call_right_after_is_counted_not_repeated(lab):
    lab.calls.clear()
    for _time in range(3):
        lab.client("ecs").list_clusters()
    assert [call.times for call in lab.calls] == [3]
    assert "×3" in str(lab.calls)


def test_an_error_stands_with_its_call(lab):
    with pytest.raises(lab.client("ecs").exceptions.ClientException):
        lab.client("ecs").describe_task_definition(taskDefinition="nowhere")
    assert "Unable to describe task definition" in lab.calls.last.error
    assert "✗ ClientException" in lab.calls._repr_html_()


def test_looking_is_counted_and_said(lab):
    lab.calls.clear()
    assert str(lab.calls) == "No API call has been made yet."
    with watching():
        lab.client("ecs").list_clusters()
    assert len(lab.calls) == 0
    assert str(lab.calls) == "… and 1 calls that only looked."


def test_the_log_does_not_grow_for_ever(lab):
    lab.calls.clear()
    ecs = lab.client("ecs")
    for number in range(MOST + 5):
        lab.calls._before(
            {"clusters": [str(number)]},
            ecs.meta.service_model.operation_model("DescribeClusters"),
            {},
        )
    assert len(lab.calls) == MOST
    assert lab.calls.last.params == {"clusters": [str(MOST + 4)]}


def test_hostile_text_is_text_in_the_table():
    call = planned("ecs", "DoThing", {"name": "<script>alert(1)</script>"})
    assert "<script>" not in CallLog([call])._repr_html_()
