"""What looks like a secret is left out of a text, and nothing else."""

from __future__ import annotations

import pytest

from ecslab.model.masking import announces_a_secret, masked, names_a_secret


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2hunter2",
        "{'DB_PASSWORD': 'hunter2hunter2'}",
        '{"api_token": "hunter2hunter2"}',
        "X-Amz-Security-Token: hunter2hunter2",
        "AWS_SECRET_ACCESS_KEY=hunter2hunter2",
        "[{'name': 'DB_PASSWORD', 'value': 'hunter2hunter2'}]",
        '{"name":"API_TOKEN","value":"hunter2hunter2"}',
        "mysql --password hunter2hunter2 -h db",
        "serve --api-token=hunter2hunter2",
        "postgres://app:hunter2hunter2@db/app",
        "redis://:hunter2hunter2@cache",
        "Encoded authorization failure message: hunter2hunter2",
    ],
)
def test_a_secret_is_left_out(text):
    assert "hunter2" not in masked(text)
    assert "****" in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "RunTask: Cluster not found. (ClusterNotFoundException)",
        "http://127.0.1.1:8080/path",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf",
        "'secrets': [{'name': 'SECRET', 'valueFrom': 'arn:aws:ssm:x:1:parameter/db'}]",
        "{'name': 'nginx', 'image': 'nginx:alpine', 'memory': 128}",
        "echo $VERSION $HOSTNAME > /usr/share/nginx/html/index.html; exec nginx",
        "ecs RegisterTaskDefinition 200 1.2 ms",
        "Tokens are counted, passwords are not.",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "name",
    ["DB_PASSWORD", "passphrase", "SecretString", "SecretBinary", "splunk-token", "SessionToken",
     "db.password", "apiKey", "private_key", "AWS_SECRET_ACCESS_KEY"],
)  # fmt: skip
def test_names_of_secrets_are_known(name):
    assert names_a_secret(name)


@pytest.mark.parametrize(
    "name",
    ["secrets", "SecretId", "nextToken", "clientToken", "ClientRequestToken", "valueFrom", "family",
     "credentialsParameter", "PasswordParameterName", "startedBy"],
)  # fmt: skip
def test_names_of_what_only_refers_to_one_are_not(name):
    assert not names_a_secret(name)


def test_an_option_tells_that_a_secret_follows():
    assert announces_a_secret("--db-password")
    assert announces_a_secret("--token")
    assert not announces_a_secret("--name")
    assert not announces_a_secret("password")
