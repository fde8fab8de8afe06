"""The command line as a learner meets it: languages, exit statuses, never a traceback."""

import html
import json
import subprocess
import sys

import pytest

from ecslab import cli
from ecslab.cli import registry
from ecslab.cli.doctor import doctor
from ecslab.cli.findings import Finding
from ecslab.model.errors import EcslabError


@pytest.fixture(autouse=True)
def english(monkeypatch, tmp_path):
    monkeypatch.setenv("ECSLAB_LANG", "en")
    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path))
    monkeypatch.delenv("ECSLAB_PORT", raising=False)


def ecslab(*argv):
    """Run the command in this process; argparse ends --help with SystemExit."""
    try:
        return cli.main(list(argv))
    except SystemExit as end:
        return end.code


@pytest.fixture
def command(monkeypatch):
    """Make `ecslab tested` a command that runs the given function."""

    def add(run):
        module = type(sys)("tested_command")
        module.configure = lambda parser: parser.set_defaults(run=run)
        monkeypatch.setitem(sys.modules, "tested_command", module)
        entry = registry.Command("tested", "tested_command", "a command of a test")
        monkeypatch.setattr("ecslab.cli.parser.COMMANDS", (*registry.COMMANDS, entry))

    return add


def test_without_a_command_the_help_is_shown_and_that_is_fine(capsys):
    assert ecslab() == 0
    assert "ecslab doctor" in capsys.readouterr().out


@pytest.mark.parametrize("command", [one.name for one in registry.COMMANDS])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_command_has_a_help_with_an_example(capsys, command, lang):
    assert ecslab("--lang", lang, command, "--help") == 0
    out = capsys.readouterr().out
    assert f"  ecslab {command}" in out
    assert "None" not in out


@pytest.mark.parametrize(
    "argv", [("nope",), ("doctor", "--nope"), ("--lang", "xx"), ("--lang",), ("lab", "--port", "x")]
)
def test_a_wrong_command_line_is_a_sentence_and_status_2(capsys, argv):
    assert ecslab(*argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert captured.err.strip()


@pytest.mark.parametrize("argv", [("doctor", "--lang", "ja"), ("--lang=ja", "doctor")])
def test_the_language_may_be_said_anywhere(capsys, argv):
    ecslab(*argv, "--help")
    assert "使い方" in capsys.readouterr().out


def test_what_could_not_be_done_is_a_sentence_and_status_1(capsys, command):
    def run(_arguments):
        raise EcslabError("It is broken.", "Mend it.")

    command(run)
    assert ecslab("tested") == 1
    assert capsys.readouterr().err == "ecslab: It is broken. Mend it.\n"


def test_the_unexpected_is_a_sentence_and_its_traceback_is_in_a_file(capsys, command, tmp_path):
    def run(_arguments):
        raise ZeroDivisionError("a fault of ours")

    command(run)
    assert ecslab("tested") == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert str(tmp_path / "errors.log") in err
    assert "a fault of ours" in (tmp_path / "errors.log").read_text()


def test_ctrl_c_ends_it_without_a_word(capsys, command):
    def run(_arguments):
        raise KeyboardInterrupt

    command(run)
    assert ecslab("tested") == 1
    assert capsys.readouterr().err.strip() == ""


def test_doctor_tells_programs_the_same_as_people(capsys):
    status = ecslab("doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    assert {one["state"] for one in found} <= {"ready", "missing", "optional"}
    assert status == (1 if any(one["state"] == "missing" for one in found) else 0)
    assert "Python" in [one["name"] for one in found]
    assert all(one["remedy"] for one in found if one["state"] != "ready")


HEAVY = ("boto3", "botocore", "docker", "jsonschema", "moto", "ipywidgets", "waitress", "yaml")


@pytest.mark.parametrize("argv", [["--help"], ["doctor", "--help"], ["lab", "--help"]])
def test_help_imports_nothing_heavy(argv):
    code = (
        "import sys; from ecslab.cli import main\n"
        f"try: main({argv!r})\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_doctor_shows_in_a_notebook_what_it_prints(capsys):
    found = doctor()
    ecslab("doctor")
    printed = capsys.readouterr().out
    shown = found._repr_html_()
    for one in found.findings:
        assert one.name in printed
        assert html.escape(str(one.detail)) in shown


def test_doctor_says_that_something_needed_is_missing(monkeypatch, capsys):
    lost = Finding("JupyterLab", "missing", "not installed", "Install it.")
    monkeypatch.setattr("ecslab.cli.doctor.CHECKS", (lambda: lost,))
    assert not doctor()
    assert "✗ Something that is needed is missing" in doctor()._repr_html_()
    assert ecslab("doctor") == 1
    assert capsys.readouterr().out.splitlines() == [
        "✗ JupyterLab: missing – not installed",
        "    Install it.",
    ]
