"""The door of a class: who signed, what a learner may, what a learner sees."""

import io
import json
import stat
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ecslab.api.classroom import control_key, roster
from ecslab.api.classroom.asked import asked
from ecslab.api.classroom.policy import Policy
from ecslab.api.classroom.sight import Sight
from ecslab.api.classroom.signature import UnverifiedError, verify
from ecslab.model.errors import EcslabError

KEN, MEI = "ecslab-ken-1a2b3c4d", "ecslab-mei-5e6f7a8b"
ECS = "AmazonEC2ContainerServiceV20141113"
CLASS = roster.Roster(()).with_names(["Ken", "Mei"])
MACHINES = {"i-0123456789abcdef0": KEN, "i-0fedcba9876543210": MEI}
POLICY = Policy(KEN, (MEI,), lambda one: MACHINES.get(one, ""))


def signed(body=b"{}", service="ecs", target=f"{ECS}.ListClusters", member=None, secret=None):
    """A request as botocore signs it and a WSGI server hands it in."""
    member = member or CLASS.members[1]
    kind = "application/x-amz-json-1.1" if target else "application/x-www-form-urlencoded"
    headers = {"Host": "127.0.0.1:4510", "Content-Type": kind}
    headers |= {"X-Amz-Target": target} if target else {}
    request = AWSRequest("POST", "http://127.0.0.1:4510/", headers=headers, data=body)
    keys = Credentials(member.access_key, secret or member.secret_key)
    SigV4Auth(keys, service, "us-east-1").add_auth(request)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


def kind_of(environ, body=b"{}", later=0.0):
    with pytest.raises(UnverifiedError) as caught:
        verify(environ, body, CLASS, time.time() + later)
    return caught.value.kind


def test_who_signed_is_known():
    """By the access key, and only with its secret."""
    member = CLASS.members[1]
    assert verify(signed(), b"{}", CLASS, time.time()) is member
    assert kind_of(signed(secret="x" * 43)) == "wrong"
    stranger = roster.Roster(()).with_names(["Eve"]).members[1]
    assert kind_of(signed(member=stranger)) == "unknown"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("HTTP_X_AMZ_TARGET", f"{ECS}.DeleteCluster"),
        ("HTTP_HOST", "127.0.0.1:4511"),
        ("PATH_INFO", "/other"),
        ("QUERY_STRING", "Action=DeleteStack"),
        ("REQUEST_METHOD", "PUT"),
    ],
)
def test_nothing_of_a_request_can_be_changed_on_the_way(part, value):
    """What is asked, of whom and how is all signed."""
    assert kind_of({**signed(), part: value}) == "wrong"


def test_neither_body_nor_time_can_be_changed_and_none_is_missing():
    """A body of another's, an old request, one that nobody signed."""
    assert kind_of(signed(), body=b'{"cluster": "x"}') == "wrong"
    assert kind_of(signed(), later=1000) == "expired"
    assert kind_of({**signed(), "HTTP_AUTHORIZATION": ""}) == "missing"


def ecs(operation, **params):
    body = json.dumps(params).encode()
    return POLICY.refusal(asked(signed(body, "ecs", f"{ECS}.{operation}"), body))


def form(service, body):
    return POLICY.refusal(asked(signed(body.encode(), service, ""), body.encode()))


def js(service, target, **params):
    body = json.dumps(params).encode()
    return POLICY.refusal(asked(signed(body, service, target), body))


ARN = "arn:aws:ecs:us-east-1:123456789012"


def test_a_learner_does_everything_with_the_own_things():
    """What the workshop does."""
    assert ecs("CreateCluster", clusterName=KEN) is None
    assert ecs("ListClusters") is None
    assert ecs("RunTask", cluster=KEN, taskDefinition=f"{KEN}-nginx:1") is None
    assert ecs("DescribeTasks", cluster=KEN, tasks=[f"{ARN}:task/{KEN}/abc"]) is None
    assert form("cloudformation", f"Action=CreateStack&StackName=EC2ContainerService-{KEN}") is None
    assert form("ec2", "Action=TerminateInstances&InstanceId.1=i-0123456789abcdef0") is None
    assert js("ssm", "AmazonSSM.PutParameter", Name=f"/ecslab/class/{KEN}", Value="{}") is None
    assert js("ssm", "AmazonSSM.GetParameter", Name="/aws/service/ecs/x") is None


def test_a_learner_does_nothing_with_others_things():
    """Neither by name nor by ARN nor by id, nor with what has no name."""
    refused = [
        ecs("CreateCluster", clusterName="web"),
        ecs("CreateCluster"),
        ecs("DescribeClusters", clusters=[KEN, MEI]),
        ecs("DescribeClusters", clusters=[KEN + "0"]),
        ecs("RunTask", cluster=KEN, taskDefinition=f"{MEI}-nginx"),
        ecs("RunTask", taskDefinition=f"{KEN}-nginx"),
        ecs("StopTask", cluster=KEN, task=f"{ARN}:task/web/abc"),
        ecs("TagResource", resourceArn=f"{ARN}:cluster/{KEN}",
            tags=[{"key": "ecslab:learner", "value": MEI}]),
        ecs("PutAccountSettingDefault", name="containerInsights", value="enabled"),
        ecs("InventedOperation"),
        form("cloudformation", f"Action=DeleteStack&StackName=EC2ContainerService-{MEI}"),
        form("cloudformation", "Action=CreateStack&StackName=shop"),
        form("ec2", "Action=TerminateInstances&InstanceId.1=i-0fedcba9876543210"),
        form("ec2", "Action=TerminateInstances&InstanceId.1=i-00000000000000000"),
        form("ec2", "Action=RunInstances&ImageId=ami-1"),
        form("iam", "Action=CreateUser&UserName=me"),
        form("sts", "Action=AssumeRole&RoleArn=x"),
        js("ssm", "AmazonSSM.PutParameter", Name=f"/ecslab/class/{MEI}", Value="{}"),
        js("ssm", "AmazonSSM.GetParameter", Name="/production/password"),
        js("s3", "", Key="x"),
    ]  # fmt: skip
    assert [number for number, one in enumerate(refused) if one is None] == []


def test_what_two_could_read_differently_is_refused():
    """A target of another service, a field twice, a name that JSON spells with escapes."""
    assert js("iam", "AmazonSSM.GetParameter", Name="/aws/x") is not None
    assert js("ssm", f"{ECS}.ListClusters") is not None
    assert form("iam", "Action=GetRole&Action=CreateUser") is not None
    spelled = json.dumps(MEI).replace("m", "\\u006d").encode()
    body = b'{"cluster": "' + KEN.encode() + b'", "group": ' + spelled + b"}"
    assert POLICY.refusal(asked(signed(body, "ecs", f"{ECS}.ListTasks"), body)) is not None


def test_a_learner_sees_only_the_own_items():
    """In JSON and in XML; what is nobody's in the neighbours' lists is for all."""
    sight = Sight(KEN, [MEI])
    arns = [f"{ARN}:cluster/{name}" for name in (KEN, MEI, "web")]
    listed = json.loads(sight.ecs("ListClusters", json.dumps({"clusterArns": arns}).encode(),
                                  POLICY.own))  # fmt: skip
    assert listed == {"clusterArns": arns[:1]}
    items = "".join(f"<item><id>{n}</id><tag>{one}</tag></item>" for n, one in
                    enumerate((KEN, MEI, "default")))  # fmt: skip
    answer = f'<R xmlns="http://ec2/"><set>{items}</set></R>'.encode()
    seen = sight.neighbour(answer).decode()
    assert 'xmlns="http://ec2/"' in seen
    assert [name in seen for name in (KEN, MEI, "default")] == [True, False, True]


def test_tokens_are_kept_for_the_owner_alone_and_stay_with_their_learner(tmp_path):
    """Another list keeps those who stay, and takes the token of who is gone."""
    CLASS.write(tmp_path / "class.json")
    assert stat.S_IMODE((tmp_path / "class.json").stat().st_mode) == 0o600
    again = roster.read(tmp_path / "class.json").with_names(["Mei", "田中"])
    assert again.members[0] == CLASS.members[0]
    assert again.find(CLASS.members[2].access_key) == CLASS.members[2]
    assert again.find(CLASS.members[1].access_key) is None
    roster.write_handout(tmp_path / "handout.txt", again.handout("http://127.0.0.1:1"))
    assert stat.S_IMODE((tmp_path / "handout.txt").stat().st_mode) == 0o600
    assert len((tmp_path / "handout.txt").read_text("utf-8").splitlines()) == 3


def test_a_list_of_learners_that_cannot_be_is_said(tmp_path):
    """Nobody, one twice, too many, no file; remarks and empty lines are none."""
    file = tmp_path / "learners.txt"
    file.write_text("# class\nKen\n\nMei  # late\n", "utf-8")
    assert roster.names_in(file) == ["Ken", "Mei"]
    file.write_text("Ken\nKen\n")
    with pytest.raises(EcslabError, match="twice"):
        roster.names_in(file)
    with pytest.raises(EcslabError, match="cannot be read"):
        roster.names_in(tmp_path / "none.txt")
    for count in (0, 501):
        with pytest.raises(EcslabError, match=f"{count} learners"):
            roster.numbered(count)


def test_a_control_request_is_signed_for_one_path_and_five_minutes():
    """With the secret of the token, which is not sent."""
    header = control_key.sign("KEY", "secret", "POST", "/_ecslab/stop", 1000.0)
    assert "secret" not in header

    def who(method="POST", path="/_ecslab/stop", now=1000.0, secret="secret"):
        return control_key.signer(header, method, path, {"KEY": secret}.get, now)

    assert who() == "KEY"
    assert [who("GET"), who(path="/_ecslab/reset"), who(now=1400.0), who(secret="x")] == [None] * 4
