"""start.py from outside, and the steps it takes."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.set_up import main, words

ROOT = Path(__file__).parents[2]
START = ROOT / "start.py"


def start(*line, **environment):
    """start.py in a bare Python: nothing of site-packages is there."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(START), *line],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_needs_nothing_but_the_standard_library():
    done = start("--help", "--lang", "en")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("lang", "first"), [("ja", "使い方:"), ("en", "Usage:")])
def test_help_is_there_in_both_languages(lang, first):
    assert start("--help", PYTHONUTF8="1", LANG=lang).stdout.startswith(first)


def test_the_help_names_every_option():
    for lang in words.LANGUAGES:
        for option in ("--lang", "--target", "--port", "--no-browser", "--system", "test", "check"):
            assert option in words.text("help", lang)


def test_wrong_usage_has_status_2_and_two_sentences():
    done = start("--bad")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert done.stdout == ""


def test_an_old_python_is_told_that_it_is_old():
    script = "import runpy, sys; sys.version_info = (3, 9, 18); runpy.run_path(%r, run_name=%r)"
    done = subprocess.run(
        [sys.executable, "-c", script % (str(START), "__main__")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.10 or newer (this is 3.9)" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_python_can_read_it():
    ast.parse(START.read_text("utf-8"), feature_version=(3, 4))


@pytest.fixture
def steps(monkeypatch, tmp_path):
    """The steps that are taken, without taking them."""
    taken = []
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("ECSLAB_LANG", "en")
    made = tmp_path / "python"

    def ensure(root, kind, say):
        taken.append(kind)
        return made

    def call(command, **_):
        taken.append(Path(command[1]).name if command[1] != "-m" else command[2])
        return 0

    def become(command, root):
        taken.append(command[1:])
        return 0

    monkeypatch.setattr(main.environment, "is_ready", lambda *_: True)
    monkeypatch.setattr(main.environment, "ensure", ensure)
    monkeypatch.setattr(main.subprocess, "call", call)
    monkeypatch.setattr(main, "_become", become)
    monkeypatch.setattr(main.system, "install", lambda say: taken.append("system"))
    return taken


def test_without_words_the_lab_opens_in_the_language_found(steps):
    assert main.main([], "/kit") == 0
    assert steps == ["run", ["-m", "ecslab", "lab", "--lang", "en"]]


def test_options_reach_the_lab(steps):
    main.main(["--lang", "ja", "--target", "aws", "--port", "9000", "--no-browser"], "/kit")
    line = ["-m", "ecslab", "lab", "--lang", "ja", "--target", "aws", "--port", "9000"]
    assert steps[1] == [*line, "--no-browser"]


def test_the_tests_are_run_in_their_environment(steps):
    main.main(["test"], "/kit")
    assert steps == ["test", "pytest"]


def test_on_ci_the_system_is_set_up_and_the_checks_come_first(steps, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(main.system, "engine_answers", lambda: True)
    main.main(["test"], "/kit")
    assert steps == ["system", "test", "check.py", "pytest"]


def test_system_can_be_asked_for(steps, monkeypatch):
    monkeypatch.setattr(main.system, "engine_answers", lambda: True)
    main.main(["test", "--system"], "/kit")
    assert steps == ["system", "test", "pytest"]


def test_failed_checks_fail_the_run_on_ci_but_the_tests_are_run(steps, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(main.system, "engine_answers", lambda: True)
    monkeypatch.setattr(main, "_check", lambda *_: 1)
    assert main.main(["test"], "/kit") == 1
    assert steps[-1] == "pytest"


def test_the_checks_alone(steps):
    assert main.main(["check"], "/kit") == 0
    assert steps == ["test", "check.py"]


def test_a_trouble_is_printed_in_both_languages(steps, monkeypatch, capsys):
    def fails(*_):
        raise words.Trouble("no venv", python="/usr/bin/python3")

    monkeypatch.setattr(main.environment, "ensure", fails)
    assert main.main([], "/kit") == 1
    said = capsys.readouterr().err
    assert said.index("lacks venv") < said.index("venv か ensurepip")


def test_an_interruption_is_no_traceback(steps, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(main.environment, "ensure", interrupted)
    assert main.main([], "/kit") == 1


@pytest.mark.parametrize(
    ("rest", "spread"), [((), True), (("-x",), True), (("-n2",), False), (("-n", "0"), False)]
)
def test_the_tests_are_spread_over_the_cores_unless_somebody_decides(rest, spread):
    command = main.pytest_command(Path("python"), rest)
    assert ("loadgroup" in command) is spread
    assert command[-len(rest) :] == list(rest) or not rest


def test_a_line_that_only_shows_progress_is_replaced_and_left_out_of_a_file(monkeypatch, capsys):
    say = main.Telling("en")
    say("fetching", transient=True, count=1, name="boto3")
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    say("fetching", transient=True, count=1, name="boto3")
    say("tests")
    assert re.fullmatch(r"  package 1: boto3\r +\rRunning the tests\.\n", capsys.readouterr().out)
