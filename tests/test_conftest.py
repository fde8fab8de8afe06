"""Nothing is skipped in silence, and on CI nothing is skipped at all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests import needs

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest

@pytest.mark.dot
def test_a_picture():
    pass

def test_shy():
    pytest.skip("not today")

@pytest.mark.xfail(reason="known", strict=True)
def test_known():
    assert False
"""


@pytest.fixture
def run(tmp_path):
    """Pytest on TESTS in a folder with the suite's conftest, on a machine without `dot`."""
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "needs.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    shutil.copytree(ROOT / "tests" / "images", tmp_path / "tests" / "images")
    (tmp_path / "tests" / "__init__.py").touch()
    (tmp_path / "tests" / "test_it.py").write_text(TESTS)
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())

    def run(ci):
        environment = {**os.environ, "PATH": str(tmp_path), "CI": ci, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/test_it.py"]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_a_skip_names_its_reason_and_the_flag_that_would_run_it(run):
    done = run("")
    assert done.returncode == 0
    assert "Graphviz's dot is not installed (run: python3 start.py test --system)" in done.stdout
    assert "2 skipped, 1 xfailed" in done.stdout


def test_a_skip_fails_the_run_on_ci(run):
    done = run("true")
    assert done.returncode == 1
    assert "On CI nothing may be skipped, but: Skipped: not today" in done.stdout
    assert "1 failed, 1 xfailed, 1 error" in done.stdout


@pytest.mark.parametrize(
    ("mark", "tool"), [("dot", "dot is not"), ("browser", "Chromium is not installed")]
)
def test_what_is_missing_is_said(monkeypatch, tmp_path, mark, tool):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tool in needs.NEEDS[mark]()


def test_an_engine_that_does_not_answer_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    assert needs.docker() == "no Docker engine answers"


@pytest.mark.parametrize(("profile", "examples"), [("ci", 200), ("nightly", 2000)])
def test_the_profiles_are_there(profile, examples):
    found = settings.get_profile(profile)
    assert (found.max_examples, found.deadline) == (examples, None)
