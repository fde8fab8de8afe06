"""The one command of all checks."""

import sys
from pathlib import Path

import pytest

from tools import check
from tools.check import Check


def test_every_check_that_is_a_file_of_ours_is_there():
    files = [one.command[0] for one in check.checks() if not one.command[0].startswith("-")]
    assert len(files) >= 4
    assert all((check.ROOT / file).exists() for file in files)


def test_the_notebooks_of_both_languages_are_looked_at(tmp_path):
    for lang in ("ja", "en"):
        (tmp_path / "notebooks" / lang).mkdir(parents=True)
        (tmp_path / "notebooks" / lang / "00-start.ipynb").touch()
    (found,) = [one for one in check.checks(tmp_path) if "nbstripout" in one.command]
    assert [Path(word).parts[-2] for word in found.command[-2:]] == ["en", "ja"]


@pytest.mark.parametrize(
    ("script", "status", "shown"),
    [
        ("print('quiet')", 0, "✔ first"),
        ("print('here it is'); exit(3)", 1, "here it is"),
    ],
)
def test_the_status_and_the_screen_tell_what_was_found(monkeypatch, capsys, script, status, shown):
    both = [Check("first", ("-c", script)), Check("second", ("-c", "pass"))]
    monkeypatch.setattr(check, "checks", lambda: both)
    assert check.main() == status
    said = capsys.readouterr().out
    assert shown in said
    assert "quiet" not in said
    assert "✔ second" in said
    assert said.endswith(f"{2 - status} checks passed, {status} failed\n")


def test_checks_are_run_by_this_python():
    result = check.run(Check("which", ("-c", "import sys; print(sys.executable)")))
    assert (result.passed, result.output.strip()) == (True, sys.executable)
