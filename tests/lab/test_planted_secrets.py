"""Secrets never reach an output, a call, a log, a trace, nor a file that others may read.

Distinctive ones are planted wherever a learner may have some; then the lessons' flow runs in a
notebook, failures at each stage included, and everything that came of it is searched.
"""

# ruff: noqa: E501  # the lines of its cells are read in the notebook

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from nbclient import NotebookClient

PLANTED = {
    "AWS_SECRET_ACCESS_KEY": "Plant3dEnv/SecretKey+0001",
    "AWS_SESSION_TOKEN": "Plant3dEnvSessionToken0002==",
    "P_PROFILE_KEY": "Plant3dProfile/SecretKey+0003",
    "P_PROFILE_TOKEN": "Plant3dProfileToken0004",
    "P_SECRET": "Plant3dSecretsManagerValue0005",
    "P_MEMBER": "Plant3dJsonMember0006",
    "P_PARAMETER": "Plant3dSecureString0007",
    "P_PASSWORD": "Plant3dPassword0008",
    "P_TOKEN": "Plant3dToken0009",
    "P_FILE": "Plant3dEnvironmentFile0010",
    "P_REGISTRY": "Plant3dRegistryPassword0011",
    "P_URL": "Plant3dUrlPassword0012",
    "P_OPTION": "Plant3dCommandOption0013",
    "P_SPLUNK": "Plant3dSplunkToken0014",
    "P_LABEL": "Plant3dDockerLabel0015",
    "P_BINARY": "Plant3dSecretBinary0016",
}

SETUP = """
import os, ecslab
from os import environ as p
lab = ecslab.connect(lang="en")
lab.create_cluster(instances=1);
role = lab.client("iam").create_role(RoleName="ecsTaskExecutionRole", AssumeRolePolicyDocument=
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}')["Role"]["Arn"]
""".strip()
STORE = """
sm, ssm, s3 = lab.client("secretsmanager"), lab.client("ssm"), lab.client("s3")
secret = sm.create_secret(Name="db", SecretString='{"user": "a", "password": "%s"}' % p["P_MEMBER"])["ARN"]
sm.put_secret_value(SecretId="db", SecretString='{"user": "%s", "password": "%s"}' % (p["P_SECRET"], p["P_MEMBER"]));
sm.create_secret(Name="raw", SecretBinary=p["P_BINARY"].encode());
registry = sm.create_secret(Name="registry", SecretString='{"username": "u", "password": "%s"}' % p["P_REGISTRY"])["ARN"]
ssm.put_parameter(Name="/app/db", Value=p["P_PARAMETER"], Type="SecureString");
s3.create_bucket(Bucket="settings"); s3.put_object(Bucket="settings", Key="app.env", Body=("API_PASSWORD=%s" % p["P_FILE"]).encode());
""".strip()
DEFINE = """
web = {"name": "web", "image": "nginx:alpine", "memory": 64,
       "environment": [{"name": "DB_PASSWORD", "value": p["P_PASSWORD"]}, {"name": "API_TOKEN", "value": p["P_TOKEN"]},
                       {"name": "DATABASE_URL", "value": "postgres://app:%s@db/app" % p["P_URL"]}],
       "secrets": [{"name": "SECRET", "valueFrom": secret + ":password::"}, {"name": "PARAMETER", "valueFrom": "/app/db"}],
       "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::settings/app.env"}],
       "command": ["serve", "--password", p["P_OPTION"], "--api-token=" + p["P_OPTION"]],
       "dockerLabels": {"db.password": p["P_LABEL"]}}
definition = lab.register_task_definition(executionRoleArn=role, containerDefinitions=[web])
""".strip()
PRIVATE = """
private = {"name": "private", "image": "registry.example/app", "memory": 64, "repositoryCredentials": {"credentialsParameter": registry},
           "dockerLabels": {"ecslab.simulate.pull": "denied"},
           "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": p["P_SPLUNK"], "splunk-url": "https://s"}}}
denied = lab.run_task(lab.register_task_definition(family=lab.names.family("private"), executionRoleArn=role, containerDefinitions=[private]))
""".strip()
CELLS = [
    SETUP,
    STORE,
    DEFINE,
    "definition",
    "task = lab.wait(lab.run_task(definition, overrides={'containerOverrides': [{'name': 'web', "
    "'environment': [{'name': 'DB_PASSWORD', 'value': p['P_PASSWORD'] + 'x'}]}]}))",
    "task",
    "lab.story(task)",
    "lab.diagram()",
    "lab.snapshot()",
    PRIVATE,
    "lab.wait(denied)",
    "lab.story(denied)",
    # what is there already, refused by each service
    "sm.create_secret(Name='db', SecretString=p['P_SECRET'])",
    "ssm.put_parameter(Name='/app/db', Value=p['P_PARAMETER'], Type='SecureString')",
    # of the wrong type: botocore and ECS tell what they were given
    "lab.register_task_definition(containerDefinitions=[{**web, 'environment': {'DB_PASSWORD': p['P_PASSWORD']}}])",
    "lab.register_task_definition(containerDefinitions=[{**web, 'environment': [{'name': 'DB_PASSWORD', 'value': [p['P_PASSWORD']]}]}])",
    "lab.register_task_definition(containerDefinitions=[{**web, 'environment': [p['P_PASSWORD']]}])",
    "lab.register_task_definition(containerDefinitions=[{**web, 'memory': p['P_PASSWORD']}])",
    "lab.register_task_definition(family='no/such', containerDefinitions=[web])",
    "lab.register_task_definition(containerDefinitions=[{**web, 'name': p['P_TOKEN'] + ' /'}])",
    "lab.run_task(definition, overrides={'containerOverrides': [{'name': 'nobody', 'environment': [{'name': 'API_TOKEN', 'value': p['P_TOKEN']}]}]})",
    "gone = lab.register_task_definition(family=lab.names.family('gone'), executionRoleArn=role, containerDefinitions=[{**web, "
    "'secrets': [{'name': 'S', 'valueFrom': secret + ':nothing::'}]}])",
    "lab.wait(lab.run_task(gone))",
    "lab.create_service(definition, 'web', desired=1)",
    "lab.client('cloudformation').create_stack(StackName='s', TemplateBody='{}', Parameters=[{'ParameterKey': 'DbPassword', 'ParameterValue': p['P_PASSWORD']}])",
    "lab",
    "lab.names",
    "lab.environment",
    "ecslab.doctor()",
    "print(lab.calls)",
    "lab.calls",
    "lab.calls.changes[-1]",
    "ecslab.forms.task_definition(lab)",
    "lab.cleanup(dry_run=True)",
    "lab.cleanup()",
    "ecslab.connect('aws', profile='nobody')",
    "ecslab.connect('nowhere')",
]  # fmt: skip

KEEPS = {"facts.jsonl", "journal.jsonl"}
"""Files that must keep secrets, since a sandbox is to be as it was after it was started again."""


def forms(value: str) -> set[bytes]:
    """A secret as it may be written: plain, quoted, in JSON, in base64 wherever it begins."""
    plain = {value, quote(value), quote(value, safe=""), json.dumps(value)[1:-1]}
    turned = {
        base64.b64encode(b"x" * shift + value.encode())[4 : 4 + len(value)].decode()
        for shift in range(3)
    }
    return {one.encode() for one in plain | turned}


def found_in(content: str | bytes) -> list[str]:
    body = content.encode() if isinstance(content, str) else content
    return [name for name, value in PLANTED.items() if any(one in body for one in forms(value))]


@pytest.fixture(scope="module")
def lived(stub_server, tmp_path_factory):
    """The flow run in a notebook: the book, the server and the home of the kit."""
    from ecslab import sandbox

    sandbox.reset(stub_server.port)
    folder = tmp_path_factory.mktemp("planted")
    home = stub_server.state.parent
    profile = folder / "credentials"
    profile.write_text(
        "[default]\naws_access_key_id = AKIAPLANTEDPLANTED00\n"
        f"aws_secret_access_key = {PLANTED['P_PROFILE_KEY']}\n"
        f"aws_session_token = {PLANTED['P_PROFILE_TOKEN']}\n"
    )
    environment = {
        **os.environ,
        **PLANTED,
        "AWS_ACCESS_KEY_ID": "AKIAPLANTEDPLANTED01",
        "AWS_SHARED_CREDENTIALS_FILE": str(profile),
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{stub_server.port}",
        "ECSLAB_PORT": str(stub_server.port),
        "ECSLAB_HOME": str(home),
        "ECSLAB_LANG": "en",
        "ECSLAB_PROGRESS": str(home / "class"),
    }
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(book, timeout=120, kernel_name="python3", allow_errors=True,
                            resources={"metadata": {"path": str(folder)}})  # fmt: skip
    client.execute(env=environment)
    return book, stub_server, environment


def test_the_secrets_were_really_in_use(lived):
    book, server, _environment = lived
    ssm = server.client("ssm").get_parameter(Name="/app/db", WithDecryption=True)
    assert ssm["Parameter"]["Value"] == PLANTED["P_PARAMETER"]
    sm = server.client("secretsmanager").get_secret_value(SecretId="db")
    assert PLANTED["P_SECRET"] in sm["SecretString"]
    assert found_in((server.state / "facts.jsonl").read_bytes())
    failed = [
        cell.source for cell in book.cells if any(o.output_type == "error" for o in cell.outputs)
    ]
    expected = {CELLS[number] for number in (*range(12, 20), 22, 24, 35, 36)}
    assert expected - {CELLS[20]} <= set(failed)
    assert not set(failed) & set(CELLS[:10])


@pytest.mark.parametrize("number", range(len(CELLS)))
def test_no_output_of_a_notebook_shows_a_secret(lived, number):
    book, _server, _environment = lived
    assert found_in(json.dumps(book.cells[number].outputs)) == []


def test_no_failing_step_of_the_lab_shows_a_traceback(lived):
    book, _server, _environment = lived
    shown = [
        re.sub("\x1b\\[[0-9;]*m", "", "\n".join(output.traceback))
        for cell in book.cells
        if "lab." in cell.source and "lab.client" not in cell.source
        for output in cell.outputs
        if output.output_type == "error"
    ]
    assert len(shown) > 8
    assert all(text.startswith("✗ ") for text in shown)


def test_the_sandbox_log_tells_no_secret(lived):
    _book, server, _environment = lived
    assert "ecs RegisterTaskDefinition" in server.log()
    assert found_in(server.log()) == []


def test_only_the_two_files_that_must_keep_secrets_do_and_only_their_owner_may_read_them(lived):
    _book, server, _environment = lived
    home = server.state.parent
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.parent.parent.name == "class" for path in files)  # the progress record
    keeping = {path.name for path in files if found_in(path.read_bytes())}
    assert keeping == KEEPS
    for path in files:
        if path.name in KEEPS:
            assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("words", [["doctor", "--json"], ["doctor", "--target", "aws", "--json"],
                                   ["sandbox", "status", "--json"], ["cleanup", "--dry-run"]])  # fmt: skip
def test_no_command_tells_a_secret(lived, words):
    _book, _server, environment = lived
    command = [sys.executable, "-m", "ecslab", *words]
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.stdout
    assert found_in(done.stdout + done.stderr) == []


def test_what_nobody_thought_of_is_kept_without_what_looks_like_a_secret(monkeypatch, tmp_path):
    from ecslab.cli.unexpected import explain

    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path))
    said = str(explain(RuntimeError(f"password={PLANTED['P_PASSWORD']} is wrong")))
    log = Path(tmp_path) / "errors.log"
    assert "RuntimeError" in said
    assert "RuntimeError" in log.read_text()
    assert found_in(said + log.read_text()) == []
    assert log.stat().st_mode & 0o077 == 0
