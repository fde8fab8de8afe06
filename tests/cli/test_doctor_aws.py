"""``ecslab doctor --target aws``: what it shows, asks and exits with."""

from __future__ import annotations

import json
import time

import pytest

import ecslab
from ecslab import cli
from tests.steps.preflight.aws import SECRET, Aws, Refused, quotas


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    """An account in which all is well."""
    account = Aws()
    monkeypatch.setattr(
        "ecslab.lab.preflight.aws_session", lambda _profile, _region: account.session
    )
    monkeypatch.setattr("ecslab.cli.doctor.CHECKS", ())
    monkeypatch.setenv("ECSLAB_LANG", "en")
    monkeypatch.delenv("ECSLAB_TARGET", raising=False)
    return account


def doctor(*words: str) -> int:
    return cli.main(["doctor", "--target", "aws", *words])


def test_it_exits_with_zero_where_nothing_is_missing(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says of each thing what it found, within seconds."""
    began = time.monotonic()
    assert doctor() == 0
    assert time.monotonic() - began < 5
    shown = capsys.readouterr().out
    assert "✓ permissions: ready – for all notebooks, as IAM says" in shown
    assert "✗" not in shown


def test_it_exits_with_one_where_something_is_missing(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a class the quota of vCPUs is too small."""
    aws.says["servicequotas.GetServiceQuota"] = quotas(L1216C47A=16.0)
    assert doctor("--learners", "8") == 0
    assert doctor("--learners", "9") == 1
    shown = capsys.readouterr().out
    assert "✗ vCPUs of instances: missing – 0 of 16 in use, 18 more needed for 9 learners" in shown
    assert "request-service-quota-increase" in shown


def test_programs_and_notebooks_are_told_the_same(
    aws: Aws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook the target that was chosen when it was started is the one that is looked at."""
    doctor("--json")
    told = {one["name"]: one["state"] for one in json.loads(capsys.readouterr().out)}
    monkeypatch.setenv("ECSLAB_TARGET", "aws")
    shown = ecslab.doctor()
    assert {str(one.name): one.state for one in shown.findings} == told
    assert "AWS identity" in shown._repr_html_()


def test_it_speaks_japanese(aws: Aws, capsys: pytest.CaptureFixture[str]) -> None:
    """With the same commands."""
    aws.says["sts.GetCallerIdentity"] = Refused("ExpiredToken", "expired")
    assert doctor("--lang", "ja") == 1
    shown = capsys.readouterr().out
    assert "AWS の認証情報" in shown
    assert "`aws s" in shown


def test_an_unknown_target_is_a_sentence() -> None:
    """Whoever writes a cell is told what there is."""
    with pytest.raises(ecslab.EcslabError, match="There is no target 'azure'"):
        ecslab.doctor("azure")


def test_no_learners_are_a_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """A class has at least one."""
    assert doctor("--learners", "0") == 2
    assert "0 is no number of learners" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "made"), [("y", True), ("はい", True), ("", False), (None, False)]
)
def test_roles_are_made_when_one_agrees(
    aws: Aws,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str | None,
    made: bool,
) -> None:
    """It shows what is to be made and asks once; nobody there is no."""
    asked: list[str] = []

    def input_of(question: str) -> str:
        asked.append(question)
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", input_of)
    aws.says["iam.GetRole"] = Refused("NoSuchEntity", "not found", 404)
    taken = Refused("EntityAlreadyExists", "it is there")
    for name in ("CreateRole", "CreateInstanceProfile"):
        aws.says[f"iam.{name}"] = taken
    aws.says["iam.AttachRolePolicy"] = {}
    aws.says["iam.CreateServiceLinkedRole"] = taken
    doctor("--make-roles")
    shown = capsys.readouterr()
    assert len(asked) == 1
    assert "To be made in this account: ecsInstanceRole, ecsTaskExecutionRole" in shown.err
    assert ("✓ Made ecsInstanceRole." in shown.err) == made
    changed = [name for name, _asked in aws.asked if "Create" in name or "Attach" in name]
    assert bool(changed) == made
    assert SECRET not in shown.out + shown.err
