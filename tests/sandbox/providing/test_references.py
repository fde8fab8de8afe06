"""What secrets and files of variables name, and how they are read."""

import json

import pytest

from ecslab.model.errors import AwsError
from ecslab.sandbox.providing import secrets, variables
from ecslab.sandbox.providing.asking import NotThereError
from ecslab.sandbox.providing.secrets import Reference, reference

SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-AbCdEf"


class Account:
    """An account with a few things in it; it remembers what it was asked."""

    def __init__(self, parameters=(), secrets=(), objects=()):
        self.parameters, self.secrets, self.objects = map(dict, (parameters, secrets, objects))
        self.asked = []

    def ask(self, service, operation, params, region):
        self.asked.append((service, region, params))
        if service == "ssm":
            found = [n for n in params["Names"] if n in self.parameters]
            return {"Parameters": [{"Value": self.parameters[n]} for n in found]}
        if params["SecretId"] not in self.secrets:
            words = "Secrets Manager can't find the specified secret."
            raise AwsError("ResourceNotFoundException", words)
        return {"SecretString": self.secrets[params["SecretId"]]}

    def read_object(self, bucket, key, region):
        if (bucket, key) not in self.objects:
            raise AwsError("NoSuchKey", "The specified key does not exist.", status=404)
        return self.objects[bucket, key]


@pytest.mark.parametrize(
    ("value_from", "expected"),
    [
        ("/app/colour", Reference("ssm", "", "/app/colour")),
        ("colour", Reference("ssm", "", "colour")),
        (
            "arn:aws:ssm:eu-west-1:1:parameter/app/colour",
            Reference("ssm", "eu-west-1", "/app/colour"),
        ),
        ("arn:aws:ssm:eu-west-1:1:parameter/colour", Reference("ssm", "eu-west-1", "colour")),
        (SECRET, Reference("secretsmanager", "us-west-2", SECRET)),
        (f"{SECRET}:user::", Reference("secretsmanager", "us-west-2", SECRET, "user")),
        (
            f"{SECRET}:user:AWSPREVIOUS:",
            Reference("secretsmanager", "us-west-2", SECRET, "user", "AWSPREVIOUS"),
        ),
        (f"{SECRET}:::v1", Reference("secretsmanager", "us-west-2", SECRET, "", "", "v1")),
    ],
)
def test_value_from_is_a_name_or_an_arn(value_from, expected):
    assert reference(value_from) == expected


def test_values_come_from_where_they_are_said_to_be():
    account = Account({"colour": "blue"}, {SECRET: json.dumps({"user": "u", "age": 7})})
    wanted = [
        {"name": "COLOUR", "valueFrom": "colour"},
        {"name": "USER", "valueFrom": f"{SECRET}:user::"},
        {"name": "AGE", "valueFrom": f"{SECRET}:age::"},
        {"name": "ALL", "valueFrom": SECRET},
    ]
    found = secrets.fetch(wanted, account, "us-east-1")
    assert (found["COLOUR"], found["USER"], found["AGE"]) == ("blue", "u", "7")
    assert json.loads(found["ALL"]) == {"user": "u", "age": 7}
    assert [region for _service, region, _params in account.asked[:2]] == ["us-east-1", "us-west-2"]


@pytest.mark.parametrize(
    ("value_from", "text"),
    [
        (
            "/nobody",
            "unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid "
            "ssm parameters: /nobody",
        ),
        (
            SECRET,
            "unable to retrieve secret from asm: service call has been retried 1 time(s): failed "
            f"to fetch secret {SECRET} from secrets manager: ResourceNotFoundException: Secrets "
            "Manager can't find the specified secret.",
        ),
    ],
)
def test_what_is_not_there_is_told_in_the_words_of_ecs(value_from, text):
    with pytest.raises(NotThereError) as told:
        secrets.fetch([{"name": "A", "valueFrom": value_from}], Account(), "us-east-1")
    assert str(told.value) == (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
        f"retrieval failed: {text}"
    )


@pytest.mark.parametrize("secret", ["hunter2", '{"user": "hunter2"}'])
def test_a_secret_without_the_member_asked_for_is_not_shown(secret):
    wanted = [{"name": "A", "valueFrom": f"{SECRET}:password::"}]
    with pytest.raises(NotThereError) as told:
        secrets.fetch(wanted, Account(secrets={SECRET: secret}), "us-east-1")
    assert "hunter2" not in str(told.value)


def test_files_of_variables_are_lines():
    text = "# a comment\nA=1\n\n  B = 2=3 \nnothing\nC=\n'D'=\"x\"\r\n"
    assert variables.read(text) == {"A": "1", "B": " 2=3 ", "C": "", "'D'": '"x"'}


def test_the_first_file_that_names_a_variable_wins():
    objects = {("files", "a.env"): b"A=1\n", ("files", "dir/b.env"): b"A=2\nB=2\n"}
    files = [
        {"type": "s3", "value": "arn:aws:s3:::files/a.env"},
        {"type": "s3", "value": "arn:aws:s3:::files/dir/b.env"},
    ]
    found = variables.fetch(files, Account(objects=objects), "us-east-1")
    assert found == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("objects", "why"),
    [((), "NoSuchKey: The specified key does not exist."), ({("f", "a.env"): b"\xff"}, "UTF-8")],
)
def test_a_file_that_cannot_be_read_is_told(objects, why):
    files = [{"type": "s3", "value": "arn:aws:s3:::f/a.env"}]
    with pytest.raises(NotThereError, match=why) as told:
        variables.fetch(files, Account(objects=objects), "us-east-1")
    assert str(told.value).startswith("ResourceInitializationError: failed to download env files: ")
    assert "s3://f/a.env" in str(told.value)
