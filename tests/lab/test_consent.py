"""A real account is used only after somebody agreed, and is asked about once a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecslab.lab import consent
from ecslab.model.errors import EcslabError
from ecslab.model.prices import price_list

WHO = ("111122223333", "arn:aws:iam::111122223333:user/hanako")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The questions asked; each is answered with "y"."""
    questions: list[str] = []

    def answer(question: str = "") -> str:
        questions.append(question)
        return "y"

    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path))
    monkeypatch.setattr("builtins.input", answer)
    return questions


def test_a_yes_holds_for_the_other_notebooks_of_the_day(asked: list[str]) -> None:
    consent.agree(*WHO, "us-east-1")
    consent.agree(*WHO, "us-east-1")
    assert len(asked) == 1


def test_another_region_or_account_is_asked_about_again(asked: list[str]) -> None:
    for region in ("us-east-1", "ap-northeast-1"):
        consent.agree(*WHO, region)
    consent.agree("444455556666", WHO[1], "us-east-1")
    assert len(asked) == 3


def test_a_yes_of_yesterday_does_not_hold(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    consent.agree(*WHO, "us-east-1")
    monkeypatch.setattr(consent, "HOLDS", 0.0)
    consent.agree(*WHO, "us-east-1")
    assert len(asked) == 2


@pytest.mark.parametrize("content", ["{", "[]", '{"111122223333/us-east-1": "soon"}'])
def test_a_broken_note_is_no_consent(asked: list[str], tmp_path: Path, content: str) -> None:
    (tmp_path / "consent.json").write_text(content)
    consent.agree(*WHO, "us-east-1")
    assert len(asked) == 1


@pytest.mark.parametrize("said", ["", "n", "why"])
def test_anything_but_yes_makes_nothing_and_is_not_remembered(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: said)
    with pytest.raises(EcslabError, match="did not agree"):
        consent.agree(*WHO, "us-east-1")
    assert not (tmp_path / "consent.json").exists()


def test_where_nobody_can_be_asked_a_script_is_told_how_to_agree(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(EcslabError, match="consent=True"):
        consent.agree(*WHO, "us-east-1")


def test_the_account_and_its_cost_are_shown_even_to_a_script(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    consent.agree(*WHO, "us-east-1", given=True)
    shown = capsys.readouterr().out
    assert not asked
    assert "111122223333" in shown
    assert "0.040 USD" in shown
    # 2 × (0.0116 instance + 0.005 address + 30 GB × 0.08 a month) by hand
    assert consent.hourly_cost(price_list("us-east-1")) == pytest.approx(0.0398, abs=0.0002)
