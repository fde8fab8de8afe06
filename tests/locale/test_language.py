"""Which language is spoken where."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecslab.locale import language, set_language


@pytest.fixture(autouse=True)
def nothing_chosen() -> None:
    set_language(None)


@pytest.mark.parametrize(
    ("folder", "spoken"),
    [("notebooks/ja", "ja"), ("notebooks/en", "en"), ("notebooks/fr", "en"), ("other/ja", "en")],
)
def test_the_folder_of_a_notebook_chooses_its_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, spoken: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / folder)
    monkeypatch.setenv("ECSLAB_LANG", "en")
    assert language() == spoken


def test_what_was_asked_for_goes_before_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notebooks/ja").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks/ja")
    set_language("en")
    try:
        assert language() == "en"
    finally:
        set_language(None)


def test_without_folder_and_choice_the_environment_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECSLAB_LANG", "ja")
    assert language() == "ja"
    monkeypatch.delenv("ECSLAB_LANG")
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    assert language() == "ja"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert language() == "en"
