"""`ecslab cleanup` on a sandbox: shows, asks, removes what is the learner's and leaves the rest."""

import io

import pytest

import ecslab
from ecslab import cli


@pytest.fixture
def lab(stub_sandbox, monkeypatch):
    monkeypatch.setenv("ECSLAB_LANG", "en")
    made = ecslab.connect(lang="en")
    made.create_cluster(template="FARGATE")
    made.client("ecs").create_cluster(clusterName="somebody-elses")
    return made


def clusters(lab):
    return [arn.rpartition("/")[2] for arn in lab.client("ecs").list_clusters()["clusterArns"]]


def test_a_dry_run_names_what_is_there_and_removes_nothing(lab, capsys):
    assert cli.main(["cleanup", "--dry-run"]) == 0
    assert lab.names.cluster in capsys.readouterr().out
    assert lab.names.cluster in clusters(lab)


def test_yes_removes_the_learners_and_nobody_elses(lab):
    assert cli.main(["cleanup", "--yes"]) == 0
    assert clusters(lab) == ["somebody-elses"]


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_whoever_does_not_agree_keeps_everything(lab, monkeypatch, capsys, answer):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert cli.main(["cleanup"]) == 1
    assert "Nothing was removed." in capsys.readouterr().err
    assert lab.names.cluster in clusters(lab)


def test_all_learners_asks_for_the_workshops_name_and_nothing_less(lab, monkeypatch, capsys):
    monkeypatch.setenv("ECSLAB_LEARNER", "the-instructor")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert cli.main(["cleanup", "--all-learners"]) == 1
    told = capsys.readouterr()
    assert f"{lab.names.prefix}: 1 things, until " in told.out
    assert "Nothing was removed." in told.err
    monkeypatch.setattr("sys.stdin", io.StringIO("ecs-hands-on\n"))
    assert cli.main(["cleanup", "--all-learners"]) == 0
    assert clusters(lab) == ["somebody-elses"]


def test_expired_leaves_what_is_still_in_its_session(lab, capsys):
    assert cli.main(["cleanup", "--expired", "--yes"]) == 0
    assert "There is nothing of yours to remove." in capsys.readouterr().out
    assert lab.names.cluster in clusters(lab)
