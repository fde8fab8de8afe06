"""A sandbox that a class shares, as learners and their instructor meet it."""

import os
import subprocess
import sys
import time

import pytest
from botocore.exceptions import ClientError

import ecslab
from benchmarks import classroom
from ecslab import sandbox
from ecslab.lab.sandbox_session import session_at
from ecslab.model.errors import EcslabError
from tests.sandbox.serving import Served

LEARNERS = 4
"""As many as the time of this test allows; benchmarks/classroom.py has thirty."""


@pytest.fixture(scope="module")
def class_sandbox(tmp_path_factory):
    state = tmp_path_factory.mktemp("class") / "sandbox"
    server = Served(state, "--runtime", "stub", "--speed", "50", "--learners", str(LEARNERS))
    server.start()
    yield server
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ECSLAB_TOKEN", classroom.tokens(state / "handout.txt")[0])
        server.stop()


@pytest.fixture
def tokens(class_sandbox):
    return classroom.tokens(class_sandbox.state / "handout.txt")


def client(server, service, token):
    keys = token.split(":")
    return session_at(sandbox.endpoint(server.port), "us-east-1", *keys).client(service)


def refusal(call, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    return caught.value.response["Error"]


def test_learners_do_notebook_03_at_the_same_time(class_sandbox):
    """No name twice, each sees the own things alone, each page is answered, all on the board."""
    url = sandbox.endpoint(class_sandbox.port)
    outcome = classroom.attend(url, class_sandbox.state / "handout.txt")
    assert outcome.faults() == []
    assert len(outcome.board.lines) == LEARNERS
    assert {line.step for line in outcome.board.lines} == {"clean-up"}
    assert outcome.requests[-1] < 200


def test_a_learner_cannot_touch_what_is_anothers(class_sandbox, tokens):
    """AWS's own refusal, naming who, what and on what."""
    ken, mei = (client(class_sandbox, "ecs", token) for token in tokens[1:3])
    sts = client(class_sandbox, "sts", tokens[1]).get_caller_identity()
    own = sts["Arn"].rpartition("/")[2]
    ken.create_cluster(clusterName=own)
    error = refusal(mei.delete_cluster, cluster=own)
    assert error["Code"] == "AccessDeniedException"
    assert "is not authorized to perform: ecs:DeleteCluster on resource:" in error["Message"]
    assert not [arn for arn in mei.list_clusters()["clusterArns"] if own in arn]
    boss = client(class_sandbox, "ecs", tokens[0])
    assert [arn for arn in boss.list_clusters()["clusterArns"] if own in arn]
    assert (
        refusal(client(class_sandbox, "ec2", tokens[1]).create_vpc, CidrBlock="10.0.0.0/16")["Code"]
        == "UnauthorizedOperation"
    )


def test_who_has_no_token_or_a_wrong_one_is_refused_in_awss_words(class_sandbox, tokens):
    """Each service in its own."""
    key = tokens[1].split(":")[0]
    nobody, wrong = "ECSLAB00000000000000:" + "x" * 43, f"{key}:" + "x" * 43
    ask = client(class_sandbox, "ecs", nobody).list_clusters
    assert refusal(ask)["Code"] == "UnrecognizedClientException"
    ask = client(class_sandbox, "ecs", wrong).list_clusters
    assert refusal(ask)["Code"] == "InvalidSignatureException"
    ask = client(class_sandbox, "sts", wrong).get_caller_identity
    assert refusal(ask)["Code"] == "SignatureDoesNotMatch"
    with pytest.raises(EcslabError, match="does not know your token"):
        classroom.connected(sandbox.endpoint(class_sandbox.port), wrong)


def test_who_connects_without_a_token_is_told_where_it_comes_from(class_sandbox, monkeypatch):
    monkeypatch.delenv("ECSLAB_TOKEN", raising=False)
    monkeypatch.setenv("ECSLAB_PORT", str(class_sandbox.port))
    with pytest.raises(EcslabError, match="there is no token") as told:
        ecslab.connect("sandbox", lang="en")
    assert "your instructor gave you" in str(told.value)


def test_only_the_instructor_resets_and_stops(class_sandbox, tokens, monkeypatch):
    """Everybody may ask how it is."""
    monkeypatch.delenv("ECSLAB_TOKEN", raising=False)
    assert sandbox.status(class_sandbox.port) is not None
    with pytest.raises(EcslabError, match="Only the instructor"):
        sandbox.reset(class_sandbox.port)
    monkeypatch.setenv("ECSLAB_TOKEN", tokens[1])
    with pytest.raises(EcslabError, match="Only the instructor"):
        sandbox.stop(class_sandbox.port)
    monkeypatch.setenv("ECSLAB_TOKEN", tokens[0])
    sandbox.reset(class_sandbox.port)


def test_an_address_that_others_reach_is_for_a_class_alone(tmp_path):
    """Without tokens everybody in the network could do everything."""
    line = [sys.executable, "-m", "ecslab", "sandbox", "serve", "--host", "0.0.0.0"]
    env = {**os.environ, "ECSLAB_HOME": str(tmp_path), "ECSLAB_LANG": "en"}
    ended = subprocess.run(line, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Add --class" in ended.stderr


def test_a_class_that_does_not_answer_is_said_and_none_is_started(monkeypatch):
    """A learner's kernel starts no sandbox of its own by mistake."""
    monkeypatch.setenv("ECSLAB_URL", "http://127.0.0.1:5448")
    began = time.monotonic()
    with pytest.raises(EcslabError, match="does not answer at http://127"):
        sandbox.ensure_running()
    assert time.monotonic() - began < 5
    monkeypatch.setenv("ECSLAB_URL", "https://example.com/x")
    with pytest.raises(EcslabError, match="not the address of a sandbox"):
        sandbox.endpoint()
